"""Bytes as they were before a mail wrapped them: base64, quoted-printable, uuencode, however badly wrapped."""

import binascii
import re

from processors.alarms.reading import limits

_PLUS_SLASH = bytes.maketrans(b"-_", b"+/")
_NOT_BASE64 = bytes(set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="))
_UU_BEGIN = re.compile(rb"(?:^|\n)begin [0-7]{3,4} ([^\r\n]{1,255})\r?\n")
_CHUNKS = 20_000
_BASE64_ALONE = re.compile(rb"[A-Za-z0-9+/\r\n]++={0,2}[\r\n]*+")
_MIN_BASE64 = 24


def base64(data: bytes) -> bytes:
    """The bytes in base64, whatever its padding, its line lengths and what stands between its letters."""
    if b"-" in data[:256] or b"_" in data[:256]:
        data = data.translate(_PLUS_SLASH)
    letters = data.translate(None, _NOT_BASE64)
    body = letters.rstrip(b"=")
    if b"=" not in body:
        return _whole(body)
    return b"".join(_whole(chunk) for chunk in body.split(b"=", _CHUNKS)[:_CHUNKS] if chunk)


def _whole(letters: bytes) -> bytes:
    """``letters`` without padding, decoded; a single letter left over carries no byte and is dropped."""
    if len(letters) % 4 == 1:
        letters = letters[:-1]
    return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))


def is_base64(data: bytes) -> bool:
    """Does the first line say base64? A mail that calls plain words base64 is not believed."""
    first = data[:400].strip()[:76].replace(b"\r", b"").partition(b"\n")[0]
    return not first.strip().translate(None, b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=-_")


def quoted_printable(data: bytes) -> bytes:
    """The bytes in quoted-printable; what is no code stands as it is."""
    return binascii.a2b_qp(data)


def undeclared_base64(data: bytes) -> bytes | None:
    """The bytes of a text that is nothing but base64 although nobody said so; None: it is not."""
    if _MIN_BASE64 <= len(data) <= limits.PART_TEXT_BYTES and _BASE64_ALONE.fullmatch(data):
        return base64(data)
    return None


def uuencoded(data: bytes) -> tuple[bytes, list[tuple[str, bytes]]]:
    """The text around uuencoded files, and the files as (name, bytes)."""
    files: list[tuple[str, bytes]] = []
    kept, at = [], 0
    lines_left = limits.UU_LINES
    while len(files) < limits.PICTURES and (begin := _UU_BEGIN.search(data, at)):
        kept.append(data[at : begin.start()])
        content, at, used = _uu_lines(data, begin.end(), lines_left)
        lines_left -= used
        files.append((begin[1].decode("latin-1").strip(), content))
    return b"\n".join([*kept, data[at:]]), files


def _uu_lines(data: bytes, at: int, most: int) -> tuple[bytes, int, int]:
    """(bytes, where the text goes on, lines used) of the uuencoded lines from ``at`` on."""
    content: list[bytes] = []
    for used in range(max(most, 0)):
        newline = data.find(b"\n", at)
        end = len(data) if newline < 0 else newline
        line, at = data[at:end].rstrip(b"\r"), end + 1
        if line == b"end" or at > len(data):
            return b"".join(content), min(at, len(data)), used + 1
        if len(line) > 128:
            continue
        try:
            content.append(binascii.a2b_uu(line))
        except binascii.Error:  # cameras count the last byte wrongly: what the line can hold is what it holds
            content.append(_uu_tolerant(line))
    return b"".join(content), len(data), most


def _uu_tolerant(line: bytes) -> bytes:
    """A line with rubbish behind its bytes, cut to what its first letter counts; empty when it is no such line."""
    if not line:
        return b""
    letters = ((line[0] - 32 & 63) * 4 + 2) // 3 + 1
    try:
        return binascii.a2b_uu(line[:letters])
    except binascii.Error:
        return b""
