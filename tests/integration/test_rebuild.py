"""``sightlog rebuild`` against a running projections service."""

import threading

import pytest

from infra.clickhouse import Database
from infra.kafka import KafkaLog
from infra.settings import Settings
from projections import registry
from projections.generations.rebuild import Rebuild, RebuildRefused
from projections.generations.store import Generation, Generations
from projections.segments.reads import SegmentReads
from schemas.intervals import Span
from tests.beside import going_on
from tests.footage_facts import START_MS, history, segment
from tests.integration.test_projection import count, log, own, running, until

__all__ = ["log", "own"]


def states(settings: Settings) -> list[tuple[int, str]]:
    return [(one.number, one.state) for one in Generations(settings, Database(settings)).of("segments")]


def read_up(work: Rebuild, generation: Generation, behind: int = 0) -> None:
    """Wait until a generation is no further behind; where facts go on coming, it is never quite there."""
    until(lambda: sum(one.lag for one in work.progress(generation)) <= behind)


def told(settings: Settings, log: KafkaLog, facts: int) -> int:
    """Tell a history; the number of facts on the topic once the live table has them all."""
    for fact in history(facts):
        log.append(fact)
    assert log.flush(120) == 0
    return facts


def test_a_rebuild_makes_the_same_rows_and_is_swapped_in_while_facts_go_on(own: Settings, log: KafkaLog) -> None:
    told(own, log, 200)
    work = Rebuild(own, registry.SEGMENTS)
    seen: list[int] = []
    stop = threading.Event()
    with running(own, log):
        until(lambda: count(own, "segments") > 0)
        with going_on(lambda: tell_on(log, stop), stop), going_on(lambda: read_on(own, stop, seen), stop):
            generation = work.begin()
            read_up(work, generation, behind=30)
            differ = work.compare_and_swap(generation)
        assert differ == []
        assert states(own) == [(1, "kept"), (2, "live")]
        log.append(segment("late", START_MS))
        reads = SegmentReads(Database(own), own.database)
        until(lambda: reads.recorded("late", Span(START_MS, START_MS + 6000)) != [])
    assert len(seen) > 3
    assert seen == sorted(seen), "a reader saw the table go back"


def tell_on(log: KafkaLog, stop: threading.Event) -> None:
    at = START_MS
    while not stop.wait(0.02):
        log.append(segment("busy", at))
        at += 6000


def read_on(settings: Settings, stop: threading.Event, seen: list[int]) -> None:
    sql = f"SELECT count() FROM {settings.database}.segments WHERE media = 'busy'"
    database = Database(settings)
    while not stop.wait(0.05):
        seen.append(database.value(sql))


def test_a_rollback_catches_up_before_it_is_shown(own: Settings, log: KafkaLog) -> None:
    told(own, log, 60)
    work = Rebuild(own, registry.SEGMENTS)
    with running(own, log):
        until(lambda: count(own, "segments") > 0)
        first = work.begin()
        read_up(work, first)
        assert work.compare_and_swap(first) == []
        log.append(segment("after", START_MS))
        until(lambda: count(own, "segments WHERE media = 'after'") == 1)
        back = work.begin_rollback()
        assert back.number == 1
        read_up(work, back)
        assert work.compare_and_swap(back) == []
        assert states(own) == [(1, "live"), (2, "kept")]
        assert count(own, "segments WHERE media = 'after'") == 1


def test_older_generations_are_dropped_and_one_is_kept(own: Settings, log: KafkaLog) -> None:
    told(own, log, 30)
    work = Rebuild(own, registry.SEGMENTS)
    with running(own, log):
        until(lambda: count(own, "segments") > 0)
        for _ in range(2):
            generation = work.begin()
            read_up(work, generation)
            assert work.compare_and_swap(generation) == []
    assert states(own) == [(2, "kept"), (3, "live")]
    names = [row["name"] for row in Database(own).rows("SHOW DATABASES")]
    assert f"{own.database}_segments_g1" not in names


def test_a_difference_is_listed_and_shown_only_when_accepted(own: Settings, log: KafkaLog) -> None:
    told(own, log, 30)
    work = Rebuild(own, registry.SEGMENTS)
    with running(own, log):
        until(lambda: count(own, "segments") > 0)
        foreign = f"INSERT INTO {own.database}_segments_g1.segments (media, start_ms, end_ms, src_offset) VALUES"
        Database(own).command(f"{foreign} ('ghost', {START_MS}, {START_MS + 1}, 0)")
        generation = work.begin()
        read_up(work, generation)
        lines = work.compare_and_swap(generation)
        assert [line.partition(":")[0] for line in lines] == ["segments", "footage"]
        assert all("media" in line for line in lines)
        assert count(own, "segments WHERE media = 'ghost'") == 1
        assert work.compare_and_swap(generation, accept=True) == lines
        assert count(own, "segments WHERE media = 'ghost'") == 0


def test_records_that_were_lettered_live_do_not_stop_a_rebuild(own: Settings, log: KafkaLog) -> None:
    log.append_raw("segments", b"cam1", b"{bad")
    told(own, log, 20)
    work = Rebuild(own, registry.SEGMENTS)
    with running(own, log):
        until(lambda: count(own, "dead_letters") == 1)
        generation = work.begin()
        read_up(work, generation)
        assert work.compare_and_swap(generation) == []


def test_a_record_that_only_the_rebuild_cannot_use_stops_it_with_the_reason(own: Settings, log: KafkaLog) -> None:
    log.append_raw("segments", b"cam1", b"{bad")
    told(own, log, 20)
    work = Rebuild(own, registry.SEGMENTS)
    with running(own, log):
        until(lambda: count(own, "dead_letters") == 1)
        Database(own).command(f"TRUNCATE TABLE {own.database}_dead_letters_g1.dead_letters")
        generation = work.begin()
        with pytest.raises(RebuildRefused, match="JSON is malformed"):
            read_up(work, generation)
        assert states(own) == [(1, "live"), (2, "failed")]
        assert work.begin().number == 3


def test_without_a_projections_service_the_rebuild_says_so(own: Settings, log: KafkaLog) -> None:
    told(own, log, 10)
    work = Rebuild(own, registry.SEGMENTS)
    with running(own, log):
        until(lambda: count(own, "segments") > 0)
        assert work.is_served()
    until(lambda: not work.is_served())


def test_a_rebuild_that_was_left_alone_goes_on_where_it_stood(own: Settings, log: KafkaLog) -> None:
    told(own, log, 30)
    with running(own, log):
        until(lambda: count(own, "segments") > 0)
        left = Rebuild(own, registry.SEGMENTS).begin()
        work = Rebuild(own, registry.SEGMENTS)
        again = work.begin()
        assert again.number == left.number
        read_up(work, again)
        assert work.compare_and_swap(again) == []


def test_nothing_kept_means_nothing_to_go_back_to(own: Settings) -> None:
    with pytest.raises(RebuildRefused, match="nothing to go back"):
        Rebuild(own, registry.SEGMENTS).begin_rollback()
