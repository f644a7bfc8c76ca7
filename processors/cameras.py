"""The cameras as topic ``media`` says them now, for processors that must know how a camera is configured."""

import threading
from collections.abc import Callable, Mapping
from types import TracebackType

from infra import journal
from infra.clock import monotonic_s
from infra.following import Following, MeasuredSource
from infra.kafka import Follower, end_offsets
from infra.log import LogUnavailable
from infra.settings import Settings
from schemas import topics
from schemas.facts import MediaConfigured

_TOPIC = topics.MEDIA.name
_WAIT_S = 10.0
_LOOK_S, _READ_S, _AGAIN_S = 0.2, 0.1, 1.0


class Cameras:
    """Every camera as last configured; ``with`` follows the topic in a thread of its own. Any thread may ask.

    Asking never waits: it answers from what has been read so far, which is nothing before the broker has answered
    once, and stays as it was while the broker is away. Who must not miss what stands on the topic calls ``catch_up``
    first, at the start as well as later.
    """

    def __init__(
        self, open_source: Callable[[], MeasuredSource], ends: Callable[[], Mapping[int, int]], part: str
    ) -> None:
        """``ends``: where the partitions of the topic end now. Both raise LogUnavailable while the broker is away."""
        self.known: Mapping[str, MediaConfigured] = {}
        """Media → its configuration: never changed, but replaced with every change."""
        self._following, self._ends = Following(open_source, part), ends
        self._log = journal.get(part)
        self._reading = threading.Lock()
        """Held from asking for facts until they are known, so that what was handed out is known, too."""
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="cameras", daemon=True)

    @classmethod
    def of(cls, settings: Settings, part: str = "cameras") -> "Cameras":
        """The cameras on the broker of these settings, which may be away. ``part``: who tells the journal."""
        return cls(lambda: Follower(settings, _TOPIC), lambda: end_offsets(settings, _TOPIC), part)

    def __enter__(self) -> "Cameras":
        """Begin to follow; waits for nothing."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping.set()
        self._thread.join(5)

    def get(self, media: str) -> MediaConfigured | None:
        """How this camera is configured; None when it is not, or when it was removed."""
        return self.known.get(media)

    def catch_up(self) -> None:
        """Know everything that stands on the topic now. Raises LogUnavailable, after 10 s at most per question."""
        ends, deadline_s = self._ends(), monotonic_s() + _WAIT_S
        while not self._has_read(ends):
            if monotonic_s() > deadline_s:
                raise LogUnavailable(f"topic {_TOPIC} could not be read within {_WAIT_S:.0f} s")
            self._read(_READ_S)

    def _follow(self) -> None:
        try:
            while not self._stopping.wait(_LOOK_S):
                try:
                    self._read(0)
                except Exception as error:  # noqa: BLE001 - or the cameras would stay as they are, and nobody would see
                    self._log.error("unexpected", exc_info=error)
                    self._stopping.wait(_AGAIN_S)
        finally:
            with self._reading:
                self._following.close()

    def _has_read(self, ends: Mapping[int, int]) -> bool:
        with self._reading:
            return self._following.has_read(ends)

    def _read(self, timeout_s: float) -> None:
        with self._reading:
            if facts := self._following.poll(timeout_s):
                known = dict(self.known)
                for fact in facts:
                    if isinstance(fact, MediaConfigured):
                        known[fact.media] = fact
                    else:
                        known.pop(fact.media, None)
                self.known = known
