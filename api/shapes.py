"""How things look in answers. Secrets stop here."""

from typing import Any

import msgspec

from api.access.scope import Grant
from api.access.shapes import may
from api.archive import Camera
from api.camera_config import HIDDEN
from infra.journal import redact_url

RECORDING_MS = 30_000
"""A camera whose newest footage is younger than this is recording: five segments of the default length."""


def camera(found: Camera, now_ms: int, grant: Grant) -> dict[str, Any]:
    """A camera with its whole configuration, passwords as ``***``, and what the caller may do with it."""
    config = found.config
    return {
        "media": config.media,
        "title": config.title,
        "source": redact_url(config.source) if config.source else config.source,
        "enabled": config.enabled,
        "audio": config.audio,
        "depth_ms": config.depth_ms,
        "keep_ms": config.keep_ms,
        "quota_bytes": config.quota_bytes,
        "catch": list(config.catch),
        "labels": list(config.labels),
        "groups": list(config.groups),
        "folder": config.folder,
        "mail_login": config.mail_login,
        "mail_password": HIDDEN if config.mail_password else "",
        "mail_aliases": list(config.mail_aliases),
        "time_zone": config.time_zone,
        "motion": msgspec.to_builtins(config.motion),
        "protect": msgspec.to_builtins(config.protect),
        "configured_ms": config.observed_ms,
        "changed_by": config.changed_by,
        "status": status(found, now_ms),
        "last_ms": found.last_ms,
        "may": may(grant),
    }


def status(found: Camera, now_ms: int) -> str:
    """``recording``, ``lost`` (it recorded once, not now) or ``never``."""
    if found.last_ms is None:
        return "never"
    return "recording" if found.last_ms > now_ms - RECORDING_MS else "lost"
