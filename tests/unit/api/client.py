"""The app over fakes, for tests that need no network."""

import asyncio
import time
from collections.abc import Iterable
from functools import cache
from typing import Any

import httpx
from argon2 import PasswordHasher
from fastapi import FastAPI

from api.access.audit import Audit
from api.access.known import Access
from api.access.passwords import Passwords
from api.app import create, furnished
from api.deps import Check, Deps
from api.metrics import Metrics
from api.registry import Registry
from infra.log import Record
from infra.settings import Settings
from processors.retention.what_if.question import make
from schemas.access import AccessFact
from schemas.facts import EpisodeReviewed, LockReleased, LockRequested, MediaConfigured, MediaRemoved, RunFact
from tests.fakes import FakeLog, FakeStore
from tests.footage import Footage
from tests.memory_archive import MemoryArchive
from tests.memory_episodes import MemoryEpisodes
from tests.memory_footage import MemoryFootage
from tests.memory_machine import StillMachine
from tests.memory_mails import MemoryAlarms, MemoryLetters, MemoryRefusals
from tests.memory_motion import MemoryMotion, MemoryRuns
from tests.memory_people import MemoryActions, MemoryReviews
from tests.memory_protection import MemoryCertainty, MemoryProtection
from tests.memory_retention import MemoryExpirations, MemoryHistory, MemoryLevels

TOKEN = "unit-token"
STORE = "http://store.invalid:9000"


class LogSource:
    """What the registry follows: the fake log's own records of a topic."""

    def __init__(self, log: FakeLog, topic: str = "media") -> None:
        self._log, self._topic, self._at = log, topic, 0

    @property
    def caught_up(self) -> bool:
        return self._at >= len(self._log.records)

    def poll(self, timeout_s: float) -> list[Record]:
        end = len(self._log.records)
        new = [one for one in self._log.records[self._at : end] if one.topic == self._topic]
        self._at = end
        time.sleep(0 if new else min(timeout_s, 0.005))
        return new

    def close(self) -> None:
        pass


class ProjectedLog(FakeLog):
    """A log whose facts of cameras, runs and locks are in the tables at once, as the projections would show them."""

    def __init__(self, archive: MemoryArchive, runs: MemoryRuns, protection: MemoryProtection) -> None:
        super().__init__()
        self._archive, self._runs, self._protection = archive, runs, protection
        self.reviews = MemoryReviews()

    def append(self, fact, headers=()):  # type: ignore[no-untyped-def]
        done = super().append(fact, headers)
        if isinstance(fact, MediaConfigured) and not self.down:
            self._archive.show(fact)
        if isinstance(fact, MediaRemoved) and not self.down:
            self._archive.configs.pop(fact.media, None)
        if isinstance(fact, RunFact) and not self.down:
            self._runs.show(fact)
        if isinstance(fact, LockRequested | LockReleased) and not self.down:
            self._protection.show(fact)
        if isinstance(fact, EpisodeReviewed) and not self.down:
            self.reviews.show(fact)
        return done


def quick_passwords() -> Passwords:
    """Passwords that take no time: the parameters are those of nobody."""
    return Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@cache
def _template() -> FastAPI:
    return World(settings=Settings(api_key=TOKEN, s3=STORE)).app


class World:
    """Everything behind one app, and a way to ask it."""

    def __init__(self, checks: dict[str, Check] | None = None, settings: Settings | None = None) -> None:
        self.archive, self.store, self.episodes = MemoryArchive(), FakeStore(), MemoryEpisodes()
        self.alarms, self.refusals, self.letters = MemoryAlarms(), MemoryRefusals(), MemoryLetters()
        self.motion, self.runs = MemoryMotion(), MemoryRuns()
        self.retention, self.levels, self.history = MemoryExpirations(), MemoryLevels(), MemoryHistory()
        self.protection, self.footage = MemoryProtection(), MemoryFootage()
        self.certainty = MemoryCertainty()
        self.log = ProjectedLog(self.archive, self.runs, self.protection)
        self.actions, self.machine = MemoryActions(), StillMachine()
        self.audited, metrics = FakeLog(), Metrics()
        self.audit = Audit(self.audited, metrics)
        self.registry = Registry(lambda: LogSource(self.log))
        self.access = Access(lambda: LogSource(self.log, "access"), self.registry)
        self.settings = settings or Settings(api_key=TOKEN, s3=STORE)
        deps = Deps(
            store=self.store, log=self.log, archive=self.archive, episodes=self.episodes, registry=self.registry,
            access=self.access, passwords=quick_passwords(),
            alarms=self.alarms, refusals=self.refusals, letters=self.letters, motion=self.motion, runs=self.runs,
            retention=self.retention, levels=self.levels, history=self.history, footage=self.footage, what_if=make,
            protection=self.protection, certainty=self.certainty, checks=checks or {},
            audit=self.audit, machine=self.machine, reviews=self.log.reviews, actions=self.actions, metrics=metrics,
        )  # fmt: skip
        self.app = self._app(deps, shared=settings is None)

    def _app(self, deps: Deps, shared: bool) -> FastAPI:
        """An app of our own; routes take longest to make, so all worlds of the same settings have the same ones."""
        if not shared:
            return create(self.settings, deps)
        template = _template()
        made = furnished(self.settings, deps)
        template.dependency_overrides.clear()
        made.router.routes, made.dependency_overrides = template.router.routes, template.dependency_overrides
        return made

    def tell(self, *facts: AccessFact) -> None:
        """Put facts of users, groups and tokens on the log, as another process would."""
        self.access.append(self.log, facts)

    def keep(self, footage: Iterable[Footage]) -> None:
        for fact, data in footage:
            self.archive.facts.append(fact)
            self.store.put(fact.object_key, data, "video/mp4")

    def get(self, path: str, **query: object) -> httpx.Response:
        return self.ask("GET", f"/api/v1/{path}", params={name: str(value) for name, value in query.items()})

    def put(self, path: str, body: object) -> httpx.Response:
        return self.ask("PUT", f"/api/v1/{path}", json=body)

    def ask(self, method: str, path: str, token: str | None = TOKEN, **more: Any) -> httpx.Response:
        """One request through the whole app, on a loop of its own."""

        async def asked() -> httpx.Response:
            transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
            headers = ({"Authorization": f"Bearer {token}"} if token else {}) | more.pop("headers", {})
            async with httpx.AsyncClient(transport=transport, base_url="http://test", headers=headers) as client:
                return await client.request(method, path, **more)

        return asyncio.run(asked())
