"""What an admin sends of users and groups → facts. Pure: known groups, the time and who asks are given."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from api.access import fields, passwords
from api.errors import BadFields, FieldError, bad_field
from schemas.access import GroupConfigured, Login, UserConfigured

USER_FIELDS = ("title", "groups", "admin", "watches", "enabled", "language", "subject")
GROUP_FIELDS = ("title", "live", "archive", "archive_depth_ms", "export", "protect", "configure")
_USER = fields.types_of(UserConfigured, USER_FIELDS)
_GROUP = fields.types_of(GroupConfigured, GROUP_FIELDS)
IsGroup = Callable[[str], bool]


def user(
    login: str, values: Mapping[str, Any], before: UserConfigured | None, is_group: IsGroup, now_ms: int, by: str
) -> UserConfigured:
    """The whole of a user, fields left out at their defaults, the password's hash as it was. Raises BadFields."""
    told = {name: value for name, value in values.items() if name != "password"}
    errors = [*_login_fault(login), *fields.wrong(told, _USER, "user")]
    errors += _unknown_groups(told.get("groups"), before.groups if before else (), is_group)
    if "password" in values and (rule := passwords.fault(values["password"], login)):
        errors.append(bad_field("password", rule, "body"))
    if errors:
        raise BadFields(errors)
    kept = {"password_hash": before.password_hash, "password_changed_ms": before.password_changed_ms} if before else {}
    named = {"type": "user-configured", "user": login, "observed_ms": now_ms, "changed_by": by}
    return msgspec.convert(told | kept | named, UserConfigured)


def group(name: str, values: Mapping[str, Any], now_ms: int, by: str) -> GroupConfigured:
    """The whole of a group, fields left out at their defaults. Raises BadFields."""
    if errors := fields.wrong(values, _GROUP, "group"):
        raise BadFields(errors)
    named = {"type": "group-configured", "group": name, "observed_ms": now_ms, "changed_by": by}
    try:
        return msgspec.convert(dict(values) | named, GroupConfigured)
    except msgspec.ValidationError as error:
        raise BadFields([bad_field("group", str(error), "path")]) from None


def _login_fault(login: str) -> list[FieldError]:
    try:
        msgspec.convert(login, Login)
    except msgspec.ValidationError:
        rule = "must be lower-case letters, digits and . _ @ + -, first a letter or digit, at most 128"
        return [bad_field("user", rule, "path")]
    return []


def _unknown_groups(groups: Any, own: tuple[str, ...], is_group: IsGroup) -> list[FieldError]:
    """What a user may not be put in; where they are already, they may stay."""
    if not isinstance(groups, list | tuple):
        return []
    unknown = [one for one in groups if isinstance(one, str) and one not in own and not is_group(one)]
    return [bad_field("groups", f"no group is called {', '.join(map(repr, unknown))}", "body")] if unknown else []
