"""Black box: random histories through every door of a running system, against a model written from the rules alone."""

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from confluent_kafka import Producer

from infra.settings import Settings
from tests.integration.recording import wait_for
from tests.integration.whole import Whole, up

DOORS = ("put", "save", "central", "topic without key", "topic with a key", "topic by chance")
OPENED = 1_700_000_000_000
PAGE = 1000


@dataclass
class Expected:
    """What rules 1.3 to 1.8 make of one episode's saves, in the order in which they were sent."""

    versions: list[dict[str, Any]] = field(default_factory=list)
    refused: list[tuple[str, int]] = field(default_factory=list)

    def save(self, record: dict[str, Any]) -> None:
        if not self.versions:
            self.versions.append(record)
            return
        now = self.versions[-1]
        if record["opened_at"] != now["opened_at"]:
            self.refuse("opened_at_changed", record)
        elif record == now:
            return
        elif record["updated_at"] <= now["updated_at"]:
            self.refuse("stale", record)
        elif now.get("closed_at") and record.get("closed_at") != now["closed_at"]:
            self.refuse("closed_at_changed", record)
        else:
            self.versions.append(record)

    def refuse(self, reason: str, record: dict[str, Any]) -> None:
        self.refused.append((reason, record["updated_at"]))


@dataclass
class History:
    """The saves of one episode, through one door."""

    door: str
    media: str
    episode_id: int
    saves: list[dict[str, Any]]

    def expected(self) -> Expected:
        expected = Expected()
        for record in self.saves:
            expected.save(record)
        return expected


def history(chance: random.Random, index: int) -> History:
    """A source that mostly behaves: it repeats itself, looks back, and sometimes changes what is set once."""
    media, episode_id = f"cam-{chance.randrange(40)}", chance.choice((chance.getrandbits(64), index, 2**64 - 1 - index))
    opened = OPENED + chance.randrange(10**9)
    now = {"episode_id": episode_id, "media": media, "opened_at": opened, "updated_at": opened}
    saves = [now]
    for step in range(chance.randrange(7)):
        now = now | {"updated_at": now["updated_at"] + chance.randrange(1, 5000), "title": f"step {step}"}
        if "closed_at" not in now and chance.random() < 0.3:
            now["closed_at"] = now["updated_at"]
        saves.append(now)
        saves.extend(slip for slip in (_slip(chance, now, saves),) if slip)
    return History(DOORS[index % len(DOORS)], media, episode_id, saves)


def _slip(chance: random.Random, now: dict[str, Any], before: list[dict[str, Any]]) -> dict[str, Any] | None:
    kind = chance.choice(("none", "none", "repeat", "late", "opened", "closed", "same time"))
    if kind == "repeat":
        return now
    if kind == "late":
        return chance.choice(before)
    if kind == "opened":
        return now | {"updated_at": now["updated_at"] + 1, "opened_at": now["opened_at"] - 1}
    if kind == "closed" and "closed_at" in now:
        return now | {"updated_at": now["updated_at"] + 1, "closed_at": now["closed_at"] + 1}
    return now | {"title": "another"} if kind == "same time" else None


class Doors:
    """Sends a history save by save, each acknowledged before the next."""

    def __init__(self, settings: Settings, seed: int) -> None:
        self._http = httpx.Client(
            base_url=settings.base_url, headers={"Authorization": f"Bearer {settings.token()}"}, timeout=180
        )
        plain = {"bootstrap.servers": settings.kafka, "linger.ms": 0}
        self._producer = Producer(plain)
        self._partitions, self._topic = settings.partitions, settings.topic_prefix + "episodes"
        self._chance = random.Random(seed)

    def send(self, told: History) -> None:
        for record in told.saves:
            if told.door.startswith("topic"):
                self._append(told, record)
            else:
                self._put(told, record)

    def _put(self, told: History, record: dict[str, Any]) -> None:
        method, path = {
            "put": ("PUT", f"/api/v1/episodes/{told.episode_id}"),
            "save": ("POST", "/api/v1/episode_save"),
            "central": ("PUT", f"/central/api/v3/episodes/{told.episode_id}"),
        }[told.door]
        headers = {"Content-Type": "application-json"}
        answer = self._http.request(method, path, content=msgspec.json.encode(record), headers=headers)
        assert answer.status_code == 200, answer.text

    def _append(self, told: History, record: dict[str, Any]) -> None:
        more: dict[str, Any] = {"key": told.media.encode()} if told.door == "topic with a key" else {}
        if told.door == "topic by chance":
            more["partition"] = self._chance.randrange(self._partitions)
        failed: list[Any] = []
        self._producer.produce(
            self._topic, msgspec.json.encode(record), on_delivery=lambda error, _: failed.append(error), **more
        )
        self._producer.flush(120)
        assert failed == [None]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    data: Path = tmp_path_factory.mktemp("histories") / "data"
    with up(data) as whole:
        yield whole


