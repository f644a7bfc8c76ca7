"""Links that let anybody watch one stretch of one camera: how they are asked for, and how they look."""

from typing import Any

from api.access import fields
from api.access.known import digest_of
from api.access.scope import Scope, not_allowed
from api.errors import FieldError, bad_field
from schemas import media as media_names
from schemas.access import ShareIssued

DAY_MS = 86_400_000
USUAL_MS = 7 * DAY_MS
LONGEST_MS = 366 * DAY_MS
_ASKED = fields.types_of(ShareIssued, ("media", "from_ms", "to_ms", "export", "expires_ms", "title"))
_NEEDED = ("media", "from_ms", "to_ms")


def asked(values: dict[str, Any], scope: Scope, secret: str, share_id: int, now_ms: int) -> ShareIssued:
    """The fact of a link. 422 for a field that breaks its rule; 404 and 403 where the caller may not share this."""
    fields.require(values, _ASKED, "share", _NEEDED)
    given: dict[str, Any] = {"export": False, "title": "", "expires_ms": now_ms + USUAL_MS} | values
    if errors := _wrong(given, now_ms):
        raise fields.refused(errors)
    if scope.via == "share":
        raise not_allowed("a link makes no other links")
    media = media_names.normalise(given["media"])
    scope.require("archive", media)
    if given["export"]:
        scope.require("export", media)
    return ShareIssued(
        share_id=share_id, observed_ms=now_ms, changed_by=scope.who, user=scope.user, token_id=scope.token_id,
        digest=digest_of(secret), **given | {"media": media},
    )  # fmt: skip


def shown(one: ShareIssued, now_ms: int) -> dict[str, Any]:
    """A link without its secret."""
    return {
        "share_id": str(one.share_id), "user": one.user or None, "title": one.title, "media": one.media,
        "from_ms": one.from_ms, "to_ms": one.to_ms, "export": one.export, "issued_ms": one.observed_ms,
        "expires_ms": one.expires_ms, "is_over": now_ms >= one.expires_ms,
    }  # fmt: skip


def may_end(scope: Scope, one: ShareIssued) -> bool:
    """True for who made it, and for admins; of a token, where it could have made it itself."""
    if scope.via == "share" or scope.admin:
        return scope.admin
    is_own = bool(scope.user) and scope.user == one.user
    return is_own and (scope.token_id is None or _could_make(scope, one))


def _could_make(scope: Scope, one: ShareIssued) -> bool:
    return scope.may("archive", one.media) and (not one.export or scope.may("export", one.media))


def _wrong(given: dict[str, Any], now_ms: int) -> list[FieldError]:
    errors = []
    try:
        media_names.normalise(given["media"])
    except media_names.BadMediaName as error:
        errors.append(bad_field("media", str(error), "body"))
    if given["to_ms"] <= given["from_ms"]:
        errors.append(bad_field("to_ms", "must be after from_ms", "body"))
    if not now_ms < given["expires_ms"] <= now_ms + LONGEST_MS:
        errors.append(bad_field("expires_ms", "must be in the future, at most a year away", "body"))
    return errors
