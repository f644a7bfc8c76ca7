"""The header lines of a mail or of one of its parts, however they are folded."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from processors.alarms.reading import limits, words

_FIELD = re.compile(rb"([!-9;-~]{1,76})[ \t]*:[ \t]*(.*)", re.DOTALL)
_BLANK = re.compile(rb"\n\r?\n")
_OF_MAILS = frozenset(
    b"from to cc bcc subject date sender reply-to message-id mime-version received return-path content-type "
    b"content-transfer-encoding content-disposition x-mailer x-priority delivered-to importance user-agent".split()
)


class Headers(NamedTuple):
    """One block of header lines."""

    values: dict[bytes, list[bytes]]
    """Lower-case name to unfolded values, in order."""
    stray: bytes
    """Lines that are no header: bodies of mails that forgot the empty line."""
    body: int
    """Where what follows the empty line begins."""
    is_cut: bool

    def first(self, name: bytes) -> bytes:
        """The first value of ``name``, or nothing."""
        return self.values.get(name, [b""])[0]

    def addresses(self, *names: bytes) -> Iterator[str]:
        """The addresses in all headers of these names, at most as many as the limits allow."""
        left = limits.ADDRESSES
        for name in names:
            for value in self.values.get(name, ())[:left]:
                for address in words.addresses(words.decoded(value)):
                    if left <= 0:
                        return
                    left -= 1
                    yield address

    @property
    def is_of_mail(self) -> bool:
        """Is one of them a header that mails have? Else the lines are words with colons."""
        return not _OF_MAILS.isdisjoint(self.values) or any(name.startswith(b"x-") for name in self.values)


NONE = Headers({}, b"", 0, False)


def read(data: bytes, start: int, end: int) -> Headers:
    """The header lines from ``start`` up to the first empty line. Lines end with LF or CRLF."""
    if data[start : start + 1] == b"\n" or data[start : start + 2] == b"\r\n":
        return Headers({}, b"", data.find(b"\n", start) + 1, False)
    blank = _BLANK.search(data, start, end)
    body, stop = (blank.end(), blank.start()) if blank else (end, end)
    is_cut = stop - start > limits.HEADER_BYTES
    block = data[start : min(stop, start + limits.HEADER_BYTES)]
    lines = block.split(b"\n", limits.HEADER_LINES)
    values, stray = _fields(lines[: limits.HEADER_LINES])
    return Headers(values, stray, body, is_cut or len(lines) > limits.HEADER_LINES)


def _fields(lines: list[bytes]) -> tuple[dict[bytes, list[bytes]], bytes]:
    fields: list[tuple[bytes, list[bytes]]] = []
    stray: list[bytes] = []
    for line in lines:
        if line[:1] in (b" ", b"\t") and fields:
            fields[-1][1].append(line.strip())
        elif field := _FIELD.fullmatch(line):
            fields.append((field[1].lower(), [field[2].strip()]))
        elif line := line.strip():
            stray.append(line)
    values: dict[bytes, list[bytes]] = {}
    for name, pieces in fields:
        values.setdefault(name, []).append(b" ".join(pieces)[: limits.VALUE_BYTES])
    return values, b"\n".join(stray)
