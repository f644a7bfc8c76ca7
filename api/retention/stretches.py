"""A window cut into stretches of which the same is true. Pure."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

import msgspec

from api.retention.because import Explained, explained
from api.retention.known import Known
from projections.expirations.reads import StoredFootage
from schemas.intervals import Span

JOIN_MS = 40
"""Rounding between two segments is no hole."""


class Stretch(NamedTuple):
    """A stretch, and why all of it is kept, gone or was never there."""

    span: Span
    explained: Explained


def stretches(known: Known, window: Span) -> list[Stretch]:
    """The window, piece by piece, by time; neighbours that the same reasons are true of are one."""
    joined = _joined(known)
    found: list[Stretch] = []
    for start_ms, end_ms in pairwise(sorted(set(_edges(joined, window)))):
        told = explained(joined, start_ms)
        if found and _same(found[-1].explained, told):
            found[-1] = Stretch(Span(found[-1].span.start_ms, end_ms), told)
        else:
            found.append(Stretch(Span(start_ms, end_ms), told))
    return found


def _same(left: Explained, right: Explained) -> bool:
    """True where the same is said of both but for which of several neighbours it is said of."""
    return left.state == right.state and _essence(left) == _essence(right)


def _essence(one: Explained) -> list[object]:
    return [(each.kind, each.more if each.kind in _TELLING else None) for each in one.because]


_TELLING = frozenset({"hold", "expiring", "expired", "ordered", "deleted", "missing", "gap", "restored"})
"""Kinds whose particulars make another stretch; the others speak of one segment, or of its age."""


def _joined(known: Known) -> Known:
    """The same with neighbouring segments as one, where nothing tells them apart."""
    decided = sorted(one.expired_ms for one in known.expirations)
    footage = list(_runs(known.footage, known.judged, decided))
    judged = frozenset(one.start_ms for one, is_judged in footage if is_judged)
    return replace(known, footage=tuple(one for one, _ in footage), judged=judged)


def _runs(
    footage: Sequence[StoredFootage], judged: frozenset[int], decided: Sequence[int]
) -> Iterator[tuple[StoredFootage, bool]]:
    """Neighbours as one, each with whether all of it was judged; none stored before a decision with one after it."""
    run: StoredFootage | None = None
    is_judged = False
    for one in footage:
        now = one.is_deleted or one.start_ms in judged
        if run and now == is_judged and _is_more(run, one, decided):
            end_ms, size_bytes = max(run.end_ms, one.end_ms), run.size_bytes + one.size_bytes
            stored_ms = max(run.stored_ms, one.stored_ms)
            run = msgspec.structs.replace(run, end_ms=end_ms, size_bytes=size_bytes, stored_ms=stored_ms)
            continue
        if run:
            yield run, is_judged
        run, is_judged = one, now
    if run:
        yield run, is_judged


def _is_more(run: StoredFootage, one: StoredFootage, decided: Sequence[int]) -> bool:
    """True for a neighbour of which the same is true."""
    is_alike = one.is_deleted == run.is_deleted and one.start_ms <= run.end_ms + JOIN_MS
    return is_alike and bisect_left(decided, one.stored_ms) == bisect_left(decided, run.stored_ms)


def _edges(known: Known, window: Span) -> Iterator[int]:
    """Where something begins or ends inside the window, its own ends among them."""
    spans = [Span(one.start_ms, one.end_ms) for one in known.footage]
    spans += [Span(one.start_ms, one.end_ms) for one in known.ranges]
    spans += [Span(one.start_ms, one.end_ms) for one in known.expirations]
    spans += [Span(one.start_ms, one.end_ms) for one in known.deletions]
    spans += [Span(one.start_ms, one.end_ms or window.end_ms) for one in known.gaps]
    ages = [0] if known.camera is None else [0, known.camera.config.depth_ms]
    spans += [Span(window.start_ms, known.now_ms - age_ms) for age_ms in ages]
    yield from window
    for one in spans:
        yield from (edge for edge in one if window.start_ms < edge < window.end_ms)
