"""Journal lines: structured, one per thing that happened, and never a password."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from infra.plain import plain
from infra.settings import Settings

_USERINFO = re.compile(r"(?P<scheme>[a-zA-Z][a-zA-Z0-9+.-]*://)(?P<user>[^\s/?#:@]*):[^\s'\"]*@")
"""Greedy up to the last ``@``: passwords with a raw ``/`` or ``@`` are common, and starring out too much is safe."""
_QUERY = re.compile(
    r"(?P<name>[?&](?:password|passwd|pwd|pass|token|access_token|secret|key|X-Amz-Signature|X-Amz-Credential)=)"
    r"[^&\s'\"]+",
    re.IGNORECASE,
)
_BEARER = re.compile(r"(?P<scheme>Bearer\s+)[A-Za-z0-9._~+/-]+=*", re.IGNORECASE)


def redact_url(text: str) -> str:
    """``text`` with every secret replaced by ``***``: passwords in URLs, secret query parameters, bearer tokens."""
    text = _USERINFO.sub(r"\g<scheme>\g<user>:***@", text)
    return _BEARER.sub(r"\g<scheme>***", _QUERY.sub(r"\g<name>***", text))


def setup(settings: Settings) -> None:
    """Send this process's journal to standard error, at the level and in the shape the settings ask for."""
    logging.getLogger("clickhouse_connect").setLevel(logging.CRITICAL)  # it logs what it raises; we tell it once
    shape = (structlog.processors.JSONRenderer(),) if settings.log_json else (_plain, _console())
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _redact,
            *shape,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, settings.log_level.upper())),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),  # today's stderr, also when it was swapped
        cache_logger_on_first_use=False,
    )


def get(name: str) -> Any:
    """A journal for one part; ``name`` appears as ``part``."""
    return structlog.get_logger(part=name)


def _redact(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for name, value in event.items():
        if isinstance(value, str):
            event[name] = redact_url(value)
        elif isinstance(value, BaseException):
            event[name] = redact_url(f"{type(value).__name__}: {value}")
    return event


def _plain(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """For eyes: paths, names and errors are words of others. Lines stay; of a value the renderer quotes them."""
    for name, value in event.items():
        if isinstance(value, str):
            event[name] = "\n".join(map(plain, value.split("\n")))
    return event


def _console() -> structlog.dev.ConsoleRenderer:
    return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), pad_event_to=0)
