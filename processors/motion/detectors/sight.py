"""One segment as the cascade sees it: level by level, until what moved is known well enough."""

from collections import deque
from collections.abc import Iterator, Sequence

from processors.motion.detector import Bytes, Found, ObjectMissing, Seen, Task, Trace
from processors.motion.detectors import fold
from processors.motion.detectors.fold import KeyLook, Known, Level
from processors.motion.frames import choice
from processors.motion.frames.reader import Limits, Picture, Reader, Unreadable
from processors.motion.rules import levels
from processors.motion.rules.spans import judged, scores
from processors.motion.score import light
from processors.motion.score.baseline import Baseline
from processors.motion.score.blocks import Luma
from processors.motion.score.light import View
from processors.motion.score.moved import moved
from schemas.facts import Look, MotionSpan
from schemas.intervals import Span

BEFORE = 5
"""A dense look is compared with the one so many before it: a second, in which slow things have come far enough."""
ENOUGH = 5
"""A border is found when so many looks after it agree."""


class Sight:
    """What a segment shows. Making one looks at its key pictures; ``found`` goes on from there."""

    def __init__(self, task: Task, footage: Bytes, limits: Limits, known: Known | None, trace: Trace | None) -> None:
        self._task, self._footage, self._limits, self._trace = task, footage, limits, trace
        self._reader = Reader(task.segment, footage, limits)
        self._numbers = choice.thinned([key.at_ms for key in task.segment.keyframes])
        self._before = known
        self._start = known
        if known is None:
            self._start = fold.seeded(fold.dense(self._reader, task.segment), task.segment.start_ms)
        self.keys: list[KeyLook] = fold.looked(self._start, self._reader.key_pictures(), task.segment.start_ms)
        for key in self.keys:
            self._tell(key.look, key.picture.luma, "another scene" if key.is_other_scene else "")

    def found(self) -> Found:
        """The verdict."""
        looks = self._looks()
        span = Span(min(self._task.segment.start_ms, looks[0].at_ms), self._task.segment.end_ms)
        spans = judged(span, looks, self._task.config)
        preview_ms, preview = self._preview(spans)
        return Found(
            verdict="motion" if spans else "still", level=self._level(looks), spans=spans, looks=tuple(looks),
            baseline_from_ms=self._before.from_ms if self._before else None, preview=preview, preview_ms=preview_ms,
        )  # fmt: skip

    def _looks(self) -> list[Look]:
        """All that was looked at, ascending; of the segment before it only if something moved there or here."""
        kept = [key.look for key in self.keys]
        if self._before is not None and (self._before.last.grid or kept[0].grid):
            kept.insert(0, self._before.last)
        for stretch in self._wanted():
            kept += self._dense(stretch)
        return sorted(kept, key=lambda look: look.at_ms)

    def _wanted(self) -> list[int]:
        """The stretches after key pictures that are looked at in full; -1: the end of the segment before."""
        profile, keys = self._task.config.profile, self.keys
        if profile == "coarse":
            return []
        moved = [bool(score) for score in scores(self._key_looks(), self._task.config)]
        shift = 0 if self._before is None else 1
        at_borders = [number - shift for number in levels.borders(moved)]
        if self._looks_everywhere():
            return sorted({*at_borders, *range(len(keys))})
        return at_borders

    def _key_looks(self) -> list[Look]:
        before = [] if self._before is None else [self._before.last]
        return before + [key.look for key in self.keys]

    def _looks_everywhere(self) -> bool:
        segment = self._task.segment
        at_ms = [key.picture.at_ms for key in self.keys]
        is_thorough = self._task.config.profile == "thorough" or self._before is None
        return is_thorough or levels.is_far_apart(at_ms, segment.end_ms)

    def _dense(self, stretch: int) -> list[Look]:
        """The looks at all pictures after one key picture, up to the next one."""
        pictures = self._of_predecessor() if stretch < 0 else self._own(stretch)
        known = self._before if stretch < 0 else self.keys[stretch].known
        if known is None:
            return []
        name: Level = "all" if self._looks_everywhere() else "borders"
        found = []
        try:
            for look, luma in _against(known.baseline, pictures, name):
                self._tell(look, luma, "")
                found.append(look)
        except (Unreadable, ObjectMissing) as error:
            self._say(f"a group of pictures could not be read: {error}")
        return found

    def _own(self, stretch: int) -> Iterator[Picture]:
        after = [*self._numbers[1:], len(self._task.segment.keyframes)]
        return self._reader.pictures(self._numbers[stretch], after[stretch] - 1)

    def _of_predecessor(self) -> Iterator[Picture]:
        before = self._task.before[-1]
        numbers = choice.thinned([key.at_ms for key in before.keyframes])
        reader = Reader(before, self._footage, self._limits)
        return reader.pictures(numbers[-1], len(before.keyframes) - 1)

    def _level(self, looks: Sequence[Look]) -> str:
        seen = {look.level for look in looks}
        return next((name for name in ("all", "borders") if name in seen), "keyframes")

    def _preview(self, spans: Sequence[MotionSpan]) -> tuple[int | None, bytes]:
        """The strongest moment and its picture, where this is the strongest so far."""
        inside = [one for one in spans if one.peak_ms is not None and one.peak_ms >= self._task.segment.start_ms]
        if not inside:
            return None, b""
        best = max(inside, key=lambda one: one.score)
        if (self._before is not None and self._before.best > best.score) or best.peak_ms is None:
            return None, b""
        return best.peak_ms, self._reader.jpeg(best.peak_ms)

    def _tell(self, look: Look, luma: Luma, note: str) -> None:
        if self._trace is not None:
            self._trace.saw(Seen(look, luma, note))

    def _say(self, text: str) -> None:
        if self._trace is not None:
            self._trace.decided(text)


def _against(baseline: Baseline, pictures: Iterator[Picture], level: Level) -> Iterator[tuple[Look, Luma]]:
    """Looks at dense pictures; the first is the key picture, which was looked at."""
    recent: deque[View] = deque(maxlen=BEFORE)
    for number, picture in enumerate(pictures):
        now = light.view(picture.luma)
        if number:
            yield fold.look_of(picture.at_ms, moved(baseline, now, recent[0]), level), picture.luma
        recent.append(now)
