"""HTML as the text that a person would read, in one pass; nothing it points at is ever fetched."""

import re
from html import unescape

_TOKEN = re.compile(r"<!--|-->|<(/?)([a-z][a-z0-9]{0,15})\b[^<>]{0,4096}>|<[^<>]{0,4096}>", re.I)
_SILENT = frozenset(("style", "script", "head", "title"))
_LINES = frozenset((
    "br", "p", "div", "tr", "table", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "dt", "pre", "section",
))  # fmt: skip
_CELLS = frozenset(("td", "th", "dd"))
_BLANKS = re.compile(r"[ \xa0]+")
_EDGES = re.compile(r"[ \t]*\n[ \t\n]*")


def text(html: str) -> str:
    """What ``html`` says: rows and paragraphs are lines, cells are parted by tabs, entities are letters."""
    told: list[str] = []
    at, silent = 0, ""
    for token in _TOKEN.finditer(html):
        if not silent:
            told.append(_flat(html[at : token.start()]))
        at = token.end()
        name = (token[2] or token[0]).lower()
        if silent:
            silent = "" if _ends(silent, name, token[1]) else silent
        elif name == "<!--":
            silent = "-->"
        elif name in _SILENT and not token[1]:
            silent = name
        elif name in _LINES:
            told.append("\n")
        elif name in _CELLS and token[1]:
            told.append("\t")
    if not silent:
        told.append(_flat(html[at:]))
    return _EDGES.sub("\n", _BLANKS.sub(" ", unescape("".join(told)))).strip()


def _flat(words: str) -> str:
    """Line ends of the source are blanks of the page."""
    return words.replace("\r", " ").replace("\n", " ").replace("\t", " ")


def _ends(silent: str, name: str, slash: str | None) -> bool:
    return name == silent and (silent == "-->" or bool(slash))
