"""mog2@1: OpenCV's mixture of Gaussians over every frame. Slow and plain, as most recorders do it: the reference that
a cleverer detector is compared with."""

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from processors.motion.detector import Bytes, Found, ObjectMissing, Seen, Task, Trace
from processors.motion.detectors.memory import names
from processors.motion.frames.reader import Limits, Picture, Reader, Unreadable
from processors.motion.rules.spans import judged, score_of
from processors.motion.score.blocks import Luma
from schemas.facts import Look, MotionSpan, SegmentRecorded
from schemas.intervals import Span

EPOCH_MS, WARM_MS = 60_000, 12_000
"""A model of 500 frames forgets within 20 s; it has seen at least 12 of them before its first verdict."""
LOOK_MS = 200
SETTLE_MS = 1000
"""For so long after its very first picture a model knows too little."""
_MODEL_BYTES = 4 << 20
"""Of a model of 320 x 180 points: five modes of three floats each."""


class Model:
    """One camera's mixture of Gaussians, and the first moment it saw. It learns from what it is asked."""

    def __init__(self) -> None:
        # Without shadows: by day it takes whatever is darker than its background for one.
        self._mixture: Any = cv2.createBackgroundSubtractorMOG2(detectShadows=False)
        self._kernel = np.ones((3, 3), np.uint8)
        self.from_ms: int | None = None

    def seen(self, picture: Picture) -> NDArray[np.uint8]:
        """9 x 16 energies 0..255: the share of each cell that is foreground. Single points are noise."""
        self.from_ms = picture.at_ms if self.from_ms is None else self.from_ms
        mask = self._mixture.apply(picture.luma)
        if picture.at_ms < self.from_ms + SETTLE_MS:
            return np.zeros((9, 16), np.uint8)
        opened = cv2.morphologyEx(mask, cv2.MORPH_OPEN, self._kernel)
        return np.asarray(cv2.resize(opened, (16, 9), interpolation=cv2.INTER_AREA), np.uint8)


class Mog2:
    """The detector. One per process: it keeps the models of the cameras it saw last."""

    name, version = "mog2", "1"
    epoch_ms, warm_ms = EPOCH_MS, WARM_MS

    def __init__(self, limits: Limits = Limits(), memory_bytes: int = 64 << 20) -> None:  # noqa: B008
        self._limits = limits
        self._most = max(1, memory_bytes // _MODEL_BYTES)
        self._models: OrderedDict[bytes, Model] = OrderedDict()

    def scan(self, task: Task, footage: Bytes, trace: Trace | None = None) -> Found:
        """See ``Detector``."""
        model = self._warm(task.before, footage)
        before_ms = task.before[0].start_ms if model.from_ms is not None else None
        try:
            reader = Reader(task.segment, footage, self._limits)
            looks = list(_looks(model, reader, task.segment, trace))
            spans = judged(Span(task.segment.start_ms, task.segment.end_ms), looks, task.config)
            peak_ms, preview = _preview(reader, spans)
        except Unreadable as error:
            return Found("unreadable", "all", reason=str(error))
        self._keep((*task.before, task.segment), model)
        return Found(
            verdict="motion" if spans else "still", level="all", spans=spans, looks=tuple(looks),
            baseline_from_ms=before_ms, preview=preview, preview_ms=peak_ms,
        )  # fmt: skip

    def _warm(self, chain: Sequence[SegmentRecorded], footage: Bytes) -> Model:
        """A model that has seen the chain: kept from before, else the chain is decoded again."""
        kept = self._models.pop(_name(chain), None)
        if kept is not None:
            return kept
        model = Model()
        for segment in chain:
            try:
                for picture in _every(Reader(segment, footage, self._limits), segment):
                    model.seen(picture)
            except (Unreadable, ObjectMissing):
                continue
        return model

    def _keep(self, chain: Sequence[SegmentRecorded], model: Model) -> None:
        self._models[_name(chain)] = model
        if len(self._models) > self._most:
            self._models.popitem(last=False)


def _name(chain: Sequence[SegmentRecorded]) -> bytes:
    return names(chain, is_start=True)[-1] if chain else b""


def _every(reader: Reader, segment: SegmentRecorded) -> Iterator[Picture]:
    return reader.pictures(0, len(segment.keyframes) - 1, step_ms=0)


def _looks(model: Model, reader: Reader, segment: SegmentRecorded, trace: Trace | None) -> Iterator[Look]:
    """A look every 200 ms; the model sees the frames between as well."""
    due_ms = 0
    for picture in _every(reader, segment):
        grid = model.seen(picture)
        if picture.at_ms >= due_ms:
            due_ms = picture.at_ms + LOOK_MS
            look = _look(picture.at_ms, grid)
            _tell(trace, look, picture.luma)
            yield look


def _look(at_ms: int, grid: NDArray[np.uint8]) -> Look:
    if not grid.any():
        return Look(at_ms=at_ms, score=0.0, level="all")
    return Look(at_ms=at_ms, score=round(score_of(float(grid.mean()) / 255), 3), grid=grid.tobytes(), level="all")


def _preview(reader: Reader, spans: Sequence[MotionSpan]) -> tuple[int | None, bytes]:
    best = max(spans, key=lambda one: one.score, default=None)
    if best is None or best.peak_ms is None:
        return None, b""
    return best.peak_ms, reader.jpeg(best.peak_ms)


def _tell(trace: Trace | None, look: Look, luma: Luma) -> None:
    if trace is not None:
        trace.saw(Seen(look, luma, ""))
