"""Is this body an episode? Pure: bytes in, a record or every wrong field out."""

import json
import re
from collections.abc import Iterable, Iterator
from itertools import accumulate
from typing import Any, Literal, NamedTuple

import msgspec

from schemas import codec, ids, topics
from schemas import media as media_names
from schemas.episode import EpisodeRecord
from schemas.errors import BadFact

MAX_BYTES = codec.MAX_BYTES - (64 << 10)
"""Largest save taken; the rest of a record's room is for its key, headers and what later facts add around it."""
MAX_DEPTH = 64
"""Objects and arrays inside each other. A reader's own limit depends on where it stands, so ours is far below."""
BODY = "body"
"""Stands for the whole where no single field is to blame."""
_SHOWN = 40
_GROWTH = 8
"""A body grows at most so many times when it is written anew: 1e15 becomes 1000000000000000.0."""

_TIME = "must be UTC milliseconds as an integer, 1000000000000 to 9999999999999"
RULES = {
    "episode_id": "must be an unsigned 64-bit integer, as a number or a decimal string",
    "media": "must be the name of a camera. " + media_names.RULE,
    "opened_at": _TIME, "updated_at": _TIME, "started_at": _TIME, "closed_at": _TIME, "preview_timestamp": _TIME,
    "close_reason": "must be text of at most 128 characters",
    "episode_type": "must be text of 1 to 20 characters",
    "title": "must be text of at most 1024 characters",
    "payload": "must be a JSON object",
    "detections": "must be an array",
    "labels": "must be an array of text",
    "labels[]": "must be text",
    "score": "must be a number from 0 to 1",
    "preview": "must be text: a JPEG in base64",
    "frame_preview": "must be text: a JPEG in base64",
    "originator": "must be an object with source and hostname",
    "originator.source": "must be one of api, inference, motion_detector, alarm, person",
    "originator.hostname": "must be text of at most 256 characters",
    "license_plate_text": "must be text of at most 64 characters",
    "match_score": "must be a number",
}  # fmt: skip
"""What each field must be, in words for its sender."""

_encoder = msgspec.json.Encoder()
_object = msgspec.json.Decoder(dict[str, msgspec.Raw])
_anything = msgspec.json.Decoder()
_decoders = {field.name: msgspec.json.Decoder(field.type) for field in msgspec.structs.fields(EpisodeRecord)}
_INDEX = re.compile(r"\[\d+\]")
_REQUIRED = [field.name for field in msgspec.structs.fields(EpisodeRecord) if field.required]


class Wrong(NamedTuple):
    """One field that breaks its rule."""

    field: str
    rule: str
    where: Literal["body", "path"] = "body"


class NotAnEpisode(ValueError):
    """The body cannot become an episode; ``wrong`` holds every field to blame."""

    def __init__(self, wrong: Iterable[Wrong]) -> None:
        self.wrong = list(wrong)
        super().__init__("; ".join(f"{each.field}: {each.rule}" for each in self.wrong))


class TooLarge(NotAnEpisode):
    """The save, as it would stand on the topic, is larger than a record may be."""

    def __init__(self, size: int) -> None:
        super().__init__([Wrong(BODY, f"has {size} bytes as an episode; at most {MAX_BYTES} fit")])


def accept(body: bytes, path_id: str | None = None) -> EpisodeRecord:
    """The episode in ``body``. With ``path_id`` the body may leave ``episode_id`` out. Raises NotAnEpisode, TooLarge.

    A name given twice counts once, the last time: what is written to the topic has every name once.
    """
    if len(body) > MAX_BYTES:
        raise TooLarge(len(body))
    given = _fields_of(body.removeprefix(b"\xef\xbb\xbf"))
    wanted = None if path_id is None else _id(path_id)
    if wanted is not None:
        given.setdefault("episode_id", msgspec.Raw(b"%d" % wanted))
    record = _record(given)
    if wanted is not None and record.episode_id != wanted:
        raise NotAnEpisode([Wrong("episode_id", f"is {record.episode_id} in the body and {wanted} in the path")])
    if len(body) > MAX_BYTES // _GROWTH and (size := len(_encoder.encode(record))) > MAX_BYTES:
        raise TooLarge(size)
    return record


def _fields_of(body: bytes) -> dict[str, msgspec.Raw]:
    """The body's fields, undecoded."""
    if not body.strip():
        raise NotAnEpisode([Wrong(BODY, "is empty; send the episode as a JSON object")])
    try:
        return _object.decode(body)
    except msgspec.ValidationError:
        raise NotAnEpisode([Wrong(BODY, "must be a JSON object")]) from None
    except RecursionError:
        raise NotAnEpisode([_too_deep(BODY)]) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise NotAnEpisode(list(_almost_json(body)) or [Wrong(BODY, f"is not JSON: {_reason(error)}")]) from None


