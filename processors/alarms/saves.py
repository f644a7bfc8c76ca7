"""Versions of the episodes of alarms, as they are saved on topic ``episodes``. Pure."""

from typing import Any

from processors.alarms.standing import Episode
from schemas import ids
from schemas.episode import EpisodeRecord, Originator

RULE_VERSION = 1
"""Another way to mark makes other episodes, beside those of this one."""
_SOURCE = Originator(source="alarm")
_TITLE = 1024


def version(media: str, episode: Episode, closed_at: int | None = None, reason: str | None = None) -> EpisodeRecord:
    """The whole episode as it stands. ``preview`` is the key of its picture, which is in the object store already."""
    has_picture = episode.preview_key is not None
    return EpisodeRecord(
        episode_id=ids.derived_episode(media, episode.opened_at, "alarm", RULE_VERSION), media=media,
        opened_at=episode.opened_at, updated_at=episode.updated_at,
        started_at=episode.started_ms if episode.started_ms < episode.opened_at else None,
        closed_at=closed_at, close_reason=reason, title=_title(episode), payload=_payload(episode),
        preview=episode.preview_key, preview_timestamp=episode.preview_ms if has_picture else None, originator=_SOURCE,
    )  # fmt: skip


def closing(media: str, episode: Episode, closed_at: int, now_ms: int, reason: str) -> EpisodeRecord:
    """The last version of an episode."""
    return version(media, episode.said(now_ms), closed_at, reason)


def _title(episode: Episode) -> str:
    words = episode.words
    return (words.event or words.subject or words.matched)[:_TITLE]


def _payload(episode: Episode) -> dict[str, Any]:
    words = episode.words
    return {
        "mails": episode.mails, "until_ms": episode.until_ms, "first_ms": episode.first_ms, "last_ms": episode.last_ms,
        "subject": words.subject, "matched": words.matched, "event": words.event, "device": words.device,
        "channel": words.channel, "vendor": words.vendor,
    }  # fmt: skip
