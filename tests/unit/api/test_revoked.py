"""Rights that end while an answer goes on; addresses that carry rights; and what others may keep of answers."""

import asyncio
import inspect
import re
from typing import Any

import pytest

from api import server, signing
from api.access import cookies
from api.access.known import digest_of
from api.episodes import feed
from api.episodes.feed import Feed
from api.errors import Problem
from projections.episodes.reads import Search
from schemas.access import SessionOpened, ShareIssued, TokenIssued, TokenRevoked
from schemas.visible import Shown, Visible
from tests.accepted_facts import BEGAN_MS, accepted
from tests.fakes import FakeStore
from tests.memory_episodes import MemoryEpisodes
from tests.route_world import NOW_MS, SEEN, START_MS, secret_of, seeded
from tests.unit.api.client import TOKEN, World

GATE: Visible = (Shown(frozenset({"gate"})),)


class Rights:
    """What a reader may see, until it is taken away."""

    def __init__(self, *answers: Visible) -> None:
        self.answers = list(answers)

    async def __call__(self) -> Visible:
        if not self.answers:
            raise Problem(401, "unauthorized", "revoked")
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def holding(*media: str) -> MemoryEpisodes:
    made = MemoryEpisodes()
    for number, name in enumerate(media):
        made.accept(accepted(episode_id=number, media=name, updated_at=BEGAN_MS + number))
    return made


def test_a_poll_that_waits_ends_when_its_reader_may_no_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "HEARTBEAT_S", 0.02)
    rights = Rights(GATE)

    async def polled() -> None:
        waiting = asyncio.create_task(Feed(holding()).poll(Search(), None, 10, 3600, rights))
        await asyncio.sleep(0)
        rights.answers.clear()
        await asyncio.wait_for(waiting, 60)

    with pytest.raises(Problem, match="revoked"):
        asyncio.run(polled())


def test_what_came_is_not_told_to_who_may_not_see_it_any_more() -> None:
    """Between the question and the answer the camera was taken from the reader."""

    async def polled() -> list[str]:
        told = await Feed(holding("gate", "yard")).poll(
            Search(updated_at_gt=1), None, 10, 0, Rights((Shown(),), (Shown(frozenset({"yard"})),))
        )
        return [one.media for one in told.episodes]

    assert asyncio.run(polled()) == ["yard"]


def test_a_stream_asks_again_at_every_change_and_ends_when_nothing_may_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "HEARTBEAT_S", 0.02)
    rights, found = Rights(GATE), holding()

    async def followed() -> list[int]:
        told = []
        async for stretch in Feed(found).follow(Search(), None, rights):
            told += [one.episode_id for one in stretch.episodes]
            if not told:
                found.accept(accepted(episode_id=1, media="gate"))
                found.accept(accepted(episode_id=2, media="yard"))
            else:
                rights.answers.clear()
        return told

    with pytest.raises(Problem, match="revoked"):
        asyncio.run(followed())


def test_a_stream_ends_when_its_token_is_revoked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "HEARTBEAT_S", 0.02)
    with seeded() as world:
        token = next(one for one in world.access.entries.every(TokenIssued) if one.user == "archive")
        lines: list[bytes] = []

        async def send(message: Any) -> None:
            if message["type"] == "http.response.body" and message.get("body"):
                lines.append(message["body"])
                world.tell(TokenRevoked(token_id=token.token_id, observed_ms=NOW_MS + 1))

        async def receive() -> Any:
            await asyncio.sleep(3600)

        asyncio.run(asyncio.wait_for(world.app(_scope("/api/v1/events", secret_of("archive")), receive, send), 60))
        assert lines


def _scope(path: str, token: str) -> dict[str, Any]:
    headers = [(b"authorization", f"Bearer {token}".encode()), (b"host", b"test")]
    return {
        "type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "query_string": b"",
        "headers": headers, "scheme": "http", "server": ("test", 80), "client": ("127.0.0.1", 1), "http_version": "1.1",
        "asgi": {"version": "3.0"}, "root_path": "",
    }  # fmt: skip


def test_a_live_playlist_gives_nothing_that_works_for_longer_than_four_minutes() -> None:
    url = signing.live_links(FakeStore(), b"k", SEEN, NOW_MS).whole("key")
    life_ms = int(url.split("expires=")[1]) * 1000 - NOW_MS
    assert 110_000 < life_ms <= 240_000


@pytest.mark.parametrize("shown", ["link", "token", "session"])
def test_an_archive_playlist_gives_nothing_that_outlives_what_was_shown_for_it(shown: str) -> None:
    ends_ms, digest = NOW_MS + 60_000, digest_of(f"sl_short-{shown}")
    told = {"digest": digest, "observed_ms": NOW_MS, "expires_ms": ends_ms}
    facts: dict[str, Any] = {
        "link": ShareIssued(share_id=1, user="", media=SEEN, from_ms=START_MS, to_ms=NOW_MS, **told),
        "token": TokenIssued(token_id=77, user="archive", scopes=("archive",), **told),
        "session": SessionOpened(session_id=1, user="archive", **told),
    }
    cookie = {"Cookie": f"{cookies.NAME}=sl_short-session"} if shown == "session" else {}
    with seeded() as world:
        world.tell(facts[shown])
        asked = f"/api/v1/media/{SEEN}/archive.m3u8?from_ms={START_MS}&to_ms={NOW_MS}"
        answer = world.ask("GET", asked, None if cookie else f"sl_short-{shown}", headers=cookie)
    ends = [int(one) * 1000 for one in re.findall(r"expires=(\d+)", answer.text)]
    assert len(ends) > 10
    assert NOW_MS < min(ends) <= max(ends) <= ends_ms


def test_no_journal_no_metric_and_no_problem_holds_a_signature(capsys: pytest.CaptureFixture[str]) -> None:
    signed = f"/api/v1/media/{SEEN}/cut.m4s?start_ms={START_MS}&end_ms={NOW_MS}&expires_ms={NOW_MS}&signature=5ec4e7"
    with seeded() as world:
        playlist = world.get(f"media/{SEEN}/archive.m3u8", from_ms=START_MS, to_ms=NOW_MS)
        assert "expires=" in playlist.text
        refused = world.ask("GET", signed, token=None)
        assert refused.status_code == 403
        told = refused.text + world.ask("GET", "/metrics").text + capsys.readouterr().out
    assert "cut.m4s" in told
    assert "5ec4e7" not in told
    assert "expires=" not in told
    assert "access_log=False" in inspect.getsource(server.run)


@pytest.mark.parametrize("path", ["media", f"media/{SEEN}", "episodes", "locks", "system", "me"])
def test_nobody_in_between_keeps_what_depends_on_rights(path: str) -> None:
    with seeded() as world:
        answer = world.get(path)
    assert answer.is_success
    assert {"private", "no-store"} & {one.strip() for one in answer.headers["cache-control"].split(",")}
    assert {one.strip() for one in answer.headers["vary"].split(",")} >= {"Cookie", "Authorization"}


def test_no_other_site_may_read_an_answer(world: World) -> None:
    asked = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "GET"}
    for method in ("OPTIONS", "GET"):
        answer = world.ask(method, "/api/v1/media", TOKEN, headers=asked)
        assert not [name for name in answer.headers if name.startswith("access-control")]
