"""The parts of a mail, found without recursion and within limits: where each stands, and what it calls itself."""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from processors.alarms.reading import charsets, headers, limits, words
from processors.alarms.reading.headers import Headers

_FIRST_DELIMITER = re.compile(rb"\s{0,200}+--(\S[^\r\n]{0,200}?)[ \t]*\r?\n")
_GUESSED = re.compile(rb"\s{0,200}+--(\S[^\r\n]{0,200}?)[ \t]*\r?\ncontent-", re.I)
_REST_OF_LINE = re.compile(rb"(--)?[ \t]*+\r?(?:\n|\Z)")


class Part(NamedTuple):
    """One part that holds no other: a text, a picture, a file."""

    kind: str
    """Content type in lower case; empty: none said."""
    charset: str
    encoding: str
    filename: str
    is_attached: bool
    is_flowed: bool
    start: int
    end: int


class Parts(NamedTuple):
    """The leaves of a mail, in order."""

    leaves: tuple[Part, ...]
    inner: tuple[Headers, ...]
    """The header lines of mails inside the mail."""
    is_cut: bool


class _Branch(NamedTuple):
    """What is still to be looked into."""

    headers: Headers
    end: int
    depth: int
    is_mail: bool = False


def of(data: bytes, top: Headers) -> Parts:
    """The parts of ``data``, whose header lines are ``top``."""
    leaves: list[Part] = []
    inner: list[Headers] = []
    budget = _Budget()
    branches = [_Branch(top, len(data), 0, True)]
    while branches:
        branch = branches.pop()
        kind, parameters = _content_type(branch.headers)
        below = branch.depth < limits.DEPTH
        if below and (children := list(_children(data, branch, kind, parameters, budget))):
            branches.extend(reversed(children))
        elif below and kind == "message/rfc822":
            nested = headers.read(data, branch.headers.body, branch.end)
            inner.append(nested)
            branches.append(_Branch(nested, branch.end, branch.depth + 1, True))
        else:
            budget.is_cut |= not below and kind.startswith(("multipart/", "message/"))
            leaves.append(_leaf(branch, kind, parameters))
    return Parts(tuple(leaves), tuple(inner), budget.is_cut)


class _Budget:
    """How many more parts and delimiters a mail may have."""

    def __init__(self) -> None:
        self.parts = limits.PARTS
        self.delimiters = limits.DELIMITERS
        self.is_cut = False


def _children(
    data: bytes, branch: _Branch, kind: str, parameters: Mapping[str, str], budget: _Budget
) -> Iterator[_Branch]:
    """The parts of a multipart; nothing when it is none, or has no delimiter."""
    start = branch.headers.body
    if kind.startswith("multipart/"):
        boundary = parameters.get("boundary", "").encode("latin-1", "replace")[:200].rstrip()
        if not boundary or not _stands_in(data, boundary, start, branch.end):
            boundary = found[1] if (found := _FIRST_DELIMITER.match(data, start, branch.end)) else b""
    elif not kind and branch.is_mail and (found := _GUESSED.match(data, start, branch.end)):
        boundary = found[1]
    else:
        boundary = b""
    for from_, to in _spans(data, boundary, start, branch.end, budget) if boundary else ():
        yield _Branch(_part_headers(data, from_, to, budget), to, branch.depth + 1)


def _part_headers(data: bytes, start: int, end: int, budget: _Budget) -> Headers:
    """The header lines of a part; none when its first line is no header, as in mails that leave them out."""
    found = headers.read(data, start, end)
    budget.is_cut |= found.is_cut
    if found.stray or (found.values and not found.is_of_mail and b"content-id" not in found.values):
        return Headers({}, b"", start, False)
    return found


def _stands_in(data: bytes, boundary: bytes, start: int, end: int) -> bool:
    return data.find(b"--" + boundary, max(start - 1, 0), end) >= 0


def _spans(data: bytes, boundary: bytes, start: int, end: int, budget: _Budget) -> Iterator[tuple[int, int]]:
    """(start, end) between the delimiters ``--boundary``; the last part of an unclosed mail goes to its end."""
    delimiter = b"\n--" + boundary
    at = data.find(delimiter, max(start - 1, 0), end)
    if data.startswith(delimiter[1:], start) and (at < 0 or at >= start):
        at = start - 1
    opened = -1
    while at >= 0:
        budget.delimiters -= 1
        rest = _REST_OF_LINE.match(data, at + len(delimiter), end)
        if rest:
            if opened >= 0:
                yield opened, _without_newline(data, opened, at)
                budget.parts -= 1
            opened = -1 if rest[1] else rest.end()
            if rest[1]:
                return
        if budget.parts <= 0 or budget.delimiters <= 0:
            budget.is_cut = True
            return
        at = data.find(delimiter, at + len(delimiter) - 1, end)
    if 0 <= opened < end:
        yield opened, end


def _without_newline(data: bytes, start: int, end: int) -> int:
    return end - 1 if end > start and data[end - 1 : end] == b"\r" else max(end, start)


def _content_type(found: Headers) -> tuple[str, Mapping[str, str]]:
    value = words.decoded(found.first(b"content-type")[:4096])
    kind, _, _ = value.partition(";")
    kind = kind.split(maxsplit=1)[0].lower() if kind.split() else ""
    return kind, words.parameters(value)


def _leaf(branch: _Branch, kind: str, parameters: Mapping[str, str]) -> Part:
    disposition = words.decoded(branch.headers.first(b"content-disposition")[:4096])
    named = words.parameters(disposition).get("filename") or parameters.get("name", "")
    if "=?" in named:
        named = words.decoded(named.encode("latin-1", "replace"))
    return Part(
        kind=kind,
        charset=parameters.get("charset", ""),
        encoding=charsets.text(branch.headers.first(b"content-transfer-encoding")[:80]).strip(" \t;\"'").lower(),
        filename=named[:255],
        is_attached=disposition.lower().startswith("attachment"),
        is_flowed=parameters.get("format", "").lower() == "flowed",
        start=branch.headers.body,
        end=branch.end,
    )
