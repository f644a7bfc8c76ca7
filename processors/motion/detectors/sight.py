"""One segment as the cascade sees it: level by level, until what moved is known well enough."""

from collections.abc import Iterator, Sequence

from processors.motion.detector import Bytes, Found, ObjectMissing, Seen, Task, Trace
from processors.motion.detectors import dense, fold
from processors.motion.detectors.dense import Recent
from processors.motion.detectors.fold import Known, Level
from processors.motion.frames import choice
from processors.motion.frames.reader import Limits, Picture, Reader, Unreadable
from processors.motion.rules import levels
from processors.motion.rules.spans import judged, scores
from processors.motion.score.blocks import Luma
from processors.motion.score.light import View
from schemas.facts import Look, MotionSpan, SegmentRecorded
from schemas.intervals import Span

BEFORE = -1
"""The stretch after the last key picture of the segment before: only this one's first tells what became of it."""


class Sight:
    """What a segment shows. Making one looks at its key pictures; ``found`` goes on from there."""

    def __init__(
        self, task: Task, footage: Bytes, limits: Limits, known: Known | None, trace: Trace | None, is_start: bool
    ) -> None:
        """``known``: before the segment; None: nothing, so that all of it is looked at first. ``is_start``: the chain
        begins with the first segment after a hole."""
        self._task, self._footage, self._limits, self._trace = task, footage, limits, trace
        self._before = known
        self._reader = Reader(task.segment, footage, limits)
        self._numbers = _numbers(task.segment)
        self._is_dense = known is None or _is_dense(task, task.segment)
        self._was_dense = _is_dense(task, task.before[-1]) if task.before else False
        self._was_dense |= is_start and len(task.before) == 1
        self._at_first = [] if known else fold.dense(self._reader, task.segment)
        start = known or fold.seeded(self._at_first, task.segment.start_ms)
        self.keys = fold.looked(start, self._reader.key_pictures(), task.segment.start_ms)
        for key in self.keys:
            self._tell(key.look, key.picture.luma, "another scene" if key.is_other_scene else "")

    def found(self) -> Found:
        """The verdict."""
        looks = self._looks()
        span = Span(min(self._task.segment.start_ms, looks[0].at_ms), self._task.segment.end_ms)
        spans = judged(span, looks, self._task.config)
        preview_ms, preview = self._preview(spans)
        return Found(
            verdict="motion" if spans else "still", level=_level(looks), spans=spans, looks=tuple(looks),
            baseline_from_ms=self._before.from_ms if self._before else None, preview=preview, preview_ms=preview_ms,
        )  # fmt: skip

    def _looks(self) -> list[Look]:
        """All that was looked at, ascending; of the segment before it only if something moved there or here."""
        found = [key.look for key in self.keys]
        last = self._last_before()
        if last is not None and (last.grid or found[0].grid):
            found.insert(0, last)
        seen = dense.recent(None)
        for stretch in self._wanted(found):
            seen = seen if self._is_dense and seen else dense.recent(self._earlier(stretch))
            found += self._dense(stretch, seen, found)
        return sorted(found, key=lambda look: look.at_ms)

    def _last_before(self) -> Look | None:
        """The last look at the segment directly before, if its end is this one's to judge."""
        if self._before is None or self._was_dense or self._before.last.at_ms < self._task.before[-1].start_ms:
            return None
        return self._before.last

    def _wanted(self, found: Sequence[Look]) -> list[int]:
        """The stretches after key pictures of which all is looked at, ascending."""
        config = self._task.config
        if config.profile == "coarse":
            return []
        first = len(self.keys) - len(found)
        moved = [bool(score) for score in scores(found, config)]
        borders = levels.borders(moved, [look.at_ms for look in found], config.join_ms)
        wanted = {first + number for number in borders}
        if self._is_dense:
            wanted |= set(range(len(self.keys)))
            self._say("all pictures are looked at")
        else:
            wanted |= self._standing_out(moved[-len(self.keys) :])
        return sorted(wanted)

    def _standing_out(self, moved: Sequence[bool]) -> set[int]:
        """Stretches whose bytes let a short movement be suspected between two still key pictures."""
        segment = self._task.segment
        if len(self._numbers) != len(segment.keyframes):
            return set()
        sizes = [size for one in (*self._task.before[-levels.RANKED :], segment) for size in one.gop_bytes]
        first = len(sizes) - len(segment.gop_bytes)
        still = [number for number in range(len(moved)) if not any(moved[number : number + 2])]
        found = {number for number in still if levels.worth_a_look(sizes, first + number)}
        for number in sorted(found):
            self._say(f"the {sizes[first + number]} bytes after {self.keys[number].picture.at_ms} stand out")
        return found

    def _dense(self, stretch: int, seen: Recent, found: Sequence[Look]) -> list[Look]:
        """The looks at all pictures after one key picture, up to the next one."""
        known = self._before if stretch == BEFORE else self.keys[stretch].known
        if known is None:
            return []
        level: Level = "all" if self._is_dense else "borders"
        looks = dense.looks(known.baseline, self._pictures(stretch), level, seen)
        if not self._is_dense and self._begins(stretch, found):
            looks = dense.until_certain(looks, self._task.config)
        taken = []
        try:
            for look, luma in looks:
                self._tell(look, luma, "")
                taken.append(look)
        except (Unreadable, ObjectMissing) as error:
            self._say(f"a group of pictures could not be read: {error}")
        return taken

    def _begins(self, stretch: int, found: Sequence[Look]) -> bool:
        """True where the key picture after a stretch moved, and the one before it did not."""
        at_ms = self._before.last.at_ms if stretch == BEFORE and self._before else self.keys[stretch].picture.at_ms
        keys = [look for look in found if look.level == "keyframes" and look.at_ms >= at_ms][:2]
        return len(keys) == 2 and [bool(score) for score in scores(keys, self._task.config)] == [False, True]

    def _pictures(self, stretch: int) -> Iterator[Picture]:
        if stretch != BEFORE and self._at_first:
            return self._of_first(stretch)
        if stretch != BEFORE:
            after = [*self._numbers[1:], len(self._task.segment.keyframes)]
            return self._reader.pictures(self._numbers[stretch], after[stretch] - 1)
        before = self._task.before[-1]
        return Reader(before, self._footage, self._limits).pictures(_numbers(before)[-1], len(before.keyframes) - 1)

    def _of_first(self, stretch: int) -> Iterator[Picture]:
        """A stretch of what was looked at in full before anything was known."""
        after = [*(key.picture.at_ms for key in self.keys[1:]), self._task.segment.end_ms]
        first_ms = self.keys[stretch].picture.at_ms
        return (picture for picture in self._at_first if first_ms <= picture.at_ms < after[stretch])

    def _earlier(self, stretch: int) -> View | None:
        """The key picture before the one that a stretch begins with."""
        if stretch == BEFORE:
            return None
        known = self._before if stretch == 0 else self.keys[stretch - 1].known
        return known and known.baseline.previous

    def _preview(self, spans: Sequence[MotionSpan]) -> tuple[int | None, bytes]:
        """The strongest moment and its picture, unless a key picture of the same movement was stronger before."""
        inside = [one for one in spans if one.peak_ms is not None and one.peak_ms >= self._task.segment.start_ms]
        best = max(inside, key=lambda one: one.score, default=None)
        if best is None or best.peak_ms is None or (self._before is not None and self._before.best > best.score):
            return None, b""
        return best.peak_ms, self._reader.jpeg(best.peak_ms)

    def _tell(self, look: Look, luma: Luma, note: str) -> None:
        if self._trace is not None:
            self._trace.saw(Seen(look, luma, note))

    def _say(self, text: str) -> None:
        if self._trace is not None:
            self._trace.decided(text)


def _numbers(segment: SegmentRecorded) -> list[int]:
    """The key frames that are looked at."""
    return choice.thinned([key.at_ms for key in segment.keyframes])


def _is_dense(task: Task, segment: SegmentRecorded) -> bool:
    """True for a segment of which all pictures are looked at, whatever they show."""
    starts_ms = [segment.keyframes[number].at_ms for number in _numbers(segment)]
    return task.config.profile == "thorough" or levels.is_far_apart(starts_ms, segment.end_ms)


def _level(looks: Sequence[Look]) -> str:
    seen = {look.level for look in looks}
    return next((name for name in ("all", "borders") if name in seen), "keyframes")
