"""Rows of the public episode views as Python sees them."""

from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import Struct

from projections.episodes.rows import GIVEN

COLUMNS = (
    "media, episode_id, version, opened_ms, updated_ms, closed_ms, start_ms, end_ms, accepted_ms, close_reason,"
    " episode_type, title, source, hostname, labels, score, license_plate_text, match_score, payload, detections,"
    " preview_key, frame_preview_key, preview_dropped, toUnixTimestamp64Milli(preview_timestamp) AS preview_ms, given,"
    " src_partition, src_offset"
)


class StoredEpisode(Struct, frozen=True, kw_only=True):
    """One version of one episode. Empty text and None mean not given, except where ``given`` says otherwise."""

    media: str
    episode_id: int
    version: int
    opened_ms: int
    updated_ms: int
    closed_ms: int | None
    start_ms: int
    """``started_at`` as given, else ``opened_ms``."""
    end_ms: int
    """``closed_ms``, else ``updated_ms``; never before ``start_ms``."""
    accepted_ms: int
    close_reason: str
    episode_type: str
    title: str
    source: str
    hostname: str
    labels: tuple[str, ...]
    score: float | None
    license_plate_text: str
    match_score: float | None
    payload: str
    """A JSON object, or empty."""
    detections: str
    """A JSON array, or empty."""
    preview_key: str
    frame_preview_key: str
    preview_dropped: str
    preview_ms: int | None
    given: int
    """Which optional fields the save had, where their columns cannot tell; see ``table.sql``."""
    src_partition: int
    src_offset: int
    """Where the change stands on topic ``episode-changes``."""

    def has(self, field: str) -> bool:
        """True when the save had this field; only for those of ``GIVEN``."""
        return bool(self.given & GIVEN[field])


class StoredRefusal(Struct, frozen=True, kw_only=True):
    """One save that the lifecycle refused."""

    media: str
    episode_id: int
    save_id: int
    reason: str
    detail: str
    observed_ms: int
    record: str
    """The record as saved, JSON."""


def episodes_of(rows: Sequence[dict[str, Any]]) -> list[StoredEpisode]:
    """Rows of ``COLUMNS``, typed."""
    return msgspec.convert(rows, list[StoredEpisode])
