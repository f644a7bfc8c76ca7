"""Which key frames are looked at: where every picture is one, about one a second will do. Pure."""

from collections.abc import Sequence

LEAST_APART_MS = 900
"""Less than a second: of a camera that makes one a second, some come a little early."""


def thinned(at_ms: Sequence[int], apart_ms: int = LEAST_APART_MS) -> list[int]:
    """Numbers of those at least ``apart_ms`` after the one taken before; the first always. Ascending times."""
    taken: list[int] = []
    for number, moment in enumerate(at_ms):
        if not taken or moment - at_ms[taken[-1]] >= apart_ms:
            taken.append(number)
    return taken
