"""Episodes over HTTP on real servers: what was accepted is answered, every change once, whatever happens meanwhile."""

import contextlib
import http.client
import json
import random
import secrets
import signal
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.stored import StoredArchive
from infra import clock
from infra.clickhouse import Database
from infra.kafka import KafkaLog, ensure_topics
from infra.objects import S3Store
from infra.settings import Settings
from projections import registry
from projections.episodes.reads import EpisodeReads
from projections.generations.rebuild import Rebuild
from schemas import ids
from schemas.facts import EpisodeAccepted
from tests.accepted_facts import accepted, refused
from tests.beside import going_on
from tests.footage_facts import segment
from tests.integration.ports import free_port
from tests.integration.recording import wait_for
from tests.integration.served import TOKEN, served
from tests.integration.test_api import answered as answers
from tests.integration.test_api import process
from tests.integration.test_projection import running as projecting

Told = tuple[str, str, int]
"""Camera, id, version."""


class System(NamedTuple):
    """Real servers, the projections service, and how to start an API."""

    settings: Settings
    log: KafkaLog
    store: S3Store
    serve: Callable[[], contextlib.AbstractContextManager[httpx.Client]]


@pytest.fixture(scope="module")
def system(stack: Settings) -> Iterator[System]:
    mark = secrets.token_hex(3)
    own = {"topic_prefix": f"f{mark}.", "database": f"f{mark}", "flush_ms": 200}
    alone = stack.model_copy(update=own)
    ensure_topics(alone)
    log, store = KafkaLog(alone, "test"), S3Store(alone)
    store.ensure_bucket()
    database = Database(alone)
    archive, episodes = StoredArchive(alone, database), EpisodeReads(database, alone.database)
    made = System(alone, log, store, lambda: served(alone, store, archive, log, episodes=episodes))
    with projecting(alone, log, (registry.EPISODES, registry.SEGMENTS, registry.MEDIA)):
        with made.serve() as api:
            wait_for(lambda: api.get("episodes").status_code == 200, 60)
        yield made
    log.close()


@pytest.fixture(scope="module")
def api(system: System) -> Iterator[httpx.Client]:
    with system.serve() as client:
        yield client


def tell(system: System, *facts: Any) -> None:
    for fact in facts:
        system.log.append(fact)
    assert system.log.flush(120) == 0


def answered(api: httpx.Client, path: str, **query: Any) -> dict[str, Any] | None:
    found = api.get(path, params=query)
    assert found.status_code in (200, 404), found.text
    answer: dict[str, Any] = found.json()
    return answer if found.status_code == 200 else None


def test_an_episode_is_found_read_and_pictured(system: System, api: httpx.Client) -> None:
    key, opened = f"previews/{'c' * 64}.jpg", clock.now_ms()
    system.store.put(key, b"\xff\xd8 picture \xff\xd9", "image/jpeg")
    fields = {"media": "tył", "episode_id": ids.MAX_ID, "opened_at": opened, "title": "Brama"}
    tell(
        system, segment("tył", opened - 1000, 6000),
        accepted(1, opened, {"preview_key": key}, updated_at=opened, **fields),
        accepted(2, opened + 1, {"preview_key": key}, updated_at=opened + 900, closed_at=opened + 800, **fields),
        refused(1, at_ms=opened, media="tył", episode_id=ids.MAX_ID),
    )  # fmt: skip
    told = wait_for(
        lambda: (one := answered(api, f"episodes/{ids.MAX_ID}")) and one["version"] == 2
        and one["recording_status"] == "full" and one
    )  # fmt: skip
    assert (told["episode_id"], told["closed_at"]) == ("18446744073709551615", opened + 800)
    found = api.get("episodes", params={"q": "BRAMA", "overlaps_from": opened + 799, "overlaps_to": opened + 9000})
    assert [one["episode_id"] for one in found.json()["episodes"]] == [told["episode_id"]]
    versions = api.get(f"episodes/{ids.MAX_ID}/versions").json()["versions"]
    assert [(one["version"], one["accepted_at"], one["closed_at"]) for one in versions] == [
        (1, opened, None), (2, opened + 1, opened + 800),
    ]  # fmt: skip
    refusals = wait_for(lambda: api.get("episodes/refusals", params={"media": "tył"}).json()["refusals"])
    assert [(one["reason"], one["record"]["episode_id"]) for one in refusals] == [("stale", told["episode_id"])]
    url = str(api.base_url).removesuffix("/api/v1/") + told["preview_url"]
    picture = api.get(url)
    assert (picture.status_code, picture.content) == (200, b"\xff\xd8 picture \xff\xd9")
    assert api.get(url, headers={"If-None-Match": picture.headers["etag"]}).status_code == 304


