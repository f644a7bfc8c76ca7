"""What goes on beside a test: a thread whose death the test fails of, and how to wait for what others bring."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_MOST_S = 60
"""For ever, on a machine however busy."""


@contextmanager
def going_on(work: Callable[[], object], stopping: threading.Event) -> Iterator[threading.Thread]:
    """``work`` goes on as long as the block; then ``stopping`` is set, which must end it, and its failure is raised."""
    failures: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as failure:  # noqa: BLE001 - raised again below, in the test's own thread
            failures.append(failure)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield thread
    finally:
        stopping.set()
        thread.join(_MOST_S)
        assert not thread.is_alive()
        if failures:
            raise failures[0]


def until(is_so: Callable[[], object]) -> None:
    """Returns once it is so: what another thread or process brings comes when it comes."""
    deadline_s = time.monotonic() + _MOST_S
    while not is_so():
        assert time.monotonic() < deadline_s, "did not happen in time"
        time.sleep(0.01)
