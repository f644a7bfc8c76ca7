"""A desk for statements over the real engine: tables of two owners, and a server that answers for either."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import msgspec
from fastapi import APIRouter, Depends, FastAPI

from api import errors, strict
from api.access.scope import Scope
from api.auth import require
from api.routes import sql
from api.sql.desk import Desk
from infra.clickhouse import Database
from infra.settings import Settings
from projections.generations.store import Generations
from projections.registry import ALL, BY_NAME
from projections.spec import columns
from schemas import ids
from schemas.episode import EpisodeRecord, Originator
from schemas.facts import EpisodeAccepted, EpisodeRefused, MediaConfigured
from tests.alarm_facts import alarm, refusal
from tests.expiration_facts import expired, ordered
from tests.footage_facts import START_MS, gap, segment
from tests.integration.served import listening
from tests.integration.test_clickhouse_door import running
from tests.scan_facts import asked, dropped, look, scan
from tests.scopes import only

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
OURS = ("gate", "yard", "tył")
FOREIGN = "secret"
"""A camera of somebody else; every text about it says so, so that nothing of it can hide in an answer."""


@contextmanager
def tables(folder: Path, **limits: object) -> Iterator[tuple[Settings, Database]]:
    """Settings and a connection of an engine whose public tables exist and are empty."""
    with running(folder, "--public", "sightlog", "--memory-bytes", str(1 << 30)) as door:
        address = f"127.0.0.1:{door.port}"
        settings = Settings.model_validate(
            {"clickhouse": f"http://{address}", "sql_clickhouse": f"http://reader@{address}", "api_key": "k"} | limits
        )
        yield settings, made(settings)


def made(settings: Settings) -> Database:
    """A connection; the public tables exist in the database that the settings name."""
    database = Database(settings)
    generations = Generations(settings, database)
    generations.prepare()
    for projection in ALL:
        generations.create_tables(projection, 1)
        generations.publish(projection, 1)
    return database


def keep(settings: Settings, database: Database, name: str, facts: Iterable[object]) -> None:
    """Put facts into the tables of a projection, at offsets that grow, as its runner does."""
    projection, made = BY_NAME[name], defaultdict(list)
    for offset, fact in enumerate(facts):
        for row in projection.rows(fact, 0, offset):
            made[type(row)].append(row)
    db = Generations(settings, database).database_of(name, 1)
    for kind, rows in made.items():
        lines = b"\n".join(msgspec.json.encode(row) for row in rows)
        database.insert_json(f"{db}.{projection.tables[kind]}", lines, columns(kind), shape="JSONCompactEachRow")


def accepted(media: str, episode_id: int, opened_ms: int, *, rev: int = 1, **fields: object) -> EpisodeAccepted:
    """One accepted version; whatever ``fields`` do not say is plain."""
    given = {"opened_at": opened_ms, "updated_at": opened_ms + rev} | fields
    record = msgspec.convert({"media": media, "episode_id": episode_id} | given, EpisodeRecord)
    return EpisodeAccepted(
        media=media, observed_ms=record.updated_at + 5, episode_id=episode_id, rev=rev,
        save_id=ids.derived("t", media, episode_id, rev), record=record,
    )  # fmt: skip


def fill(
    settings: Settings, database: Database, episodes: int = 300, everybody: Sequence[str] = (*OURS, FOREIGN)
) -> None:
    """Rows of ours and of somebody else in every public table."""
    text = {media: f"{media} SECRET" if media == FOREIGN else media for media in everybody}
    marks = [
        accepted(
            media, number, START_MS + number * MINUTE_MS, title=f"{text[media]} {number}", labels=[text[media], "any"],
            license_plate_text=f"P{number % 7} {text[media]}", payload={"note": text[media]},
            originator=Originator(source="api", hostname=text[media]), closed_at=START_MS + (number + 1) * MINUTE_MS,
        )
        for number in range(episodes)
        for media in everybody
    ]  # fmt: skip
    refused = [
        EpisodeRefused(
            media=one.media, observed_ms=one.observed_ms, episode_id=one.episode_id, save_id=one.save_id,
            reason="stale", detail=text[one.media], record=one.record,
        )
        for one in marks
        if one.episode_id % 7 == 0
    ]  # fmt: skip
    keep(settings, database, "episodes", [*marks, *refused])
    footage = [segment(media, START_MS + number * 6000) for number in range(60) for media in everybody]
    keep(settings, database, "segments", [*footage, *(gap(media, START_MS - HOUR_MS, START_MS) for media in everybody)])
    mails = [
        alarm(number, media, START_MS + number * MINUTE_MS, subject=text[media], sender=text[media], login=text[media])
        for number in range(60)
        for media in everybody
    ]
    keep(settings, database, "alarms", [*mails, *mails[:20]])
    refusals = [refusal(media, START_MS + at, detail=text[media]) for at in range(9) for media in everybody]
    nobodys = [refusal("", START_MS, detail="SECRET")] if FOREIGN in everybody else []
    keep(settings, database, "mail_refusals", [*refusals, *nobodys])
    scans = [
        scan(media, START_MS + number * 6000, reason=text[media], parameters={"note": text[media]},
             run="night" if number % 5 == 0 else "", moved=[(0, number + 1)], looks=(look(START_MS, c7=number),))
        for number in range(60)
        for media in everybody
    ]  # fmt: skip
    keep(settings, database, "motion", [*scans, *scans[:20]])
    going = [
        expired(media, START_MS + number * 300_000, detail=text[media]) for number in range(9) for media in everybody
    ]
    gone = [one for one in going if one.start_ms < START_MS + HOUR_MS // 4]
    keep(settings, database, "expirations", [*going, *map(ordered, gone), *gone])
    keep(settings, database, "reprocess", [asked("night", media=tuple(everybody)), asked("gone"), dropped("gone")])
    known = [MediaConfigured(media=media, observed_ms=START_MS, title=text[media]) for media in everybody]
    keep(settings, database, "media", known)


@contextmanager
def desk(settings: Settings, media: Sequence[str] | None) -> Iterator[httpx.Client]:
    """A client of the route whose caller is an admin of these cameras; None: of all."""
    app = FastAPI()
    app.state.desk = Desk(settings)
    errors.install(app)
    router = APIRouter(prefix="/api/v1", dependencies=[Depends(strict.known_query_or_bound)])
    router.include_router(sql.router)
    app.include_router(router)
    scope = Scope() if media is None else replace(only(media), admin=True)
    app.dependency_overrides[require] = lambda: scope
    with listening(app) as address, httpx.Client(base_url=f"{address}/api/v1", timeout=90) as client:
        client.app = app  # type: ignore[attr-defined]
        yield client
