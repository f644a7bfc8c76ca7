"""The HTTP door in front of a real log: what is answered 200 is there, and nothing is answered 200 before."""

import asyncio
import random
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import httpx
import pytest

from cli.api_service import doors
from infra import kafka
from infra.clock import monotonic_s
from infra.kafka import KafkaLog
from infra.log import LogUnavailable
from infra.objects import S3Store
from infra.settings import Settings
from schemas import codec
from tests.integration import whole
from tests.integration.recording import BUSY, wait_for
from tests.integration.served import served
from tests.integration.whole import Whole
from tests.memory_archive import MemoryArchive

SAVES, AT_ONCE = 1500, 32
OPENED_MS = 1_700_000_000_000


def save(number: int, media: str) -> dict[str, object]:
    return {
        "episode_id": str(random.getrandbits(53) << 11 | number), "media": media, "opened_at": OPENED_MS,
        "updated_at": OPENED_MS + number, "preview": "A" * (60_000 if number % 50 == 0 else 10),
    }  # fmt: skip


@asynccontextmanager
async def clients(base_url: str, headers: dict[str, str]) -> AsyncIterator[httpx.AsyncClient]:
    limits = httpx.Limits(max_connections=AT_ONCE)
    async with httpx.AsyncClient(base_url=base_url, headers=headers, timeout=180, limits=limits) as client:
        yield client


async def saved(client: httpx.AsyncClient, path: str, count: int, media: str) -> list[int]:
    """The ids that were answered 200; all the others were answered 503."""
    left = iter(range(count))
    answers: list[httpx.Response] = []

    async def publisher() -> None:
        for number in left:
            answers.append(await client.post(path, json=save(number, media)))

    await asyncio.gather(*(publisher() for _ in range(AT_ONCE)))
    assert {answer.status_code for answer in answers} <= {200, 503}
    assert all(answer.headers["retry-after"] for answer in answers if answer.status_code == 503)
    return [int(answer.json()["episode_id"]) for answer in answers if answer.status_code == 200]


def on_topic(settings: Settings, media: str) -> list[int]:
    records = (codec.decode(record.topic, record.value) for record in kafka.read_topic(settings, "episodes"))
    return [record.episode_id for record in records if record.media == media]


def on_topic_again(settings: Settings, media: str) -> list[int]:
    """The same of a broker that was frozen: it leads one partition before it leads them all."""
    deadline_s = monotonic_s() + 60 * BUSY
    while True:
        try:
            return on_topic(settings, media)
        except LogUnavailable:
            if monotonic_s() > deadline_s:
                raise


def test_thousands_of_saves_at_once_are_all_there_once(stack: Settings) -> None:
    kafka.ensure_topics(stack)
    log = KafkaLog(stack, "door")

    async def asked(client: httpx.Client) -> list[int]:
        async with clients(str(client.base_url), dict(client.headers)) as many:
            return await saved(many, "/episode_save", SAVES, "crowd")

    with served(stack, S3Store(stack), MemoryArchive(), log, doors=doors(log)) as client:
        answered = asyncio.run(asked(client))
    log.close()
    assert len(answered) == SAVES
    assert sorted(on_topic(stack, "crowd")) == sorted(answered)


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    with whole.up(tmp_path_factory.mktemp("door") / "data") as running:
        yield running


def test_while_the_broker_is_frozen_nothing_is_answered_200_and_nothing_else_waits(system: Whole) -> None:
    settings = system.settings()

    async def asked() -> list[int]:
        headers = {"Authorization": f"Bearer {settings.token()}"}
        async with clients(settings.base_url, headers) as many:
            saving = asyncio.create_task(saved(many, "/api/v1/episode_save", AT_ONCE, "frozen"))
            await asyncio.sleep(1)
            async with httpx.AsyncClient(timeout=60) as other:
                assert (await other.get(f"{settings.base_url}/healthz")).status_code == 200
            assert not saving.done(), "health waited as long as those who save"
            return await saving

    with system.frozen("kafka"):
        answered = asyncio.run(asked())
    assert answered == []
    again = wait_for(lambda: saved_again(system))
    assert int(again["episode_id"]) in on_topic_again(settings, "frozen")


def saved_again(system: Whole) -> dict[str, str] | None:
    """The answer 200 to one more save; None while the broker, just awake, is not yet heard."""
    answer = system.api("POST", "/api/v1/episode_save", json=save(AT_ONCE, "frozen"))
    assert answer.status_code in (200, 503)
    return dict(answer.json()) if answer.status_code == 200 else None
