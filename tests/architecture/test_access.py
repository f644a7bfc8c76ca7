"""Nobody can forget to ask: names of cameras come with a right, stores with a reach, and every route with an asker."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import pytest
from fastapi.dependencies.models import Dependant

from api.access.cameras import May, media_name
from api.auth import require
from api.deps import world_of
from api.routes import page
from tests.architecture.source import ROOT, modules
from tests.route_world import with_doors
from tests.routes import PREFIX, documented

OPEN = frozenset({"open", "signed"})
SEES_EVERYTHING = {
    "/media/{media}/live.m3u8": "a player counts from where it joined; what it is shown is cut to what is live",
    "/media/{media}/cut.m4s": "its address is signed",
    "/episodes": "coverage of episodes that were found within reach, shared by all who wait",
    "/events": "the same",
    "/me": "who asks", "/me/password": "the same",
    "/sessions": "their own", "/sessions/{id}": "the same", "/sessions/current": "the same",
    "/tokens": "their own", "/tokens/{id}": "the same",
}  # fmt: skip
"""Routes that are not for admins alone and meet stores that show everything, and why that is all right."""


@dataclass(frozen=True)
class Made:
    """One route as it is served, the hidden ones too. Those of the page serve files that anybody may have."""

    path: str
    methods: frozenset[str]
    rests_on: tuple[Dependant, ...]
    """All that it depends on, itself first."""

    @property
    def right(self) -> str:
        """As the documentation has it; of a hidden route that of the same address."""
        told = {name.partition(" ")[2]: right for name, right in documented().items()}
        return next((documented()[name] for name in self.names if name in documented()), told.get(self.path, ""))

    @property
    def names(self) -> list[str]:
        return [f"{method} {self.path}" for method in sorted(self.methods)]

    def has(self, *calls: object) -> bool:
        return any(one.call in calls for one in self.rests_on)


def every(dependant: Dependant) -> Iterator[Dependant]:
    yield dependant
    for inner in dependant.dependencies:
        yield from every(inner)


@cache
def routes() -> tuple[Made, ...]:
    contexts = [
        one
        for each in with_doors().router.routes
        for one in getattr(each, "effective_route_contexts", lambda each=each: [each])()
    ]
    return tuple(
        Made(one.path.removeprefix(PREFIX), frozenset(one.methods or ()), tuple(every(one.dependant)))
        for one in contexts
        if getattr(one, "dependant", None) and one.endpoint.__module__ != page.__name__
    )


ROUTES = [pytest.param(one, id=" ".join(one.names)) for one in routes()]
UNASKED = frozenset({"/openapi.json"})
"""What stands nowhere in the documentation's table, because it is its own."""


def test_there_are_as_many_routes_as_are_described() -> None:
    assert len(routes()) >= len(documented())


@pytest.mark.parametrize("route", ROUTES)
def test_every_route_is_open_and_says_so_or_asks_who_it_is(route: Made) -> None:
    assert route.right in OPEN or route.path in UNASKED or route.has(require)
    assert route.right or route.path in UNASKED


@pytest.mark.parametrize("route", ROUTES)
def test_a_camera_in_a_path_is_asked_for_with_a_right(route: Made) -> None:
    raw = [one for one in route.rests_on if any(field.name == "media" for field in one.path_params)]
    asked = [one.call for one in route.rests_on if isinstance(one.call, May)]
    assert [one.call for one in raw] == [media_name] * len(raw)
    if "{media}" in route.path and route.right != "signed":
        assert asked
        said = {right for one in asked if isinstance(one, May) for right in one.rights}
        assert all(right in route.right for right in said)
    else:
        assert not asked


@pytest.mark.parametrize("route", ROUTES)
def test_who_meets_stores_that_show_everything_is_an_admin_or_stands_here(route: Made) -> None:
    if route.has(world_of) and route.right not in {*OPEN, "admin"} and route.path not in UNASKED:
        assert route.path in SEES_EVERYTHING


def test_no_exception_is_left_over() -> None:
    used = {one.path for one in routes() if one.has(world_of)}
    assert SEES_EVERYTHING.keys() <= used


def test_no_module_of_a_route_asks_the_app_for_its_stores() -> None:
    """``request.app.state.deps`` is everything, whoever asks."""
    asked = [one for one in modules() if one.name.startswith("api.routes.")]
    assert asked
    assert [one.name for one in asked if ".state.deps" in (ROOT / one.path).read_text("utf-8")] == []
