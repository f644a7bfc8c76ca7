"""Whose turn it is at the processors of this machine: live footage, or what can wait."""

from collections.abc import Callable


class Turns:
    """Shared by the parts of one process. Thread-safe."""

    def __init__(self) -> None:
        self._is_live_busy: Callable[[], bool] = lambda: False

    def follow(self, is_live_busy: Callable[[], bool]) -> None:
        """From now on this says whether live footage is being looked at."""
        self._is_live_busy = is_live_busy

    def may_others(self) -> bool:
        """True while no live footage is in hand, so that what can wait may begin."""
        return not self._is_live_busy()
