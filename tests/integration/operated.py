"""A house that an operator looks after, in memory: thousands of cameras, and something to tell on every page."""

import hashlib
from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

import msgspec

from api.alarms import trying
from api.errors import Problem
from api.system.machine import Group, Part, Rebuild, Warned
from infra import clock
from infra.log import Record
from projections.dead_letters.reads import CountedLetters
from projections.footage.reads import Waiting
from projections.storage.reads import StoredLevel
from schemas import codec, topics
from schemas.access import ActionAudited
from schemas.facts import DeadLettered, MediaConfigured, RestoreRequested
from schemas.intervals import Span
from schemas.mail import object_key
from schemas.motion import MotionConfig
from tests.alarm_facts import alarm
from tests.expiration_facts import GRACE_MS, expired, restored
from tests.footage import Shape, record
from tests.scan_facts import asked, looked, promoted, started
from tests.unit.api.client import World

CAMERAS = 5000
HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
GATE = "gate"
SITES = ("Harbour", "Depot", "Office", "Old Mill")
PASSWORD = "camera-secret-7"
"""That of the gate, in its source; no page may show it."""


def furnish(world: World, monkeypatch: Any) -> None:
    """Put everything into a world; its clock is that of this machine."""
    now_ms = clock.now_ms()
    _cameras(world, now_ms, monkeypatch)
    _footage(world, now_ms)
    _expirations(world, now_ms, monkeypatch)
    _system(world, now_ms)
    _letters(world, now_ms)
    _runs(world)
    for fact in _actions(now_ms):
        world.actions.show(fact)
    world.app.state.desk = Desk()
    monkeypatch.setattr(trying, "sent", lambda door, raw: _taken(world, raw))


def _cameras(world: World, now_ms: int, monkeypatch: Any) -> None:
    """The gate, whose picture can be seen, and thousands without footage of which some record and some are lost."""
    gate = MediaConfigured(
        media=GATE, observed_ms=now_ms - DAY_MS, changed_by="anna", title="Main gate", folder="Harbour/Quay",
        source=f"rtsp://viewer:{PASSWORD}@192.0.2.10/stream1", labels=("entrance",), catch=("motion",),
        mail_login="gate", mail_password=PASSWORD, motion=MotionConfig(enabled=True), time_zone="Europe/Warsaw",
    )  # fmt: skip
    configs = [gate, *(_camera(number, now_ms) for number in range(CAMERAS - 1))]
    ends = {
        one.media: now_ms - (2 * HOUR_MS if at % 40 == 7 else -HOUR_MS)
        for at, one in enumerate(configs)
        if at % 100 != 50
    }
    monkeypatch.setattr(
        world.archive, "extent", lambda media: Span(now_ms - DAY_MS, ends[media]) if media in ends else None
    )
    for config in configs:
        world.archive.show(config)
    topic = topics.OF_FACT[MediaConfigured].name
    world.log.records += [
        Record(topic, 0, at, codec.key(one), codec.encode(one), 0, ()) for at, one in enumerate(configs)
    ]
    world.keep(record(Shape(media=GATE, start_ms=now_ms - 60_000, seconds=4, width=640, height=360, colour=1)))


def _camera(number: int, now_ms: int) -> MediaConfigured:
    site = SITES[number % len(SITES)]
    return MediaConfigured(
        media=f"cam-{number:04}", observed_ms=now_ms - DAY_MS, changed_by="import", title=f"{site} {number // 4 + 1}",
        folder=f"{site}/Floor {number % 5 + 1}", source=f"rtsp://192.0.2.20/{number}", enabled=number % 200 != 9,
        depth_ms=HOUR_MS * (6 + number % 3 * 6),
    )  # fmt: skip


def _footage(world: World, now_ms: int) -> None:
    """Hours of forty cameras: each keeps its last six and a part of those before."""
    this = now_ms - now_ms % HOUR_MS
    for number in range(40):
        media = f"cam-{number:04}" if number else GATE
        for hour in range(1, 48):
            kept = 1.0 if hour <= 6 else 0.2 if (hour + number) % 3 == 0 else 0.0
            world.footage.record(media, this - hour * HOUR_MS, 900_000_000 + number * 10_000_000, kept)
        world.footage.marks[media] = [(this - 30 * HOUR_MS, this - 29 * HOUR_MS, number % 5 == 0)]
    world.footage.waits = {GATE: Waiting(2, 60_000_000), "cam-0003": Waiting(1, 30_000_000)}
    world.footage.deleted = {GATE: 20_000_000_000}
    world.levels.levels = [
        StoredLevel(
            store="disk", observed_ms=now_ms - 30_000, used_bytes=1_350_000_000_000, capacity_bytes=2_000_000_000_000
        )
    ]


