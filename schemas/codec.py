"""Facts ⇄ bytes. The only raiser of ``BadFact``."""

from functools import cache
from typing import Any, TypeAlias, Union

import msgspec

from schemas import ids, topics, upcast
from schemas.episode import EpisodeRecord
from schemas.errors import BadFact
from schemas.facts import DeadLettered, Fact, StorageMeasured

AnyFact: TypeAlias = Fact | EpisodeRecord | StorageMeasured | DeadLettered
MAX_BYTES = 8 << 20
"""Largest value we decode; the broker's own limit is below it."""

_encoder = msgspec.json.Encoder()


def encode(fact: AnyFact) -> bytes:
    """The JSON value of a fact. Raises BadFact for a number JSON cannot hold."""
    try:
        return _encoder.encode(fact)
    except (TypeError, ValueError) as error:
        raise BadFact(f"{type(fact).__name__} cannot be written as JSON: {error}") from None


def decode(topic: str, value: bytes | None) -> Any:
    """The fact in a record's value, typed and checked. Raises BadFact with the reason, never anything else."""
    if not value:
        raise BadFact("the record has no value")
    if len(value) > MAX_BYTES:
        raise BadFact(f"the value has {len(value)} bytes, more than {MAX_BYTES}")
    try:
        return _decoder(topic).decode(value)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        return _decode_older(topic, value, str(error))


def key(fact: AnyFact) -> bytes:
    """The record key: the media, or what the topic's ``key`` names."""
    return str(getattr(fact, topics.OF_FACT[type(fact)].key)).encode()


def fact_id(fact: AnyFact) -> str:
    """The same 16 hex digits for the same fact told again (hash of its identity); CloudEvents' ``ce_id``."""
    return f"{ids.derived(type(fact).__name__, *identity(fact)):016x}"


def identity(fact: AnyFact) -> tuple[str, ...]:
    """What makes the fact unique within its type."""
    names = ("media", "episode_id", "updated_at") if isinstance(fact, EpisodeRecord) else fact.identity
    return tuple(str(getattr(fact, name)) for name in names)


@cache
def _decoder(topic: str) -> "msgspec.json.Decoder[Any]":
    return msgspec.json.Decoder(_union(topic))


def _union(topic: str) -> Any:
    if topic not in topics.BY_NAME:
        raise BadFact(f"topic {topic!r} is not in the registry")
    return Union[topics.BY_NAME[topic].facts]  # noqa: UP007 - built at run time


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
