"""The statements of docs/guide/sql.md and of the page, run as they stand there on rows whose answers are known."""

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import msgspec
import pytest

from schemas.access import ActionAudited
from schemas.episode import EpisodeRecord, Originator
from schemas.facts import EpisodeRefused
from tests.alarm_facts import alarm
from tests.expiration_facts import expired
from tests.footage_facts import gap, segment
from tests.integration.sql_desk import HOUR_MS, MINUTE_MS, accepted, desk, keep, tables
from tests.scan_facts import look, scan

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs" / "guide" / "sql.md"
EXAMPLES = ROOT / "web" / "src" / "pages" / "data" / "examples.ts"
DAY_MS = 1_767_571_200_000
"""2026-01-05T00:00:00Z, a Monday."""
DAY = {"param_from": "2026-01-05 00:00:00", "param_to": "2026-01-06 00:00:00"}
FROM = {"param_from": DAY["param_from"]}
Row = dict[str, object]


def questions() -> dict[str, str]:
    """Number of the question → its statement."""
    found = re.findall(r"### (\d+)\. .*?\n```sql\n(.*?)```", GUIDE.read_text("utf-8"), re.S)
    return dict(found)


def examples() -> dict[str, str]:
    """Name of each statement that the page offers → the statement."""
    return dict(re.findall(r'name: "(sql\w+)",\s+text: `(SELECT.*?)`', EXAMPLES.read_text("utf-8"), re.S))


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    with tables(tmp_path_factory.mktemp("guide"), sql_seconds=25) as (settings, database):
        keep(settings, database, "episodes", [*_marks(), _refused()])
        keep(settings, database, "alarms", _mails())
        keep(settings, database, "motion", _scans())
        footage = [segment("gate", DAY_MS + number * 6000) for number in range(144)]
        keep(
            settings,
            database,
            "segments",
            [*footage, gap("yard", DAY_MS, DAY_MS + HOUR_MS), gap("gate", DAY_MS + HOUR_MS)],
        )
        keep(settings, database, "expirations", [expired("gate", DAY_MS)])
        signed_in = ActionAudited(action_id=1, observed_ms=DAY_MS, who="anna", via="session", action="signed-in")
        keep(settings, database, "audit", [signed_in])
        with desk(settings, None) as one:
            yield one


def _marks() -> list[object]:
    """Four episodes on two cameras: a car at both, one that grows through three versions, one without footage."""
    at = DAY_MS + 2 * MINUTE_MS
    car = {"episode_type": "vehicle", "license_plate_text": "KR 1"}
    return [
        accepted("gate", 1, at, title="car in", closed_at=at + 10_000, **car),
        accepted("yard", 2, at + 5_000, title="car out", closed_at=at + 35_000, **car),
        accepted("gate", 3, at + MINUTE_MS, title="m", score=0.5),
        accepted("gate", 3, at + MINUTE_MS, rev=2, title="man", score=0.7),
        accepted("gate", 3, at + MINUTE_MS, rev=3, title="man", score=0.9, closed_at=at + 80_000),
        accepted("gate", 4, DAY_MS + 5 * HOUR_MS, title="late", originator=Originator(source="api", hostname="ai-1")),
    ]


def _mails() -> list[object]:
    """The clock of one camera is an hour late, that of the other a second."""
    late = {"gate": 1000, "yard": HOUR_MS}
    return [
        alarm(number, media, DAY_MS + number * MINUTE_MS, claimed_ms=DAY_MS + number * MINUTE_MS - late_ms)
        for number in range(3)
        for media, late_ms in late.items()
    ]


def _scans() -> list[object]:
    """All but one of the footage is judged; something moves twice, once on the left. A run finds one of these."""
    verdicts = {number: scan("gate", DAY_MS + number * 6000) for number in range(143)}
    left = (look(DAY_MS + 60_000, 0.2, c16=7), look(DAY_MS + 62_000, 0.9, c16=90, c33=30))
    verdicts[10] = scan("gate", DAY_MS + 60_000, moved=[(1000, 5000)], looks=left)
    verdicts[20] = scan("gate", DAY_MS + 120_000, moved=[(0, 6000)], looks=(look(DAY_MS + 121_000, 0.8, c31=200),))
    verdicts[30] = scan("gate", DAY_MS + 180_000, verdict="unreadable", level="none", looks=())
    again = [scan("gate", DAY_MS + number * 6000, run="night") for number in range(10, 40)]
    again[10] = scan("gate", DAY_MS + 120_000, run="night", moved=[(0, 3000)])
    again[20] = scan("gate", DAY_MS + 180_000, run="night", moved=[(0, 2000), (3000, 4000)])
    return [*verdicts.values(), *again]


