"""Episodes as answers show them: as saved, with their published names, and what we know beyond."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

import msgspec
from fastapi import Response

from api.archive import Archive
from api.episodes import coverage
from api.playlists import Mark
from projections.episodes.reads import StoredEpisode, StoredRefusal


def answer(told: Any) -> Response:
    """A JSON answer; what a source saved as JSON goes out as it stands."""
    return Response(msgspec.json.encode(told), media_type="application/json", headers={"Cache-Control": "no-store"})


def episodes(archive: Archive, found: Sequence[StoredEpisode]) -> list[dict[str, Any]]:
    """Records in answers, each with how much of it was recorded."""
    statuses = coverage.statuses(archive, found)
    return [episode(one, status) for one, status in zip(found, statuses, strict=True)]


def episode(one: StoredEpisode, recording_status: str) -> dict[str, Any]:
    """One record: ids as strings, fields that were left out left out, ``closed_at`` null while open."""
    told = {"episode_id": str(one.episode_id), "media": one.media, "opened_at": one.opened_ms}
    told |= {"updated_at": one.updated_ms, "closed_at": one.closed_ms, "episode_type": one.episode_type}
    told |= {name: value for name, value in _optional(one).items() if value is not None}
    told |= {"version": one.version, "accepted_at": one.accepted_ms, "recording_status": recording_status}
    return told | _pictures(one)


def mark(one: StoredEpisode) -> Mark:
    """The episode on a player's time line; an open one has no end."""
    end_ms = None if one.closed_ms is None else one.end_ms
    told: list[tuple[str, str | int]] = [("episode_type", one.episode_type), ("source", one.source)]
    return Mark(
        str(one.episode_id), one.start_ms, end_ms, "episode", (*told, *([("title", one.title)] if one.title else []))
    )


def refusal(one: StoredRefusal) -> dict[str, Any]:
    """One refused save, with its reason."""
    record = msgspec.json.decode(one.record)
    return {
        "episode_id": str(one.episode_id), "media": one.media, "reason": one.reason, "detail": one.detail,
        "observed_ms": one.observed_ms, "save_id": str(one.save_id),
        "record": record | {"episode_id": str(one.episode_id)},
    }  # fmt: skip


def _optional(one: StoredEpisode) -> dict[str, Any]:
    return {
        "started_at": one.start_ms if one.has("started_at") else None,
        "close_reason": one.close_reason if one.has("close_reason") else None,
        "title": one.title if one.has("title") else None,
        "payload": msgspec.Raw(one.payload.encode()) if one.payload else None,
        "detections": msgspec.Raw(one.detections.encode()) if one.detections else None,
        "labels": one.labels if one.has("labels") else None,
        "score": one.score,
        "preview_timestamp": one.preview_ms,
        "originator": _originator(one) if one.has("originator") else None,
        "license_plate_text": one.license_plate_text if one.has("license_plate_text") else None,
        "match_score": one.match_score,
    }


def _originator(one: StoredEpisode) -> dict[str, str]:
    return {"source": one.source} | ({"hostname": one.hostname} if one.hostname else {})


def _pictures(one: StoredEpisode) -> dict[str, str]:
    """Where its pictures are, or why there is none. The address names the version, so it may be cached for good."""
    address = f"/api/v1/episodes/{one.episode_id}/preview.jpg?media={quote(one.media, safe='')}&version={one.version}"
    told = {"preview_url": address} if one.preview_key else {}
    told |= {"frame_preview_url": f"{address}&picture=frame"} if one.frame_preview_key else {}
    return told | ({"preview_dropped": one.preview_dropped} if one.preview_dropped else {})
