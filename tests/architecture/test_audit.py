"""Nobody changes anything or takes footage away without a trace: every such route says what it does."""

from collections.abc import Iterator
from functools import cache

from fastapi.routing import iter_route_contexts

from api.access.acts import ACTS, EXEMPT, name_of
from cli.api_service import doors
from tests.fakes import FakeLog
from tests.unit.api.client import World

TAKEN = (".m3u8", ".mp4", ".m4s", ".jpg", "/mail", "/smtp")
"""How the paths of what people watch or take away end, passwords among it."""


@cache
def routes() -> frozenset[tuple[str, str]]:
    """(method, path with its prefix) of everything that the API answers to, its doors included."""
    return frozenset(_routes())


def _routes() -> Iterator[tuple[str, str]]:
    served = [*World().app.routes, *doors(FakeLog())[0].routes]
    for one in iter_route_contexts(served):
        for method in getattr(one.route, "methods", None) or ():
            yield method, one.path or ""


def test_every_route_that_changes_something_or_shows_footage_says_what_it_does() -> None:
    asked = {
        name_of(method, path)
        for method, path in routes()
        if method not in ("GET", "HEAD") or path.endswith(TAKEN)
    }  # fmt: skip
    assert len(asked) > 30
    assert asked - ACTS.keys() - EXEMPT.keys() == set(), "add it to ACTS of api/access/acts.py, or to EXEMPT with why"


def test_what_is_said_of_routes_is_said_of_routes_that_are_there() -> None:
    assert (ACTS.keys() | EXEMPT.keys()) - {name_of(method, path) for method, path in routes()} == set()
    assert ACTS.keys() & EXEMPT.keys() == set()
