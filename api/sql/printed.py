"""What a statement says outside its syntax tree, read from the engine's own printing of it.

The engine prints every clause at the start of a line, keywords in capitals, texts in single quotes, odd names in
backquotes, and no comments. The caller's own spelling never gets further than its parser.
"""

import re
from itertools import pairwise

from api.sql.refusal import Refused

_TOKEN = re.compile(
    r"""(?P<blank> \s+ )
      | (?P<text> '(?:[^'\\]|\\.|'')*' )
      | (?P<name> `(?:[^`\\]|\\.|``)*` | "(?:[^"\\]|\\.|"")*" )
      | (?P<parameter> \{ \s* \w+ \s* : [^{}]* \} )
      | (?P<word> [^\W\d]\w* )
      | (?P<mark> . )""",
    re.X | re.S,
)
_TAIL = {
    "INTO": "INTO OUTFILE is not allowed: the answer is the file; ask for the parameter format=csv, arrow or parquet",
    "FORMAT": "FORMAT is not allowed: ask for the parameter format=json, csv, arrow or parquet",
    "SETTINGS": "SETTINGS is not allowed: the limits are the service's own; leave the clause out",
}
_ODD_NAME = re.compile(r"[\\\x00-\x1f\x7f\u2028\u2029\x85]")
_PYTHON = re.compile(r"python\s*\(", re.I)
"""The embedded engine looks for these letters in the text of every statement, texts inside it included, and then
searches its whole process for an object of that name: for seconds, while everybody waits."""
_TYPE = re.compile(r"[\w\s(),'./=+-]*")
_NO_TYPE = re.compile(r"Identifier|AggregateFunction|Dynamic|JSON|Object", re.I)


def check(printed: str) -> dict[str, str]:
    """The statement's parameters, name → type. Raises Refused for what the tree would not show."""
    found = [one for one in _TOKEN.finditer(printed) if one.lastgroup != "blank"]
    for one in found:
        if one.lastgroup == "word" and one[0] in _TAIL and printed[one.start() - 1 : one.start()] == "\n":
            raise Refused(_TAIL[one[0]])
        if one.lastgroup == "name" and _ODD_NAME.search(one[0]):
            raise Refused(f"the name {one[0]} is not allowed: no control characters, quotes or backslashes in names")
    for before, one in pairwise(found):
        if one[0] == "RECURSIVE" and before[0] == "WITH":
            raise Refused("WITH RECURSIVE is not allowed; range() with arrayJoin() makes series")
    if _PYTHON.search(printed):
        raise Refused("Python() is not allowed, not inside a text either: bind the text as a parameter")
    if "aggregatefunction" in printed.lower():
        raise Refused("states of aggregate functions are not allowed")
    return dict(_parameter(one[0]) for one in found if one.lastgroup == "parameter")


def is_text(kind: str) -> bool:
    """True for a parameter type whose values are text that needs escaping."""
    bare = re.sub(r"^(?:(?:Nullable|LowCardinality)\()+", "", kind)
    return bare.startswith(("String", "FixedString", "Enum"))


def _parameter(text: str) -> tuple[str, str]:
    name, kind = (part.strip() for part in text[1:-1].split(":", 1))
    if not _TYPE.fullmatch(kind) or _NO_TYPE.search(kind):
        raise Refused(f"the parameter {name} is of type {kind}: only values are bound, not names or states")
    return name, kind
