"""Users, groups and tokens as commands ask for them."""

import sys
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import httpx
import typer

from cli.client import answer
from cli.console import typed
from cli.telling import tell


def path(kind: str, name: str) -> str:
    """The path of one user, group or token."""
    return f"/{kind}/{quote(name, safe='')}"


def stored(api: httpx.Client, where: str) -> dict[str, Any]:
    """One as the API answers it; empty: there is none."""
    found = api.get(where)
    return {} if found.status_code == httpx.codes.NOT_FOUND else answer(found)


def changed(
    api: httpx.Client, where: str, before: Mapping[str, Any], fields: tuple[str, ...], given: Mapping[str, Any]
) -> dict[str, Any]:
    """It after what is ``given`` (None: not named) was set, and those of ``fields`` kept."""
    kept = {name: before[name] for name in fields if name in before}
    return answer(api.put(where, json=kept | {name: value for name, value in given.items() if value is not None}))


def require_new(found: Mapping[str, Any], noun: str, name: str) -> None:
    """Pass, or end the command: it is there already."""
    if found:
        _end(f"there is a {noun} {name!r} already; change it with `sightlog {noun} set {name}`")


def require_known(found: Mapping[str, Any], noun: str, name: str) -> None:
    """Pass, or end the command: there is none."""
    if not found:
        _end(f"no {noun} is called {name!r}; `sightlog {noun} list` shows them, `sightlog {noun} add` makes one")


def new_password(given: str | None) -> str | None:
    """A password: ``-`` from the input, otherwise typed twice on a terminal; None where nobody can be asked."""
    if given is not None:
        return typed(given)
    if not sys.stdin.isatty():
        return None
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))


def send_csv(api: httpx.Client, where: str, text: bytes) -> str:
    """What became of a file, in words; every wrong line is told, then the command ends."""
    told = api.post(where, content=text, headers={"Content-Type": "text/csv"}, timeout=300)
    if told.status_code == httpx.codes.UNPROCESSABLE_ENTITY:
        for one in told.json().get("errors", []):
            tell(f"sightlog: line {one['line']}, {one['field']}: {one['rule']}", err=True)
        _end("nothing was changed")
    done = answer(told)
    return f"{done['created']} created, {done['updated']} updated"


def _end(line: str) -> None:
    tell(f"sightlog: {line}", err=True)
    raise typer.Exit(2)
