"""One record of the public topic as the lifecycle takes it, or why it cannot be taken. Pure."""

from itertools import chain
from typing import Any, NamedTuple

import msgspec
from msgspec import structs

from processors.episodes.rules import INTERNAL
from schemas import codec, ids
from schemas.episode import EpisodeRecord
from schemas.errors import BadFact
from schemas.facts import EpisodeSaved

MAX_SAVED_BYTES = codec.MAX_BYTES - (32 << 10)
"""Largest save taken: what is accepted or refused holds the same record and a few words more, and must fit too."""
MAX_DEPTH = 100
"""Objects and arrays inside each other. How deep a reader can go depends on where it stands; this is far below."""
_GROWTH = 8
"""JSON grows at most so many times when it is written anew: 1e15 becomes 1000000000000000.0."""

_encoder = msgspec.json.Encoder()


class Kept(NamedTuple):
    """Where the pictures of one save are now."""

    preview_key: str | None = None
    frame_preview_key: str | None = None
    dropped: str = ""
    """Why a picture was not kept; empty: none was dropped."""


class Place(NamedTuple):
    """Where one record stands on topic ``episodes``, and when the broker took it."""

    partition: int
    offset: int
    at_ms: int

    @property
    def save_id(self) -> int:
        """The id of the save that this record is: the same whoever reads it, however often."""
        return ids.derived("episodes", *self)


def saved(record: EpisodeRecord, value: bytes, kept: Kept, place: Place) -> EpisodeSaved:
    """The save as a fact, without the pictures themselves. ``value``: the record as it came.

    Raises BadFact when it nests too deep or is too large for the facts that will be made of it.
    """
    if may_be_deep(value) and too_deep((record.payload, record.detections)):
        raise BadFact(f"payload or detections nest deeper than {MAX_DEPTH}")
    fact = EpisodeSaved(
        media=record.media, observed_ms=place.at_ms, save_id=place.save_id, record=without_pictures(record),
        preview_key=kept.preview_key, frame_preview_key=kept.frame_preview_key, preview_dropped=kept.dropped,
        src_partition=place.partition, src_offset=place.offset,
    )  # fmt: skip
    if len(value) > MAX_SAVED_BYTES // _GROWTH and (now := len(_encoder.encode(fact))) > MAX_SAVED_BYTES:
        raise BadFact(f"the save has {now} bytes, more than {MAX_SAVED_BYTES}")
    return fact


def may_fall_silent(record: EpisodeRecord) -> bool:
    """True for an open episode of our own: unless it has news, the lifecycle will close it (rule 1.11)."""
    return record.closed_at is None and record.originator is not None and record.originator.source in INTERNAL


def without_pictures(record: EpisodeRecord) -> EpisodeRecord:
    """The record itself where it has none."""
    if record.preview is None and record.frame_preview is None:
        return record
    return structs.replace(record, preview=None, frame_preview=None)


def may_be_deep(value: bytes) -> bool:
    """False when there are not even enough brackets: nearly always, at a thousandth of the cost of looking."""
    return value.count(b"{") + value.count(b"[") > MAX_DEPTH


def too_deep(value: Any) -> bool:
    """True when containers nest deeper than ``MAX_DEPTH``, ``value`` itself not counted.

    Level by level: the depth is the sender's, so nothing here may recurse.
    """
    level = [value]
    for _ in range(MAX_DEPTH + 1):
        level = list(chain.from_iterable(map(_children, level)))
        if not level:
            return False
    return any(isinstance(node, dict | list | tuple) for node in level)


def _children(node: Any) -> Any:
    if isinstance(node, dict):
        return node.values()
    return node if isinstance(node, list | tuple) else ()