def _refused() -> EpisodeRefused:
    record = {
        "media": "gate",
        "episode_id": 3,
        "opened_at": DAY_MS,
        "updated_at": DAY_MS,
        "originator": {"hostname": "ai-1"},
    }
    return EpisodeRefused(
        media="gate", observed_ms=DAY_MS + HOUR_MS, episode_id=3, save_id=9, reason="stale", detail="older",
        record=msgspec.convert(record, EpisodeRecord),
    )  # fmt: skip


ANSWERS: dict[str, tuple[dict[str, str], list[Row]]] = {
    "1": (DAY, [
        {"media": "gate", "episodes": "3", "busy_s": 30.0}, {"media": "yard", "episodes": "1", "busy_s": 30.0},
    ]),
    "2": (DAY, [
        {"hour": "2026-01-05T00:00:00Z", "episode_type": "generic", "episodes": "1"},
        {"hour": "2026-01-05T00:00:00Z", "episode_type": "vehicle", "episodes": "2"},
        {"hour": "2026-01-05T05:00:00Z", "episode_type": "generic", "episodes": "1"},
    ]),
    "3": (FROM, [{"plate": "KR 1", "times": "2", "cameras": ["gate", "yard"], "last": "2026-01-05T00:02:05.000Z"}]),
    "4": (FROM, [
        {"episode_type": "generic", "still_open": "1", "median_s": 20, "p95_s": 20},
        {"episode_type": "vehicle", "still_open": "0", "median_s": 30, "p95_s": 30},
    ]),
    "5": (FROM, [{"publisher": "ai-1", "reason": "stale", "refused": "1"}]),
    "6": (DAY, [{"media": "gate", "day": "2026-01-05", "percent": 1}]),
    "7": (DAY, [
        {
            "media": "gate", "started_at": "2026-01-05T01:00:00.000Z", "missing_s": "82800", "reason": "source_lost",
            "still": 1,
        },
        {
            "media": "yard", "started_at": "2026-01-05T00:00:00.000Z", "missing_s": "3600", "reason": "source_lost",
            "still": 0,
        },
    ]),
    "8": (DAY, [
        {"media": "gate", "episode_id": "4", "title": "late"}, {"media": "yard", "episode_id": "2", "title": "car out"},
    ]),
    "9": ({"param_media": "gate", "param_id": "3"}, [
        {"version": 1, "updated_at": "2026-01-05T00:03:00.001Z", "title": "m", "score": 0.5, "closed": 0},
        {"version": 2, "updated_at": "2026-01-05T00:03:00.002Z", "title": "man", "score": 0.7, "closed": 0},
        {"version": 3, "updated_at": "2026-01-05T00:03:00.003Z", "title": "man", "score": 0.9, "closed": 1},
    ]),
    "10": (FROM | {"param_first": "gate", "param_second": "yard"}, [
        {
            "since": "2026-01-05T00:02:05.000Z", "until": "2026-01-05T00:02:10.000Z", "first": "car in",
            "second": "car out",
        },
    ]),
    "11": (FROM, [{"media": "yard", "mails": "3", "ahead_s": -3600}]),
    "12": (DAY, [{"media": "gate", "day": "2026-01-05", "minutes": 0.2, "unreadable": "1"}]),
    "13": (DAY, [{"media": "gate", "segments": "1", "oldest": "2026-01-05T00:14:18.000Z"}]),
    "14": (FROM | {"param_media": "gate", "param_cells": "[17, 18, 34]", "param_energy": "8"}, [
        {"started_at": "2026-01-05T00:01:00.000Z", "energy": 90},
    ]),
    "15": (FROM | {"param_run": "night"}, [
        {"media": "gate", "lost": "1", "found": "1", "minutes_before": 0.2, "minutes_after": 0.1},
    ]),
}  # fmt: skip


def test_the_guide_asks_fifteen_questions() -> None:
    assert questions().keys() == ANSWERS.keys()


@pytest.mark.parametrize("number", ANSWERS)
def test_a_question_of_the_guide_is_answered_right(client: httpx.Client, number: str) -> None:
    parameters, rows = ANSWERS[number]
    reply = client.post("/sql", params=parameters, content=questions()[number])
    assert reply.status_code == 200, reply.text
    assert reply.json()["data"] == rows


EXAMPLE_ROWS = {"sqlBusiest": 2, "sqlHours": 3, "sqlGone": 1, "sqlPlates": 1, "sqlGaps": 2, "sqlAudit": 1}


def test_the_page_offers_these_statements() -> None:
    assert examples().keys() == EXAMPLE_ROWS.keys()


@pytest.mark.parametrize("name", EXAMPLE_ROWS)
def test_a_statement_of_the_page_is_answered(client: httpx.Client, name: str) -> None:
    statement = examples()[name]
    assert client.post("/sql", content=statement).status_code == 200
    then = statement.replace("now()", "toDateTime('2026-01-05 12:00:00', 'UTC')")
    reply = client.post("/sql", content=then)
    assert reply.status_code == 200, reply.text
    assert reply.json()["rows"] == EXAMPLE_ROWS[name]
