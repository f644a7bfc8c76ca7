"""The cameras of this recorder, kept as the registry says: started, restarted and stopped one by one."""

import threading
from collections.abc import Callable
from functools import partial

from infra import journal
from infra.clock import monotonic_s
from infra.settings import Settings
from infra.spool import Spool
from producers.segments import rules
from producers.segments.archive import LaneArchive
from producers.segments.camera import Camera
from producers.segments.connect import connect
from producers.segments.metrics import Metrics
from producers.segments.source import Source
from schemas.facts import GapReason, MediaConfigured, MediaRemoved

Connector = Callable[..., Source]
_log = journal.get("recorder")


class Fleet:
    """Every camera this shard records. Called by one thread."""

    def __init__(self, settings: Settings, spool: Spool, metrics: Metrics, connector: Connector = connect) -> None:
        self._settings, self._spool, self._metrics, self._connector = settings, spool, metrics, connector
        self._cameras: dict[str, Camera] = {}
        self._archives: dict[str, LaneArchive] = {}
        self._wanted: dict[str, tuple[str, str]] = {}
        self._refused: dict[str, tuple[str, str]] = {}
        """Cameras that the spool's disk did not take, tried again with every ``measure``."""

    def apply(self, fact: MediaConfigured | MediaRemoved) -> None:
        """Follow one fact of the registry. Only a change of source or sound interrupts a recording."""
        if not rules.belongs(fact.media, *self._settings.shard):
            return
        wanted = _recipe(fact)
        if wanted == self._wanted.get(fact.media):
            return
        if wanted is None:
            self._remove(fact.media)
        else:
            self._put(fact.media, *wanted)

    def measure(self) -> None:
        """Bring the gauges up to date; try again what the disk refused."""
        for media, wanted in list(self._refused.items()):
            self._put(media, *wanted)
        for camera in self._cameras.values():
            camera.measure()
        lanes = self._spool.lanes()
        self._metrics.cameras.set(len(self._cameras))
        self._metrics.spool_bytes.set(self._spool.size_bytes)
        self._metrics.spool_entries.set(sum(len(lane.entries) for lane in lanes))

    def stop(self, timeout_s: float) -> None:
        """Finish every open segment and state the gap that begins; threads that hang are left behind."""
        cameras = list(self._cameras.values())
        stops = [threading.Thread(target=camera.stop, args=("recorder_stopped",), daemon=True) for camera in cameras]
        for stop in stops:
            stop.start()
        deadline = monotonic_s() + timeout_s
        for stop in stops:
            stop.join(max(0.0, deadline - monotonic_s()))

    def _put(self, media: str, source: str, audio: str) -> None:
        self._halt(media, "recorder_stopped", "the camera's source was changed")
        try:
            archive = self._archives.get(media) or LaneArchive(media, self._spool, self._metrics.count)
        except OSError as error:
            if media not in self._refused:
                _log.error("the spool cannot be used; make room on its disk", media=media, error=error)
            self._refused[media] = (source, audio)
            return
        self._refused.pop(media, None)
        self._archives[media] = archive
        open_source = partial(self._connector, source, audio=audio == "keep", settings=self._settings)
        camera = Camera(media, open_source, archive, self._settings.segment_ms, self._metrics)
        self._cameras[media], self._wanted[media] = camera, (source, audio)
        _log.info("recording", media=media, source=source)
        camera.start()

    def _remove(self, media: str) -> None:
        self._refused.pop(media, None)
        if media in self._cameras:
            self._halt(media, "media_disabled")
            self._wanted.pop(media, None)
            self._metrics.forget(media)
            _log.info("no longer recording", media=media)

    def _halt(self, media: str, reason: GapReason, detail: str = "") -> None:
        if camera := self._cameras.pop(media, None):
            camera.stop(reason, detail)


def _recipe(fact: MediaConfigured | MediaRemoved) -> tuple[str, str] | None:
    """What of a configuration the recorder acts upon; None: do not record."""
    if isinstance(fact, MediaRemoved) or not fact.enabled or not fact.source:
        return None
    return fact.source, fact.audio
