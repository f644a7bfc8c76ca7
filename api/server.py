"""The API as a process: one event loop, blocking work in threads, stopped cleanly by SIGTERM."""

import contextlib
import secrets
import signal
import socket
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from types import FrameType

import uvicorn
from fastapi import APIRouter, FastAPI

from api.access.audit import Audit
from api.access.known import Access
from api.alarms.health import Health
from api.alarms.lookout import Lookout
from api.alarms.telling import Telling
from api.app import create
from api.deps import Check, Deps
from api.letters.store import StoredLetters
from api.metrics import Metrics
from api.protection.certainty import Certainty
from api.protection.stored import StoredProtection
from api.registry import Registry
from api.stored import StoredArchive
from api.system.machine import Machine
from infra import journal, kafka
from infra.clickhouse import Database
from infra.objects import S3Store
from infra.settings import BadSettings, Settings
from projections.alarms.reads import AlarmReads
from projections.audit.reads import AuditReads
from projections.episodes.reads import EpisodeReads
from projections.expirations.reads import ExpirationReads, HistoryReads
from projections.footage.reads import FootageReads
from projections.mail_refusals.reads import MailRefusalReads
from projections.motion.reads import MotionReads
from projections.reprocess.reads import RunReads
from projections.reviews.reads import ReviewReads
from projections.storage.reads import StorageReads
from schemas.what_if import MakeWhatIf

DRAIN_S = 10
"""How long answers that are under way may take after SIGTERM."""
IDLE_S = 75
"""So long an idle connection stays open: longer than clients and proxies keep one, or it ends under their next save."""


def run(settings: Settings, what_if: MakeWhatIf, machine: Machine, doors: Sequence[APIRouter] = ()) -> None:
    """Serve until SIGTERM or SIGINT; ``doors`` as for ``api.app.create``. ``what_if``: the rules of retention.

    Raises BadSettings with one line when the port is taken or no token is set.
    """
    log = kafka.KafkaLog(settings, client_id="api")
    registry = Registry(lambda: kafka.Follower(settings, "media"))
    access = Access(lambda: kafka.Follower(settings, "access"), registry)
    certainty = Certainty(
        lambda: kafka.Follower(settings, "retention-inputs", only_new=True),
        lambda topic: kafka.end_offsets(settings, topic),
    )
    metrics = Metrics()
    audit = Audit(log, metrics)
    try:
        database, store = Database(settings), S3Store(settings)
        deps = Deps(
            store=store, log=log, archive=StoredArchive(settings, database), registry=registry, access=access,
            episodes=EpisodeReads(database, settings.database), alarms=AlarmReads(database, settings.database),
            reviews=ReviewReads(database, settings.database), actions=AuditReads(database, settings.database),
            refusals=MailRefusalReads(database, settings.database), letters=StoredLetters(settings, database),
            motion=MotionReads(database, settings.database), runs=RunReads(settings, database),
            retention=ExpirationReads(database, settings.database), levels=StorageReads(database, settings.database),
            history=HistoryReads(database, settings.database), footage=FootageReads(database, settings.database),
            what_if=what_if,
            protection=StoredProtection(settings, database), certainty=certainty,
            checks=_checks(settings, database, store), audit=audit, metrics=metrics, machine=machine,
        )  # fmt: skip
        app = create(settings, deps, doors)
        lookout = _lookout(settings, deps)
        with _listening(settings) as listener, lookout:
            journal.get("api").info("serving", address="http://{}:{}".format(*listener.getsockname()[:2]))
            config = uvicorn.Config(
                app, loop="uvloop", http="httptools", log_config=None, access_log=False, server_header=False,
                timeout_graceful_shutdown=DRAIN_S, timeout_keep_alive=IDLE_S,
            )  # fmt: skip
            _Server(config, partial(_send_home, app)).run(sockets=[listener])
    finally:
        certainty.close()
        access.close()
        registry.close()
        audit.close()
        log.close()


def _send_home(app: FastAPI) -> None:
    """Those who only wait need not wait any longer."""
    app.state.feed.close()
    app.state.asks.close()


class _Server(uvicorn.Server):
    """Uvicorn that returns after a signal; its own raises the signal again, and nothing after it is cleaned up."""

    def __init__(self, config: uvicorn.Config, stopping: Callable[[], None]) -> None:
        super().__init__(config)
        self._stopping = stopping

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Those who only wait are sent home at once; the others get ``DRAIN_S``."""
        self._stopping()
        super().handle_exit(sig, frame)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """SIGTERM and SIGINT ask for a clean stop while we serve."""
        before = {number: signal.signal(number, self.handle_exit) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def _listening(settings: Settings) -> socket.socket:
    """A socket bound to the API's address; a taken port is one clear line."""
    family = socket.AF_INET6 if ":" in settings.api_host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.api_host, settings.api_port))
    except OSError as error:
        listener.close()
        address = f"{settings.api_host}:{settings.api_port}"
        raise BadSettings(
            f"the API cannot listen on {address} ({error.strerror}); stop what does, or set SIGHTLOG_API_PORT"
        ) from None
    return listener


def _lookout(settings: Settings, deps: Deps) -> Lookout:
    """Who tells people of silent cameras and full stores; not started yet."""
    health = Health(deps.alarms, deps.refusals, deps.letters)
    return Lookout(
        health, deps.levels, deps.archive.lags, deps.log, lambda: kafka.Follower(settings, "alerts"), deps.metrics,
        Telling(settings.alert_urls).send, secrets.token_hex(6),
    )  # fmt: skip


def _checks(settings: Settings, database: Database, store: S3Store) -> dict[str, Check]:
    def kafka_answers() -> None:
        kafka.end_offsets(settings, "media")

    def database_answers() -> None:
        database.value(f"SELECT count() FROM {settings.database}.media")

    def store_answers() -> None:
        store.head("readyz")

    return {"log": kafka_answers, "database": database_answers, "store": store_answers}