class Source:
    """Accepts versions of some episodes at random, some of them told twice, until stopped."""

    def __init__(self, log: KafkaLog, media: list[str], mark: int) -> None:
        self._log, self._media, self._mark, self._chance = log, media, mark, random.Random(mark)
        self._revs: Counter[tuple[str, int]] = Counter()
        self.told: list[Told] = []

    @contextlib.contextmanager
    def telling(self, every_s: float) -> Iterator[None]:
        """Versions come while the block runs; afterwards all of them are on the topic."""
        stop = threading.Event()
        with going_on(lambda: [self.step() for _ in iter(lambda: stop.wait(every_s), True)], stop):
            yield
        assert self._log.flush(120) == 0

    def step(self) -> None:
        media, number = self._chance.choice(self._media), self._mark + self._chance.randrange(20)
        self._revs[media, number] += 1
        fact = self._version(media, number, self._revs[media, number])
        self._log.append(fact)
        self.told.append((media, str(number), fact.rev))
        if self._chance.random() < 0.2:  # a worker that was killed tells it again
            self._log.append(fact)

    def _version(self, media: str, number: int, rev: int) -> EpisodeAccepted:
        now_ms = clock.now_ms()
        return accepted(rev, now_ms, media=media, episode_id=number, opened_at=1_790_000_000_000, updated_at=now_ms)


class Reader(threading.Thread):
    """Reads on through everything; ``address`` says where the API is just now, None: nowhere."""

    def __init__(self, address: list[httpx.Client | None], **query: Any) -> None:
        super().__init__(daemon=True)
        self.address, self.query = address, query
        self.found: list[Told] = []
        self.done = threading.Event()

    def run(self) -> None:
        while not self.done.is_set():
            client = self.address[0]
            if client is None:
                clock.sleep_s(0.02)
                continue
            with contextlib.suppress(httpx.TransportError):
                self.read(str(client.base_url), dict(client.headers))

    def read(self, base: str, headers: dict[str, str]) -> None:
        answer = httpx.get(f"{base}episodes", params=self.query, headers=headers, timeout=60)
        if answer.status_code == 200:
            self.take(answer.json())

    def take(self, told: dict[str, Any]) -> None:
        self.found += [(one["media"], one["episode_id"], one["version"]) for one in told["episodes"]]
        self.query["cursor"] = told["next"]


class NumberReader(Reader):
    """Keeps nothing but the largest ``updated_at``."""

    def take(self, told: dict[str, Any]) -> None:
        super().take(told)
        del self.query["cursor"]
        updates = [one["updated_at"] for one in told["episodes"]]
        self.query["updated_at_gt"] = max([self.query["updated_at_gt"], *updates])


class StreamReader(Reader):
    """Follows ``/events`` as a browser does."""

    last = ""

    def read(self, base: str, headers: dict[str, str]) -> None:
        given = headers | ({"Last-Event-ID": self.last} if self.last else {})
        fields: dict[str, str] = {}
        with httpx.stream("GET", f"{base}events", params=self.query, headers=given, timeout=60) as answer:
            for line in answer.iter_lines():
                if self.done.is_set():
                    return
                name, _, value = line.partition(": ")
                if line:
                    fields[name] = value
                    continue
                if "data" in fields:
                    one = json.loads(fields["data"])
                    self.found.append((one["media"], one["episode_id"], one["version"]))
                self.last, fields = fields["id"], {}


def test_no_reader_misses_or_repeats_a_change_whatever_happens_to_the_api_and_the_tables(system: System) -> None:
    cameras = [f"{secrets.token_hex(2)}-{n}" for n in range(6)]
    source, address = Source(system.log, cameras, secrets.randbits(40)), list[httpx.Client | None]([None])
    start = {"poll_timeout": 1, "updated_at_gt": clock.now_ms() - 1, "media": ",".join(cameras)}
    readers = [
        Reader(address, **start | {"media": cameras[1]}, limit=1), Reader(address, **start, limit=7),
        NumberReader(address, **start, limit=5), StreamReader(address, media=",".join(cameras)),
    ]  # fmt: skip
    with serving(system, address):
        for reader in readers:
            reader.start()
        wait_for(lambda: readers[-1].last, 60)  # type: ignore[attr-defined]
        with source.telling(0.02):
            wait_for(lambda: len(source.told) > 60 and len(readers[1].found) > 10, 60)
    with serving(system, address), source.telling(0.2):
        rebuilt(system)
        wait_for(lambda: len(source.told) > 80, 60)
    with serving(system, address):
        for reader in readers:
            wanted = sorted(one for one in source.told if one[0] in str(reader.query["media"]))
            wait_for(lambda: len(reader.found) >= len(wanted), 90)  # noqa: B023 - called before the next round
            reader.done.set()
            assert sorted(reader.found) == wanted
            assert_in_order(reader.found)


