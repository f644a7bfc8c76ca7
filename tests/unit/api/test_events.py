"""The stream of changes, read as browsers read it."""

import asyncio
import json
from typing import Any

import pytest

from api.episodes import cursors
from api.episodes.cursors import Position, Since
from tests.accepted_facts import accepted
from tests.unit.api.client import TOKEN, World

Event = dict[str, str]


async def streamed(world: World, events: int, query: str = "", last: str = "", meanwhile: Any = None) -> list[Event]:
    """The first events of a stream; the reader then leaves as a browser does."""
    found: list[Event] = []
    gone, seen = asyncio.Event(), b""

    async def receive() -> dict[str, Any]:
        await gone.wait()
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        nonlocal seen
        if message["type"] == "http.response.start":
            assert message["status"] == 200
        seen += message.get("body", b"")
        *whole, _ = seen.decode().split("\n\n")
        found[:] = [_event(one) for one in whole]
        if meanwhile:
            meanwhile(found)
        if sum("data" in one for one in found) >= events:
            gone.set()

    headers = [(b"authorization", f"Bearer {TOKEN}".encode())] + ([(b"last-event-id", last.encode())] if last else [])
    scope = {
        "type": "http", "method": "GET", "path": "/api/v1/events", "raw_path": b"/api/v1/events",
        "query_string": query.encode(), "headers": headers, "http_version": "1.1", "scheme": "http", "root_path": "",
        "server": ("test", 80), "client": ("test", 1),
    }  # fmt: skip
    await asyncio.wait_for(world.app(scope, receive, send), 60)  # type: ignore[arg-type]
    return found


def _event(text: str) -> Event:
    fields = [line.partition(": ") for line in text.splitlines()]
    return {name: value for name, _, value in fields}


def changes(world: World, *numbers: int, **fields: Any) -> None:
    for number in numbers:
        world.episodes.accept(accepted(**({"episode_id": number} | fields)))


def data(found: list[Event]) -> list[str]:
    return [json.loads(one["data"])["episode_id"] for one in found if "data" in one]


def at(*offsets: int) -> str:
    return cursors.seal(Position(offsets=offsets))


def test_a_stream_begins_now_and_tells_each_change_with_its_place(world: World) -> None:
    changes(world, 1)
    coming = [lambda: changes(world, 2, 3)]
    found = asyncio.run(streamed(world, 2, meanwhile=lambda _: coming and coming.pop()()))
    assert found[0] | {"": ""} == {"": "", "id": at(1), "retry": "2000"}
    assert data(found) == ["2", "3"]
    assert [one["id"] for one in found if "data" in one] == [at(2), at(3)]
    assert {one["event"] for one in found if "data" in one} == {"episode"}


def test_every_place_resumes_exactly_behind_its_event(world: World) -> None:
    changes(world, 1, 2, 3, 4)
    found = asyncio.run(streamed(world, 4, last=at(0)))
    for number, one in enumerate([one for one in found if "data" in one][:-1], 1):
        assert data(asyncio.run(streamed(world, 4 - number, last=one["id"]))) == ["1", "2", "3", "4"][number:]


def test_a_client_that_cannot_set_the_header_says_it_in_the_query(world: World) -> None:
    changes(world, 1, 2)
    assert data(asyncio.run(streamed(world, 1, f"last_event_id={at(1)}"))) == ["2"]


def test_a_stream_is_filtered_as_the_list_is(world: World) -> None:
    changes(world, 1, media="yard")
    changes(world, 2, episode_type="face")
    changes(world, 3)
    assert data(asyncio.run(streamed(world, 1, f"episode_type=face&last_event_id={at(0)}"))) == ["2"]
    assert data(asyncio.run(streamed(world, 1, f"media=yard&last_event_id={at(0)}"))) == ["1"]


@pytest.mark.parametrize("last", ["x", cursors.seal(Since(after_ms=1, until=(1,)))])
def test_a_place_we_did_not_give_is_a_400_and_no_stream(last: str, world: World) -> None:
    answer = world.ask("GET", "/api/v1/events", headers={"Last-Event-ID": last})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "last_event_id")
