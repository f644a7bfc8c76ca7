"""Facts ⇄ bytes. The only raiser of ``BadFact``."""

from functools import cache
from typing import Any, TypeAlias, Union

import msgspec

from schemas import episode, ids, topics, upcast
from schemas.access import AccessFact, ActionAudited, EpisodeReviewed
from schemas.episode import EpisodeRecord
from schemas.errors import BadFact
from schemas.facts import (
    AlarmsTicked,
    ClockTicked,
    DeadLettered,
    Fact,
    HoldsTicked,
    LevelNoted,
    MailFact,
    MotionTicked,
    RoomAlertClaimed,
    RoomAlertDelivered,
    RunFact,
    Settled,
    SettlingStarted,
    SourceFact,
    StorageExhausted,
    StorageMeasured,
    WorkerSeated,
)

AnyFact: TypeAlias = (
    Fact
    | EpisodeRecord
    | MailFact
    | AlarmsTicked
    | MotionTicked
    | RunFact
    | ClockTicked
    | WorkerSeated
    | HoldsTicked
    | StorageMeasured
    | StorageExhausted
    | RoomAlertClaimed
    | RoomAlertDelivered
    | LevelNoted
    | SettlingStarted
    | Settled
    | DeadLettered
    | SourceFact
    | AccessFact
    | EpisodeReviewed
    | ActionAudited
)  # fmt: skip
MAX_BYTES = 8 << 20
"""Largest value we decode, and the largest record the topics take."""

_encoder = msgspec.json.Encoder()
_fields = msgspec.json.Decoder(dict[str, msgspec.Raw])


class _Untyped(msgspec.Struct, frozen=True, tag_field="type", tag=""):
    """A second member for topics with one type: only in a union does msgspec insist on ``type``."""

    def __post_init__(self) -> None:
        raise ValueError("`type` is empty")


def encode(fact: AnyFact) -> bytes:
    """The JSON value of a fact. Raises BadFact when ``decode`` would refuse it: no reader shall pay for our bug."""
    try:
        value = _encoder.encode(fact)
    except (TypeError, ValueError, RecursionError) as error:
        raise BadFact(f"{type(fact).__name__} cannot be written as JSON: {error}") from None
    decode(topics.OF_FACT[type(fact)].name, value)
    return value


def decode(topic: str, value: bytes | None) -> Any:
    """The fact in a record's value, typed and checked. Raises BadFact with the reason, never anything else.

    An episode's unknown fields are kept in its ``payload._extra``; those of every other fact are ignored.
    """
    if not value:
        raise BadFact("the record has no value")
    if len(value) > MAX_BYTES:
        raise BadFact(f"the value has {len(value)} bytes, more than {MAX_BYTES}")
    try:
        fact = _decoder(topic).decode(value)
        return _keep_unknown(fact, value) if isinstance(fact, EpisodeRecord) else fact
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        return _decode_older(topic, value, str(error))


def key(fact: AnyFact) -> bytes:
    """The record key: the media, or what the fact's ``keyed_by`` or its topic's ``key`` names."""
    return str(getattr(fact, getattr(type(fact), "keyed_by", topics.OF_FACT[type(fact)].key))).encode()


def fact_id(fact: AnyFact) -> str:
    """The same 16 hex digits for the same fact told again (hash of its identity); CloudEvents' ``ce_id``."""
    return f"{ids.derived(type(fact).__name__, *identity(fact)):016x}"


def identity(fact: AnyFact) -> tuple[str, ...]:
    """What makes the fact unique within its type."""
    names = episode.IDENTITY if isinstance(fact, EpisodeRecord) else fact.identity
    return tuple(str(getattr(fact, name)) for name in names)


@cache
def _decoder(topic: str) -> "msgspec.json.Decoder[Any]":
    return msgspec.json.Decoder(_union(topic))


def _union(topic: str) -> Any:
    if topic not in topics.BY_NAME:
        raise BadFact(f"topic {topic!r} is not in the registry")
    types = topics.BY_NAME[topic].facts
    return Union[types if EpisodeRecord in types else (*types, _Untyped)]  # noqa: UP007 - built at run time


def _keep_unknown(record: EpisodeRecord, value: bytes) -> EpisodeRecord:
    unknown = {name: raw for name, raw in _fields.decode(value).items() if name not in episode.FIELDS}
    return record.with_extra({name: msgspec.json.decode(raw) for name, raw in unknown.items()}) if unknown else record


def _decode_older(topic: str, value: bytes, reason: str) -> Any:
    """A second try through ``upcast``: only what failed as today's shape pays for it."""
    try:
        raw = msgspec.json.decode(value)
        lifted = upcast.lift(raw) if isinstance(raw, dict) else raw
        if lifted is raw:
            raise BadFact(reason)
        return msgspec.convert(lifted, _union(topic))
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise BadFact(str(error)) from None
    except (LookupError, TypeError, AttributeError) as error:  # the step itself could not read this old shape
        raise BadFact(f"{reason}; as an older version: {type(error).__name__} {error}") from None
