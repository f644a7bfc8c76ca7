"""Scores over time as a picture: what moved anywhere, what counts, and what became motion."""

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np

from cli.motion import drawing
from cli.motion.drawing import Picture
from schemas.intervals import Span

WIDTH, HEIGHT = 1600, 420
_LEFT, _RIGHT, _TOP, _BOTTOM = 60, 20, 44, 40
_BAND = (70, 70, 150)
_STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21600, 86400)
_MOST_TICKS = 16


class Dot(NamedTuple):
    """One look."""

    at_ms: int
    anywhere: float
    """Score of what moved, wherever."""
    counts: float
    """Score of what counts in the zones."""
    is_close: bool
    """True: among all frames. False: a key frame."""


def plot(title: str, length_ms: int, dots: Sequence[Dot], spans: Sequence[Span], least: float) -> Picture:
    """The looks as lines and dots over the spans as bands; a line at the ``least`` score that counts.

    Times are ms from the beginning.
    """
    page = np.full((HEIGHT, WIDTH, 3), drawing.BLACK, np.uint8)
    place = _Place(max(1, length_ms))
    for span in spans:
        corner, other = (
            (place.x(span.start_ms), _TOP),
            (max(place.x(span.end_ms), place.x(span.start_ms) + 1), place.y(0)),
        )
        cv2.rectangle(page, corner, other, _BAND, -1)
    _axes(page, place)
    cv2.line(page, (_LEFT, place.y(least)), (WIDTH - _RIGHT, place.y(least)), drawing.GREEN, 1)
    _curve(page, [(place.x(dot.at_ms), place.y(dot.anywhere)) for dot in dots], drawing.GREY)
    _curve(page, [(place.x(dot.at_ms), place.y(dot.counts)) for dot in dots], drawing.AMBER)
    for dot in dots:
        if dot.counts:
            cv2.circle(page, (place.x(dot.at_ms), place.y(dot.counts)), 2 if dot.is_close else 4, drawing.AMBER, -1)
    drawing.text(page, title, (_LEFT, 18))
    _legend(page)
    return page


class _Place(NamedTuple):
    length_ms: int

    def x(self, at_ms: int) -> int:
        share = min(max(at_ms, 0), self.length_ms) / self.length_ms
        return _LEFT + round(share * (WIDTH - _LEFT - _RIGHT))

    def y(self, score: float) -> int:
        return HEIGHT - _BOTTOM - round(min(1.0, score) * (HEIGHT - _TOP - _BOTTOM))


def clock(at_ms: int) -> str:
    """A time of a file: ``1:02:03`` or ``2:03``."""
    seconds = at_ms // 1000
    hours, rest = divmod(seconds, 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"


def _axes(page: Picture, place: _Place) -> None:
    for tenths in range(0, 11, 2):
        y = place.y(tenths / 10)
        cv2.line(page, (_LEFT, y), (WIDTH - _RIGHT, y), (60, 60, 60), 1)
        drawing.text(page, f"{tenths / 10:g}", (22, y + 5), drawing.GREY)
    step_ms = 1000 * next((one for one in _STEPS_S if place.length_ms / one / 1000 <= _MOST_TICKS), _STEPS_S[-1])
    for at_ms in range(0, place.length_ms + 1, step_ms):
        cv2.line(page, (place.x(at_ms), place.y(0)), (place.x(at_ms), place.y(0) + 5), drawing.GREY, 1)
        drawing.text(page, clock(at_ms), (place.x(at_ms) - 12, place.y(0) + 22), drawing.GREY)


def _curve(page: Picture, points: Sequence[tuple[int, int]], colour: drawing.Colour) -> None:
    if points:
        cv2.polylines(page, [np.array(points, np.int32)], False, colour, 1, cv2.LINE_AA)


def _legend(page: Picture) -> None:
    at = WIDTH - _RIGHT
    for said, colour in _LEGEND:
        at -= drawing.width_of(said) + 24
        drawing.text(page, said, (at, 18), colour)


_LEGEND = (
    ("motion", (110, 110, 220)), ("least that counts", drawing.GREEN), ("counts", drawing.AMBER),
    ("moved anywhere", drawing.GREY),
)  # fmt: skip
