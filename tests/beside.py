"""Something that goes on in a thread while a test runs; what it dies of, the test fails of."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_MOST_S = 60


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
