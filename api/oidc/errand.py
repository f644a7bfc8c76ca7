"""What a browser carries from the start of a sign-in to its end: signed by us, and good for ten minutes."""

import base64
import binascii
import hmac
import secrets
from hashlib import sha256

import msgspec
from msgspec import Struct

from api.oidc.claims import NotShown

NAME = "sightlog_sign_in"
LIFE_MS = 600_000
_BYTES = 32


class Errand(Struct, frozen=True, array_like=True):
    """One sign-in that is under way."""

    state: str
    nonce: str
    verifier: str
    redirect_url: str
    until_ms: int

    @property
    def challenge(self) -> str:
        """What the provider is shown of the verifier (PKCE, S256)."""
        return _text(sha256(self.verifier.encode()).digest())


_decoder = msgspec.json.Decoder(Errand)


def begun(redirect_url: str, now_ms: int) -> Errand:
    """A new one; nobody can guess anything of it."""
    state, nonce, verifier = (secrets.token_urlsafe(_BYTES) for _ in range(3))
    return Errand(state, nonce, verifier, redirect_url, now_ms + LIFE_MS)


def sealed(errand: Errand, key: bytes) -> str:
    """The value of the cookie."""
    content = msgspec.json.encode(errand)
    return f"{_text(content)}.{_text(_mark(content, key))}"


def unsealed(cookie: str | None, state: str, key: bytes, now_ms: int) -> Errand:
    """The errand that ``state`` belongs to. Raises NotShown: this browser did not begin it, or too long ago."""
    content, _, mark = (cookie or "").partition(".")
    try:
        given = _bytes(content)
        is_ours = hmac.compare_digest(_mark(given, key), _bytes(mark))
        errand = _decoder.decode(given) if is_ours else None
    except (binascii.Error, ValueError, msgspec.MsgspecError):
        errand = None
    if errand is None or not hmac.compare_digest(errand.state.encode(), state.encode("utf-8", "surrogatepass")):
        raise NotShown("this browser did not begin this sign-in (state); begin it again")
    if now_ms >= errand.until_ms:
        raise NotShown("the sign-in took too long; begin it again")
    return errand


def _mark(content: bytes, key: bytes) -> bytes:
    return hmac.digest(key, b"oidc\x1f" + content, "sha256")


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text.encode() + b"=" * (-len(text) % 4))
