"""The API as commands ask it: what goes wrong ends the command with one line."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

import httpx
import typer

from cli.telling import tell
from infra.settings import Settings
from schemas import media as media_names

_TIMEOUT_S = 30.0
_PAGE = 1000


@contextmanager
def connected(settings: Settings) -> Iterator[httpx.Client]:
    """A client of the API; when it cannot be reached the command ends with one line."""
    headers = {"Authorization": f"Bearer {settings.token()}"}
    with httpx.Client(base_url=f"{settings.base_url}/api/v1", headers=headers, timeout=_TIMEOUT_S) as client:
        try:
            yield client
        except httpx.TransportError as error:
            reason = f"sightlog: {settings.base_url} does not answer ({error}); start it with `sightlog up`"
            tell(f"{reason}, or name its folder with --data", err=True)
            raise typer.Exit(2) from None


def answer(response: httpx.Response) -> dict[str, Any]:
    """The body of a good answer; otherwise the command ends with the problem in one line."""
    if response.is_success:
        found: dict[str, Any] = response.json() if response.content else {}
        return found
    kind = response.headers.get("Content-Type", "")
    problem = response.json() if kind.startswith("application/problem+json") else {}
    tell(f"sightlog: {problem.get('detail') or problem.get('title') or f'HTTP {response.status_code}'}", err=True)
    raise typer.Exit(2)


def pages(api: httpx.Client, path: str, name: str, **asked: str) -> list[dict[str, Any]]:
    """Every item of a list of the API, called ``name`` in its answers, page after page; ``asked``: what narrows it."""
    found: list[dict[str, Any]] = []
    cursor = ""
    while True:
        page = answer(api.get(path, params={"limit": _PAGE} | asked | ({"cursor": cursor} if cursor else {})))
        found += page[name]
        cursor = page["next"] or ""
        if not cursor:
            return found


def camera_path(name: str) -> str:
    """The path of a camera; a name that no camera can have ends the command."""
    try:
        return f"/media/{quote(media_names.normalise(name), safe='')}"
    except media_names.BadMediaName as error:
        raise typer.BadParameter(str(error)) from None
