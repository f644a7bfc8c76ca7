"""The formats of answers: what the engine is asked for, and how its bytes become the caller's."""

from dataclasses import dataclass
from typing import Literal, Protocol

Shape = Literal["json", "csv", "arrow", "parquet"]


@dataclass(frozen=True, slots=True)
class Format:
    """A format by the engine's name and by the name that HTTP has for it."""

    engine: str
    media_type: str


FORMATS: dict[Shape, Format] = {
    "json": Format("JSONEachRow", "application/json"),
    "csv": Format("CSVWithNames", "text/csv; charset=utf-8; header=present"),
    "arrow": Format("ArrowStream", "application/vnd.apache.arrow.stream"),
    "parquet": Format("Parquet", "application/vnd.apache.parquet"),
}


class TooLarge(Exception):
    """The answer is larger than one may be, and its format has no place to say that it was cut."""


class Dressing(Protocol):
    """Turns the engine's bytes into the answer's, piece by piece."""

    full: bool
    """True when nothing more is wanted of the engine."""

    def piece(self, data: bytes) -> bytes:
        """The bytes to send for these."""

    def end(self) -> bytes:
        """The bytes that close the answer."""


def dressing(shape: Shape, most_rows: int, most_bytes: int) -> Dressing:
    """A fresh one for one answer."""
    return _Json(most_rows, most_bytes) if shape == "json" else _Plain(most_bytes)


def rows_asked(shape: Shape, most_rows: int) -> int:
    """How many rows the engine may give: for JSON one more than are sent, to know whether there are more."""
    return most_rows + 1 if shape == "json" else most_rows


class _Plain:
    """Passed on as it is."""

    full = False

    def __init__(self, most_bytes: int) -> None:
        self._left = most_bytes

    def piece(self, data: bytes) -> bytes:
        """The same bytes. Raises TooLarge."""
        self._left -= len(data)
        if self._left < 0:
            raise TooLarge
        return data

    def end(self) -> bytes:
        """Nothing."""
        return b""


class _Json:
    """Lines, one object each, become ``{"data": […], "rows": …, "truncated": …}``; it is cut between rows only."""

    def __init__(self, most_rows: int, most_bytes: int) -> None:
        self._most_rows = most_rows
        self._left = most_bytes
        self._rows = 0
        self._rest = b""
        self.full = False

    def piece(self, data: bytes) -> bytes:
        """The whole rows in these bytes and those held back before."""
        lines = (self._rest + data).split(b"\n")
        self._rest = lines.pop()
        kept = self._fitting(lines)
        if not kept:
            return b""
        before = b",\n" if self._rows else b'{"data": [\n'
        self._rows += len(kept)
        return before + b",\n".join(kept)

    def end(self) -> bytes:
        """The end of the list and what is known of it."""
        before = b"" if self._rows else b'{"data": ['
        truncated = b"true" if self.full else b"false"
        return before + b'\n], "rows": %d, "truncated": %s}\n' % (self._rows, truncated)

    def _fitting(self, lines: list[bytes]) -> list[bytes]:
        """Those of ``lines`` that rows and bytes still have room for; ``full`` when not all have."""
        if self.full:
            return []
        kept = lines[: self._most_rows - self._rows]
        size = sum(map(len, kept)) + 2 * len(kept)
        while kept and size > self._left:
            size -= len(kept.pop()) + 2
        self._left -= size
        self.full = len(kept) < len(lines) or len(self._rest) > self._left
        return kept
