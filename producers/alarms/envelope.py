"""Who sends and who receives, as cameras write it after MAIL and RCPT. Pure; never raises on what a peer sent."""

import re
from collections.abc import Collection
from typing import NamedTuple

_KEYWORD = re.compile(r"\s*(FROM|TO)(?:\s*:|(?=[\s<])|$)\s*", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_PARAMETER = re.compile(r"(?:\s|^)([A-Za-z0-9][A-Za-z0-9-]*)(?:=(\S*))?")


class Path(NamedTuple):
    """An address of the envelope and the parameters behind it."""

    address: str
    """Without angle brackets; empty: ``<>``."""
    parameters: dict[str, str]
    """Upper-case name → value; empty where none was given."""

    @property
    def size(self) -> int:
        """The SIZE parameter; 0 where it is missing or no number."""
        value = self.parameters.get("SIZE", "")
        return int(value) if value.isascii() and value.isdigit() and len(value) < 19 else 0


def readable(said: str) -> str:
    """What a peer said, without surrogates: bytes that are no UTF-8 each for itself (Latin-1), so nothing is lost."""
    content = said.encode("utf-8", "surrogateescape")
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content.decode("latin-1")


def path(keyword: str, argument: str) -> Path | None:
    """What stands behind ``MAIL`` or ``RCPT``; None when it does not begin with ``keyword`` (FROM or TO).

    Taken as well: blanks anywhere, no colon, no angle brackets, a missing ``>``, a name before the address.
    """
    found = _KEYWORD.match(argument)
    if found is None or found[1].upper() != keyword:
        return None
    rest = argument[found.end() :]
    before, opened, inside = rest.partition("<")
    if opened and not _has_parameters(before):
        address, _, behind = inside.partition(">")
    else:
        address, _, behind = rest.partition(" ")
    parameters = {name.upper(): value or "" for name, value in _PARAMETER.findall(behind)}
    return Path(_CONTROL.sub("", address).strip(), parameters)


def is_relay(address: str, domains: Collection[str]) -> bool:
    """True for an address that asks us to send on: a route, a percent or bang path, a domain that is not ours.

    ``domains``: ours, lower case; empty: any domain is taken. An address without a domain is taken.
    """
    local, at, domain = address.rpartition("@")
    if not at:
        local, domain = address, ""
    if any(mark in local for mark in "@%!:") or "!" in domain:
        return True
    return bool(domains and domain and domain.lower().rstrip(".") not in domains)


def local_part(address: str) -> str:
    """What stands before the ``@``, as names are compared: lower case, without quotes."""
    return address.rpartition("@")[0].strip('"').casefold() if "@" in address else address.casefold()


def route(login: str, recipients: tuple[str, ...], sender: str, peer: str) -> str:
    """The key of a mail on its topic: the login, else the first recipient, else the sender, else the peer."""
    named = login or next(iter(recipients), "") or sender or peer or "unknown"
    return named.lower()[:512]


def _has_parameters(before: str) -> bool:
    """True when a ``<`` behind these words belongs to a parameter (``AUTH=<>``) of an address without brackets."""
    return "=" in before and "@" in before
