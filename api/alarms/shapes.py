"""How alarms and the health of mails look in answers."""

from typing import Any
from urllib.parse import quote

import msgspec

from api.access.scope import Scope
from api.alarms.health import Figures, Standing
from projections.alarms.reads import StoredAlarm
from projections.dead_letters.reads import MailLetters

_WAY = frozenset({"sender", "recipient", "peer", "login"})


def alarm(one: StoredAlarm, scope: Scope) -> dict[str, Any]:
    """One alarm: ids as text, where its mail and its picture are.

    The way that the mail came is of the camera's settings: for admins, and for who may configure the camera.
    """
    is_theirs = scope.admin or scope.may("configure", one.media)
    told = {name: said for name, said in msgspec.structs.asdict(one).items() if is_theirs or name not in _WAY}
    told["alarm_id"] = str(one.alarm_id)
    key = told.pop("preview_key")
    address, media = f"/api/v1/alarms/{one.alarm_id}", quote(one.media, safe="")
    told["mail_url"] = f"{address}/mail?media={media}"
    return told | ({"preview_url": f"{address}/preview.jpg?media={media}"} if key else {})


def health(standing: Standing, figures: Figures) -> dict[str, Any]:
    """One camera: whether it mails as it used to, and what is known of its mail lately."""
    camera = standing.camera
    return {
        "media": camera.media,
        "enabled": camera.enabled,
        "state": standing.state,
        "last_ms": camera.last_ms,
        "silent_after_ms": figures.patience_ms,
        "mails_1h": figures.mails.hour,
        "mails_24h": figures.mails.day,
        "mails_7d": figures.mails.week,
        "login_refusals_24h": figures.refused.logins,
        "refusals_24h": figures.refused.all,
        "letters_24h": figures.letters.letters if figures.letters else 0,
        "last_letter": _letter(figures.letters) if figures.letters else None,
        "skew_ms": figures.skew_ms,
    }


def _letter(letters: MailLetters) -> dict[str, Any]:
    return {"place": letters.place, "reason": letters.reason, "failed_ms": letters.failed_ms}