def test_random_histories_through_every_door_come_out_as_the_rules_say(
    running: Whole, request: pytest.FixtureRequest
) -> None:
    count = request.config.getoption("--histories")
    chance = random.Random(count)
    told = {(one.media, one.episode_id): one for one in (history(chance, index) for index in range(count))}.values()
    send_all(running.settings(), list(told))
    expected = {(one.media, str(one.episode_id)): one.expected() for one in told}
    wait_for(lambda: counts(running) == totals(expected), 90)
    assert refusals(running) == {key: sorted(one.refused) for key, one in expected.items() if one.refused}
    for (media, episode_id), one in expected.items():
        answer = running.api("GET", f"/api/v1/episodes/{episode_id}/versions", params={"media": media}).json()
        assert [bare(version) for version in answer["versions"]] == [as_told(version) for version in one.versions]
        current = running.api("GET", f"/api/v1/episodes/{episode_id}", params={"media": media}).json()
        assert bare(current) == as_told(one.versions[-1])


def send_all(settings: Settings, told: list[History]) -> None:
    """Every history in order, several at a time."""
    workers = 8
    with ThreadPoolExecutor(workers) as pool:
        done = [pool.submit(_send_some, settings, told[index::workers], index) for index in range(workers)]
        for one in done:
            one.result()


def _send_some(settings: Settings, told: list[History], seed: int) -> None:
    doors = Doors(settings, seed)
    for one in told:
        doors.send(one)


def counts(running: Whole) -> tuple[int, int]:
    """Accepted versions and refusals that data teams see."""
    sql = "SELECT (SELECT count() FROM episode_versions) AS versions, (SELECT count() FROM episode_refusals) AS refused"
    answer = running.api("POST", "/api/v1/sql", content=sql)
    assert answer.status_code == 200, answer.text
    (row,) = answer.json()["data"]
    return int(row["versions"]), int(row["refused"])


def totals(expected: dict[tuple[str, str], Expected]) -> tuple[int, int]:
    return sum(len(one.versions) for one in expected.values()), sum(len(one.refused) for one in expected.values())


def refusals(running: Whole) -> dict[tuple[str, str], list[tuple[str, int]]]:
    """(media, id) → (reason, updated_at) of its refusals, sorted."""
    found: dict[tuple[str, str], list[tuple[str, int]]] = {}
    parameters: dict[str, Any] = {"limit": PAGE}
    while True:
        answer = running.api("GET", "/api/v1/episodes/refusals", params=parameters).json()
        for one in answer["refusals"]:
            key = (one["media"], one["episode_id"])
            found.setdefault(key, []).append((one["reason"], one["record"]["updated_at"]))
        if not answer["next"]:
            return {key: sorted(reasons) for key, reasons in found.items()}
        parameters["cursor"] = answer["next"]


def bare(record: dict[str, Any]) -> dict[str, Any]:
    """What its source said of it."""
    fields = ("episode_id", "media", "opened_at", "updated_at", "closed_at", "title")
    return {name: record[name] for name in fields if record.get(name) is not None}


def as_told(record: dict[str, Any]) -> dict[str, Any]:
    return record | {"episode_id": str(record["episode_id"])}
