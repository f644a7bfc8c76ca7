"""Whether a picture shows the same scene at all: the camera may have been turned, pushed, or switched for another."""

from processors.motion.score.blocks import by_cell
from processors.motion.score.light import View

_BLANK = 1.5
"""Grey levels of structure from which on a cell is known by it."""
_ENOUGH = 0.2
"""Share of the cells that must have structure; a blank wall is known by nothing, whatever stands before it."""
_ALIKE = 0.3
"""Correlation from which on a cell's structure is the same."""
_LEFT = 0.5
"""Share of the cells with structure that must be the same. Measured: 0.9 and more in the same scene through rain, snow
and the infrared lamp, 0.7 where cars filled a third of it; 0.2 to 0.3 between scenes, or where a camera was pushed."""


def is_another(now: View, then: View) -> bool:
    """True where next to nothing of the one scene is left in the other, whatever the light."""
    here, there = now.means - now.around, then.means - then.around
    own, other, shared = by_cell(there * there), by_cell(here * here), by_cell(here * there)
    known = own > _BLANK**2
    same = known & (shared > 0) & (shared * shared > _ALIKE**2 * own * other)
    return float(known.mean()) > _ENOUGH and float(same.sum()) < _LEFT * float(known.sum())
