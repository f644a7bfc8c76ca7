"""The holds of one camera while a fact changes them: its boxes as they are read and put, and what changed in them."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator

import msgspec
from msgspec import structs

from processors.protection.policy import Cover, cover, locked
from processors.protection.standing import (
    BEYOND,
    QUARTER,
    QUARTER_MS,
    QUARTERS,
    SERIES,
    Away,
    Box,
    Camera,
    Hot,
    Kept,
    Place,
)
from processors.spec import States
from schemas.intervals import Span

SAFE_AFTER = 2000
"""Facts of a batch at most: what a fact put is kept for good when one comes so far behind it."""
_EMPTY = Box()
_encoder = msgspec.msgpack.Encoder()
_cameras = msgspec.msgpack.Decoder(Camera)
_boxes = msgspec.msgpack.Decoder(Box)


class Shelf:
    """One camera's part of the states. Nothing is put there before ``save``.

    A crash keeps some states of a batch and others not. So boxes that change are kept inside the state of their camera,
    which is put at once, and on their own only when that is safe: first as a copy, when the camera's state says for
    good that they are in it; and nowhere else when the copy, too, is there for good.
    """

    def __init__(self, states: States, media: str) -> None:
        self.media = media
        self._states = states
        stands = states.get(media.encode())
        self._was = self.camera = _cameras.decode(stands) if stands else Camera()
        self._boxes: dict[Place, Box] = {}
        self._changed: set[Place] = set()
        self.removed: list[Cover] = []
        """What the fact in hand took away; what is in both was merely moved."""
        self.added: list[Cover] = []

    def is_taken(self) -> bool:
        """True when the fact in hand was folded in before: then all that it made was told as well.

        What it put beside the state of the camera may be lost; that is put again.
        """
        now = self._states.offset
        for hot in self.camera.hot:
            if hot.copied_at == now:
                self._states.put(self._key(hot.place), hot.box)
        return now <= self.camera.offset

    def save(self, mark_ms: int | None, may_copy: bool = True) -> None:
        """Put what changed. ``mark_ms``: the elapsed time that ends a lock of this camera; see ``States.put``.

        ``may_copy``: the fact comes to this camera again when it is folded again, so that a lost copy is made good.
        """
        if self.camera == self._was and not self._changed:
            return
        now = self._states.offset
        rest = [hot for hot in self.camera.hot if hot.place not in self._changed]
        rest = [kept for hot in rest if (kept := self._cooled(hot, now))] if may_copy else rest
        news = [Hot(place, _encoder.encode(self._boxes[place]), now) for place in sorted(self._changed)]
        camera = structs.replace(self.camera, offset=now, hot=(*rest, *news))
        self._states.put(self.media.encode(), _encoder.encode(camera), mark_ms)

    def find(self, place: Place, hold_id: int) -> Kept | None:
        """The hold as it lies in this box."""
        return next((one for one in self._box(place).holds if one.id == hold_id), None)

    def away(self, home: Place, hold_id: int) -> Away | None:
        """What a home says of a hold that lies elsewhere."""
        return next((one for one in self._box(home).away if one.id == hold_id), None)

    def lay(self, place: Place, was: Kept | None, now: Kept | None) -> None:
        """Let a hold lie in this box as it is now instead of as it was; None: not at all."""
        box = self._box(place)
        others = tuple(one for one in box.holds if one is not was)
        self._put(place, structs.replace(box, holds=others if now is None else (*others, now)))
        self.removed += self._seen(was)
        self.added += self._seen(now)

    def point(self, home: Place, was: Away | None, now: Away | None) -> None:
        """Let a home say that a hold lies elsewhere instead of what it said; None: nothing."""
        if was is not None or now is not None:
            box = self._box(home)
            others = tuple(one for one in box.away if one is not was)
            self._put(home, structs.replace(box, away=others if now is None else (*others, now)))

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

    def covers(self, span: Span) -> list[Cover]:
        """What keeps any of ``span`` now, with the settings of now."""
        start_ms, end_ms = span
        found = [one for _, hold in self.holds(span) if (one := cover(hold, self.camera.protect)) is not None]
        found += map(locked, self.camera.locks)
        return [one for one in found if one.start_ms < end_ms and one.end_ms > start_ms]

    def everything(self) -> Iterator[Kept]:
        """Every hold of an episode."""
        for number in self.camera.series:
            for place in _boxes_of(number, number * QUARTERS, (number + 1) * QUARTERS - 1):
                yield from self._box(place).holds
        yield from self._box(BEYOND).holds

    def _reached(self, start_ms: int, end_ms: int) -> Iterator[Place]:
        """The boxes whose holds, without margins, may touch this stretch."""
        known = self.camera.series
        first, last = start_ms // QUARTER_MS, (end_ms - 1) // QUARTER_MS
        for number in known[bisect_left(known, first // QUARTERS) : bisect_right(known, last // QUARTERS)]:
            yield from _boxes_of(number, first, last)
        yield BEYOND

    def _seen(self, hold: Kept | None) -> list[Cover]:
        found = cover(hold, self.camera.protect) if hold else None
        return [found] if found else []

    def _box(self, place: Place) -> Box:
        if (box := self._boxes.get(place)) is None:
            stands = next((hot.box for hot in self.camera.hot if hot.place == place), None)
            if stands is None and (place.series is None or place.series in self.camera.series):
                stands = self._states.get(self._key(place))
            box = self._boxes[place] = _boxes.decode(stands) if stands else _EMPTY
        return box

    def _put(self, place: Place, box: Box) -> None:
        self._boxes[place] = box
        self._changed.add(place)
        if place.series is not None and place.series not in self.camera.series:
            known = tuple(sorted((*self.camera.series, place.series)))
            self.camera = structs.replace(self.camera, series=known)

    def _cooled(self, hot: Hot, now: int) -> Hot | None:
        """A box that this fact does not change, as its camera is to keep it; None: it is kept on its own for good."""
        if hot.copied_at >= 0:
            return hot if now < hot.copied_at + SAFE_AFTER else None
        if now < hot.changed_at + SAFE_AFTER:
            return hot
        self._states.put(self._key(hot.place), hot.box)
        return structs.replace(hot, copied_at=now)

    def _key(self, place: Place) -> bytes:
        """No two cameras share it, for a media name holds no slash."""
        return f"{self.media}/{place.level}/{place.number}".encode()


def _boxes_of(series: int, first: int, last: int) -> Iterator[Place]:
    """The boxes of a series: its own, and those of its quarters from the first to the last that is named."""
    yield Place(SERIES, series)
    for quarter in range(max(first, series * QUARTERS), min(last, (series + 1) * QUARTERS - 1) + 1):
        yield Place(QUARTER, quarter)
