"""What went wrong, in ClickHouse's numbers, and the HTTP status its server gives for it."""

import re

BAD_ARGUMENTS = 36
ACCESS_DENIED = 497
NOT_IMPLEMENTED = 48
SYNTAX_ERROR = 62
UNKNOWN_TYPE_OF_QUERY = 78
INTO_OUTFILE_NOT_ALLOWED = 80
READONLY = 164
CANNOT_DECOMPRESS = 271
QUERY_WITH_SAME_ID_IS_ALREADY_RUNNING = 216
SESSION_NOT_FOUND = 372
SESSION_IS_LOCKED = 373
INVALID_SESSION_TIMEOUT = 374
TOO_MANY_SIMULTANEOUS_QUERIES = 202
UNKNOWN_COMPRESSION_METHOD = 89
UNKNOWN_EXCEPTION = 1002

_BAD_REQUEST = frozenset({6, 25, 26, 27, 34, 36, 38, 41, 42, 43, 53, 62, 69, 70, 72, 117, 271, 321, 374, 441, 456, 457})
_NOT_FOUND = frozenset({46, 47, 50, 56, 60, 63, 73, 78, 80, 81, 115, 336, 511})
_OTHER_STATUS = {
    48: 501, 158: 413, 159: 408, 192: 401, 193: 401, 194: 401, 202: 503, 209: 503,
    439: 503, 497: 403, 516: 403,
}
_CODE = re.compile(r"Code: (\d+)\. ")


class EngineError(Exception):
    """A query failed. ``code`` is ClickHouse's error number; the text starts ``Code: N. DB::Exception:``."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code = code

    @property
    def status(self) -> int:
        """The HTTP status a ClickHouse server answers with."""
        if self.code in _BAD_REQUEST:
            return 400
        return 404 if self.code in _NOT_FOUND else _OTHER_STATUS.get(self.code, 500)


def from_engine(error: RuntimeError) -> EngineError:
    """The engine's own exception with its number; 1002 when it carries none."""
    text = str(error)
    found = _CODE.search(text)
    if found is None:
        return EngineError(UNKNOWN_EXCEPTION, f"Code: {UNKNOWN_EXCEPTION}. DB::Exception: {text}")
    return EngineError(int(found[1]), text[found.start() :])


def refusal(code: int, name: str, message: str) -> EngineError:
    """An error of the door itself, worded the way the engine words its own."""
    return EngineError(code, f"Code: {code}. DB::Exception: {message}. ({name})")
