"""Groups of pictures become segments: runs begin, fragments are written, segments cut. Reads no clock."""

from typing import Protocol

from producers.segments import rules
from producers.segments.draft import Draft, Origin
from producers.segments.groups import Group, Timing
from producers.segments.mux import fragment
from producers.segments.rules import Drift, RunClock, Timeline
from producers.segments.samples import Format
from schemas import runs
from schemas.facts import GapReason


class Archive(Protocol):
    """Where the segments of one media go, in order."""

    @property
    def timeline(self) -> Timeline:
        """Where the recording stands."""

    def begin(self, start_ms: int, hole: GapReason) -> None:
        """A segment starts; footage that is missing before it is missing for this reason. Raises OSError."""

    def write(self, data: bytes) -> None:
        """The next bytes of the open segment. Raises OSError."""

    def commit(self, draft: Draft, end_ms: int) -> None:
        """The open segment is complete and ends here. Raises OSError."""


class Placement(Protocol):
    """How runs of one source are placed on the wall clock."""

    def start_ms(self, timeline: Timeline, group: Group, goes_on: bool) -> int:
        """UTC ms of the first picture of a run that begins with this group."""

    def has_parted(self, group: Group, due_ms: int) -> bool:
        """True when the run's clock is no longer right for this group, due by it at ``due_ms``."""


class LivePlacement:
    """By the time of arrival."""

    def __init__(self) -> None:
        self._drift = Drift()
        self._lead_ms = 0

    def start_ms(self, timeline: Timeline, group: Group, goes_on: bool) -> int:
        """See Placement.start_ms."""
        start_ms = rules.run_start_ms(timeline, group.arrived_ms, goes_on)
        self._drift, self._lead_ms = Drift(), start_ms - group.arrived_ms
        return start_ms

    def has_parted(self, group: Group, due_ms: int) -> bool:
        """See Placement.has_parted."""
        self._drift = self._drift.after(group.arrived_ms + self._lead_ms - due_ms)
        return self._drift.is_broken


class FilePlacement:
    """By the file's own times from a given start; after a leap of over a day or back, where the last run ended."""

    _LEAP_MS = 86_400_000

    def __init__(self, start_ms: int) -> None:
        self._start_ms = start_ms
        self._first: RunClock | None = None

    def start_ms(self, timeline: Timeline, group: Group, goes_on: bool) -> int:
        """See Placement.start_ms."""
        pts, timescale = group.video[0].pts, group.format.video.timescale
        if self._first is None or timeline.end_ms is None:
            self._first = RunClock(self._start_ms, pts, timescale)
            return self._start_ms
        if timescale != self._first.timescale:
            return timeline.end_ms
        own_ms = self._first.at(pts)
        return own_ms if 0 <= own_ms - timeline.end_ms <= self._LEAP_MS else timeline.end_ms

    def has_parted(self, group: Group, due_ms: int) -> bool:
        """See Placement.has_parted. A file has no other clock."""
        return False


class _Run:
    """One unbroken stretch: one format, one clock."""

    def __init__(self, media: str, group: Group, start_ms: int, origin: Origin) -> None:
        self.format: Format = group.format
        self.clock = RunClock(start_ms, group.video[0].pts, group.format.video.timescale)
        self.id = runs.run_id(media, start_ms, origin)
        self._timing = Timing(group)
        self._sequence = 0

    def fragment(self, group: Group, at_ms: int) -> bytes:
        """The group as the next fragment of this run."""
        self._sequence += 1
        tracks = [(self.format.video, self._timing.video(group))]
        if self.format.audio and (sound := self._timing.audio(group)):
            tracks.append((self.format.audio, sound))
        return fragment(self._sequence, at_ms, tracks)


class Segmenter:
    """Writes the groups of one connection into an archive."""

    def __init__(
        self, media: str, archive: Archive, placement: Placement, segment_ms: int, origin: Origin = "recorder"
    ) -> None:
        self._media, self._archive, self._placement = media, archive, placement
        self._segment_ms, self._origin = segment_ms, origin
        self._run: _Run | None = None
        self._draft: Draft | None = None
        self._end_ms = 0

    def push(self, group: Group) -> None:
        """Write one group. Raises OSError when the archive cannot take it."""
        run, hole = self._run_of(group)
        at_ms = run.clock.at(group.video[0].pts)
        if self._draft and group.key and rules.must_cut(at_ms - self._draft.start_ms, self._segment_ms):
            self._close(at_ms)
        draft = self._draft or self._begin(run, at_ms, hole)
        data = run.fragment(group, at_ms)
        self._archive.write(data)
        draft.add(data)
        self._end_ms = run.clock.at(group.end_pts)

    def finish(self) -> None:
        """The source has ended: complete the open segment. Raises OSError."""
        self._close(self._end_ms)
        self._run = None

    def _run_of(self, group: Group) -> tuple[_Run, GapReason]:
        """The run that this group belongs to, begun if need be, and why footage before it would be missing."""
        run, parted = self._run, False
        if run and group.goes_on and group.format == run.format:
            parted = self._placement.has_parted(group, run.clock.at(group.video[0].pts))
            if not parted:
                return run, "clock_jump"
        self._close(self._end_ms)
        start_ms = self._placement.start_ms(self._archive.timeline, group, run is not None)
        self._run = _Run(self._media, group, start_ms, self._origin)
        return self._run, "clock_jump" if parted else "source_lost"

    def _begin(self, run: _Run, at_ms: int, hole: GapReason) -> Draft:
        self._archive.begin(at_ms, hole)
        self._archive.write(run.format.init)
        self._draft = Draft(self._media, at_ms, run.id, run.format, self._origin)
        return self._draft

    def _close(self, end_ms: int) -> None:
        if draft := self._draft:
            self._draft = None
            self._archive.commit(draft, end_ms)
