"""Segments come and go: what is stored is known from then on, what was removed no more."""

from processors.retention import clock
from processors.retention.camera import Camera, tail_key
from processors.retention.rules import told
from processors.retention.rules.footage import Ints, Tail, ints, packed, row
from processors.retention.rules.standing import Going, overlapping
from processors.retention.rules.terms import Terms
from processors.spec import States
from schemas.facts import FootageRemoved, FootageStored, RangeRestored

TAIL_ROWS = 32
"""Segments of a tail, which is written with each of them."""


def store(fact: FootageStored, states: States, terms: Terms) -> list[RangeRestored]:
    """One more segment: nearly always one state, read and written.

    One that is stored again replaces the first: a decision that named that one is taken back, and where it is ordered
    already, the effect leaves the new one alone.
    """
    key = tail_key(fact.media)
    tail = Tail.read(states.get(key) or Tail().value())
    if fact.src_offset <= tail.until:
        return []
    values = (fact.start_ms, fact.end_ms, fact.size_bytes, clock.elapsed_ms(states), fact.src_offset)
    if 0 < len(tail) < TAIL_ROWS and fact.start_ms > tail.newest_ms:
        tail.append(*values)
        states.put(key, tail.value())
        return []
    camera = Camera(states, fact.media, terms)
    if camera.head.partition != fact.src_partition:
        camera.change(partition=fact.src_partition)
    if len(tail) >= TAIL_ROWS:
        camera.put_tail_away()
    back = _replaced(camera, fact) if fact.start_ms <= tail.newest_ms else []
    number = camera.holds(fact.start_ms) if fact.start_ms <= tail.newest_ms else None
    if number is None:
        camera.put_in_tail(row(*values))
    else:
        camera.put(number, row(*values))
        camera.tail.until = fact.src_offset
    camera.keep()
    return back


def remove(fact: FootageRemoved, states: States, terms: Terms) -> list[RangeRestored]:
    """Segments are gone, whoever removed them. A decision of which nothing is left is over: ordered, it is done."""
    tail = Tail.read(states.get(tail_key(fact.media)) or Tail().value())
    if fact.src_offset <= tail.until:
        return []
    camera = Camera(states, fact.media, terms)
    starts = ints(packed(fact.segment_starts_ms))
    camera.tail.until = fact.src_offset
    back: list[RangeRestored] = []
    if not camera.is_ahead:
        _count_gone(camera, starts, states)
        done = camera.drop(starts)
        back = [told.restored(fact.media, one, "removed", fact.observed_ms) for one in done if not one.is_ordered]
    camera.remove(starts)
    _forget_anew(camera)
    camera.keep()
    return back


def _replaced(camera: Camera, fact: FootageStored) -> list[RangeRestored]:
    """Decisions that named a segment which is now another one."""
    if camera.is_ahead:
        return []
    found = [one for one in camera.head.going if not one.is_ordered and fact.start_ms in ints(one.starts)]
    for one in found:
        camera.take_back(one)
    camera.drop(ints(packed([fact.start_ms])))
    return [told.restored(fact.media, one, "stored again", fact.observed_ms) for one in found]


def _count_gone(camera: Camera, starts: Ints, states: States) -> None:
    """What had been ordered and is gone now is not in the next measurement yet, perhaps."""
    size_bytes = sum(_size_of(one, starts) for one in camera.head.going if one.is_ordered)
    if size_bytes:
        before = camera.head.gone_bytes if camera.head.gone_at > clock.last_tick(states) else 0
        camera.change(gone_bytes=before + size_bytes, gone_at=states.offset)


def _size_of(going: Going, starts: Ints) -> int:
    return going.size_bytes - going.without(starts).size_bytes


def _forget_anew(camera: Camera) -> None:
    """Stretches that were taken back and hold no footage any more."""
    head, latest = camera.head, camera.latest["start_ms"]
    kept = tuple(
        one
        for one in head.anew
        if overlapping(head.index, one.start_ms, one.end_ms)
        or bool(((latest >= one.start_ms) & (latest < one.end_ms)).any())
    )
    if kept != head.anew:
        camera.change(anew=kept)
