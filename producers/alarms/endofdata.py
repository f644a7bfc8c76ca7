"""Where a mail ends on the wire. Pure: no socket, no clock; any cut of the wire into pieces gives the same mail."""

_START = b"\r\n"
"""Every mail is scanned as if its first line followed one that ended properly: it did, the DATA command."""
_END = b"\r\n.\r\n"
_TAIL = 4
"""The end may begin so many bytes before a piece."""


class MailText:
    """A mail while it comes in.

    It ends at CRLF ``.`` CRLF. Some cameras end lines with LF alone and yet end the mail with LF ``.`` CRLF: that
    counts while the mail has had no CRLF at all, so a mail with one proper line end never ends anywhere else
    (smuggling). ``is_bare``: the peer ends its commands with LF alone as well; then LF ``.`` LF counts too, under
    the same condition.
    """

    def __init__(self, limit_bytes: int | None = None, is_bare: bool = False) -> None:
        self._text = bytearray(_START)
        self._limit = limit_bytes
        self._is_bare = is_bare
        self._has_crlf = False
        self._end: int | None = None
        """Index in ``_text`` behind the mail's last byte."""
        self.size = 0
        """Bytes that came in so far, the end of data included."""
        self.is_dropped = False
        """True once its bytes are thrown away as they come."""

    @property
    def held(self) -> int:
        """Bytes held in memory."""
        return len(self._text)

    @property
    def is_oversize(self) -> bool:
        """True when the mail is larger than may be."""
        return self._limit is not None and self.size > self._limit + len(b".\r\n")

    def feed(self, piece: bytes) -> int | None:
        """Take the next piece; how many of its bytes are the mail's once it ends there, None while it goes on."""
        before = len(self._text)
        self._text += piece
        found = self._find_end(before)
        used = None if found is None else found - before
        self.size += len(piece) if used is None else used
        if self.is_oversize:
            self.is_dropped = True
        if self.is_dropped:
            del self._text[:-_TAIL]
        return used

    def drop(self) -> None:
        """Let go of what is held; what still comes is only looked through for the end."""
        self.is_dropped = True
        del self._text[:-_TAIL]

    def content(self) -> bytes:
        """The mail without the end of data, dots that were doubled for the wire single again; line ends as they came.

        Empty for a mail that was dropped. Call it once the mail has ended.
        """
        if self.is_dropped or self._end is None:
            return b""
        line_end = b"\r\n" if self._has_crlf else b"\n"
        if self._text.find(line_end + b".", 0, self._end) < 0:
            return bytes(memoryview(self._text)[len(_START) : self._end])
        return bytes(self._text[: self._end].replace(line_end + b".", line_end)[len(_START) :])

    def _find_end(self, before: int) -> int | None:
        """Index behind the end of data, if it is there; ``before``: where the news begin."""
        start = max(before - _TAIL, 0)
        if not self._has_crlf:
            crlf = self._text.find(b"\r\n", max(before - 1, 0 if self.is_dropped else len(_START)))
            bare = self._find_bare(start, crlf)
            if bare is not None:
                return bare
            if crlf < 0:
                return None
            if self._text.endswith(b"\n.", 0, crlf):
                self._end = crlf - 1
                return crlf + len(b"\r\n")
            self._has_crlf = True
        at = self._text.find(_END, start)
        if at < 0:
            return None
        self._end = at + len(b"\r\n")
        return at + len(_END)

    def _find_bare(self, start: int, crlf: int) -> int | None:
        """The same for LF ``.`` LF before the first CRLF, of a peer that speaks so."""
        at = self._text.find(b"\n.\n", start, len(self._text) if crlf < 0 else crlf) if self._is_bare else -1
        if at < 0:
            return None
        self._end = at + 1
        return at + len(b"\n.\n")
