"""URLs that carry their own right: presigned objects, and our own cuts signed the same way.

They stay the same from one reload of a playlist to the next, so that caches and players can tell. None outlives the
link, token or session that it was given to.
"""

import hmac
from urllib.parse import quote

from api.errors import Problem
from api.footage import Piece
from api.playlists import Links
from infra.objects import ObjectStore

STEP_MS = 15 * 60_000
"""Signatures change this often."""
LIVE_S, LIVE_STEP_MS = 120, 120_000
"""The same on live playlists, where a segment is listed for less than a minute: nobody plays on with an old one for
longer than four minutes.
"""
_MAX_S = 7 * 86_400
"""The longest that Signature Version 4 allows."""


def links(
    store: ObjectStore, secret: bytes, media: str, life_s: int, now_ms: int, watched_ms: int = 0,
    until_ms: int | None = None,
) -> Links:  # fmt: skip
    """URLs good for at least ``life_s`` seconds and for watching ``watched_ms`` of footage; none after ``until_ms``."""
    return _links(store, secret, media, life_s + watched_ms // 1000, now_ms, STEP_MS, until_ms)


def live_links(store: ObjectStore, secret: bytes, media: str, now_ms: int, until_ms: int | None = None) -> Links:
    """URLs good for as long as a segment is on a live playlist: with the right to watch they end, too."""
    return _links(store, secret, media, LIVE_S, now_ms, LIVE_STEP_MS, until_ms)


def _links(
    store: ObjectStore, secret: bytes, media: str, life_s: int, now_ms: int, step_ms: int, until_ms: int | None
) -> Links:
    signed_ms = now_ms - now_ms % step_ms
    expires_s = min(_MAX_S, life_s + step_ms // 1000)
    if until_ms is not None:  # full seconds, and at least one: that is what a signature can say
        expires_s = max(1, min(expires_s, (until_ms - signed_ms) // 1000))
    signed: dict[str, str] = {}

    def whole(key: str) -> str:
        if key not in signed:
            signed[key] = store.presign(key, signed_ms, expires_s)
        return signed[key]

    def cut(piece: Piece) -> str:
        until_ms = signed_ms + expires_s * 1000
        signature = sign_cut(secret, media, piece.start_ms, piece.end_ms, until_ms)
        times = f"start_ms={piece.start_ms}&end_ms={piece.end_ms}&expires_ms={until_ms}"
        return f"/api/v1/media/{quote(media, safe='')}/cut.m4s?{times}&signature={signature}"

    return Links(whole, cut)


def live_address(secret: bytes, media: str, who: str, from_ms: int) -> str:
    """Where somebody who joins now finds the sliding window, counted from ``from_ms``; for nobody else."""
    return f"live.m3u8?from_ms={from_ms}&signature={_sign_anchor(secret, media, who, from_ms)}"


def require_anchor(secret: bytes, media: str, who: str, from_ms: int, signature: str) -> None:
    """Pass when we told exactly this caller to count from there; else 410, which players answer by joining anew.

    Numbers that are counted from any other time would tell what was recorded since, beyond what the caller may see.
    """
    wanted = _sign_anchor(secret, media, who, from_ms)
    if not hmac.compare_digest(wanted.encode(), signature.encode()):
        raise Problem(410, "live-expired", "you did not join there; load live.m3u8 again without from_ms")


def _sign_anchor(secret: bytes, media: str, who: str, from_ms: int) -> str:
    return hmac.digest(secret, f"live\x1f{media}\x1f{who}\x1f{from_ms}".encode(), "sha256").hex()


def sign_cut(secret: bytes, media: str, start_ms: int, end_ms: int, expires_ms: int) -> str:
    """The signature of a cut's URL."""
    told = f"cut\x1f{media}\x1f{start_ms}\x1f{end_ms}\x1f{expires_ms}"
    return hmac.digest(secret, told.encode(), "sha256").hex()


def require_cut(
    secret: bytes, media: str, start_ms: int, end_ms: int, expires_ms: int, signature: str, now_ms: int
) -> None:
    """Pass when we signed exactly this and it has not expired; else 403."""
    wanted = sign_cut(secret, media, start_ms, end_ms, expires_ms)
    if not hmac.compare_digest(wanted.encode(), signature.encode()):
        raise Problem(403, "bad-signature", "the signature is not ours; load the playlist again")
    if now_ms >= expires_ms:
        raise Problem(403, "expired", "the address has expired; load the playlist again")
