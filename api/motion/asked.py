"""What is asked about motion: which verdicts, which part of the picture."""

import math
import re
from collections.abc import Sequence
from itertools import pairwise

from api.errors import bad_query
from api.listed import listed
from schemas import grid

VERDICTS = ("motion", "still", "unreadable")
LIVE = "live"
"""How the verdicts of no run are asked for; no run may be called so."""
_APART = re.compile(r"[,\s]+")
_MOST_CORNERS = 64


def verdicts(text: str | None) -> tuple[str, ...] | None:
    """The parameter ``verdict``."""
    return listed("verdict", text, _verdict)


def region(text: str | None) -> tuple[int, ...]:
    """Cells of the grid that the parameter ``region`` covers; without it none. 400 with the rule that it breaks."""
    if text is None:
        return ()
    try:
        shares = [_share(part) for part in _APART.split(text.strip())]
        found = grid.cells(_corners(shares))
    except ValueError as error:
        raise bad_query("region", str(error)) from None
    if not found:
        raise bad_query("region", "encloses nothing")
    return tuple(found)


def _corners(shares: Sequence[float]) -> list[tuple[float, float]]:
    if len(shares) % 2 or not 6 <= len(shares) <= 2 * _MOST_CORNERS:
        raise ValueError(f"must be x,y,x,y,x,y… of 3 to {_MOST_CORNERS} corners")
    return list(pairwise(shares))[::2]


def _share(text: str) -> float:
    try:
        share = float(text)
    except ValueError:
        raise ValueError(f"{text[:20]!r} is no number; corners are x,y,x,y,x,y… from 0 to 1") from None
    if not (math.isfinite(share) and 0 <= share <= 1):
        raise ValueError(f"{text[:20]} is no share of the picture; corners are x,y,x,y,x,y… from 0 to 1")
    return share


def _verdict(text: str) -> str:
    if text not in VERDICTS:
        raise ValueError(f"must be one of {', '.join(VERDICTS)}, or several with commas")
    return text
