"""Names as mails write them, folded to what is compared."""

import re
from collections.abc import Iterator

from schemas.folding import folded

_MOST = 320
_NUMBERED = re.compile(r"(?:[a-z][a-z .#_-]{0,15})?0*(\d{1,5})(?:[ -]?ch)?")
"""A channel's number as recorders write it: 4, 04, D4, A2, IP-CH1, CH04, Camera 04."""


def fold(name: str) -> str:
    """``name`` as names are compared: NFC, without case and without white space around it."""
    return folded(name[:_MOST]).strip()


def of_address(address: str) -> Iterator[str]:
    """What an address or a login may be known by, folded, the most exact first: whole, local part, without ``+tag``."""
    whole = fold(address.strip().strip("<>"))
    if not whole:
        return
    yield whole
    local, at, _ = whole.rpartition("@")
    if at:
        yield (local := local.strip('"'))
    else:
        local = whole
    if "+" in local:
        yield local.partition("+")[0]


def of_channel(channel: str) -> Iterator[str]:
    """What a channel may be called in an alias, folded: as it stands, then its number alone."""
    whole = fold(channel)
    if not whole:
        return
    yield whole
    if (number := _NUMBERED.fullmatch(whole)) and number[1] != whole:
        yield number[1]
