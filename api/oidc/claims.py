"""What a provider says of somebody → who they are. Pure: signature and time are somebody else's."""

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

LEEWAY_S = 60
"""Clocks differ."""


class NotShown(Exception):
    """They did not show who they are; the message is why, for people."""


class ProviderAway(Exception):
    """The provider does not answer, or not as OpenID Connect has it; the message says which."""


class Identity(NamedTuple):
    """Who somebody is to their provider."""

    subject: str
    """``issuer|sub``: never anybody else's."""
    email: str
    """Lower case; empty: none, or one that nobody verified."""
    name: str
    login: str
    """What the provider suggests, lower case; empty: nothing."""
    groups: frozenset[str]


def identity(
    claims: Mapping[str, Any], issuer: str, client_id: str, nonce: str, now_s: int, groups_claim: str
) -> Identity:
    """Who the claims of an ID token are about. Raises NotShown for a token that is not for us, or not for now."""
    _require(claims.get("iss") == issuer, "the token is of another issuer")
    _require_ours(claims, client_id)
    _require(claims.get("nonce") == nonce, "the token answers another sign-in (nonce)")
    expires_s, issued_s = _number(claims.get("exp")), _number(claims.get("iat"))
    _require(expires_s is not None and now_s < expires_s + LEEWAY_S, "the token has expired")
    _require(issued_s is not None and issued_s <= now_s + LEEWAY_S, "the token is of the future; are the clocks right?")
    _require((_number(claims.get("nbf")) or 0) <= now_s + LEEWAY_S, "the token is not valid yet; are the clocks right?")
    sub = claims.get("sub")
    if not isinstance(sub, str) or not 0 < len(sub) <= 255:
        raise NotShown("the token names nobody")
    return Identity(
        f"{issuer}|{sub}", _verified(claims), _text(claims, "name"), _text(claims, "preferred_username").lower(),
        _groups(claims.get(groups_claim)),
    )  # fmt: skip


def _require(holds: bool, why: str) -> None:
    if not holds:
        raise NotShown(why)


def _require_ours(claims: Mapping[str, Any], client_id: str) -> None:
    audience = claims.get("aud")
    everybody = [audience] if isinstance(audience, str) else audience if isinstance(audience, list) else []
    _require(client_id in everybody, "the token is for another program (aud)")
    party = claims.get("azp")
    is_ours = party == client_id if party is not None else len(everybody) == 1
    _require(is_ours, "the token is for several programs (azp)")


def _number(value: object) -> int | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return int(value) if is_number else None  # type: ignore[call-overload]


def _verified(claims: Mapping[str, Any]) -> str:
    return _text(claims, "email").lower() if claims.get("email_verified") is True else ""


def _text(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name)
    return value[:256] if isinstance(value, str) else ""


def _groups(value: object) -> frozenset[str]:
    names: Collection[object] = value if isinstance(value, list) else [value]
    return frozenset(one for one in names if isinstance(one, str))
