"""Facts an answer promises: appended and acknowledged before 200, then waited for, so that the next read shows them."""

from collections.abc import Callable, Iterable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotInTime

from infra import clock
from infra.log import FactLog, LogUnavailable, Position
from schemas.codec import AnyFact

ACKNOWLEDGED_S = 15.0
VISIBLE_S = 5.0
_LOOK_S = 0.05


def append(log: FactLog, facts: Iterable[AnyFact]) -> list[Position]:
    """Where the facts stand, once all are acknowledged. Raises LogUnavailable; then some may be there all the same."""
    deadline_s = clock.monotonic_s() + ACKNOWLEDGED_S
    pending: list[Future[Position]] = [log.append(fact) for fact in facts]
    try:
        return [future.result(max(0.0, deadline_s - clock.monotonic_s())) for future in pending]
    except NotInTime:
        raise LogUnavailable(f"not acknowledged within {ACKNOWLEDGED_S:.0f} s") from None


def wait_visible(is_visible: Callable[[], bool], within_s: float = VISIBLE_S) -> bool:
    """True as soon as reads show what was written; False when they do not in time (the fact is safe all the same)."""
    deadline_s = clock.monotonic_s() + within_s
    while not is_visible():
        if clock.monotonic_s() >= deadline_s:
            return False
        clock.sleep_s(_LOOK_S)
    return True
