"""When it happened, by the mail's own word."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from processors.alarms.reading import limits, stamps
from processors.alarms.reading.labels import Label
from processors.alarms.reading.outcome import LocalTime
from processors.alarms.reading.said import View
from processors.alarms.reading.stamps import Stamp

_MINUTE_MS = 60_000
_SAME_CLOCK_MS = 5 * _MINUTE_MS
"""A header's time that is so near to the event's was read from the same clock, and tells its zone."""

_SAME_EVENT_MS = 36 * 60 * _MINUTE_MS
"""Nearer than this, whatever the zones, two times are of the same event."""
_ENGLISH = re.compile(
    r"(?:(?:alarm|event|start|stop|end|time|date|and|of|the|occurrence|trigger|triggered|at|on|detected|capture|local|clock"
    r"|when|stamp|timestamp|datetime|begin|started|ended|occurred|starttime|clear)\b[ /&.]*)*(?:\(.*\))?"
)


class Claim(NamedTuple):
    """The mail's own time, as its clock showed it."""

    wall_ms: int
    offset_min: int | None
    """Its zone, where the mail tells one; None: the camera's."""

    def utc_ms(self, zone: str, local_time: LocalTime) -> int:
        """UTC ms, with the camera's ``zone`` where the mail told none."""
        if self.offset_min is None:
            return local_time(zone, self.wall_ms)
        return self.wall_ms - self.offset_min * _MINUTE_MS


def claim(view: View, received_ms: int, is_stop: bool) -> Claim | None:
    """The time in the mail: under a label, else in its words, else in a picture's name, else in its Date header."""
    header = next(stamps.find(view.message.date), None)
    named = next(_of_files(view), None)
    stamp = next(_labelled(view, is_stop), None) or next(_in_words(view), None)
    if stamp is None:
        stamp = named or header
    if stamp is None:
        return None
    wall_ms = _resolved(stamp, header, named, received_ms)
    return Claim(wall_ms, _offset(view, stamp, wall_ms, header))


def _labelled(view: View, is_stop: bool) -> Iterator[Stamp]:
    """Times under labels: of the end in a mail that says it is over, of the start in any other."""
    for meaning in ("stop", "time", "start") if is_stop else ("start", "time", "stop"):
        found = [label for label in view.labels if label.meaning == meaning]
        for label in found:
            yield from stamps.find(label.value, _order(label))
        yield from _joined(found)


def _order(label: Label) -> str:
    """The order of day and month that the label spells, else the one of its language: only English has two."""
    return stamps.order_of(label.label) or ("" if _ENGLISH.fullmatch(label.label.lower()) else "dmy")


def _joined(found: list[Label]) -> Iterator[Stamp]:
    """A date under one label and a time of day under another."""
    found = found[: limits.TIME_LABELS]
    order = next((order for label in found if (order := _order(label))), "")
    for date in found:
        for clock in found:
            if date is not clock and (stamp := stamps.joined(date.value, clock.value, order)):
                yield stamp


def _in_words(view: View) -> Iterator[Stamp]:
    text = view.message.text[: limits.TIME_CHARS]
    yield from stamps.find(view.subject)
    yield from stamps.find(text)
    clock = view.value("time")
    if clock and (stamp := stamps.joined(text, clock)):
        yield stamp


def _of_files(view: View) -> Iterator[Stamp]:
    for name in view.message.filenames[: limits.PICTURES]:
        yield from stamps.find(name)


def _resolved(stamp: Stamp, header: Stamp | None, named: Stamp | None, received_ms: int) -> int:
    """Of two readings the one beside the Date header, else a picture's name, else the receipt; else the likelier."""
    if stamp.other_ms is None:
        return stamp.wall_ms
    near_ms = header.wall_ms if header else named.wall_ms if named else received_ms
    nearest = min((stamp.wall_ms, stamp.other_ms), key=lambda wall_ms: abs(wall_ms - near_ms))
    return nearest if abs(nearest - near_ms) <= _SAME_EVENT_MS else stamp.wall_ms


def _offset(view: View, stamp: Stamp, wall_ms: int, header: Stamp | None) -> int | None:
    """The zone that stands beside the time, under a label, or in a Date header that shows the same clock."""
    if stamp.offset_min is not None:
        return stamp.offset_min
    if (said := stamps.offset(view.value("zone"))) is not None:
        return said
    if header and header.offset_min is not None and abs(header.wall_ms - wall_ms) <= _SAME_CLOCK_MS:
        return header.offset_min
    return None
