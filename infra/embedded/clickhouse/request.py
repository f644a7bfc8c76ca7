"""What one HTTP request asks of the engine: pure reading of the URL, the headers and the form fields."""

import base64
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from infra.embedded.clickhouse.errors import BAD_ARGUMENTS, INVALID_SESSION_TIMEOUT, refusal

# Parameters of the protocol itself; every other one is a setting, as on a server.
_PROTOCOL = frozenset(
    {
        *("query", "database", "default_format", "query_id", "wait_end_of_query", "buffer_size"),
        *("session_id", "session_timeout", "session_check", "close_session"),
        *("user", "password", "quota_key", "role", "stacktrace"),
        *("compress", "decompress", "client_protocol_version", "http_write_exception_in_output_format"),
    }
)
_TABLE_PARTS = ("_format", "_structure", "_types")
_SETTING = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*\Z")
# Fastest first among what the client takes; the engine compresses, so its names are on the right.
_ENCODINGS = {"lz4": "lz4", "zstd": "zstd", "gzip": "gzip", "deflate": "deflate", "br": "br", "xz": "xz"}
DEFAULT_SESSION_S = 60
LONGEST_SESSION_S = 3600
READER = "reader"
"""The one user that is held to less than everything. No user has a password here."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One request, understood. ``parameters`` fill ``{name:Type}``; ``settings`` hold for this request alone."""

    query: str = ""
    database: str = ""
    default_format: str = "TabSeparated"
    query_id: str = ""
    user: str = ""
    session_id: str = ""
    session_timeout_s: int = DEFAULT_SESSION_S
    session_must_exist: bool = False
    close_session: bool = False
    waits_for_end: bool = False
    packed_request: bool = False
    packed_answer: bool = False
    encoding: str = ""
    body_encodings: tuple[str, ...] = ()
    parameters: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=dict)
    tables: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def confined(self) -> bool:
        """True when the engine's own access control must hold this request to the public databases."""
        return self.user == READER

    @property
    def readonly(self) -> int:
        """0: may write; 1: reads only; 2: reads only, settings may change."""
        value = self.settings.get("readonly", "0")
        return int(value) if value.isdigit() else 0


def read(method: str, query_string: bytes, headers: Mapping[str, str], form: Iterable[tuple[str, str]] = ()) -> Ask:
    """The request's meaning. ``headers`` have lower-case names; ``form`` are text fields of a multipart body.

    Raises EngineError for a parameter that can be no setting and for an impossible session time-out.
    """
    given = dict(parse_qsl(query_string.decode("latin-1"), keep_blank_values=True, errors="surrogateescape"))
    given |= dict(form)
    tables = _tables(given)
    return Ask(
        query=given.get("query", ""),
        database=given.get("database") or headers.get("x-clickhouse-database", ""),
        default_format=given.get("default_format") or headers.get("x-clickhouse-format") or "TabSeparated",
        query_id=given.get("query_id", ""),
        user=_user(given, headers),
        session_id=given.get("session_id", ""),
        session_timeout_s=_session_timeout(given.get("session_timeout", "")),
        session_must_exist=_is_on(given, "session_check"),
        close_session=_is_on(given, "close_session"),
        waits_for_end=_is_on(given, "wait_end_of_query"),
        packed_request=_is_on(given, "decompress"),
        packed_answer=_is_on(given, "compress"),
        encoding=_encoding(given, headers),
        body_encodings=_body_encodings(headers),
        parameters={name[6:]: value for name, value in given.items() if name.startswith("param_")},
        settings=_settings(method, given, tables),
        tables=tables,
    )


def _is_on(given: Mapping[str, str], name: str) -> bool:
    return given.get(name, "") in ("1", "true")


def _user(given: Mapping[str, str], headers: Mapping[str, str]) -> str:
    """Who asks, from any of the three places a server looks at; empty: the owner of everything."""
    kind, _, value = headers.get("authorization", "").partition(" ")
    if kind.lower() != "basic":
        return given.get("user") or headers.get("x-clickhouse-user", "")
    try:
        return base64.b64decode(value, validate=True).decode("latin-1").partition(":")[0]
    except ValueError:  # binascii.Error among them
        raise refusal(BAD_ARGUMENTS, "BAD_ARGUMENTS", "The header Authorization is not valid Basic") from None


def _session_timeout(text: str) -> int:
    if not text:
        return DEFAULT_SESSION_S
    if not text.isdigit() or int(text) > LONGEST_SESSION_S:
        message = f"session_timeout must be 0 to {LONGEST_SESSION_S} seconds"
        raise refusal(INVALID_SESSION_TIMEOUT, "INVALID_SESSION_TIMEOUT", message)
    return int(text)


def _encoding(given: Mapping[str, str], headers: Mapping[str, str]) -> str:
    """The Content-Encoding of the answer; empty: none. Only with enable_http_compression, as on a server."""
    if not _is_on(given, "enable_http_compression"):
        return ""
    accepted = {part.split(";")[0].strip() for part in headers.get("accept-encoding", "").lower().split(",")}
    return next((name for name in _ENCODINGS if name in accepted), "")


def _body_encodings(headers: Mapping[str, str]) -> tuple[str, ...]:
    """Encodings of the body in the order they were applied."""
    names = (part.strip() for part in headers.get("content-encoding", "").lower().split(","))
    return tuple(name for name in names if name and name != "identity")


def _tables(given: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """External tables: name → {format, structure, types}, from parameters such as ``ids_structure``."""
    named = [name.rsplit("_", 1)[0] for name in given if name.endswith(("_structure", "_types"))]
    return {
        name: {part[1:]: given[name + part] for part in _TABLE_PARTS if name + part in given}
        for name in named
        if not name.startswith("param_")
    }


def _settings(method: str, given: Mapping[str, str], tables: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    not_settings = _PROTOCOL | {name + part for name in tables for part in _TABLE_PARTS}
    settings = {
        name: value for name, value in given.items() if name not in not_settings and not name.startswith("param_")
    }
    for name in settings:
        if not _SETTING.match(name):
            raise refusal(BAD_ARGUMENTS, "BAD_ARGUMENTS", f"{name!r} is neither a parameter nor a setting")
    if method == "GET" and settings.get("readonly", "0") == "0":
        # A link that somebody follows must not change anything: the server's own rule.
        settings["readonly"] = "2"
    return settings
