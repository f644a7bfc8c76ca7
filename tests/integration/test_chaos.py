"""Kill and freeze any process while four cameras record; nothing acknowledged is lost, nothing is doubled.

``--kills 20 --outage-s 60`` runs it at the length the targets name; the defaults fit a test run.
"""

from collections.abc import Iterable, Iterator
from itertools import cycle, islice
from pathlib import Path

import av
import pytest

from infra import kafka
from infra.clickhouse import Database
from schemas import codec
from schemas.facts import RecordingGap, SegmentRecorded
from schemas.intervals import Span, subtract, union
from tests.integration import clips, whole
from tests.integration.recording import wait_for
from tests.integration.whole import Whole

CAMERAS = ["yard", "gate", "tył", "roof"]
PARTS = ["recorder", "kafka", "projections", "objects", "clickhouse", "api"]
SETTLE_S = 60


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    folder = tmp_path_factory.mktemp("chaos")
    clip = clips.make(folder / "loop.mp4", seconds=600, fps=10, gop=10, size=(160, 90))
    with whole.up(folder / "data", SIGHTLOG_STALL_S="300") as running:
        for name in CAMERAS:
            running.add(name, source=str(clip))
        wait_for(lambda: set(recorded(running)) == set(CAMERAS), 60)
        yield running


def recorded(system: Whole) -> dict[str, int]:
    """Segments per camera, as the index has them."""
    settings = system.settings()
    rows = Database(settings).rows(f"SELECT media, count() AS n FROM {settings.database}.segments GROUP BY media")
    return {row["media"]: row["n"] for row in rows}


def unexplained(system: Whole) -> dict[str, list[Span]]:
    """Per camera, stretches between its first and last frame that neither a segment nor a gap covers."""
    footage: dict[str, dict[int, SegmentRecorded]] = {name: {} for name in CAMERAS}
    known: dict[str, list[Span]] = {name: [] for name in CAMERAS}
    for record in kafka.read_topic(system.settings(), "segments"):
        fact = codec.decode("segments", record.value)
        if isinstance(fact, SegmentRecorded):
            first = footage[fact.media].setdefault(fact.start_ms, fact)
            assert fact == first, "a fact may stand there twice (decision 0013), and then says the same"
        elif isinstance(fact, RecordingGap) and fact.end_ms:
            known[fact.media].append(Span(fact.start_ms, fact.end_ms))
    return {name: _holes(_spans(footage[name].values()), known[name]) for name in CAMERAS}


def _spans(facts: Iterable[SegmentRecorded]) -> list[Span]:
    return [Span(fact.start_ms, fact.end_ms) for fact in facts]


def _holes(footage: list[Span], gaps: list[Span]) -> list[Span]:
    first, last = min(span.start_ms for span in footage), max(span.end_ms for span in footage)
    assert sum(span.length_ms for span in footage) == sum(span.length_ms for span in union(footage)), "doubled footage"
    return subtract([Span(first, last)], [*footage, *gaps])


@pytest.mark.chaos
@pytest.mark.timeout(900)
def test_kill_9_of_any_process_loses_and_doubles_nothing(system: Whole, request: pytest.FixtureRequest) -> None:
    for part in islice(cycle(PARTS), request.config.getoption("--kills")):
        before = recorded_or_nothing(system)
        system.kill(part)
        wait_for(lambda: grown(before, recorded_or_nothing(system)), SETTLE_S)  # noqa: B023 - called at once
    system.audit(grace_ms=120_000, seconds=SETTLE_S)
    assert unexplained(system) == {name: [] for name in CAMERAS}


@pytest.mark.chaos
@pytest.mark.timeout(900)
@pytest.mark.parametrize("part", ["kafka", "clickhouse", "objects"])
def test_a_server_that_is_away_for_a_while_costs_nothing(
    system: Whole, part: str, request: pytest.FixtureRequest
) -> None:
    before = recorded(system)
    with system.frozen(part):
        whole.pause_s(request.config.getoption("--outage-s"))
    wait_for(lambda: grown(before, recorded_or_nothing(system)), SETTLE_S)
    system.audit(grace_ms=120_000, seconds=SETTLE_S)
    assert unexplained(system) == {name: [] for name in CAMERAS}


def recorded_or_nothing(system: Whole) -> dict[str, int]:
    """``recorded``; empty while the database is being replaced."""
    return recorded(system) if Database(system.settings()).ping() else {}


def grown(before: dict[str, int], after: dict[str, int]) -> bool:
    """True once every camera has new footage in the index."""
    return all(after.get(name, 0) > before.get(name, 0) for name in CAMERAS)


def test_what_was_recorded_through_all_that_still_plays(system: Whole, tmp_path: Path) -> None:
    settings = system.settings()
    sql = f"SELECT min(start_ms) AS a, max(end_ms) AS z FROM {settings.database}.segments WHERE media = 'yard'"
    row = Database(settings).one(sql)
    assert row
    answer = system.api("GET", f"/api/v1/media/yard/archive.mp4?from_ms={row['a']}&to_ms={row['z']}")
    assert answer.status_code == 200, answer.text
    (tmp_path / "all.mp4").write_bytes(answer.content)
    with av.open(str(tmp_path / "all.mp4")) as container:
        decoded = sum(1 for _ in container.decode(video=0))
    sql = f"SELECT sum(frames) FROM {settings.database}.segments FINAL WHERE media = 'yard' AND end_ms <= {row['z']}"
    stored = Database(settings).value(sql)
    assert decoded == stored
