"""A folder for one worker alone, the same after a restart: workers on one data folder take the first that is free."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from infra import lock


@contextmanager
def own_folder(within: Path) -> Iterator[Path]:
    """``within/0``, or ``within/1`` where another worker sits, and so on; free again once this process is gone."""
    for number in count():
        place = within / str(number)
        place.mkdir(parents=True, exist_ok=True)
        with lock.hold(place) as is_ours:
            if is_ours:
                yield place
                return
