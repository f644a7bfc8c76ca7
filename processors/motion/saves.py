"""Versions of the episodes of motion, as they are saved on topic ``episodes``. Pure."""

from typing import Any

from processors.motion.standing import Episode
from schemas import ids
from schemas.episode import EpisodeRecord, Originator

UNREADABLE = "unreadable"
"""The label of footage that could not be looked at."""
_SOURCE = Originator(source="motion_detector")
_TITLE = 1024


def version(media: str, episode: Episode, closed_at: int | None = None, reason: str | None = None) -> EpisodeRecord:
    """The whole episode as it stands. ``preview`` is the key of its picture, which is in the object store already."""
    has_picture = episode.preview_key is not None
    return EpisodeRecord(
        episode_id=episode_id(media, episode), media=media, opened_at=episode.opened_at, updated_at=episode.updated_at,
        started_at=episode.started_ms if episode.started_ms < episode.opened_at else None,
        closed_at=closed_at, close_reason=reason, title=_title(episode), payload=_payload(episode),
        labels=_labels(episode), score=episode.score if episode.kind == "motion" else None, originator=_SOURCE,
        preview=episode.preview_key, preview_timestamp=episode.preview_ms if has_picture else None,
    )  # fmt: skip


def closing(media: str, episode: Episode, now_ms: int) -> EpisodeRecord:
    """The last version of an episode: it ends where its mark does."""
    return version(media, episode.said(now_ms), episode.until_ms, "quiet")


def episode_id(media: str, episode: Episode) -> int:
    """The same for the same footage, however often it is folded; other footage beside it has another."""
    maker = episode.maker if episode.kind == "motion" else f"{episode.maker}/{UNREADABLE}"
    return ids.derived_episode(media, episode.opened_at, "motion_detector", maker)


def _title(episode: Episode) -> str:
    if episode.kind == "unreadable":
        return f"Footage could not be read: {episode.reason}"[:_TITLE]
    return f"Motion: {', '.join(episode.zones)}"[:_TITLE] if episode.zones else "Motion"


def _labels(episode: Episode) -> tuple[str, ...] | None:
    return (UNREADABLE,) if episode.kind == "unreadable" else episode.zones or None


def _payload(episode: Episode) -> dict[str, Any]:
    """``until_ms`` says that the mark is left to us (rule 1.11), and how far it reaches."""
    told = {"until_ms": episode.until_ms, "segments": episode.segments, "detector": episode.maker}
    return told | ({"peak_ms": episode.peak_ms} if episode.kind == "motion" else {"reason": episode.reason})
