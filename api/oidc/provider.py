"""The provider as we ask it: its addresses, its keys, and the token for a code. Raises ProviderAway."""

import threading
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from api.oidc.claims import NotShown, ProviderAway
from api.oidc.errand import Errand
from infra import clock
from infra.settings import BadSettings, Settings

ALGORITHMS = ("RS256", "ES256", "PS256", "EdDSA")
"""Signatures by a key that only the provider has; never ``none``, never a shared secret."""
_HERE = frozenset({"127.0.0.1", "::1", "localhost"})
_FRESH_S = 3600.0
_AGAIN_S = 60.0
"""Keys are asked for again when a token names one that is not known, but not more often."""
_TIMEOUT_S = 5.0
_AWAY_S = 5.0
"""A provider that did not answer is not asked where it is again for so long: everybody would wait for it in turn."""
_MOST_BYTES = 1 << 20
_ADDRESSES = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class Provider:
    """Thread-safe. Addresses and keys are remembered for an hour."""

    def __init__(self, settings: Settings) -> None:
        """Raises BadSettings for an issuer that is no https address; this machine's own may be http."""
        self._issuer, self._client_id = settings.oidc_issuer, settings.oidc_client_id
        self._secret, self._scopes = settings.oidc_client_secret.get_secret_value(), settings.oidc_scopes
        if not self._client_id:
            raise BadSettings("SIGHTLOG_OIDC_CLIENT_ID is missing: what the provider knows us as")
        _require_secret_way(self._issuer, "SIGHTLOG_OIDC_ISSUER")
        self._asking = threading.Lock()
        self._addresses: Mapping[str, Any] = {}
        self._keys = KeySet([])
        self._told_s = self._keys_s = self._away_s = -_FRESH_S

    def sign_in_url(self, errand: Errand) -> str:
        """Where the browser goes."""
        address = self._address("authorization_endpoint")
        asked = {
            "response_type": "code", "client_id": self._client_id, "redirect_uri": errand.redirect_url,
            "scope": self._scopes, "state": errand.state, "nonce": errand.nonce,
            "code_challenge": errand.challenge, "code_challenge_method": "S256",
        }  # fmt: skip
        return f"{address}{'&' if urlsplit(address).query else '?'}{urlencode(asked)}"

    def claims(self, code: str, errand: Errand) -> dict[str, Any]:
        """What the ID token for a code says, its signature checked. Raises NotShown."""
        token = self._token(code, errand)
        try:
            return dict(jwt.decode(token, self._known_keys(), algorithms=list(ALGORITHMS)).claims)
        except (JoseError, ValueError):
            if not self._may_ask_again():
                raise NotShown("the provider's signature is wrong") from None
        try:
            return dict(jwt.decode(token, self._known_keys(), algorithms=list(ALGORITHMS)).claims)
        except (JoseError, ValueError):
            raise NotShown("the provider's signature is wrong") from None

    def _token(self, code: str, errand: Errand) -> str:
        asked = {
            "grant_type": "authorization_code", "code": code, "redirect_uri": errand.redirect_url,
            "client_id": self._client_id, "code_verifier": errand.verifier,
        }  # fmt: skip
        asked |= {"client_secret": self._secret} if self._secret else {}
        told = _asked("POST", self._address("token_endpoint"), data=asked)
        token = told.get("id_token")
        if not isinstance(token, str):
            raise NotShown("the provider did not take the code")
        return token

    def _address(self, name: str) -> str:
        with self._asking:
            if clock.monotonic_s() - self._told_s > _FRESH_S:
                told = self._description()
                if told.get("issuer") != self._issuer:
                    raise ProviderAway(f"it calls itself {told.get('issuer')!r}; SIGHTLOG_OIDC_ISSUER must be the same")
                for each in _ADDRESSES:
                    _require_secret_way(str(told.get(each, "")), each)
                self._addresses, self._told_s = told, clock.monotonic_s()
            return str(self._addresses[name])

    def _description(self) -> dict[str, Any]:
        if clock.monotonic_s() - self._away_s < _AWAY_S:
            raise ProviderAway("it did not answer a moment ago")
        try:
            return _asked("GET", self._issuer.rstrip("/") + "/.well-known/openid-configuration")
        except ProviderAway:
            self._away_s = clock.monotonic_s()
            raise

    def _known_keys(self) -> KeySet:
        address = self._address("jwks_uri")
        with self._asking:
            if clock.monotonic_s() - self._keys_s > _FRESH_S:
                told = _asked("GET", address)
                try:
                    self._keys = KeySet.import_key_set(told)  # type: ignore[arg-type]
                except (JoseError, ValueError, KeyError, TypeError) as error:
                    raise ProviderAway(f"its keys cannot be read: {error}") from None
                self._keys_s = clock.monotonic_s()
            return self._keys

    def _may_ask_again(self) -> bool:
        """Forget the keys, unless that was done just now."""
        with self._asking:
            is_old = clock.monotonic_s() - self._keys_s > _AGAIN_S
            self._keys_s = -_FRESH_S if is_old else self._keys_s
            return is_old


def _asked(method: str, address: str, **more: Any) -> dict[str, Any]:
    """The JSON object of an answer, whatever its status."""
    try:
        with httpx.Client(timeout=_TIMEOUT_S, follow_redirects=False, headers={"Accept": "application/json"}) as client:
            answer = client.request(method, address, **more)
            told = answer.json() if len(answer.content) <= _MOST_BYTES else None
    except (httpx.HTTPError, ValueError) as error:
        raise ProviderAway(f"{urlsplit(address).netloc} does not answer: {type(error).__name__}") from None
    if not isinstance(told, dict):
        raise ProviderAway(f"{urlsplit(address).netloc} answers no JSON object (HTTP {answer.status_code})")
    return told


def _require_secret_way(address: str, name: str) -> None:
    parts = urlsplit(address)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _HERE):
        raise BadSettings(f"{name} must be an https address, not {address!r}")