def _expirations(world: World, now_ms: int, monkeypatch: Any) -> None:
    """Decisions that wait, for each reason; one that is asked back is given back, as retention does it."""
    reasons = ("depth", "depth", "quota", "room", "keep")
    told = [
        expired(
            GATE if at < 2 else f"cam-{at:04}", now_ms - 7 * HOUR_MS + at * 300_000, reason=reason,
            observed_ms=now_ms - 300_000 + at * 20_000, delete_after_ms=now_ms + GRACE_MS // 2 + at * 20_000,
            size_bytes=30_000_000 + at * 7_000_000,
        )
        for at, reason in enumerate(reasons)
    ]  # fmt: skip
    world.retention.facts += told
    append = world.log.append

    def answered(fact: Any, headers: Any = ()) -> Any:
        if isinstance(fact, RestoreRequested):
            (of,) = (one for one in told if one.expiration_id == fact.expiration_id and one.media == fact.media)
            world.retention.facts += [fact, restored(of, by=fact.requested_by)]
        return append(fact, headers)

    monkeypatch.setattr(world.log, "append", answered)


def _system(world: World, now_ms: int) -> None:
    """One service is not there, so that what it reads grows."""
    services = ("recorder", "projections", "protection", "retention", "effects", "alarms", "smtp", "api")
    world.machine.running = [
        Part(name=name, about="processor:alarms reads mails" if name == "alarms" else f"sightlog run {name}",
             is_well=name != "alarms", since_ms=now_ms - DAY_MS, memory_bytes=90_000_000 + 4_000_000 * at)
        for at, name in enumerate(services)
    ]  # fmt: skip
    world.machine.behind = [
        Group(
            group=name, service=name, workers=0 if name == "alarms" else 1, records=12_480 if name == "alarms" else at
        )
        for at, name in enumerate(("alarms", "protection", "retention", "effects", "projections"))
    ]
    world.machine.ill = [
        Warned(level="fail", subject="alarms", what="nobody reads mails", advice="sightlog run processor:alarms"),
        Warned(level="warn", subject="disk", what="67 % of the store are in use", advice=""),
    ]
    world.machine.making = [
        Rebuild(projection="episodes", generation=2, topic="episode-changes", facts=400_000, left=100_000)
    ]
    world.machine.written = [
        CountedLetters(consumer="projection:segments", error="bad_schema", letters=3, last_ms=now_ms)
    ]


def _letters(world: World, now_ms: int) -> None:
    for offset in range(3):
        world.letters.post(
            DeadLettered(
                consumer="projection:segments", topic="segments", partition=3, offset=1207 + offset, key=b"gate",
                value=b'{"type":"segment-recorded","media":"gate","start_ms":-5}', error="bad_schema",
                reason="start_ms: Expected `int` >= 0", failed_ms=now_ms - offset * 60_000, code_version="1.2.3",
            )
        )  # fmt: skip


def _runs(world: World) -> None:
    """One that goes on, one that waits to be promoted, and one that counts."""
    counts = [asked("past"), started("past"), looked("past"), promoted("past"), looked("past", "applied")]
    waits = [asked("night", media=(GATE, "cam-0001")), started("night"), looked("night")]
    for fact in [*counts, *waits, asked("thorough"), started("thorough")]:
        world.runs.show(fact)
    world.runs.done["thorough"] = 2


def _actions(now_ms: int) -> Iterable[ActionAudited]:
    """A day of two people, and of one who did not get in."""
    watched = {"media": GATE, "from_ms": now_ms - HOUR_MS, "to_ms": now_ms - HOUR_MS // 2}
    told: list[dict[str, Any]] = [
        {"who": "anna", "action": "viewed", "detail": "footage, 14 times"} | watched,
        {"who": "anna", "action": "exported", "detail": "archive.mp4, 182 MB"} | watched,
        {"who": "bob", "action": "changed", "media": "cam-0001", "detail": "depth 6 h → 12 h"},
        {
            "who": "nobody",
            "action": "sign-in-refused",
            "subject": "user/root",
            "via": "none",
            "detail": "wrong password",
        },
    ]
    for at, one in enumerate(told * 40):
        place = {"action_id": at + 1, "observed_ms": now_ms - at * 90_000, "via": "session", "peer": "192.0.2.77"}
        yield ActionAudited(**(place | one))


def _taken(world: World, raw: bytes) -> str:
    """The listener takes a test mail, and it is read at once."""
    key = object_key(hashlib.sha256(raw).hexdigest())
    world.alarms.receive(alarm(len(world.alarms.all), GATE, clock.now_ms(), kind="test", matched="", mail_key=key))
    return "250 2.0.0 accepted"


class Desk:
    """Cannot find ``nowhere``; to everything else it has three rows."""

    settings = SimpleNamespace(sql_rows=1000)

    async def ask(self, asked: Any, media: object) -> Any:
        if "nowhere" in asked.sql:
            raise Problem(400, "bad-sql", "Unknown table expression identifier 'nowhere'")
        counts = {GATE: 412, "cam-0001": 97, "cam-0002": 3}
        rows = [{"media": one, "episodes": str(count), "title": 'say "x", =1+1'} for one, count in counts.items()]
        data = msgspec.json.encode({"data": rows, "rows": len(rows), "truncated": False})
        spool = SimpleNamespace(ended=True, size=len(data), pieces=lambda: _pieces(data))
        return SimpleNamespace(spool=spool, close=_nothing)


async def _pieces(data: bytes) -> Any:
    yield data


async def _nothing() -> None:
    """Nothing is held."""
