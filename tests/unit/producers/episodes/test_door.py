"""The HTTP door over a fake log: what is answered, and when."""

import asyncio
import gzip
import json
import threading
from concurrent.futures import Future
from typing import Any

import httpx
import pytest

from api.access.audit import Audit
from api.access.known import Access
from api.app import create
from api.deps import Deps
from api.metrics import Metrics
from api.registry import Registry
from cli.api_service import doors
from infra.log import Position
from infra.settings import Settings
from processors.retention.what_if.question import make
from producers.episodes import door
from producers.episodes.accept import MAX_BYTES
from schemas import codec
from tests.fakes import FakeLog, FakeStore
from tests.memory_archive import MemoryArchive
from tests.memory_episodes import MemoryEpisodes
from tests.memory_footage import MemoryFootage
from tests.memory_machine import StillMachine
from tests.memory_mails import MemoryAlarms, MemoryLetters, MemoryRefusals
from tests.memory_motion import MemoryMotion, MemoryRuns
from tests.memory_people import MemoryActions, MemoryReviews
from tests.memory_protection import MemoryCertainty, MemoryProtection
from tests.memory_retention import MemoryExpirations, MemoryHistory, MemoryLevels
from tests.unit.producers.episodes.saves import PLAIN, body

TOKEN = "unit-token"
PATHS = ["/api/v1/episode_save", "/central/api/v3/episode_save"]
ID_PATHS = ["/api/v1/episodes/", "/central/api/v3/episodes/"]


