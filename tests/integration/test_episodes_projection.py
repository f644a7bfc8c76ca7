"""Episodes on real servers: the public views say what a person would work out by hand from the facts."""

import secrets
import threading
from collections import defaultdict
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from infra.clickhouse import Database
from infra.kafka import KafkaLog
from infra.settings import Settings
from projections import registry
from projections.generations.rebuild import Rebuild
from schemas import codec
from schemas.codec import AnyFact
from schemas.facts import EpisodeAccepted, EpisodeRefused
from tests.beside import going_on
from tests.change_facts import TOPIC, accepted, accepted_of, any_accepted, history, refused
from tests.footage_facts import START_MS, on_topic
from tests.integration.test_projection import await_read, count, log, own, running, until
from tests.integration.test_rebuild import read_up
from tests.replaying import House

__all__ = ["log", "own"]

HOUR_MS = 3_600_000
FEW = settings(
    max_examples=5, deadline=None, phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck)
)
"""Each example fills a generation of its own, so there are few, and a failing one is told as it is."""


@pytest.fixture(scope="module")
def house(stack: Settings) -> House:
    return House(stack.model_copy(update={"database": f"views{secrets.token_hex(3)}"}), registry.EPISODES)


def show(house: House, facts: list[AnyFact], take: int = 64) -> str:
    """The public database, once its views show these facts and no others."""
    generation = house.generation()
    house.fold(generation, on_topic(facts, TOPIC), take=take)
    house.publish(generation)
    return house.public


def current(facts: list[AnyFact]) -> list[EpisodeAccepted]:
    """The highest version of each episode."""
    found: dict[tuple[str, int, int], EpisodeAccepted] = {}
    for fact in facts:
        if isinstance(fact, EpisodeAccepted):
            key = (fact.media, fact.record.opened_at, fact.episode_id)
            found[key] = max(found.get(key, fact), fact, key=lambda one: one.rev)
    return list(found.values())


def span(fact: EpisodeAccepted) -> tuple[int, int]:
    start = fact.record.opened_at if fact.record.started_at is None else fact.record.started_at
    return start, max(start, fact.record.updated_at if fact.record.closed_at is None else fact.record.closed_at)


@FEW
@given(st.lists(any_accepted(), min_size=1, max_size=5))
def test_every_version_comes_back_digit_for_digit(house: House, facts: list[EpisodeAccepted]) -> None:
    told = {}
    for number, fact in enumerate(facts):
        fact = codec.decode(TOPIC, codec.encode(fact))
        record = msgspec.structs.replace(fact.record, episode_id=number)
        told[number] = msgspec.structs.replace(fact, episode_id=number, record=record)
    public = show(house, list(told.values()))
    for view in ("episodes", "episode_versions"):
        sql = f"SELECT *, toUnixTimestamp64Milli(preview_timestamp) AS preview_ms FROM {public}.{view}"
        assert {row["episode_id"]: accepted_of(row) for row in house.dicts(sql)} == told