def assert_in_order(found: list[Told]) -> None:
    for episode in {one[:2] for one in found}:
        versions = [one[2] for one in found if one[:2] == episode]
        assert versions == sorted(versions)


@contextlib.contextmanager
def serving(system: System, address: list[httpx.Client | None]) -> Iterator[None]:
    """An API while the block runs; its readers then stand before a closed door."""
    with system.serve() as client:
        address[0] = client
        try:
            yield
        finally:
            address[0] = None


def rebuilt(system: System) -> None:
    work = Rebuild(system.settings, registry.EPISODES)
    generation = work.begin()
    wait_for(lambda: sum(one.lag for one in work.progress(generation)) < 30, 90)  # facts go on coming
    assert work.compare_and_swap(generation) == []


def test_a_list_is_walked_while_others_are_inserted(system: System, api: httpx.Client) -> None:
    media, opened = f"walk-{secrets.token_hex(3)}", 1_780_000_000_000
    tell(
        system,
        *(accepted(media=media, episode_id=n, opened_at=opened + n % 7, updated_at=opened + 9) for n in range(60)),
    )
    wait_for(lambda: api.get("episodes", params={"media": media, "limit": 100}).json()["estimated_count"] == 60)
    walked, query = [], {"media": media, "limit": 7}
    for number in range(100, 200):
        page = api.get("episodes", params=query).json()
        walked += page["episodes"]
        tell(system, accepted(media=media, episode_id=number, opened_at=opened + number % 7, updated_at=opened + 9))
        if page["next"] is None:
            break
        query["cursor"] = page["next"]
    seen = [(one["opened_at"], int(one["episode_id"])) for one in walked]
    assert seen == sorted(seen, reverse=True)
    assert len(seen) == len(set(seen))
    assert {number for _, number in seen} >= set(range(60))


ODD = (
    "gate",
    "gate,yard",
    "0",
    "253402300799999",
    "1790000000000",
    "-updated_at",
    "\x00",
    "\\",
    "'",
    "%00",
    "{x:Int8}",
)
BYTES = st.binary(max_size=12).map(lambda raw: raw.decode("latin-1"))
VALUES = st.integers(-10, 1 << 70).map(str) | st.text(max_size=12) | BYTES | st.sampled_from(ODD)
ASKED = st.sampled_from(
    ("media", "episode_type", "source", "label", "opened_at_gte", "opened_at_lt", "overlaps_from", "overlaps_to",
     "updated_at_gt", "sort", "limit", "cursor", "q", "version", "episode_id", "reason", "from_ms", "to_ms")
)  # fmt: skip
PATHS = st.sampled_from(("episodes", "episodes?", "episodes/7", "episodes/7/versions", "episodes/refusals"))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(PATHS, st.dictionaries(ASKED, VALUES, max_size=3))
def test_no_question_makes_the_database_fail(api: httpx.Client, path: str, query: dict[str, str]) -> None:
    route = path.removesuffix("?")
    answer = api.get(route, params=query if route == path else query | {"poll_timeout": "0"})
    assert answer.status_code in (200, 400, 404), (path, query, answer.text)


def test_those_who_wait_are_sent_home_when_the_api_stops(system: System) -> None:
    port = free_port()
    running = process(system.settings, port)
    base, headers = f"http://127.0.0.1:{port}", {"Authorization": f"Bearer {TOKEN}"}
    poll = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        wait_for(lambda: answers(f"{base}/readyz"), 60)
        poll.request("GET", "/api/v1/episodes?poll_timeout=50", headers=headers)
        with httpx.stream("GET", f"{base}/api/v1/events", headers=headers, timeout=60) as stream:
            lines = stream.iter_lines()
            assert next(lines).startswith(":")  # so the poll, asked before, waits as well
            began_s = clock.monotonic_s()
            running.send_signal(signal.SIGTERM)
            assert [line for line in lines if line.startswith("data")] == []
        answer = poll.getresponse()
        assert (answer.status, json.load(answer)["episodes"]) == (200, [])
        assert running.wait(120) == 0
        assert clock.monotonic_s() - began_s < 40  # the poll was to last for 50
    finally:
        poll.close()
        running.kill()
