"""The holds of one camera while a fact changes them: its boxes as they are read and put, and what changed in them."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator

import msgspec
from msgspec import structs

from processors.protection.policy import Cover, cover, locked
from processors.protection.standing import (
    BEYOND,
    LONG,
    QUARTER,
    QUARTER_MS,
    SERIES,
    SERIES_MS,
    Away,
    Box,
    Camera,
    Kept,
    Place,
)
from processors.spec import States
from schemas.intervals import Span

QUARTERS = SERIES_MS // QUARTER_MS
EMPTY = Box()
_encoder = msgspec.msgpack.Encoder()
_cameras = msgspec.msgpack.Decoder(Camera)
_boxes = msgspec.msgpack.Decoder(Box)


def boxes_of(series: int, first: int = 0, last: int | None = None) -> Iterator[Place]:
    """The boxes of a series: its own, and those of its quarters from the first to the last that is named."""
    yield Place(SERIES, series)
    begin, end = series * QUARTERS, (series + 1) * QUARTERS
    for quarter in range(max(first, begin), end if last is None else min(last + 1, end)):
        yield Place(QUARTER, quarter)


class Shelf:
    """One camera's part of the states. Nothing is put there before ``save``."""

    def __init__(self, states: States, media: str) -> None:
        self.media = media
        self._states = states
        stands = states.get(media.encode())
        self._was = self.camera = _cameras.decode(stands) if stands else Camera()
        self._boxes: dict[Place, Box] = {}
        self._put: set[Place] = set()
        self.removed: list[Cover] = []
        """What the fact in hand took away; what is in both was merely moved."""
        self.added: list[Cover] = []

    def reveal(self, *series: int) -> None:
        """From now on what lies in the boxes of these series counts.

        Nothing lies there, but where a crash kept the boxes and lost the list of them: then all of it is news.
        """
        for number in set(series).difference(self.camera.series):
            known = tuple(sorted((*self.camera.series, number)))
            self.camera = structs.replace(self.camera, series=known)
            for place in boxes_of(number):
                self.added += self._covers(place)

    def save(self, mark_ms: int | None) -> None:
        """Put what changed. ``mark_ms``: the elapsed time that ends a lock of this camera; see ``States.put``."""
        for place in self._put:
            box = self._boxes[place]
            self._states.put(self._key(place), b"" if box == EMPTY else _encoder.encode(box))
        if self.camera != self._was:
            self._states.put(self.media.encode(), _encoder.encode(self.camera), mark_ms)

    def find(self, place: Place, hold_id: int) -> Kept | None:
        """The hold as it lies in this box."""
        return next((one for one in self._box(place).holds if one.id == hold_id), None)

    def away(self, home: Place, hold_id: int) -> Away | None:
        """What a home says of a hold that lies elsewhere."""
        return next((one for one in self._box(home).away if one.id == hold_id), None)

    def lay(self, place: Place, hold_id: int, hold: Kept | None) -> None:
        """Let the hold lie in this box as it is now, or not at all."""
        box, was = self._box(place), self.find(place, hold_id)
        if was == hold:
            return
        others = tuple(one for one in box.holds if one is not was)
        self._replace(place, structs.replace(box, holds=others if hold is None else (*others, hold)))
        self.removed += self._seen(place, was)
        self.added += self._seen(place, hold)

    def point(self, home: Place, hold_id: int, away: Away | None) -> None:
        """Let a home say that the hold lies elsewhere, or not."""
        box, was = self._box(home), self.away(home, hold_id)
        if was != away:
            others = tuple(one for one in box.away if one is not was)
            self._replace(home, structs.replace(box, away=others if away is None else (*others, away)))

    @property
    def offset(self) -> int:
        """Where the fact in hand stands on its partition."""
        return self._states.offset

    def forget(self, home: Place, hold_id: int) -> None:
        """Let a home know nothing of the hold any more, and that it did."""
        self.lay(home, hold_id, None)
        self.point(home, hold_id, None)
        self._replace(home, structs.replace(self._box(home), forgot_at=self.offset))

    def forgot_at(self, home: Place) -> int:
        """The offset of the last fact that let a home forget a hold; -1: none did."""
        return self._box(home).forgot_at

    def holds(self, span: Span) -> list[tuple[Place, Kept]]:
        """The holds of episodes that reach into ``span``, also those that keep nothing, and their boxes."""
        protect = self.camera.protect
        start_ms, end_ms = span.start_ms - protect.after_ms, span.end_ms + protect.before_ms
        return [
            (place, one)
            for place in self._reached(start_ms, end_ms)
            for one in self._box(place).holds
            if one.start_ms < end_ms and one.end_ms > start_ms
        ]

    def lost(self, span: Span) -> list[tuple[Place, Away]]:
        """Holds that lie nowhere, though their homes in ``span`` point at a box: a crash kept only one of the two."""
        return [
            (home, one)
            for home in self._reached(*span)
            for one in self._box(home).away
            if self.find(Place(*one.places[-1]), one.id) is None
        ]

    def covers(self, span: Span) -> list[Cover]:
        """What keeps any of ``span`` now, with the settings of now."""
        start_ms, end_ms = span
        found = [one for _, hold in self.holds(span) if (one := cover(hold, self.camera.protect)) is not None]
        found += map(locked, self.camera.locks)
        return [one for one in found if one.start_ms < end_ms and one.end_ms > start_ms]

    def everything(self) -> Iterator[Kept]:
        """Every hold of an episode."""
        for place in self._reached(0, (self.camera.series[-1] + 1) * SERIES_MS if self.camera.series else 0):
            yield from self._box(place).holds

    def _reached(self, start_ms: int, end_ms: int) -> Iterator[Place]:
        """The boxes whose holds, without margins, may touch this stretch."""
        known = self.camera.series
        first, last = start_ms // SERIES_MS, (end_ms - 1) // SERIES_MS
        for number in known[bisect_left(known, first) : bisect_right(known, last)]:
            yield from boxes_of(number, start_ms // QUARTER_MS, (end_ms - 1) // QUARTER_MS)
        yield BEYOND

    def _covers(self, place: Place) -> list[Cover]:
        found = (cover(one, self.camera.protect) for one in self._box(place).holds)
        return [one for one in found if one is not None]

    def _seen(self, place: Place, hold: Kept | None) -> list[Cover]:
        """What the hold keeps, where it counts: in a box of a series that is known."""
        if hold is None or (place.level != LONG and place.series not in self.camera.series):
            return []
        found = cover(hold, self.camera.protect)
        return [found] if found else []

    def _box(self, place: Place) -> Box:
        if place.level == LONG:
            return Box(self.camera.long)
        if place not in self._boxes:
            stands = self._states.get(self._key(place))
            self._boxes[place] = _boxes.decode(stands) if stands else EMPTY
        return self._boxes[place]

    def _replace(self, place: Place, box: Box) -> None:
        if place.level == LONG:
            self.camera = structs.replace(self.camera, long=box.holds)
        else:
            self._boxes[place] = box
            self._put.add(place)

    def _key(self, place: Place) -> bytes:
        """No two cameras share it, for a media name holds no slash."""
        return f"{self.media}/{place.level}/{place.number}".encode()
