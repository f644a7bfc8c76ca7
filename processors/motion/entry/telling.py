"""Facts on their way to the log: told again until they are acknowledged."""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future

from infra.log import FactLog, LogUnavailable, Position
from schemas.codec import AnyFact

Then = Callable[[Position], None]


class Telling:
    """What was appended and is not acknowledged. Waits for nothing."""

    def __init__(self, log: FactLog) -> None:
        self._log = log
        self._told: deque[tuple[AnyFact, int | None, Then, Future[Position]]] = deque()

    def __len__(self) -> int:
        return len(self._told)

    def tell(self, fact: AnyFact, then: Then = lambda _: None, partition: int | None = None) -> None:
        """Append it. ``then`` is called by ``settle`` once it is acknowledged."""
        self._told.append((fact, partition, then, self._log.append(fact, partition=partition)))

    def settle(self) -> None:
        """Go on with what was acknowledged. What failed is appended again, and LogUnavailable raised."""
        while self._told and self._told[0][3].done():
            fact, partition, then, told = self._told.popleft()
            try:
                position = told.result()
            except LogUnavailable:
                self._told.appendleft((fact, partition, then, self._log.append(fact, partition=partition)))
                raise
            then(position)
