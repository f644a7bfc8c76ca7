"""How names, and words in texts, are compared: without case, and however their accents are written. Pure."""

import re
import unicodedata

_MARKS = re.compile(r"([^\w\s\x00-\x7f]{30})[^\w\s\x00-\x7f]+")


def folded(text: str) -> str:
    """A text as it is compared. Marks upon marks are cut: to order them costs their number squared."""
    if text.isascii():
        return text.lower()
    text = _MARKS.sub(r"\1", text)
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())
