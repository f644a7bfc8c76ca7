"""``sightlog user``: who may sign in."""

from collections.abc import Callable
from operator import itemgetter
from pathlib import Path
from typing import Annotated, Any

import typer

from cli import people
from cli.client import answer, connected, pages
from cli.listed import Cell, print_listed
from cli.telling import tell
from infra.settings import load

ABOUT = "Users: who may sign in, and in which groups they are. What they may do follows from their groups."

Data = Annotated[Path | None, typer.Option(help="Folder of the running stack (SIGHTLOG_DATA)")]
Login = Annotated[str, typer.Argument(metavar="USER", help="Login: lower-case letters, digits and . _ @ + -")]
Title = Annotated[str | None, typer.Option(help="Name that others see")]
InGroups = Annotated[list[str] | None, typer.Option("--group", help="Group; several allowed, '' for none")]
Admin = Annotated[bool | None, typer.Option(help="May set everything, users included")]
Watches = Annotated[bool | None, typer.Option(help="--no-watches bars an admin from pictures and footage")]
Enabled = Annotated[bool | None, typer.Option("--enabled/--disabled", help="Disabled: nothing of theirs works")]
Language = Annotated[str | None, typer.Option(help="Language of the page: en, pl …")]
Subject = Annotated[str | None, typer.Option(help="ISSUER|SUB of the OpenID Connect identity that signs in so")]
Password = Annotated[str | None, typer.Option(help="- reads it from the input; without it you are asked")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON instead of a table")]
_FIELDS = ("title", "groups", "admin", "watches", "enabled", "language", "subject")


def add(
    user: Login,
    title: Title = None,
    group: InGroups = None,
    admin: Admin = None,
    watches: Watches = None,
    language: Language = None,
    subject: Subject = None,
    password: Password = None,
    data: Data = None,
) -> None:
    """Add a user. You are asked for a password; without one they sign in by OpenID Connect or not at all.

    Examples:

        sightlog user add anna --title "Anna Nowak" --group yard --group hall

        sightlog user add boss --admin --no-watches --password - < password.txt
    """
    given = _given(title, group, admin, watches, None, language, subject)
    with connected(load(data=data)) as api:
        where = people.path("users", user)
        people.require_new(people.stored(api, where), "user", user)
        done = people.changed(api, where, {}, _FIELDS, given | {"password": people.new_password(password)})
    tell(f"added {_told(done)}")


def set_(
    user: Login,
    title: Title = None,
    group: InGroups = None,
    admin: Admin = None,
    watches: Watches = None,
    enabled: Enabled = None,
    language: Language = None,
    subject: Subject = None,
    data: Data = None,
) -> None:
    """Change what is named of a user; the rest stays. Groups are replaced by those that are named.

    Examples:

        sightlog user set anna --group yard

        sightlog user set anna --disabled
    """
    given = _given(title, group, admin, watches, enabled, language, subject)
    with connected(load(data=data)) as api:
        where = people.path("users", user)
        before = people.stored(api, where)
        people.require_known(before, "user", user)
        done = people.changed(api, where, before, _FIELDS, given)
    tell(f"changed {_told(done)}")


def password(
    user: Login,
    new: Annotated[str | None, typer.Option("--password", help="- reads it from the input")] = None,
    data: Data = None,
) -> None:
    """Give a user another password; their sessions end. It is asked for twice, or read from the input.

    Examples:

        sightlog user password anna

        sightlog user password anna --password - < password.txt
    """
    given = people.new_password(new) or people.new_password("-")
    with connected(load(data=data)) as api:
        where = people.path("users", user)
        before = people.stored(api, where)
        people.require_known(before, "user", user)
        people.changed(api, where, before, _FIELDS, {"password": given})
    tell(f"{user} has another password")


def list_(as_json: AsJson = False, data: Data = None) -> None:
    """List the users.

    Examples:

        sightlog user list

        sightlog user list --json | jq -r '.[] | select(.admin).user'
    """
    with connected(load(data=data)) as api:
        found = pages(api, "/users", "users")
    columns: dict[str, Cell] = {
        "user": itemgetter("user"), "title": itemgetter("title"), "groups": lambda one: ", ".join(one["groups"]),
        "is": _is,
    }  # fmt: skip
    print_listed(found, columns, "no users", as_json)


def remove(user: Login, data: Data = None) -> None:
    """Take a user away, with their sessions, tokens and links.

    Examples:

        sightlog user remove anna
    """
    with connected(load(data=data)) as api:
        answer(api.delete(people.path("users", user)))
    tell(f"removed {user}")


def import_csv(
    file: Annotated[Path, typer.Argument(help="CSV with a header: user,title,groups,password,…", exists=True)],
    data: Data = None,
) -> None:
    """Add and change users from a CSV file, by login, all or nothing.

    Columns: user, title, groups (several with |), admin, watches, enabled, language, subject, password. A column that
    is missing keeps what there is, an empty cell sets the default; an empty password keeps the one there is.

    Examples:

        sightlog user import users.csv
    """
    with connected(load(data=data)) as api:
        tell(people.send_csv(api, "/users/import", file.read_bytes()))


WORDS: dict[str, Callable[..., Any]] = {
    "add": add, "list": list_, "set": set_, "remove": remove, "password": password, "import": import_csv,
}  # fmt: skip


def _given(
    title: str | None, group: list[str] | None, admin: bool | None, watches: bool | None, enabled: bool | None,
    language: str | None, subject: str | None,
) -> dict[str, Any]:  # fmt: skip
    return {
        "title": title, "groups": None if group is None else [name for name in group if name], "admin": admin,
        "watches": watches, "enabled": enabled, "language": language, "subject": subject,
    }  # fmt: skip


def _told(user: dict[str, Any]) -> str:
    groups = f"in {', '.join(user['groups'])}" if user["groups"] else "in no group"
    return f"{user['user']}, {groups}{', ' if _is(user) else ''}{_is(user)}"


def _is(user: dict[str, Any]) -> str:
    """What is out of the ordinary."""
    told = ["admin"] if user["admin"] else []
    told += ["does not watch"] if user["admin"] and not user["watches"] else []
    told += [] if user["enabled"] else ["disabled"]
    told += [] if user["has_password"] or user["subject"] else ["no password"]
    return ", ".join(told)
