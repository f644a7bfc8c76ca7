"""Which route does what, in the words of the audit. Every route that changes something or shows footage stands here.

A route that changes something and does not stand here is audited all the same, as ``changed`` with its own path; and
tests/architecture/test_audit.py says that it has been forgotten.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from schemas.access import Action

_PREFIX = "/api/v1"


@dataclass(frozen=True, slots=True)
class Act:
    """What a route does. ``subject`` and ``detail`` take ``{names}`` from the path, the answer and ``asked``."""

    action: Action
    subject: str = ""
    detail: str = ""
    asked: tuple[str, ...] = ()
    """Fields of the JSON body that may be told. Nothing else of a body is."""
    counted: str = ""
    """A plural: it is told with its like, and nobody waits. Empty: told before it is answered."""
    statement: bool = False
    """The whole body is a statement, and the detail."""
    refused: Action | None = None
    """What a 401 is, for routes that nobody needs to be known at."""


def looked(what: str) -> Act:
    """Somebody looks; told with its like."""
    return Act("viewed", counted=what)


def changed(subject: str, detail: str = "", asked: tuple[str, ...] = ()) -> Act:
    """A setting, or something that is configured, is another one now."""
    return Act("changed", subject, detail, asked)


def removed(subject: str) -> Act:
    """It is gone."""
    return Act("deleted", subject)


_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_SAVES = (
    "/episodes/{id}", "/central/api/v3/episodes/{id}", "/episode_save", "/central/api/v3/episode_save",
)  # fmt: skip
_SAVED = Act("marked", counted="saves")
ACTS: Mapping[str, Act] = {
    "GET /media/{media}/archive.m3u8": looked("playlists"),
    "GET /media/{media}/live.m3u8": looked("live playlists"),
    "GET /media/{media}/preview.jpg": looked("pictures"),
    "GET /episodes/{id}/preview.jpg": looked("pictures of episodes"),
    "GET /alarms/{id}/preview.jpg": looked("pictures of alarms"),
    "GET /alarms/{id}/mail": Act("exported", "alarm/{id}", "the mail"),
    "GET /dead-letters/{topic}/{partition}/{offset}/mail": Act(
        "exported", "letter/{topic}/{partition}/{offset}", "the mail"
    ),
    "GET /media/{media}/smtp": Act("viewed", "camera/{media}", "the mail page, with its password"),
    "GET /media/{media}/archive.mp4": Act("exported"),
    "GET /episodes/{id}/clip.mp4": Act("exported", "episode/{id}"),
    **{f"{method} {path}": _SAVED for method in ("PUT", "POST") for path in _SAVES},
    "PUT /media/{media}": changed("camera/{media}"),
    "DELETE /media/{media}": removed("camera/{media}"),
    "POST /media/import": changed("cameras", "{created} created, {updated} updated"),
    "POST /media/{media}/smtp/test": changed("camera/{media}", "sent a test mail"),
    "POST /media/{media}/locks": Act("protected", "lock/{lock_id}", "{reason}", ("reason",)),
    "DELETE /locks/{id}": Act("released", "lock/{id}"),
    "POST /expirations/{id}/restore": Act("restored", "expiration/{id}"),
    "POST /dead-letters/redrive": changed("letters", "{redriven} told again"),
    "POST /reprocess": changed("run/{run}", "asked for"),
    "POST /reprocess/{run}/promote": changed("run/{run}", "promoted"),
    "DELETE /reprocess/{run}": removed("run/{run}"),
    "POST /sql": Act("queried", statement=True),
    "POST /sessions": Act("signed-in", asked=("login",), refused="sign-in-refused"),
    "DELETE /sessions/{id}": Act("signed-out", "session/{id}"),
    "DELETE /sessions/current": Act("signed-out"),
    "PUT /me": changed("user/{user}", "their own name or language"),
    "PUT /me/password": changed("user/{user}", "their own password"),
    "PUT /users/{user}": changed("user/{user}"),
    "DELETE /users/{user}": removed("user/{user}"),
    "POST /users/import": changed("users", "{created} created, {updated} updated"),
    "PUT /groups/{group}": changed("group/{group}"),
    "DELETE /groups/{group}": removed("group/{group}"),
    "POST /tokens": changed("token/{token_id}", "issued: {title}"),
    "DELETE /tokens/{id}": removed("token/{id}"),
    "POST /shares": Act("shared", "share/{share_id}", "until {expires_ms}: {title}"),
    "DELETE /shares/{id}": removed("share/{id}"),
    "PUT /branding": changed("branding"),
}
EXEMPT: Mapping[str, str] = {
    "POST /retention/what-if": "it asks, and changes nothing",
    "PUT /episodes/{id}/review": "a fact of its own on `reviews`, which names the user",
    "GET /media/{media}/cut.m4s": "part of a playlist that was audited; its address says nothing of who plays it",
    "GET /auth/oidc/callback": "its sign-in is told where it is decided",
}
"""Routes like those that are not audited here, and why."""


def name_of(method: str, path: str) -> str:
    """The name of a route in these tables; ``path``: its template, with or without the prefix."""
    return f"{'GET' if method == 'HEAD' else method} {path.removeprefix(_PREFIX)}"


def act_of(method: str, path: str) -> Act | None:
    """What a route does; None: nothing that is audited."""
    name = name_of(method, path)
    if name in EXEMPT:
        return None
    unnamed = None if method in _READING else changed(_plain(name))
    return ACTS.get(name, unnamed)


def _plain(name: str) -> str:
    """Without the braces, which would be filled in."""
    return name.replace("{", "").replace("}", "")