class SlowLog(FakeLog):
    """Acknowledges when told to."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting: list[Future[Position]] = []
        self._came = threading.Semaphore(0)

    def append_raw(self, *arguments: Any, **named: Any) -> "Future[Position]":
        super().append_raw(*arguments, **named)
        done: Future[Position] = Future()
        self.waiting.append(done)
        self._came.release()
        return done

    async def more(self, count: int) -> None:
        """Returns once so many more appends have come."""
        for _ in range(count):
            assert await asyncio.to_thread(self._came.acquire, timeout=60)


class Door:
    """The app with the door, asked in process."""

    def __init__(self, log: FakeLog) -> None:
        self.log = log
        settings = Settings(api_key=TOKEN, s3="http://store.invalid:9000")
        registry = Registry(lambda: None)  # type: ignore[arg-type, return-value]
        deps = Deps(
            store=FakeStore(),
            log=log,
            archive=MemoryArchive(),
            episodes=MemoryEpisodes(),
            alarms=MemoryAlarms(),
            refusals=MemoryRefusals(),
            letters=MemoryLetters(),
            motion=MemoryMotion(),
            runs=MemoryRuns(),
            protection=MemoryProtection(),
            retention=MemoryExpirations(),
            levels=MemoryLevels(),
            history=MemoryHistory(),
            certainty=MemoryCertainty(),
            footage=MemoryFootage(),
            what_if=make,
            registry=registry,
            access=Access(lambda: None, registry),
            audit=Audit(FakeLog(), Metrics()),
            machine=StillMachine(),
            reviews=MemoryReviews(),
            actions=MemoryActions(),
        )
        self.app = create(settings, deps, doors(log))

    def client(self) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        return httpx.AsyncClient(transport=transport, base_url=f"http://x:{TOKEN}@test")

    def save(self, content: bytes, path: str = PATHS[0], method: str = "POST", **headers: str) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}

        async def sent() -> httpx.Response:
            async with self.client() as client:
                return await client.request(method, path, content=content, headers=named)

        return asyncio.run(sent())


@pytest.fixture
def opened() -> Door:
    return Door(FakeLog())


def fields(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert told["type"] == "urn:sightlog:problem:bad-episode"
    assert all(each["rule"] in told["detail"] for each in told["errors"])
    return [each["field"] for each in told["errors"]]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["POST", "PUT"])
@pytest.mark.parametrize("kind", ["application-json", "application/json", "text/plain", "", "multipart/form-data"])
def test_a_save_is_taken_whatever_it_says_it_is(opened: Door, path: str, method: str, kind: str) -> None:
    answer = opened.save(body(), path, method, Content_Type=kind)
    assert answer.status_code == 200
    assert answer.json() == {"episode_id": "1722279170848854016", "media": "gate-1", "updated_at": 1699458331500}
    (record,) = opened.log.records
    assert (record.topic, record.key) == ("episodes", b"gate-1")
    assert codec.decode("episodes", record.value).episode_id == 1722279170848854016


@pytest.mark.parametrize("path", ID_PATHS)
@pytest.mark.parametrize("method", ["PUT", "POST"])
@pytest.mark.parametrize("number", [0, 1, 2**53 + 1, 2**63, 2**64 - 1])
def test_an_id_in_the_path_comes_back_digit_for_digit(opened: Door, path: str, method: str, number: int) -> None:
    assert opened.save(body(episode_id=None), f"{path}{number}", method).json()["episode_id"] == str(number)
    assert opened.log.facts[0].episode_id == number  # type: ignore[union-attr]


def test_a_save_with_faults_is_a_problem_that_names_each_and_nothing_is_written(opened: Door) -> None:
    assert fields(opened.save(body(opened_at=1, closed_at="x", media=None))) == ["media", "opened_at", "closed_at"]
    assert fields(opened.save(body(closed_at=PLAIN["opened_at"] - 1))) == ["closed_at"]
    assert fields(opened.save(b"{")) == ["body"]
    assert fields(opened.save(body(), "/api/v1/episodes/7", "PUT")) == ["episode_id"]
    answer = opened.save(body(), "/api/v1/episodes/seven", "PUT")
    assert answer.json()["errors"][0]["in"] == "path"
    assert opened.log.records == []


def test_a_body_beyond_the_limit_is_refused_with_the_limit(opened: Door) -> None:
    for content in (
        b"x" * (MAX_BYTES + 1),
        b'{"detections":[' + b"1e15," * (MAX_BYTES // 5 - 100) + b"1]," + body()[1:],
    ):
        answer = opened.save(content)
        assert answer.status_code == 413
        assert answer.json()["type"] == "urn:sightlog:problem:too-large"
        assert str(MAX_BYTES) in answer.json()["detail"]
    assert opened.save(body(preview="A" * (1 << 20))).status_code == 200


def test_a_stream_without_a_length_is_cut_off_at_the_limit(opened: Door) -> None:
    sent = 0

    async def endless() -> Any:
        nonlocal sent
        while True:
            sent += 1
            yield b"x" * (1 << 20)

    async def asked() -> httpx.Response:
        async with opened.client() as client:
            return await client.post(PATHS[0], content=endless())

    assert asyncio.run(asked()).status_code == 413
    assert sent < 20


def test_gzip_is_unpacked_within_bounds_and_other_packing_is_refused(opened: Door) -> None:
    assert opened.save(gzip.compress(body()), Content_Encoding="gzip").status_code == 200
    assert opened.save(gzip.compress(b" " * (100 << 20)), Content_Encoding="gzip").status_code == 413
    assert opened.save(body(), Content_Encoding="gzip").status_code == 400
    assert opened.save(gzip.compress(body())[:-9], Content_Encoding="gzip").status_code == 400
    assert opened.save(body(), Content_Encoding="br").status_code == 415


def test_a_log_that_is_away_is_503_and_the_client_is_told_to_come_back(opened: Door) -> None:
    opened.log.down = True
    answer = opened.save(body())
    assert answer.status_code == 503
    assert answer.headers["retry-after"]
    assert answer.json()["type"] == "urn:sightlog:problem:log-unavailable"


def test_no_save_is_taken_without_the_token(opened: Door) -> None:
    async def asked() -> list[int]:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(opened.app), base_url="http://test") as client:
            return [(await client.post(path, content=body())).status_code for path in (*PATHS, ID_PATHS[0] + "1")]

    assert asyncio.run(asked()) == [401, 401, 401]
    assert opened.log.records == []


def test_the_answer_waits_for_the_acknowledgement_while_others_are_answered() -> None:
    log = SlowLog()

    async def asked() -> None:
        async with Door(log).client() as client:
            saving = asyncio.gather(
                *(client.post(PATHS[0], content=body(updated_at=1699458331500 + n)) for n in range(50))
            )
            await log.more(50)
            assert (await client.get("/healthz")).status_code == 200
            assert not saving.done()
            for done in log.waiting:
                done.set_result(Position("episodes", 0, 0))
            assert {answer.status_code for answer in await saving} == {200}

    asyncio.run(asked())


def test_a_client_that_hangs_up_leaves_the_log_its_future() -> None:
    log = SlowLog()

    async def asked() -> None:
        async with Door(log).client() as client:
            saving = asyncio.ensure_future(client.post(PATHS[0], content=body()))
            await log.more(1)
            saving.cancel()
            await asyncio.gather(saving, return_exceptions=True)
        log.waiting[0].set_result(Position("episodes", 0, 0))  # raises when somebody cancelled it

    asyncio.run(asked())


def test_more_than_may_wait_is_told_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "MAX_WAITING_BYTES", 3000)
    log = SlowLog()

    async def asked() -> None:
        async with Door(log).client() as client:
            first = asyncio.ensure_future(client.post(PATHS[0], content=body()))
            second = asyncio.ensure_future(client.post(PATHS[0], content=body()))
            await log.more(2)
            assert (await client.post(PATHS[0], content=body())).status_code == 503
            for done in log.waiting:
                done.set_result(Position("episodes", 0, 0))
            await asyncio.gather(first, second)
            third = asyncio.ensure_future(client.post(PATHS[0], content=body()))
            await log.more(1)
            log.waiting[2].set_result(Position("episodes", 0, 0))
            assert (await third).status_code == 200

    asyncio.run(asked())


def test_the_routes_of_the_contract_are_described(opened: Door) -> None:
    async def asked() -> httpx.Response:
        async with opened.client() as client:
            return await client.get("/openapi.json")

    told = asyncio.run(asked()).json()["paths"]
    assert "put" in told["/api/v1/episodes/{id}"]
    assert "post" in told["/api/v1/episode_save"]
    assert "put" in told["/central/api/v3/episodes/{id}"]
    schema = told["/api/v1/episode_save"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert set(schema["required"]) == {"episode_id", "media", "opened_at", "updated_at"}
    assert "$ref" not in json.dumps(schema)
