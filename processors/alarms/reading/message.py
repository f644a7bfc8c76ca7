"""One mail as its text, its names and its pictures, read within limits. Never raises, whatever the bytes."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from processors.alarms.reading import charsets, headers, limits, markup, parts, transfer, words
from processors.alarms.reading.headers import Headers
from processors.alarms.reading.parts import Part

_LINE_ENDS = {ord(end): None for end in "\r\n\t"}
_JPEG = b"\xff\xd8\xff"
_DATA_URL = re.compile(rb"data:image/jpe?g;base64,([A-Za-z0-9+/=\s%]+)", re.I)
_ENVELOPE_LINE = re.compile(rb"\s*(?:>?From [^\r\n:]{1,200}\r?\n)?")
_SAYS_WHO = (b"from", b"x-mailer", b"user-agent", b"message-id")
_FILES = ("image/", "video/", "audio/", "application/", "font/", "model/")


class Message(NamedTuple):
    """What a mail holds."""

    headers: Headers
    subject: str
    mailer: str
    """Who wrote it, in its own words: From, X-Mailer, User-Agent, Message-ID."""
    date: str
    text: str
    """Plain text, then HTML as text."""
    pictures: tuple[bytes, ...]
    filenames: tuple[str, ...]
    is_cut: bool
    """A limit was met: words that came after it were not read."""
    is_broken: bool
    """It has neither a header nor words."""


def read(raw: bytes) -> Message:
    """What the bytes of a mail hold."""
    data = raw[: limits.MAIL_BYTES]
    if b"\n" not in data:
        data = data.replace(b"\r", b"\n")
    start = found.end() if (found := _ENVELOPE_LINE.match(data, 0, 4096)) else 0
    top = headers.read(data, start, len(data))
    if not top.is_of_mail:
        top = Headers({}, b"", start, top.is_cut)
    body = parts.of(data, top)
    content = _content(data, top, body)
    charset = next((part.charset for part in body.leaves if part.charset), "")
    subject = words.decoded(top.first(b"subject"), charset)
    return Message(
        headers=top,
        subject=subject,
        mailer="\n".join(words.decoded(top.first(name)) for name in _SAYS_WHO),
        date=charsets.text(top.first(b"date")),
        text=content.text,
        pictures=tuple(content.pictures),
        filenames=tuple(content.filenames),
        is_cut=top.is_cut or body.is_cut or content.is_cut or len(raw) > len(data),
        is_broken=not top.values and not content.text.strip("\x00\ufffd \r\n\t"),
    )


class _Content:
    """Collects text and pictures, and stops where the limits are."""

    def __init__(self) -> None:
        self.plain: list[str] = []
        self.pages: list[str] = []
        self.pictures: list[bytes] = []
        self.filenames: list[str] = []
        self.bytes_left = limits.TEXT_BYTES
        self.chars_left = limits.TEXT_CHARS
        self.is_cut = False

    @property
    def text(self) -> str:
        return "\n".join([*self.plain, *self.pages])

    def within(self, wrapped: bytes) -> bytes:
        """As much of a text part as may still be read."""
        most = min(limits.PART_TEXT_BYTES, self.bytes_left)
        self.is_cut |= len(wrapped) > most
        self.bytes_left -= min(len(wrapped), most)
        return wrapped[:most]

    def say(self, told: str, is_page: bool = False) -> None:
        self.is_cut |= len(told) > self.chars_left
        told = told[: self.chars_left]
        self.chars_left -= len(told)
        if told:
            (self.pages if is_page else self.plain).append(told.replace("\r\n", "\n").replace("\r", "\n"))

    def show(self, picture: bytes, filename: str) -> None:
        if filename:
            self.filenames.append(filename)
        if not picture.startswith(_JPEG):
            picture = picture[:16].lstrip(b"\r\n \t") + picture[16:]
        if not picture.startswith(_JPEG):
            return
        if len(self.pictures) < limits.PICTURES:
            self.pictures.append(picture)


def _content(data: bytes, top: Headers, body: parts.Parts) -> _Content:
    content = _Content()
    if top.stray:
        content.say(charsets.text(top.stray[: limits.PART_TEXT_BYTES]))
    for inner in body.inner:
        content.say(words.decoded(inner.first(b"subject")))
    for part in body.leaves:
        if _is_file(part):
            _file(data, part, content)
        else:
            _text(data, part, content)
    return content


def _is_file(part: Part) -> bool:
    if part.kind.startswith(_FILES):
        return True
    return bool(part.filename) and (part.is_attached or part.filename.lower().endswith((".jpg", ".jpeg")))


def _file(data: bytes, part: Part, content: _Content) -> None:
    """A file: kept when it is a JPEG by its first bytes, whatever it calls itself."""
    head = _bytes(data, part, min(part.start + 64, part.end))
    looks_right = _JPEG in head[:20] or head.lstrip()[:4] == b"/9j/"
    if not looks_right or len(content.pictures) >= limits.PICTURES:
        content.show(b"", part.filename)
        return
    picture = _bytes(data, part, part.end)
    if picture.lstrip()[:4] == b"/9j/":  # base64 that nobody declared, or declared twice
        picture = transfer.base64(picture)
    content.show(picture, part.filename)


def _bytes(data: bytes, part: Part, end: int) -> bytes:
    """The bytes of a part up to ``end`` as they were before the mail wrapped them."""
    wrapped = data[part.start : end]
    if wrapped[:3] == _JPEG:
        return wrapped
    if part.encoding == "base64":
        return transfer.base64(wrapped) if transfer.is_base64(wrapped) else wrapped
    if part.encoding == "quoted-printable":
        return transfer.quoted_printable(wrapped)
    if part.encoding in ("x-uuencode", "uuencode", "x-uue"):
        files = transfer.uuencoded(wrapped)[1]
        return files[0][1] if files else wrapped
    return wrapped


def _text(data: bytes, part: Part, content: _Content) -> None:
    is_page = part.kind == "text/html"
    wrapped = data[part.start : part.end]
    if is_page:
        for picture in _pictures_in_page(wrapped):
            content.show(picture, "")
    elif b"begin " in wrapped:
        wrapped, files = transfer.uuencoded(wrapped)
        for name, picture in files:
            content.show(picture, name)
    told = _decoded(part, content.within(wrapped))
    if is_page or told[:200].lstrip()[:5].lower() in ("<html", "<!doc"):
        content.say(markup.text(told), is_page=True)
    else:
        content.say(_unflowed(told) if part.is_flowed else told)


def _decoded(part: Part, wrapped: bytes) -> str:
    if part.encoding == "base64" and transfer.is_base64(wrapped):
        wrapped = transfer.base64(wrapped)
    elif part.encoding == "quoted-printable":
        wrapped = transfer.quoted_printable(wrapped)
    elif (found := transfer.undeclared_base64(wrapped)) and _is_words(told := charsets.text(found)):
        return told
    return charsets.text(wrapped, part.charset)


def _is_words(text: str) -> bool:
    return text.translate(_LINE_ENDS).isprintable()


def _pictures_in_page(page: bytes) -> Iterator[bytes]:
    """JPEGs that stand inside an HTML page as data URLs."""
    if b"data:image/" not in page:
        return
    for count, found in enumerate(_DATA_URL.finditer(page)):
        if count >= limits.PICTURES:
            return
        yield transfer.base64(found[1])


def _unflowed(text: str) -> str:
    """format=flowed: a line that ends with a space goes on in the next."""
    told: list[str] = []
    goes_on = False
    for line in text.replace("\r\n", "\n").split("\n"):
        line = line[1:] if line.startswith(" ") else line
        if goes_on:
            told[-1] += line
        else:
            told.append(line)
        goes_on = line.endswith(" ") and line != "-- "
    return "\n".join(told)
