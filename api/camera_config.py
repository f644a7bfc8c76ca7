"""What an operator sends → MediaConfigured. Every wrong field is named, not only the first."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from api import camera_motion
from api.errors import BadFields, FieldError, bad_field
from infra import zones
from infra.journal import redact_url
from schemas.facts import MediaConfigured

_SCHEMES = frozenset({"rtsp", "rtsps", "rtmp", "srt", "udp", "http", "https", "file"})
"""What the recorder's libraries read. Anything else would only fail again and again later."""
_OURS = frozenset({"media", "observed_ms", "changed_by", "v"})
FIELDS: Mapping[str, Any] = {
    field.name: field.type for field in msgspec.structs.fields(MediaConfigured) if field.name not in _OURS
}
"""Name → type of what an operator may set."""
HIDDEN = "***"
"""What an answer shows where a password is."""


IsGroup = Callable[[str], bool]
"""True for a group that a camera may be put in."""


def any_group(name: str) -> bool:
    """True: who asks has made sure of the groups."""
    return True


class BadConfig(BadFields):
    """Some fields of a camera are wrong."""


def configured(
    media: str,
    values: Mapping[str, Any],
    now_ms: int,
    changed_by: str,
    stored: MediaConfigured | None = None,
    answered: str | None = None,
    is_group: IsGroup = any_group,
) -> MediaConfigured:
    """The fact that ``values`` make, fields left out at their defaults. Raises BadConfig.

    A ``source`` or ``mail_password`` equal to the redacted form that we answered keeps the one ``stored``, so an answer
    can be sent back.
    """
    values = _with_secrets(values, stored, answered) if stored else dict(values)
    errors = [error for name, value in values.items() for error in _wrong(name, value)]
    if errors := errors or _half_a_pair(values) + _unknown_groups(values, stored, is_group):
        raise BadConfig(errors)
    named = {"type": "media-configured", "media": media, "observed_ms": now_ms, "changed_by": changed_by}
    try:
        return msgspec.convert(named | values, MediaConfigured)
    except msgspec.ValidationError as error:
        raise BadConfig([bad_field("body", str(error), "body")]) from None


def may_hide(values: Mapping[str, Any]) -> bool:
    """True when a field stands for a secret that we have: it was answered with stars and sent back."""
    return HIDDEN in str(values.get("source")) or values.get("mail_password") == HIDDEN


def _with_secrets(values: Mapping[str, Any], stored: MediaConfigured, answered: str | None) -> dict[str, Any]:
    full = dict(values)
    if stored.source and values.get("source") in (answered, redact_url(stored.source)):
        full["source"] = stored.source
    if stored.mail_password and values.get("mail_password") == HIDDEN:
        full["mail_password"] = stored.mail_password
    return full


def _wrong(name: str, value: Any) -> list[FieldError]:
    if name not in FIELDS:
        return [bad_field(name, f"not a field of a camera; known: {', '.join(FIELDS)}", "body")]
    if name in camera_motion.OBJECTS:
        return camera_motion.faults(value, name)
    try:
        msgspec.convert(value, FIELDS[name])
    except msgspec.ValidationError as error:
        return [bad_field(name, str(error), "body")]
    rule = _RULES[name](value) if name in _RULES and value is not None else None
    return [bad_field(name, rule, "body")] if rule else []


def _half_a_pair(values: Mapping[str, Any]) -> list[FieldError]:
    login, password = values.get("mail_login", ""), values.get("mail_password", "")
    if bool(login) == bool(password):
        return []
    missing, other = ("mail_password", "mail_login") if login else ("mail_login", "mail_password")
    return [bad_field(missing, f"is missing: a camera has both or neither, and {other} is given", "body")]


def _unknown_groups(
    values: Mapping[str, Any], stored: MediaConfigured | None, is_group: IsGroup
) -> list[FieldError]:
    """Groups that a camera may not be put in; where it is already, it may stay."""
    own = stored.groups if stored else ()
    unknown = [name for name in values.get("groups", ()) if name not in own and not is_group(name)]
    if not unknown:
        return []
    rule = f"no group is called {', '.join(map(repr, unknown))}; make it first (sightlog group add)"
    return [bad_field("groups", rule, "body")]


def _bad_folder(folder: str) -> str | None:
    parts = folder.split("/")
    if not folder or all(part and part == part.strip() and part.isprintable() for part in parts):
        return None
    return "must be names between /, such as site/floor, none of them empty, without blanks around them"


def _bad_source(source: str) -> str | None:
    if not source.strip() or source != source.strip() or not source.isprintable():
        return "must be an address or a path without blanks around it or control characters"
    if source.endswith("://") or ":///" in source.replace("file:///", ""):
        return "names no host; write rtsp://HOST/PATH, a file path or /dev/videoN"
    scheme, found, _ = source.partition("://")
    if found and scheme not in _SCHEMES:
        known = ", ".join(sorted(_SCHEMES))
        return f"starts with {scheme}://, which the recorder cannot read; use {known}, a path or /dev/videoN"
    if HIDDEN in source:
        return "holds *** where a password was; send the whole address once, or the stored one unchanged"
    return None


def _bad_login(login: str) -> str | None:
    return None if login.isprintable() and login == login.strip() else "has control characters or blanks around it"


def _bad_password(password: str) -> str | None:
    if password == HIDDEN:
        return "is ***, and no password is stored that it could stand for; send the password itself"
    return None if password.isprintable() else "has control characters"


def _bad_aliases(aliases: list[str]) -> str | None:
    return next((rule for alias in aliases if (rule := _bad_alias(alias))), None)


def _bad_alias(alias: str) -> str | None:
    name, mark, channel = alias.rpartition("#")
    parts = [name, channel] if mark else [channel]
    if all(part and part.isprintable() and part == part.strip() for part in parts) and "|" not in alias:
        return None
    return f"{alias!r} is not NAME or NAME#CHANNEL; NAME is a login, the part of an address before @, or an address"


def _bad_zone(zone: str) -> str | None:
    if not zone or zones.is_zone(zone):
        return None
    return f"{zone!r} is not a time zone; write one of the IANA list, for example Europe/Warsaw or UTC"


_RULES: Mapping[str, Callable[[Any], str | None]] = {
    "source": _bad_source, "mail_login": _bad_login, "mail_password": _bad_password, "mail_aliases": _bad_aliases,
    "time_zone": _bad_zone, "folder": _bad_folder,
}  # fmt: skip
"""Field → the rule it breaks, beyond its type; None: none."""
