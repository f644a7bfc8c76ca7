"""How one of our own long-running programs begins."""

import threading

from infra.health import Beat, serve
from infra.settings import Settings
from infra.stopping import asked_to_stop


def begin(settings: Settings, stalled_after_s: float = 30.0) -> tuple[threading.Event, Beat]:
    """What is set once the program is asked to stop, and the pulse that its health page shows from now on.

    On the main thread only. Raises OSError when the port of the page is taken.
    """
    stopping, beat = asked_to_stop(), Beat()
    serve(settings.health_port, beat, stalled_after_s, settings.health_host)
    return stopping, beat
