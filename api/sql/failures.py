"""What the engine says against a statement, as problems for its caller."""

import re

from api.errors import Problem
from infra.clickhouse import DatabaseError

_TOO_SLOW = frozenset({159, 160, 394})
_TOO_MUCH_MEMORY = frozenset({173, 241})
_TOO_COMPLEX = frozenset({162, 167, 168, 306})
_BUSY = frozenset({202, 209, 210, 1000})
_DENIED = frozenset({164, 291, 497})
_OURS = frozenset({115, 192, 193, 194, 516})
_PREFIX = re.compile(r"^(?:Code: \d+\. DB::Exception: )+")
_SUFFIX = re.compile(r"(?:\s*\(version [^)]*\)|\s*\(official build\)|\)$)+$")
_SCOPE = re.compile(r":? In scope .*?(?=\. \([A-Z_]+\)|$)", re.S)
_HINT = re.compile(r"\.? ?Maybe you meant:? .*?(?=\. |: While|$)", re.S)


def problem(error: DatabaseError, seconds: float, memory_bytes: int) -> Problem:
    """The problem for an error of the engine; DatabaseError itself for one that is our own fault."""
    code = error.code
    if code in _OURS:
        raise error
    if code in _TOO_SLOW:
        return too_slow(seconds)
    if code in _TOO_MUCH_MEMORY:
        return Problem(400, "sql-too-much-memory", _memory_advice(memory_bytes))
    if code in _TOO_COMPLEX:
        return Problem(400, "sql-too-complex", f"the statement is too large or too deep: {_words(error)}")
    if code in _DENIED:
        return Problem(403, "sql-not-allowed", f"the database does not allow this: {_words(error)}")
    if code in _BUSY:
        return busy()
    return Problem(400, "bad-sql", _words(error))


def too_slow(seconds: float) -> Problem:
    """The statement ran out of time."""
    detail = f"the query ran longer than {seconds:g} s; ask for fewer days or cameras, or aggregate before you join"
    return Problem(400, "sql-too-slow", detail)


def too_large(most_bytes: int) -> Problem:
    """The answer is larger than one may be."""
    return Problem(400, "sql-too-large", f"the answer is larger than {most_bytes} bytes; choose columns or add LIMIT")


def busy() -> Problem:
    """All places for queries are taken."""
    detail = "as many queries as may run at once are running; try again in a second"
    return Problem(503, "sql-busy", detail, headers={"Retry-After": "1"})


def _memory_advice(memory_bytes: int) -> str:
    return (
        f"the query needs more than {memory_bytes >> 20} MiB of memory; ask for fewer days or cameras, "
        "put the smaller table on the right of a JOIN, or use uniq() and quantileTDigest()"
    )


def _words(error: DatabaseError) -> str:
    """The engine's own words for the caller: no numbers of versions, and no names it guesses at."""
    text = _PREFIX.sub("", str(error))
    return _HINT.sub("", _SCOPE.sub("", _SUFFIX.sub("", text))).strip()[:1000]
