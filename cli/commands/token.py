"""``sightlog token``: how programs ask."""

from collections.abc import Callable
from operator import itemgetter
from pathlib import Path
from typing import Annotated, Any

import typer

from api.times import iso
from cli import people
from cli.client import answer, connected, pages
from cli.console import parsed
from cli.endings import ending
from cli.listed import Cell, print_listed
from cli.telling import tell, tell_json
from infra.settings import load

ABOUT = """Tokens: how programs act for a user, within less than the user may.

They go with every request as `Authorization: Bearer sl_…`. The admin token is another thing: it stands in the file
admin.token of the data folder, or in SIGHTLOG_API_KEY, and may everything.
"""

Data = Annotated[Path | None, typer.Option(help="Folder of the running stack (SIGHTLOG_DATA)")]
Scope = Annotated[list[str], typer.Option(help="live, archive, export, protect, configure or admin; several allowed")]


def issue(
    user: Annotated[str, typer.Argument(help="Login of the user that the program acts for")],
    scope: Scope,
    camera: Annotated[list[str] | None, typer.Option(help="Only this camera; several allowed")] = None,
    expires: Annotated[str, typer.Option(help="A time, or 90d from now; it works until revoked without")] = "",
    title: Annotated[str, typer.Option(help="What it is for")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="All about it as JSON")] = False,
    data: Data = None,
) -> None:
    """Issue a token. It is printed once and kept nowhere; what is told about it goes to standard error.

    Examples:

        sightlog token issue anna --scope live --scope archive --expires 90d --title "wall of screens"

        sightlog token issue anna --scope export --camera gate > gate.token
    """
    asked: dict[str, Any] = {"user": user, "scopes": scope, "media": camera, "title": title}
    asked |= {"expires_ms": parsed(ending, expires)} if expires else {}
    with connected(load(data=data)) as api:
        done = answer(api.post("/tokens", json=asked))
    if as_json:
        tell_json(done)
        return
    tell(f"token {done['token_id']} of {user}: {_may(done)}; ends: {_ends(done)}", err=True)
    tell(done["token"])


def list_(
    user: Annotated[str, typer.Argument(help="Login; everybody's tokens if left out")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of a table")] = False,
    data: Data = None,
) -> None:
    """List the tokens, without what is secret of them.

    Examples:

        sightlog token list anna
    """
    with connected(load(data=data)) as api:
        found = [one for one in pages(api, "/tokens", "tokens") if not user or one["user"] == user]
    columns: dict[str, Cell] = {
        "id": itemgetter("token_id"), "user": itemgetter("user"), "title": itemgetter("title"), "may": _may,
        "cameras": _cameras, "issued": lambda one: iso(one["issued_ms"]), "ends": _ends,
    }  # fmt: skip
    print_listed(found, columns, "no tokens", as_json)


def revoke(
    token_id: Annotated[str, typer.Argument(metavar="ID", help="Id of the token, as `list` shows it")],
    data: Data = None,
) -> None:
    """Revoke a token: within a second it works nowhere.

    Examples:

        sightlog token revoke 7311240972417630210
    """
    with connected(load(data=data)) as api:
        answer(api.delete(people.path("tokens", token_id)))
    tell(f"{token_id} is revoked")


WORDS: dict[str, Callable[..., Any]] = {"issue": issue, "list": list_, "revoke": revoke}


def _may(token: dict[str, Any]) -> str:
    return ", ".join(token["scopes"])


def _cameras(token: dict[str, Any]) -> str:
    return "all" if token["media"] is None else ", ".join(token["media"])


def _ends(token: dict[str, Any]) -> str:
    return iso(token["expires_ms"]) if token["expires_ms"] else "never"
