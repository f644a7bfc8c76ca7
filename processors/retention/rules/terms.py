"""The settings of retention that are the same for all cameras. Pure."""

from typing import NamedTuple


class Marks(NamedTuple):
    """Shares of the store at which room is made, and down to which."""

    high: float
    low: float
    hard: float
    """0: never."""


class Terms(NamedTuple):
    """What every decision goes by."""

    marks: Marks
    grace_ms: int
    settle_ms: int
    """Marks may come so long after what they mark was stored."""
    batch_ms: int
    """Footage past its depth goes in batches of so much; also the step in which ages are compared across cameras."""

    @property
    def step_ms(self) -> int:
        """Footage that was stored in the same step is equally old."""
        return max(1, self.batch_ms)
