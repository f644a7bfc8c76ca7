"""How things look in answers. Secrets stop here."""

from typing import Any

import msgspec

from api.access.scope import Scope
from api.access.shapes import may
from api.archive import Camera
from api.camera_config import HIDDEN
from infra.journal import redact_url
from schemas.facts import MediaConfigured

RECORDING_MS = 30_000
"""A camera whose newest footage is younger than this is recording: five segments of the default length."""


def camera(found: Camera, now_ms: int, scope: Scope) -> dict[str, Any]:
    """A camera as far as the caller may know it, and what they may do with it.

    A link: what it is called. Who may configure it, and admins: the whole configuration, passwords as ``***``. Others:
    where it stands and how long it keeps.
    """
    config, grant = found.config, scope.grant(found.config.media)
    told: dict[str, Any] = {"media": config.media, "title": config.title, "may": may(grant)}
    if scope.via == "share":
        return told
    told |= {
        "enabled": config.enabled, "depth_ms": config.depth_ms, "keep_ms": config.keep_ms,
        "labels": list(config.labels), "groups": list(config.groups), "folder": config.folder,
        "time_zone": config.time_zone, "status": status(found, now_ms), "last_ms": found.last_ms,
    }  # fmt: skip
    return told | (_configuration(config) if scope.admin or "configure" in grant.rights else {})


def _configuration(config: MediaConfigured) -> dict[str, Any]:
    """What else an operator has set: how the camera is reached, by what it is known in mails, what is sought in it."""
    return {
        "source": redact_url(config.source) if config.source else config.source,
        "audio": config.audio,
        "quota_bytes": config.quota_bytes,
        "catch": list(config.catch),
        "mail_login": config.mail_login,
        "mail_password": HIDDEN if config.mail_password else "",
        "mail_aliases": list(config.mail_aliases),
        "motion": msgspec.to_builtins(config.motion),
        "protect": msgspec.to_builtins(config.protect),
        "configured_ms": config.observed_ms,
        "changed_by": config.changed_by,
    }


def status(found: Camera, now_ms: int) -> str:
    """``recording``, ``lost`` (it recorded once, not now) or ``never``."""
    if found.last_ms is None:
        return "never"
    return "recording" if found.last_ms > now_ms - RECORDING_MS else "lost"
