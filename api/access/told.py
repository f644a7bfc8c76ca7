"""One request and its answer → what the audit says of it; None where nothing was done."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

import msgspec

from api import times
from api.access.acts import Act
from api.access.audit import NOBODY, By
from api.access.scope import Scope
from schemas import media as media_names
from schemas.access import Action, Login
from schemas.intervals import Span

_UNAUTHORIZED = 401


class About(NamedTuple):
    """What a route says of itself: the camera, and the stretch of footage."""

    media: str
    stretch: Span | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What is known of one exchange when its answer is ready."""

    path: Mapping[str, Any]
    query: bytes
    body: bytes
    """As much of it as may be told."""
    answer: bytes
    """Empty where it is not short, or not there."""
    status: int


class Told(NamedTuple):
    """What becomes a fact."""

    who: By
    action: Action
    media: str
    stretch: Span | None
    subject: str
    detail: str


def told(act: Act, asked: Asked, who: By, asker: Scope | None, about: About | None) -> Told | None:
    """The fact's content. A request that was refused did nothing, except that it tried to sign in."""
    sent = _fields(asked.body) if act.asked else {}
    if asked.status == _UNAUTHORIZED and act.refused:
        return Told(By(_login(sent), "none", who.peer), act.refused, "", None, "", "")
    if asked.status >= 400:
        return None
    answer, query = _fields(asked.answer), dict(parse_qsl(asked.query.decode("latin-1")))
    names = _Names({"user": asker.user if asker else ""} | dict(asked.path) | answer)
    names |= {name: sent[name] for name in act.asked if name in sent}
    where = about or About(_media(asked.path, answer, query), _stretch(answer, query))
    detail = asked.body.decode(errors="replace") if act.statement else act.detail.format_map(names)
    return Told(who, act.action, where.media, where.stretch, act.subject.format_map(names), detail)


class _Names(dict[str, Any]):
    """What templates take; what is not known is left blank."""

    def __missing__(self, name: str) -> str:
        return ""


def _media(path: Mapping[str, Any], answer: Mapping[str, Any], query: Mapping[str, str]) -> str:
    """The camera as it is stored; empty where it is about none, or about several."""
    found = path.get("media") or answer.get("media") or query.get("media") or ""
    try:
        return media_names.normalise(found) if isinstance(found, str) and found else ""
    except media_names.BadMediaName:
        return ""


def _stretch(answer: Mapping[str, Any], query: Mapping[str, str]) -> Span | None:
    """The footage: as answered, else as asked for; a moment is a stretch of one millisecond."""
    for start, end in (("from_ms", "to_ms"), ("start_ms", "end_ms")):
        start_ms, end_ms = answer.get(start), answer.get(end)
        if isinstance(start_ms, int) and isinstance(end_ms, int) and start_ms < end_ms:
            return Span(start_ms, end_ms)
    from_ms, to_ms, at_ms = (_time(query.get(name)) for name in ("from_ms", "to_ms", "at_ms"))
    if from_ms is not None and to_ms is not None and from_ms < to_ms:
        return Span(from_ms, to_ms)
    return None if at_ms is None else Span(at_ms, at_ms + 1)


def _time(text: str | None) -> int | None:
    try:
        return None if text is None else times.parse(text)
    except ValueError:
        return None


def _fields(body: bytes) -> dict[str, Any]:
    """The JSON object; empty when it is none."""
    try:
        found = msgspec.json.decode(body) if body else {}
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _login(sent: Mapping[str, Any]) -> str:
    """What was tried, where it has the form of a login."""
    try:
        return msgspec.convert(sent.get("login"), Login)
    except msgspec.ValidationError:
        return NOBODY
