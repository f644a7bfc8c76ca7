"""A record of another topic → what it says of holds. Pure."""

from processors.episodes.rules import mark_end_ms
from processors.motion.runs.promotion import SUPERSEDED
from schemas import topics
from schemas.episode import EpisodeRecord
from schemas.facts import (
    EpisodeAccepted,
    FootageDeleted,
    HoldPlaced,
    LockReleased,
    LockRequested,
    MediaConfigured,
    ProtectionConfigured,
    SegmentsDeleted,
)
from schemas.protection import Hold

Translated = HoldPlaced | ProtectionConfigured | FootageDeleted

SPEAKS: dict[str, bytes] = {
    topics.EPISODE_CHANGES.name: b'"episode-accepted"',
    topics.PROTECTIONS.name: b'"lock-re',
    topics.MEDIA.name: b'"media-configured"',
    topics.SEGMENTS.name: b'"segments-deleted"',
}
"""Topic → what stands in every record of it that says anything of holds: most need not be decoded."""


VITAL = frozenset({topics.EPISODE_CHANGES.name, topics.PROTECTIONS.name})
"""Where a record that cannot be used may say that something is kept."""


def may_speak(topic: str, value: bytes) -> bool:
    """False for a record that says nothing of holds, whatever else is in it."""
    return SPEAKS[topic] in value


def translated(fact: object) -> Translated | None:
    """What the rules see of a fact; None: nothing."""
    match fact:
        case EpisodeAccepted():
            return _of_episode(fact)
        case LockRequested():
            return HoldPlaced(
                media=fact.media, observed_ms=fact.observed_ms, hold=Hold(kind=fact.kind, id=fact.lock_id), rev=1,
                start_ms=fact.start_ms, end_ms=fact.end_ms, heard_ms=fact.observed_ms, until_ms=fact.until_ms,
            )  # fmt: skip
        case LockReleased():
            return HoldPlaced(
                media=fact.media, observed_ms=fact.observed_ms, hold=Hold(kind="lock", id=fact.lock_id), rev=2,
                start_ms=0, end_ms=0, heard_ms=fact.observed_ms, is_void=True,
            )  # fmt: skip
        case MediaConfigured():
            return ProtectionConfigured(media=fact.media, observed_ms=fact.observed_ms, protect=fact.protect)
        case SegmentsDeleted():
            return FootageDeleted(
                media=fact.media, observed_ms=fact.observed_ms, start_ms=fact.start_ms, end_ms=fact.end_ms
            )
    return None


def _of_episode(fact: EpisodeAccepted) -> HoldPlaced:
    """An episode from where it starts to where it ends, or to where its source says that its mark ends."""
    record = fact.record
    end_ms = record.closed_at if record.closed_at is not None else mark_end_ms(record) or None
    return HoldPlaced(
        media=fact.media, observed_ms=fact.observed_ms, hold=Hold(kind="episode", id=fact.episode_id), rev=fact.rev,
        opened_ms=record.opened_at, start_ms=record.opened_at if record.started_at is None else record.started_at,
        end_ms=end_ms, heard_ms=record.updated_at, episode_type=record.episode_type,
        source=record.originator.source if record.originator else "", is_void=_is_superseded(record),
    )  # fmt: skip


def _is_superseded(record: EpisodeRecord) -> bool:
    """True for an episode that a run replaced: the run's own protect instead."""
    return SUPERSEDED in (record.labels or ()) or "superseded_by" in (record.payload or {})
