"""``sightlog audit``: one line per thing that somebody did, the latest last."""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
import typer
from typer.testing import CliRunner

from cli.commands import audit as command
from tests.access_facts import actions, audited
from tests.footage_facts import START_MS
from tests.unit.api.client import World
from tests.unit.api.conftest import world

__all__ = ["world"]


@pytest.fixture
def app(world: World, monkeypatch: pytest.MonkeyPatch) -> typer.Typer:
    """The command, asking an API over what ``world`` holds."""

    @contextmanager
    def connected(_settings: object) -> Iterator[httpx.Client]:
        def answer(request: httpx.Request) -> httpx.Response:
            told = world.ask(request.method, str(request.url.copy_with(scheme="http", host="test")))
            return httpx.Response(told.status_code, content=told.content, headers={"Content-Type": "application/json"})

        with httpx.Client(transport=httpx.MockTransport(answer), base_url="http://x/api/v1") as client:
            yield client

    monkeypatch.setattr(command, "connected", connected)
    made = typer.Typer()
    made.command()(command.audit)
    return made


def lines(app: typer.Typer, *given: str) -> list[str]:
    """What is printed, without the API's own journal."""
    return [line for line in CliRunner().invoke(app, given).stdout.splitlines() if "part=api" not in line]


def test_lines_say_who_did_what_to_which_footage_the_latest_last(app: typer.Typer, world: World) -> None:
    taken = {"action": "exported", "from_ms": START_MS, "to_ms": START_MS + 1}
    world.actions.show(audited(1, START_MS, who="anna token-9", **taken))
    world.actions.show(audited(2, START_MS + 5, who="bob", media="", subject="user/eve", action="deleted", peer="::1"))
    told = lines(app)
    assert told == [
        "2026-01-01T00:00:00.000Z  anna token-9     exported        gate, 2026-01-01T00:00:00.000Z to"
        " 2026-01-01T00:00:00.001Z",
        "2026-01-01T00:00:00.005Z  bob              deleted         user/eve, from ::1",
    ]


def test_a_limit_takes_the_latest_and_filters_are_asked_for(app: typer.Typer, world: World) -> None:
    for fact in actions(30):
        world.actions.show(fact)
    told = lines(app, "--action", "exported", "--limit", "3", "--json")
    assert len(told) == 3
    assert all('"action": "exported"' in line for line in told)


def test_following_goes_on_with_what_is_done_and_tells_nothing_twice(
    app: typer.Typer, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.actions.show(audited(1, START_MS))
    looks = iter([audited(3, START_MS + 9000), audited(2, START_MS - 1000)])

    def wait(_seconds: float) -> None:
        if (coming := next(looks, None)) is None:
            raise KeyboardInterrupt
        world.actions.show(coming)

    monkeypatch.setattr(command, "sleep_s", wait)
    told = lines(app, "--follow")
    assert [line[:24] for line in told] == [
        "2026-01-01T00:00:00.000Z", "2026-01-01T00:00:09.000Z", "2025-12-31T23:59:59.000Z",
    ]  # fmt: skip
