"""How one of our own processes is asked to stop."""

import signal
import threading


def asked_to_stop() -> threading.Event:
    """Set once SIGTERM or SIGINT comes. Call it on the main thread, before anything that must end well begins."""
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    return stopping
