import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench import queries
from bench.peers import archive, questions
from bench.peers.archive import DAY_MS, END_MS, START_MS, Window
from bench.peers.costs import Cost, difference, verdict
from bench.peers.questions import Question

PEERS = Path(archive.__file__).parent
FASTER = Question("faster", "", times_postgres=6)
CHEAP = Question("cheap", "", cpu_ms=50)
EVERY = pytest.mark.parametrize("question", questions.ALL, ids=lambda one: one.name)


@given(number=st.integers(0, queries.RUNS), cameras=st.integers(1, 1000))
def test_every_run_asks_about_footage_that_the_peers_hold_too(number: int, cameras: int) -> None:
    window = Window(number, cameras)
    assert START_MS <= window.month[0] < window.month[1] <= END_MS
    for first, end in (window.day, window.minutes):
        assert END_MS - queries.PEER_DAYS * DAY_MS < first < end <= END_MS


def test_no_run_asks_what_another_has_asked() -> None:
    runs = [Window(number, 16) for number in range(queries.RUNS + 1)]
    for asked in ("month", "minutes", "day", "media", "episode_id", "positions", "word"):
        assert len({getattr(run, asked) for run in runs}) == len(runs), asked


@pytest.mark.parametrize(
    ("rows", "size", "largest", "cameras"),
    [(10_000_000, 16, 16, 64), (10_000_000, 1, 16, 4), (10_000_000, 4, 16, 16), (1, 1, 16, 1), (1, 16, 16, 16)],
)
def test_sizes_are_whole_multiples_of_the_smallest(rows: int, size: int, largest: int, cameras: int) -> None:
    assert archive.cameras(rows, size, largest) == cameras


@pytest.mark.parametrize("sql", [archive.segments_sql, lambda *span: archive.episodes_sql(*span, current=True)])
def test_the_parts_of_the_archive_follow_each_other_without_a_hole(sql: Callable[[int, int, int], str]) -> None:
    found = [re.search(r"numbers\((\d+), (\d+)\)", sql(7, *days)) for days in archive.days(30)]
    parts = [(int(one[1]), int(one[2])) for one in found if one]
    assert len(parts) == 30
    assert parts[0][0] == 0
    assert all(first + count == following for (first, count), (following, _) in pairwise(parts))
    assert sum(parts[-1]) in (7 * archive.SLOTS, 7 * archive.EPISODES)


@pytest.mark.parametrize("sql", [archive.media_sql(4), archive.segments_sql(4, 0, 1)], ids=["media", "segments"])
def test_nothing_is_left_to_fill_in(sql: str) -> None:
    assert "$" not in sql


@EVERY
@pytest.mark.parametrize("file", ["postgres.sql", "duck.sql"])
def test_every_peer_is_asked_every_question(question: Question, file: str) -> None:
    assert archive.parts(PEERS / file)[question.name]


@EVERY
@pytest.mark.parametrize("file", ["postgres.sql", "duck.sql", "product.sql"])
def test_whatever_a_question_names_is_given(question: Question, file: str) -> None:
    sql = archive.parts(PEERS / file).get(question.name, "")
    named = set(re.findall(r"%\((\w+)\)s|\$(\w+)|\{(\w+):", sql))
    given = questions.parameters(question, Window(0, 4))
    assert {name for groups in named for name in groups if name} <= given.keys()


def test_a_ratio_is_the_median_of_the_runs_side_by_side() -> None:
    ours, theirs = [Cost(1, 1), Cost(10, 10), Cost(1, 1)], [Cost(7, 2), Cost(80, 20), Cost(3, 2)]
    told = verdict(FASTER, {"Sightlog": ours, "PostgreSQL": theirs}, is_judged=True)
    assert told.figure == "7.0 x PostgreSQL, by CPU 2.0 x (Sightlog 1.0 ms, CPU 1.0; PostgreSQL 7.0 ms, CPU 2.0)"
    assert (told.target, told.is_met) == (">= 6 x PostgreSQL", True)


@pytest.mark.parametrize(
    ("question", "ours", "is_met"),
    [(FASTER, Cost(2, 1), False), (CHEAP, Cost(900, 50), True), (CHEAP, Cost(1, 51), False)],
)
def test_a_target_is_met_or_not(question: Question, ours: Cost, is_met: bool) -> None:
    told = verdict(question, {"Sightlog": [ours], "PostgreSQL": [Cost(7, 7)]}, is_judged=True)
    assert told.target
    assert told.is_met is is_met


def test_small_sizes_are_told_and_not_judged() -> None:
    assert verdict(FASTER, {"Sightlog": [Cost(2, 1)], "PostgreSQL": [Cost(7, 7)]}, is_judged=False).target == ""


def test_equal_answers_in_any_order_do_not_differ() -> None:
    assert difference({"one": [("a", 1), ("b", 2)], "two": [("b", 2), ("a", 1)]}) == ""


@pytest.mark.parametrize("other", [[("a", 1)], [("a", 1), ("b", 3)], [("a", 1), ("b", 2), ("b", 2)]])
def test_answers_that_differ_are_shown(other: list[questions.Row]) -> None:
    assert difference({"one": [("a", 1), ("b", 2)], "two": other}).startswith("one: 2 rows")


def test_what_is_missing_is_said_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries.importlib.util, "find_spec", lambda _: None)
    assert "--group bench" in queries.missing(1)