def _record(given: dict[str, msgspec.Raw]) -> EpisodeRecord:
    value = _encoder.encode(given)
    if _may_be_deep(value) and (deep := [_too_deep(name) for name, raw in given.items() if _is_deep(bytes(raw))]):
        raise NotAnEpisode(deep)
    try:
        record: EpisodeRecord = codec.decode(topics.EPISODES.name, value)
    except BadFact as error:
        raise NotAnEpisode(list(_wrong(given)) or [Wrong(BODY, error.reason)]) from None
    if record.closed_at is not None and record.closed_at < record.opened_at:
        raise NotAnEpisode([Wrong("closed_at", f"must not be before opened_at ({record.opened_at})")])
    return record


def _wrong(given: dict[str, msgspec.Raw]) -> Iterator[Wrong]:
    """Every field that breaks its rule, each looked at by itself."""
    for name in _REQUIRED:
        if name not in given:
            yield Wrong(name, f"is missing; it {RULES[name]}")
    for name, raw in given.items():
        try:
            value = _decoders.get(name, _anything).decode(raw)
            _beyond_types(name, value)
        except msgspec.ValidationError as error:
            yield _broken(name, bytes(raw), str(error))
        except (ValueError, RecursionError) as error:
            yield Wrong(name[:_SHOWN], _reason(error))


def _beyond_types(name: str, value: Any) -> None:
    """Raises ValueError for what the type alone does not say."""
    if name == "media":
        media_names.require(value)
    elif name == "episode_id":
        try:
            ids.parse(value)
        except ValueError as error:
            raise msgspec.ValidationError(str(error)) from None


def _broken(name: str, raw: bytes, message: str) -> Wrong:
    """The rule of the field, or of the part of it where the fault is."""
    said, _, place = message.partition(" - at `$")
    if "[...]" in place:  # somewhere inside what may hold anything
        return Wrong(name[:_SHOWN], said[:1].lower() + said[1:])
    where = name[:_SHOWN] + place.removesuffix("`")
    rule = RULES.get(_INDEX.sub("[]", where))
    if rule is None:
        return Wrong(where, said[:1].lower() + said[1:])
    return Wrong(where, rule if place else f"{rule}; got {_shown(raw)}")


def _shown(raw: bytes) -> str:
    text = raw[: _SHOWN * 4].decode("utf-8", "replace")
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def _id(path_id: str) -> int:
    try:
        return ids.parse(path_id)
    except ValueError as error:
        raise NotAnEpisode([Wrong("episode_id", f"{error}; got {path_id[:_SHOWN]!r}", "path")]) from None


def _reason(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return _too_deep("").rule
    if isinstance(error, UnicodeDecodeError):
        return "its text is not UTF-8"
    return str(error)


def _too_deep(name: str) -> Wrong:
    return Wrong(name[:_SHOWN], f"must not nest objects and arrays deeper than {MAX_DEPTH}")


def _may_be_deep(value: bytes) -> bool:
    """False for almost every save, at the price of two counts."""
    return value.count(b"[") + value.count(b"{") > MAX_DEPTH


def _is_deep(raw: bytes) -> bool:
    """True when containers nest too deep. Brackets inside text do not count."""
    brackets = _TEXT.sub(b"", raw).translate(None, _NO_BRACKETS)
    return max(accumulate(map(_STEP.__getitem__, brackets)), default=0) > MAX_DEPTH


_TEXT = re.compile(rb'"(?:[^"\\]++|\\.)*+"', re.DOTALL)
_STEP = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}
_NO_BRACKETS = bytes(set(range(256)) - _STEP.keys())


def _almost_json(body: bytes) -> Iterator[Wrong]:
    """The fields with what some languages write as if it were JSON: NaN, Infinity, half a surrogate pair."""
    try:
        given = json.loads(body, parse_constant=_NoNumber)
    except (ValueError, RecursionError):
        return
    for name, value in given.items() if isinstance(given, dict) else ():
        inside = list(_inside(value))
        if any(isinstance(each, _NoNumber) for each in inside):
            yield Wrong(name[:_SHOWN], "must be a number; NaN and Infinity are not JSON")
        elif any(isinstance(each, str) and not _is_unicode(each) for each in (name, *inside)):
            yield Wrong(name.encode(errors="replace").decode()[:_SHOWN], "its text holds half of a surrogate pair")


class _NoNumber(str):
    """NaN, Infinity or -Infinity."""

    __slots__ = ()


def _inside(value: Any) -> Iterator[Any]:
    """Every value in a JSON value, itself included; without recursion, the depth is the sender's."""
    left = [value]
    while left:
        each = left.pop()
        yield each
        if isinstance(each, dict):
            left += [*each.keys(), *each.values()]
        elif isinstance(each, list):
            left += each


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
