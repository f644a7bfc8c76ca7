"""The recorder's archive of one media: segments and gaps go into its lane of the spool, durably and in order."""

from collections.abc import Callable

import msgspec

from infra import journal
from infra.clock import now_ms
from infra.spool import Lane, Part, Spool
from producers.segments import rules
from producers.segments.draft import Draft, salvage
from producers.segments.room import make_room
from producers.segments.rules import Timeline, Told
from schemas import codec, topics
from schemas.errors import BadFact
from schemas.facts import GapReason, RecordingGap, SegmentRecorded

_log = journal.get("recorder")


class NoRoom(OSError):
    """The disk has less free room than the settings want left, and the spool holds nothing more to give up."""


class LaneArchive:
    """One media's segments and gaps. One caller at a time; see ``segmenter.Archive`` for begin, write and commit."""

    def __init__(
        self, media: str, spool: Spool, on_segment: Callable[[SegmentRecorded], None] = lambda _: None
    ) -> None:
        self._spool = spool
        self._on_segment = on_segment
        self._lane = spool.lane(media)
        self._part: Part | None = None
        self._unsaid: list[RecordingGap] = []
        self.timeline = _remembered(self._lane, media)
        self._salvage()
        if self.timeline.end_ms is not None and self.timeline.gap is None:
            self.lose("recorder_crashed", "the recorder was killed or lost power")

    def begin(self, start_ms: int, hole: GapReason) -> None:
        """See Archive.begin. Raises NoRoom."""
        make_room(self._spool)
        if self._spool.is_disk_full:
            raise NoRoom("free disk is below spool_free_bytes")
        self._tell(rules.resume(self.timeline, start_ms, now_ms(), hole))
        self._part = self._lane.part(start_ms)

    def write(self, data: bytes) -> None:
        """See Archive.write."""
        if self._part:
            self._part.write(data)

    def commit(self, draft: Draft, end_ms: int) -> None:
        """See Archive.commit."""
        fact = draft.fact(end_ms, now_ms())
        timeline = rules.record(self.timeline, fact.end_ms)
        self._lane.commit(codec.encode(fact), fact.start_ms, _state(timeline), self._part)
        self.timeline, self._part = timeline, None
        self._on_segment(fact)

    def lose(self, reason: GapReason, detail: str = "") -> None:
        """Footage stops coming: state the gap at once. What is open must have been finished or abandoned before."""
        self._tell(rules.lose(self.timeline, now_ms(), reason, detail))

    def abandon(self) -> None:
        """Give the open segment up, after an error of the disk."""
        if self._part:
            self._part.discard()
            self._part = None

    def _tell(self, told: Told) -> None:
        """Keep the timeline and commit its gaps. A full disk must not lose a gap: it is said when there is room."""
        self.timeline, gaps = told[0], (*self._unsaid, *told[1])
        self._unsaid = []
        for index, gap in enumerate(gaps):
            try:
                self._lane.commit(codec.encode(gap), gap.start_ms, _state(self.timeline))
            except OSError as error:
                self._unsaid = list(gaps[index:])
                _log.error("a gap cannot be written yet; make room on the disk", media=gap.media, error=error)
                return

    def _salvage(self) -> None:
        """Commit what a crash has left of open segments."""
        for path in self._lane.leftovers():
            start_ms = int(path.stem.split("-")[-1])
            data = path.read_bytes()
            draft = salvage(data, self._lane.name, start_ms)
            path.unlink()
            if draft is None or (self.timeline.end_ms or 0) > start_ms:
                continue
            self._part = self._lane.part(start_ms)
            self._part.write(data[: draft.size_bytes])
            self.commit(draft, draft.end_ms)


def _state(timeline: Timeline) -> bytes:
    return msgspec.json.encode(timeline)


def _remembered(lane: Lane, media: str) -> Timeline:
    """The timeline the last process left, moved up to the last committed entry: a crash may come between the two."""
    kept = lane.state()
    timeline = msgspec.json.decode(kept, type=Timeline) if kept else Timeline(media)
    for entry in sorted((*lane.entries, *lane.settled), key=lambda entry: entry.number):
        try:
            timeline = rules.recalled(timeline, codec.decode(topics.SEGMENTS.name, entry.note.read_bytes()))
        except BadFact as error:  # a spoilt note: the sender sets it aside
            _log.error("a note in the spool cannot be read", media=media, file=entry.note.name, error=error)
    return timeline
