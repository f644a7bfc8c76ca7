"""Header values as people read them: encoded words (RFC 2047), parameters (RFC 2231), addresses."""

import re
from collections.abc import Iterator, Mapping
from urllib.parse import unquote_to_bytes

from processors.alarms.reading import charsets, limits, transfer

_WORD = re.compile(rb"=\?([A-Za-z0-9_.:*+-]{1,60})\?([bBqQ])\?([^?]{0,4096})\?=")
_PARAMETER = re.compile(r"""[;\s]\s*([\w*.-]{1,40})\s*=\s*(?:"((?:[^"\\]|\\.)*)"?|([^;]*))""")
_SECTION = re.compile(r"(.+?)\*(\d{1,3})?(\*)?")
_ADDRESS = re.compile(
    r'<\s*([^<>\s]{1,320})\s*>|("[^"]{1,64}"@[^\s<>,;"()]{1,255}|[^\s<>,;"():]{1,254}@[^\s<>,;"()]{1,255})'
)
_QUOTED_PAIR = re.compile(r"\\(.)")


def decoded(value: bytes, charset: str = "") -> str:
    """One header value as text. Neighbouring encoded words of one charset are one run of bytes: cameras cut
    characters in two. Bytes outside words are read as ``charset``, or as they look."""
    if b"=?" not in value:
        return charsets.text(value, charset)
    told: list[str] = []
    run, run_charset, at = b"", "", 0
    for count, word in enumerate(_WORD.finditer(value)):
        if count >= limits.ENCODED_WORDS:
            break
        between = value[at : word.start()]
        name = word[1].decode("ascii")
        if run and (between.strip() or name.lower() != run_charset.lower()):
            told.append(charsets.text(run, run_charset))
            run = b""
        if between.strip() or not at:
            told.append(charsets.text(between, charset))
        run, run_charset, at = run + _word(word[2], word[3]), name, word.end()
    if run:
        told.append(charsets.text(run, run_charset))
    return "".join([*told, charsets.text(value[at:], charset)])


def _word(encoding: bytes, letters: bytes) -> bytes:
    if encoding in b"bB":
        return transfer.base64(letters)
    return transfer.quoted_printable(letters.replace(b"_", b" "))


def parameters(value: str) -> Mapping[str, str]:
    """The parameters of a Content-Type or Content-Disposition, names in lower case, RFC 2231 put together."""
    plain: dict[str, str] = {}
    pieces: dict[str, list[tuple[int, bool, str]]] = {}
    for found in _PARAMETER.finditer(value):
        name = found[1].lower()
        text = _QUOTED_PAIR.sub(r"\1", found[2]) if found[2] is not None else found[3].strip()
        section = _SECTION.fullmatch(name)
        if section:
            pieces.setdefault(section[1], []).append((int(section[2] or 0), bool(section[3] or not section[2]), text))
        else:
            plain.setdefault(name, text)
    return plain | {name: _joined(sorted(found)) for name, found in pieces.items()}


def _joined(pieces: list[tuple[int, bool, str]]) -> str:
    charset, data = "", b""
    for number, is_encoded, text in pieces:
        if is_encoded and number == 0 and text.count("'") >= 2:
            charset, _, text = text.split("'", 2)
        data += unquote_to_bytes(text) if is_encoded else text.encode("utf-8", "replace")
    return charsets.text(data, charset)


def addresses(value: str) -> Iterator[str]:
    """The addresses in a header, without names; a bare name that is all there is counts as one."""
    found = False
    for match in _ADDRESS.finditer(value):
        found = True
        yield match[1] or match[2]
    bare = value.strip()
    if not found and bare and len(bare) <= 320 and not re.search(r"[\s,;<>]", bare):
        yield bare
