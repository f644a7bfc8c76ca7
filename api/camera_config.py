"""What an operator sends → MediaConfigured. Every wrong field is named, not only the first."""

from collections.abc import Mapping
from typing import Any

import msgspec

from api.errors import FieldError, bad_field
from infra.journal import redact_url
from schemas.facts import MediaConfigured

_SCHEMES = frozenset({"rtsp", "rtsps", "rtmp", "srt", "udp", "http", "https", "file"})
"""What the recorder's libraries read. Anything else would only fail again and again later."""
_OURS = frozenset({"media", "observed_ms", "changed_by", "v"})
FIELDS: Mapping[str, Any] = {
    field.name: field.type for field in msgspec.structs.fields(MediaConfigured) if field.name not in _OURS
}
"""Name → type of what an operator may set."""


class BadConfig(ValueError):
    """Some fields are wrong; ``errors`` names each."""

    def __init__(self, errors: list[FieldError]) -> None:
        super().__init__("; ".join(f"{error['field']}: {error['rule']}" for error in errors))
        self.errors = errors


def configured(
    media: str,
    values: Mapping[str, Any],
    now_ms: int,
    changed_by: str,
    stored: MediaConfigured | None = None,
    answered: str | None = None,
) -> MediaConfigured:
    """The fact that ``values`` make, fields left out at their defaults. Raises BadConfig.

    A ``source`` equal to the redacted form that we answered keeps the one ``stored``, so an answer can be sent back.
    """
    values = dict(values)
    if stored and stored.source and values.get("source") in (answered, redact_url(stored.source)):
        values["source"] = stored.source
    errors = [error for name, value in values.items() if (error := _wrong(name, value))]
    if errors:
        raise BadConfig(errors)
    named = {"type": "media-configured", "media": media, "observed_ms": now_ms, "changed_by": changed_by}
    try:
        return msgspec.convert(named | values, MediaConfigured)
    except msgspec.ValidationError as error:
        raise BadConfig([bad_field("body", str(error), "body")]) from None


def _wrong(name: str, value: Any) -> FieldError | None:
    if name not in FIELDS:
        return bad_field(name, f"not a field of a camera; known: {', '.join(FIELDS)}", "body")
    try:
        msgspec.convert(value, FIELDS[name])
    except msgspec.ValidationError as error:
        return bad_field(name, str(error), "body")
    rule = _bad_source(value) if name == "source" and value is not None else None
    return bad_field(name, rule, "body") if rule else None


def _bad_source(source: str) -> str | None:
    if not source.strip() or source != source.strip() or not source.isprintable():
        return "must be an address or a path without blanks around it or control characters"
    if source.endswith("://") or ":///" in source.replace("file:///", ""):
        return "names no host; write rtsp://HOST/PATH, a file path or /dev/videoN"
    scheme, found, _ = source.partition("://")
    if found and scheme not in _SCHEMES:
        known = ", ".join(sorted(_SCHEMES))
        return f"starts with {scheme}://, which the recorder cannot read; use {known}, a path or /dev/videoN"
    if "***" in source:
        return "holds *** where a password was; send the whole address once, or the stored one unchanged"
    return None
