"""What a piece of SQL is, as far as the door must know: a read, an insert with data, or anything else.

Only tokens are looked at, never grammar: where the ``FORMAT`` of a read stands, where the data of an insert
begins, and whether a second statement follows. Offsets are byte offsets, so the text is read as Latin-1.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import NamedTuple

from infra.embedded.clickhouse.errors import (
    INTO_OUTFILE_NOT_ALLOWED,
    NOT_IMPLEMENTED,
    SYNTAX_ERROR,
    UNKNOWN_TYPE_OF_QUERY,
    refusal,
)

_TOKEN = re.compile(
    r"""(?P<blank> \s+ | --[^\n]* | \#[!\ ][^\n]* | /\*.*?\*/ )
      | (?P<quoted> '(?:[^'\\]|\\.|'')*' | "(?:[^"\\]|\\.|"")*" | `(?:[^`\\]|\\.|``)*`
                  | \$(?P<tag>\w*)\$.*?\$(?P=tag)\$ )
      | (?P<word> [A-Za-z_]\w* )
      | (?P<number> \d[\w.]* )
      | (?P<mark> . )""",
    re.X | re.S | re.A,
)
_READS = frozenset({"SELECT", "WITH", "FROM", "("})
_AFTER_FORMAT = re.compile(rb"[ \t]*;?[ \t]*\r?\n?")


class Token(NamedTuple):
    """One token outside blanks and comments; ``depth`` counts the brackets around it."""

    kind: str
    text: str
    start: int
    end: int
    depth: int

    def says(self, word: str) -> bool:
        """True for this bare keyword outside all brackets."""
        return self.kind == "word" and self.depth == 0 and self.text.upper() == word


@dataclass(frozen=True, slots=True)
class Query:
    """A statement without data. ``reads`` means its result can be streamed; ``format`` is its own FORMAT clause."""

    sql: str
    verb: str
    reads: bool
    format: str | None = None
    format_start: int = 0
    format_end: int = 0

    def into(self, path: str, default_format: str, compression: str) -> str:
        """The same read, writing its result to ``path`` instead of returning it. Offsets are of characters."""
        fmt = self.format or default_format
        target = f"\nINTO OUTFILE '{path}' TRUNCATE COMPRESSION '{compression}' FORMAT {fmt}"
        return f"{self.sql[: self.format_start]}{target} {self.sql[self.format_end :]}"


@dataclass(frozen=True, slots=True)
class Insert:
    """An INSERT whose rows follow it. ``target`` ends before FORMAT or VALUES; the data begins at ``data_start``."""

    target: str
    format: str
    data_start: int


def tokens(text: str) -> Iterator[Token]:
    """Tokens in order; an unclosed quote or comment comes out as single marks."""
    depth = 0
    for found in _TOKEN.finditer(text):
        kind = found.lastgroup or "mark"
        kind = "quoted" if kind == "tag" else kind
        if kind == "blank":
            continue
        mark = found[0]
        depth -= kind == "mark" and mark in ")]}"
        yield Token(kind, mark, found.start(), found.end(), depth)
        depth += kind == "mark" and mark in "([{"


def insert(head: bytes) -> Insert | None:
    """The INSERT that ``head`` starts with, if rows are to follow it; None for every other statement.

    ``head`` may hold binary rows after the statement. Raises EngineError for INSERT ... FROM INFILE.
    """
    text = head.decode("latin-1")
    stream = tokens(text)
    first = next(stream, None)
    if first is None or not first.says("INSERT"):
        return None
    for before, token in pairwise(chain((first,), stream)):
        if before.text == ".":
            continue
        if token.says("SELECT") or token.says("WITH") or (before.text == "(" and token.text.upper() == "SELECT"):
            return None
        if token.says("INFILE") and before.says("FROM"):
            raise refusal(UNKNOWN_TYPE_OF_QUERY, "UNKNOWN_TYPE_OF_QUERY", "FROM INFILE is for clients; send the data")
        if token.says("VALUES") and not before.says("INTO"):
            return Insert(_text(head[: token.start]), "Values", token.end)
        if token.says("FORMAT") and not before.says("INTO"):
            name = next(stream, None)
            if name is None:
                raise refusal(SYNTAX_ERROR, "SYNTAX_ERROR", "Syntax error: FORMAT without a name")
            return _formatted(head, token.start, name)
    return Insert(_text(head).rstrip().rstrip(";"), "Values", len(head))


def query(body: bytes) -> Query:
    """Any statement without data, its trailing semicolon removed. Raises EngineError for two statements or OUTFILE."""
    found = list(tokens(body.decode("latin-1")))
    while found and found[-1].text == ";":
        found.pop()
    if not found:
        raise refusal(SYNTAX_ERROR, "SYNTAX_ERROR", "Empty query: send SQL as the parameter 'query' or as the body")
    verb = found[0].text.upper()
    if verb == "INSERT" and any(token.text.lower() == "input" for token in found):
        # The engine would take the statement, ignore the rows and report success.
        raise refusal(NOT_IMPLEMENTED, "NOT_IMPLEMENTED", "input() takes no rows here; use a Null table and a view")
    _refuse_oddities(found)
    end = found[-1].end
    if verb in _READS:
        return _read(body, found, verb, end)
    sql = _by_our_ids(body, found) if verb == "KILL" else body[:end]
    return Query(_text(sql), verb, reads=False, format=_format_name(found))


def _read(body: bytes, found: list[Token], verb: str, end: int) -> Query:
    at = _format_at(found)
    sql = _text(body[:end])
    if at is None:
        return Query(sql, verb, True, None, len(sql), len(sql))
    start, stop = len(_text(body[: found[at].start])), len(_text(body[: found[at + 1].end]))
    return Query(sql, verb, True, found[at + 1].text, start, stop)


def _by_our_ids(body: bytes, found: list[Token]) -> bytes:
    """KILL with the ids that clients know: the engine numbers queries itself, theirs is in the comment."""
    pieces = []
    done = 0
    for token in found:
        if token.says("QUERY_ID"):
            pieces += [body[done : token.start], b"Settings['log_comment']"]
            done = token.end
    return b"".join([*pieces, body[done : found[-1].end]])


def _format_at(found: list[Token]) -> int | None:
    """Index of the FORMAT keyword of the output clause: the last one that a name and nothing but SETTINGS follow."""
    for at in range(len(found) - 2, 0, -1):
        if found[at].says("FORMAT") and found[at + 1].kind == "word":
            rest = found[at + 2 : at + 3]
            return at if not rest or rest[0].says("SETTINGS") else None
    return None


def _format_name(found: list[Token]) -> str | None:
    at = _format_at(found)
    return None if at is None else found[at + 1].text


def _refuse_oddities(found: list[Token]) -> None:
    for before, token in pairwise(found):
        if before.text == ";" and before.depth == 0:
            raise refusal(SYNTAX_ERROR, "SYNTAX_ERROR", "Multi-statements are not allowed")
        if token.says("OUTFILE") and before.says("INTO"):
            raise refusal(INTO_OUTFILE_NOT_ALLOWED, "INTO_OUTFILE_NOT_ALLOWED", "INTO OUTFILE is not allowed")


def _formatted(head: bytes, format_start: int, name: Token) -> Insert:
    gap = _AFTER_FORMAT.match(head, name.end)
    return Insert(_text(head[:format_start]), name.text, gap.end() if gap else name.end)


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")
