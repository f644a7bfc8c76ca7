"""Room in a full spool: the oldest unsent footage is given up last, and only as a gap that is itself kept."""

from infra import journal
from infra.clock import now_ms
from infra.spool import Entry, Lane, Spool
from producers.segments import rules
from schemas import codec, topics
from schemas.facts import GapReason, RecordingGap, SegmentRecorded

_log = journal.get("recorder")


def make_room(spool: Spool) -> int:
    """Make room in spool and on disk: what was sent goes first, then the oldest unsent; how many of these went."""
    given_up = 0
    while reason := _shortage(spool):
        if _drop_settled(spool):
            continue
        oldest = spool.oldest_blob()
        if oldest is None or not _give_up(*oldest, reason):
            break
        given_up += 1
    if given_up:
        _log.error("unsent footage given up; bring the object store back or allow a larger spool", segments=given_up)
    return given_up


def _drop_settled(spool: Spool) -> bool:
    """Drop what has arrived and only lingers, where that is of any help."""
    settled = [(lane, entry) for lane in spool.lanes() for entry in lane.settled] if spool.is_disk_full else []
    for lane, entry in settled:
        lane.remove(entry)
    return bool(settled)


def _shortage(spool: Spool) -> GapReason | None:
    if spool.is_full:
        return "spool_full"
    return "disk_full" if spool.is_disk_full else None


def _give_up(lane: Lane, entry: Entry, reason: GapReason) -> bool:
    """Put a gap where a segment was; gaps that touch become one. False when the segment is being sent just now."""
    note = entry.note.read_bytes()
    segment = codec.decode(topics.SEGMENTS.name, note)
    if not isinstance(segment, SegmentRecorded):  # a crash came after the gap and before its footage was dropped
        return lane.give_up(entry, note)
    gap = RecordingGap(
        media=segment.media, start_ms=segment.start_ms, end_ms=segment.end_ms, reason=reason,
        detail="unsent footage gave way to newer footage", observed_ms=now_ms(),
    )  # fmt: skip
    before = _gap_before(lane, entry)
    wider = before and rules.joined(before[1], gap)
    if before and wider and lane.give_up(entry, codec.encode(wider)):
        lane.absorb(before[0])  # the wider gap is on disk: losing the narrow one now loses nothing
        return True
    return lane.give_up(entry, codec.encode(gap))


def _gap_before(lane: Lane, entry: Entry) -> tuple[Entry, RecordingGap] | None:
    """The entry just before this one, when it is an unsent gap."""
    before = [other for other in lane.entries if other.number < entry.number]
    if not before or before[-1].blob:
        return None
    fact = codec.decode(topics.SEGMENTS.name, before[-1].note.read_bytes())
    return (before[-1], fact) if isinstance(fact, RecordingGap) else None
