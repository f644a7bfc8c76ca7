"""A served API for tests: the real object store, facts in memory or in real tables, a real port."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import httpx
import uvicorn
from fastapi import APIRouter, FastAPI

from api import writes
from api.access.audit import Actions, Audit
from api.access.known import Access
from api.alarms.store import Alarms, MailRefusals
from api.app import create
from api.archive import Archive
from api.deps import Deps
from api.episodes.reviewed import Reviews
from api.episodes.store import Episodes
from api.letters.store import Letters
from api.metrics import Metrics
from api.motion.store import Motion, Runs
from api.protection.certainty import Certainty
from api.protection.store import Protection
from api.registry import Registry
from api.retention.past import Footage
from api.retention.store import Expirations, History, Levels
from api.server import IDLE_S
from api.system.machine import Machine
from infra.following import Source
from infra.log import FactLog
from infra.objects import ObjectStore
from infra.settings import Settings
from processors.retention.what_if.question import make
from tests.fakes import FakeLog
from tests.memory_episodes import MemoryEpisodes
from tests.memory_footage import MemoryFootage
from tests.memory_machine import StillMachine
from tests.memory_mails import MemoryAlarms, MemoryLetters, MemoryRefusals
from tests.memory_motion import MemoryMotion, MemoryRuns
from tests.memory_people import MemoryActions, MemoryReviews
from tests.memory_protection import MemoryProtection
from tests.memory_retention import MemoryExpirations, MemoryHistory, MemoryLevels

TOKEN = "test-token-of-this-run"


class NothingToFollow:
    caught_up = True

    def poll(self, timeout_s: float) -> list[object]:
        time.sleep(timeout_s)
        return []

    def close(self) -> None:
        pass


def nothing() -> Source:
    return NothingToFollow()  # type: ignore[return-value]


def never_certain() -> Certainty:
    return Certainty(nothing, lambda topic: {0: 0})


@contextmanager
def served(
    settings: Settings,
    store: ObjectStore,
    archive: Archive,
    log: FactLog | None = None,
    follow: Callable[[], Source] = nothing,
    episodes: Episodes | None = None,
    doors: Sequence[APIRouter] = (),
    alarms: Alarms | None = None,
    refusals: MailRefusals | None = None,
    letters: Letters | None = None,
    motion: Motion | None = None,
    runs: Runs | None = None,
    retention: Expirations | None = None,
    levels: Levels | None = None,
    protection: Protection | None = None,
    certainty: Certainty | None = None,
    history: History | None = None,
    footage: Footage | None = None,
    audited: FactLog | None = None,
    machine: Machine | None = None,
    reviews: Reviews | None = None,
    actions: Actions | None = None,
    follow_access: Callable[[], Source] = nothing,
) -> Iterator[httpx.Client]:
    """A client with the token, to an API on a free port."""
    audit = Audit(audited or FakeLog(), Metrics())
    settings = settings.model_copy(update={"api_key": type(settings.api_key)(TOKEN)})
    registry = Registry(follow)
    deps = Deps(
        store=store, log=log or FakeLog(), archive=archive, episodes=episodes or MemoryEpisodes(),
        registry=registry, access=Access(follow_access, registry),
        alarms=alarms or MemoryAlarms(), refusals=refusals or MemoryRefusals(),
        letters=letters or MemoryLetters(), motion=motion or MemoryMotion(), runs=runs or MemoryRuns(),
        retention=retention or MemoryExpirations(), levels=levels or MemoryLevels(),
        history=history or MemoryHistory(), footage=footage or MemoryFootage(), what_if=make,
        protection=protection or MemoryProtection(), certainty=certainty or never_certain(),
        audit=audit, machine=machine or StillMachine(),
        reviews=reviews or MemoryReviews(), actions=actions or MemoryActions(),
    )  # fmt: skip
    app = create(settings, deps, doors)
    with listening(app) as address:
        try:
            with httpx.Client(
                base_url=f"{address}/api/v1", headers={"Authorization": f"Bearer {TOKEN}"}, timeout=90
            ) as client:
                yield client
        finally:
            app.state.feed.close()
            audit.close()


@contextmanager
def patient() -> Iterator[None]:
    """Who writes over the API waits until the tables show it, however busy the machine."""
    before = writes.wait_visible.__defaults__
    writes.wait_visible.__defaults__ = (60.0,)
    try:
        yield
    finally:
        writes.wait_visible.__defaults__ = before


@contextmanager
def listening(app: FastAPI) -> Iterator[str]:
    """The address of an app that is served on a free port."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, lifespan="off", timeout_keep_alive=IDLE_S))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 60
    while not server.started:
        assert thread.is_alive()
        assert time.monotonic() < deadline
        time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(60)
