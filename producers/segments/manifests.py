"""Lists that segment muxers write beside their files: csv, m3u8 and ffconcat. Pure."""

import csv
import re
from collections.abc import Iterator
from typing import NamedTuple

NAMES = (".csv", ".m3u8", ".ffconcat", ".ffcat")
_DURATION = re.compile(r"#EXTINF:\s*([0-9.]+)")
_DATE = "#EXT-X-PROGRAM-DATE-TIME:"
_CONCAT_FILE = re.compile(r"file\s+(?:'((?:[^']|'\\'')*)'|(\S+))")


class Piece(NamedTuple):
    """One finished file of a list, in the list's order."""

    name: str
    """As the list has it: relative to the list's folder."""
    offset_s: float
    """Start, in seconds of the list's own time."""
    date: str = ""
    """ISO 8601 start, where the list says one."""


def parse(name: str, text: str) -> list[Piece]:
    """The pieces of a list; its kind is told by its name. Raises ValueError with the line that makes no sense."""
    if name.endswith(".csv"):
        return list(_csv(text))
    if name.endswith(".m3u8"):
        return list(_m3u8(text))
    return list(_ffconcat(text))


def _csv(text: str) -> Iterator[Piece]:
    """``name,start,end`` per line, as ``ffmpeg -segment_list x.csv`` writes."""
    for number, row in enumerate(csv.reader(text.splitlines()), 1):
        if row:
            yield Piece(row[0], _seconds(row[1] if len(row) > 2 else "", number))


def _m3u8(text: str) -> Iterator[Piece]:
    offset_s = length_s = 0.0
    date = ""
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if found := _DURATION.match(line):
            length_s = _seconds(found[1], number)
        elif line.startswith(_DATE):
            date = line.removeprefix(_DATE)
        elif line and not line.startswith("#"):
            yield Piece(line, offset_s, date)
            offset_s, length_s, date = offset_s + length_s, 0.0, ""


def _ffconcat(text: str) -> Iterator[Piece]:
    """``file NAME`` lines; ``duration`` after a file moves the next one on."""
    offset_s, pending = 0.0, ""
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if found := _CONCAT_FILE.match(line):
            if pending:
                yield Piece(pending, offset_s)
            pending = (found[1] or found[2]).replace("'\\''", "'")
        elif line.startswith("duration ") and pending:
            yield Piece(pending, offset_s)
            offset_s, pending = offset_s + _seconds(line.split()[1], number), ""
    if pending:
        yield Piece(pending, offset_s)


def _seconds(text: str, line: int) -> float:
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"line {line}: {text!r} is not a time in seconds") from None
