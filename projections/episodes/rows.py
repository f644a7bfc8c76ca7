"""EpisodeAccepted, EpisodeRefused → rows of ``versions`` and ``refusals``. Pure."""

from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import Struct

from projections.columns import LAST_MS
from schemas.episode import EpisodeRecord, Originator
from schemas.errors import BadFact
from schemas.facts import EpisodeAccepted, EpisodeRefused

GIVEN = {"started_at": 1, "close_reason": 2, "title": 4, "labels": 8, "originator": 16, "license_plate_text": 32}
"""Column ``given``: the bit of each field that the save had and whose column cannot tell (empty is not left out)."""
_WIDEST_VERSION = (1 << 32) - 1
_NOBODY = Originator()
_encode = msgspec.json.Encoder().encode


class VersionRow(Struct, frozen=True, array_like=True, gc=False):
    """One row of ``versions``, fields in column order."""

    media: str
    episode_id: int
    version: int
    opened_ms: int
    updated_ms: int
    closed_ms: int | None
    start_ms: int
    end_ms: int
    accepted_ms: int
    preview_ms: int | None
    close_reason: str
    episode_type: str
    title: str
    source: str
    hostname: str
    labels: Sequence[str]
    score: float | None
    license_plate_text: str
    match_score: float | None
    payload: str
    detections: str
    preview_key: str
    frame_preview_key: str
    preview_dropped: str
    given: int
    save_id: int
    src_partition: int
    src_offset: int


class RefusalRow(Struct, frozen=True, array_like=True, gc=False):
    """One row of ``refusals``, fields in column order."""

    media: str
    refused_ms: int
    episode_id: int
    save_id: int
    reason: str
    detail: str
    record: str
    preview_key: str
    frame_preview_key: str
    preview_dropped: str
    src_partition: int
    src_offset: int


def rows(fact: object, partition: int, offset: int) -> Sequence[Struct]:
    """The row a fact of topic ``episode-changes`` makes; the same for the same fact at the same position."""
    if isinstance(fact, EpisodeAccepted):
        return (_accepted(fact, partition, offset),)
    if isinstance(fact, EpisodeRefused):
        return (_refused(fact, partition, offset),)
    raise BadFact(f"{type(fact).__name__} makes no episode row")


def _accepted(fact: EpisodeAccepted, partition: int, offset: int) -> VersionRow:
    _require_storable(fact)
    record = fact.record
    if fact.rev > _WIDEST_VERSION:
        raise BadFact(f"rev {fact.rev} is too large for its column (32 bits)")
    started_at = record.opened_at if record.started_at is None else record.started_at
    ended_at = record.updated_at if record.closed_at is None else record.closed_at
    maker = record.originator or _NOBODY
    return VersionRow(
        fact.media, fact.episode_id, fact.rev, record.opened_at, record.updated_at, record.closed_at, started_at,
        max(started_at, ended_at), fact.observed_ms, record.preview_timestamp, record.close_reason or "",
        record.episode_type, record.title or "", maker.source, maker.hostname, record.labels or (), record.score,
        record.license_plate_text or "", record.match_score, _json(record.payload), _json(record.detections),
        fact.preview_key or "", fact.frame_preview_key or "", fact.preview_dropped, _given(record), fact.save_id,
        partition, offset,
    )  # fmt: skip


def _refused(fact: EpisodeRefused, partition: int, offset: int) -> RefusalRow:
    _require_storable(fact)
    return RefusalRow(
        fact.media, fact.observed_ms, fact.episode_id, fact.save_id, fact.reason, fact.detail, _json(fact.record),
        fact.preview_key or "", fact.frame_preview_key or "", fact.preview_dropped, partition, offset,
    )  # fmt: skip


def _require_storable(fact: EpisodeAccepted | EpisodeRefused) -> None:
    """The engine wraps a number that its column cannot hold, without a word; so it must not get one."""
    if fact.observed_ms > LAST_MS:
        raise BadFact(f"observed_ms {fact.observed_ms} is after the year 2299")
    if fact.media != fact.record.media or fact.episode_id != fact.record.episode_id:
        raise BadFact(f"the fact is about {fact.media}/{fact.episode_id}, its record about another episode")


def _given(record: EpisodeRecord) -> int:
    """The sum of ``GIVEN``; written out, because a loop over names costs more than all else that makes a row."""
    return (
        (record.started_at is not None)
        | (record.close_reason is not None) << 1
        | (record.title is not None) << 2
        | (record.labels is not None) << 3
        | (record.originator is not None) << 4
        | (record.license_plate_text is not None) << 5
    )


def _json(value: Any) -> str:
    return "" if value is None else _encode(value).decode()
