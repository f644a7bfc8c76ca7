"""One camera: connect, record, lose, wait, connect again. A thread of its own, so that none can harm another."""

import random
import threading
from collections.abc import Callable

import av

from infra import journal
from infra.clock import monotonic_s, now_ms
from producers.segments import rules
from producers.segments.archive import LaneArchive
from producers.segments.boxes import BadMovie
from producers.segments.groups import Assembler
from producers.segments.metrics import Metrics
from producers.segments.samples import Format
from producers.segments.segmenter import LivePlacement, Segmenter
from producers.segments.source import Item, Source, SourceFailed, advice
from schemas.facts import GapReason

Connect = Callable[[], Source]
_STEADY_S = 30.0
"""A connection that lasted this long was good: the next failure is a first one again."""

_log = journal.get("recorder")


class Camera:
    """Records one media until stopped.

    The reading thread and ``stop`` share the recording under a lock that is never held while reading, so stopping is
    quick also when the source hangs; a thread that wakes later finds the recording closed and leaves.
    """

    def __init__(self, media: str, connect: Connect, archive: LaneArchive, segment_ms: int, metrics: Metrics) -> None:
        self.media = media
        self._connect, self._archive, self._segment_ms = connect, archive, segment_ms
        self._metrics = metrics
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._assembler = Assembler(rules.LIVE_JUMP_MS)
        self._segmenter = self._new_segmenter()
        self._picture_s = self._key_s = monotonic_s()
        self._thread = threading.Thread(target=self._run, name=f"camera-{media}", daemon=True)

    def start(self) -> None:
        """Begin recording."""
        self._thread.start()

    def stop(self, reason: GapReason, detail: str = "") -> None:
        """Finish the open segment and open a gap. Returns at once; a second stop does nothing."""
        with self._lock:
            if not self._stopping.is_set():
                self._stopping.set()
                self._lose(reason, detail)

    def join(self, timeout_s: float) -> bool:
        """Wait for the reading thread; False when it still hangs in its source."""
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def measure(self) -> None:
        """Bring the gauges of this camera up to date."""
        self._metrics.silence_s.labels(self.media).set(monotonic_s() - self._picture_s)

    def _run(self) -> None:
        failures = 0
        while not self._stopping.is_set():
            began_s = monotonic_s()
            failed = self._record()
            with self._lock:
                if self._stopping.is_set():
                    return
                self._lose(failed.reason, str(failed))
            failures = 1 if monotonic_s() - began_s > _STEADY_S else failures + 1
            wait_s = rules.backoff_s(failures, random.random())
            self._metrics.reconnects.labels(self.media).inc()
            told = {"reason": failed.reason, "detail": str(failed), "advice": advice(str(failed))}
            _log.warning("no footage", media=self.media, **told, wait_s=round(wait_s))
            self._stopping.wait(wait_s)

    def _record(self) -> SourceFailed:
        """One connection from its beginning to its end; why it ended."""
        try:
            source = self._connect()
        except SourceFailed as failed:
            return failed
        except Exception as error:  # noqa: BLE001 - our bug, told with its trace; no other camera may pay for it
            _log.exception("cannot connect this camera", media=self.media, error=error)
            return SourceFailed(f"cannot be connected: {type(error).__name__}", "source_unreadable")
        try:
            self._key_s = monotonic_s()
            for item in source.items():
                if not self._take(item):
                    break
            return SourceFailed("the source ended")
        except SourceFailed as failed:
            return failed
        except BadMovie as error:
            return SourceFailed(f"unusable footage: {error}", "source_unreadable")
        except av.FFmpegError as error:
            return SourceFailed(f"unusable footage: {error.strerror}", "source_unreadable")
        except OSError as error:  # the spool's disk: sources tell their own errors as SourceFailed
            return SourceFailed(f"the spool cannot be written: {error.strerror or error}", "disk_full")
        except Exception as error:  # noqa: BLE001 - our bug, told with its trace; no other camera may pay for it
            _log.exception("cannot read this camera", media=self.media, error=error)
            return SourceFailed(f"cannot be read: {type(error).__name__}", "source_unreadable")
        finally:
            source.close()

    def _take(self, item: Item) -> bool:
        """One more piece of footage; False when recording has been stopped."""
        at_ms = now_ms()
        with self._lock:
            if self._stopping.is_set():
                return False
            if isinstance(item, Format):
                groups = self._assembler.switch(item)
            else:
                self._watch(item.video, item.key)
                groups = self._assembler.add(item, at_ms)
            for group in groups:
                self._segmenter.push(group)
                self._metrics.up.labels(self.media).set(1)
        return True

    def _watch(self, video: bool, key: bool) -> None:
        if not video:
            return
        self._picture_s = monotonic_s()
        if key:
            self._key_s = self._picture_s
        elif (self._picture_s - self._key_s) * 1000 > rules.KEYLESS_MS:
            raise SourceFailed("no key frame for 60 s; set a key frame interval of a few seconds in the camera")

    def _lose(self, reason: GapReason, detail: str) -> None:
        """Complete what is open, then open a gap."""
        try:
            self._finish()
        except OSError as error:
            self._archive.abandon()
            reason, detail = "disk_full", f"the spool cannot be written: {error.strerror or error}"
        except Exception as error:  # noqa: BLE001 - our bug, told with its trace; this camera is tried again all the same
            self._archive.abandon()
            _log.exception("cannot complete a segment", media=self.media, error=error)
        self._assembler = Assembler(rules.LIVE_JUMP_MS)
        self._segmenter = self._new_segmenter()
        self._archive.lose(reason, detail)
        self._metrics.up.labels(self.media).set(0)

    def _finish(self) -> None:
        """Complete the open segment with what has been gathered."""
        try:
            for group in self._assembler.end():
                self._segmenter.push(group)
        except BadMovie as error:
            _log.warning("the last pictures are unusable", media=self.media, error=error)
        self._segmenter.finish()

    def _new_segmenter(self) -> Segmenter:
        return Segmenter(self.media, self._archive, LivePlacement(), self._segment_ms)