@FEW
@given(st.integers(0, 1 << 32), st.data())
def test_the_hours_are_what_a_recount_says(house: House, seed: int, data: st.DataObject) -> None:
    facts = history(150, seed)
    first = data.draw(st.integers(0, len(facts)))
    told = facts + facts[first:] + data.draw(st.permutations(facts[:first]))
    hours: dict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0, 0, 0])
    for one in current(facts):
        maker = one.record.originator
        hour = hours[
            one.record.opened_at // HOUR_MS, one.media, one.record.episode_type, maker.source if maker else "api"
        ]
        start_ms, end_ms = span(one)
        hour[:] = hour[0] + 1, hour[1] + (one.record.closed_at is None), hour[2] + end_ms - start_ms
    public = show(house, told, take=data.draw(st.sampled_from((40, 1000))))
    found = house.rows(f"""SELECT toUnixTimestamp64Second(hour), media, episode_type, source, episodes, open, busy_ms
      FROM {public}.episodes_hourly""")
    assert {(second // 3600, *row[:3]): row[3:] for second, *row in found} == dict(hours)


@FEW
@given(st.integers(0, 1 << 32), st.data())
def test_looking_where_the_spans_say_finds_every_overlap(house: House, seed: int, data: st.DataObject) -> None:
    facts = history(120, seed)
    for number in range(30):  # long ones, and some that say they began elsewhere than they opened
        opened = START_MS + number * 40_000_000
        long = {"updated_at": opened + data.draw(st.sampled_from((0, 1, 10**8, 3 * 10**9)))}
        odd = data.draw(st.sampled_from(({}, {"started_at": opened - 10**9}, {"started_at": opened + 10**8})))
        facts.append(accepted(number, opened_at=opened, **long, **odd))
    public = show(house, facts)
    for _ in range(5):
        from_ms = data.draw(st.integers(START_MS - 10**9, START_MS + 3 * 10**9))
        to_ms = from_ms + data.draw(st.sampled_from((1, HOUR_MS, 10**9)))
        spans = [(one.episode_id, *span(one)) for one in current(facts)]
        overlapping = sorted(id_ for id_, start, end in spans if start < to_ms and end > from_ms)
        assert house.rows(overlap(public, from_ms, to_ms)) == [(id_,) for id_ in overlapping]


def overlap(public: str, from_ms: int, to_ms: int) -> str:
    """As table.sql recommends."""
    start, end = (f"fromUnixTimestamp64Milli({at}, 'UTC')" for at in (from_ms, to_ms))
    return f"""SELECT episode_id FROM {public}.episodes WHERE started_at < {end} AND ended_at > {start}
      AND (opened_at >= {start} AND opened_at < {end} OR (media, opened_at, episode_id) IN (
        SELECT media, opened_at, episode_id FROM {public}.episode_spans
        WHERE started_at < {end} AND ended_at > {start} AND (opened_at < {start} OR opened_at >= {end})))
      ORDER BY episode_id"""


@pytest.fixture(scope="module")
def many(stack: Settings) -> tuple[House, str]:
    """20,000 episodes of 20 cameras over four weeks, in many granules."""
    house = House(stack.model_copy(update={"database": f"many{secrets.token_hex(3)}"}), registry.EPISODES)
    facts = [accepted(n << 32, 1, f"cam{n % 20}", START_MS + n * 120_000) for n in range(20_000)]
    return house, show(house, list(facts), take=50_000)


@pytest.mark.parametrize(
    "question",
    [
        "SELECT * FROM {public}.episodes WHERE media = 'cam3' AND opened_at < '2026-01-02'",
        "SELECT * FROM {public}.episodes WHERE opened_ms >= 1767225600000 AND opened_ms < 1767312000000",
        "SELECT * FROM {public}.episode_versions WHERE media = 'cam3' AND opened_at < '2026-01-02'",
        "SELECT * FROM {public}.episodes WHERE episode_id = 4294967296",
        "SELECT * FROM {public}.episode_ids WHERE episode_id = 4294967296",
        "SELECT * FROM {public}.episode_spans WHERE ended_at > '2026-01-02' AND started_at < '2026-01-02 00:10:00'",
        "SELECT * FROM {public}.episodes_hourly WHERE hour >= '2026-01-02' AND hour < '2026-01-03' AND media = 'cam1'",
        "SELECT * FROM {public}.episode_changes WHERE src_partition = 1 AND src_offset >= 9000",
    ],
)
def test_what_is_asked_of_a_view_reaches_the_index_of_its_table(many: tuple[House, str], question: str) -> None:
    house, public = many
    plan = [line for (line,) in house.rows(f"EXPLAIN indexes = 1 {question.format(public=public)}")]
    kept = [line.split(":")[1].split("/") for line in plan if line.strip().startswith("Granules:")]
    assert min(int(some) for some, _ in kept) * 3 < max(int(total) for _, total in kept), plan


def test_facts_become_views_and_progress_says_how_far(own: Settings, log: KafkaLog) -> None:
    facts = [accepted(1), accepted(1, 2, closed_at=START_MS + 5), accepted((1 << 64) - 1), refused(1)]
    for fact in facts:
        log.append(fact)
    log.append_raw(TOPIC, b"cam1", b'{"type":"episode-accepted"}')
    with running(own, log):
        until(lambda: [count(own, view) for view in ("episodes", "episode_refusals", "dead_letters")] == [2, 1, 1])
        await_read(own, log, "episodes")
    database = Database(own)
    episodes = database.rows(f"SELECT episode_id, version, closed_ms FROM {own.database}.episodes ORDER BY ALL")
    assert [tuple(row.values()) for row in episodes] == [(1, 2, START_MS + 5), ((1 << 64) - 1, 1, None)]
    progress = database.rows(f"SELECT next_offset FROM {own.database}.episode_progress WHERE next_offset > 0")
    assert progress == [{"next_offset": 5}]


def test_a_rebuild_of_episodes_is_the_live_ones(own: Settings, log: KafkaLog) -> None:
    facts = history(150)
    for fact in facts:
        log.append(fact)
    refusals = sum(isinstance(fact, EpisodeRefused) for fact in facts)
    work, stop = Rebuild(own, registry.EPISODES), threading.Event()

    def tell_on() -> None:
        version = 1
        while not stop.wait(0.2):
            log.append(accepted(5, version, "busy"))
            version += 1

    with running(own, log):
        until(lambda: count(own, "episode_refusals") == refusals)
        await_read(own, log, "episodes")
        with going_on(tell_on, stop):
            generation = work.begin()
            read_up(work, generation, behind=30)
            assert work.compare_and_swap(generation) == []
    assert count(own, "episodes WHERE media != 'busy'") == len(current(facts))
