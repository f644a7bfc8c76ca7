"""The same facts make the same rows: told once or twice, in any batches, with a crash at any step."""

import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from infra.log import Record
from infra.settings import Settings
from projections import registry
from projections.generations.digest import TableDigest
from schemas import codec
from schemas.facts import RecordingGap, SegmentRecorded, SegmentsDeleted
from tests.footage_facts import START_MS, deleted, history, on_topic, segment
from tests.replay.laws import ReplayLaws
from tests.replaying import Crash, House


@pytest.fixture(scope="module")
def house(stack: Settings) -> House:
    return House(stack.model_copy(update={"database": f"replay{secrets.token_hex(3)}"}), registry.SEGMENTS)


@pytest.fixture(scope="module")
def records() -> list[Record]:
    return on_topic(history(300))


def expected(records: list[Record]) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """The rows by hand: (segments, gaps), the last fact of a key wins."""
    segments: dict[tuple[str, int], Any] = {}
    gaps: dict[tuple[str, int], Any] = {}
    for record in records:
        match codec.decode("segments", record.value):
            case SegmentRecorded() as fact:
                segments[fact.media, fact.start_ms] = (fact.media, fact.start_ms, fact.end_ms, fact.run_id)
            case RecordingGap() as fact:
                gaps[fact.media, fact.start_ms] = (fact.media, fact.start_ms, fact.end_ms)
            case SegmentsDeleted() as fact:
                for start_ms in fact.segment_starts_ms:
                    segments.pop((fact.media, start_ms), None)
    return [segments[key] for key in sorted(segments)], [gaps[key] for key in sorted(gaps)]


def test_the_tables_say_what_the_facts_say(house: House, records: list[Record]) -> None:
    generation = house.told(records)
    segments, gaps = expected(records)
    start, end = "toUnixTimestamp64Milli(started_at)", "toUnixTimestamp64Milli(ended_at)"
    db, by_key = house.db(generation), "FINAL ORDER BY media, started_at"
    assert house.rows(f"SELECT media, {start}, {end}, run_id FROM {db}.segments {by_key}") == segments
    assert house.rows(f"SELECT media, {start}, {end} FROM {db}.recording_gaps {by_key}") == gaps


def lives(records: list[Record]) -> dict[tuple[str, int], tuple[int, int, bool]]:
    """Every segment ever stored, by hand: (length, bytes, is it still there), the longer and larger of two tellings."""
    found: dict[tuple[str, int], tuple[int, int, bool]] = {}
    for record in records:
        match codec.decode("segments", record.value):
            case SegmentRecorded() as fact:
                length_ms, size_bytes, _ = found.get((fact.media, fact.start_ms), (0, 0, True))
                sizes = max(length_ms, fact.end_ms - fact.start_ms), max(size_bytes, fact.size_bytes)
                found[fact.media, fact.start_ms] = (*sizes, True)
            case SegmentsDeleted() as fact:
                for start_ms in fact.segment_starts_ms:
                    found[fact.media, start_ms] = (*found[fact.media, start_ms][:2], False)
    return found


def hours(records: list[Record]) -> dict[tuple[str, int], list[int]]:
    """What ``footage_hourly`` must say, by hand."""
    found: dict[tuple[str, int], list[int]] = {}
    for (media, start_ms), (length_ms, size_bytes, is_there) in sorted(lives(records).items()):
        end_ms = start_ms + length_ms
        sums = found.setdefault((media, start_ms // 3_600_000 * 3_600_000), [start_ms, end_ms] + [0] * 8)
        sums[1] = max(sums[1], end_ms)
        for at, value in enumerate((1, length_ms, size_bytes), start=2):
            sums[at] += value
            sums[at + 3] += value * is_there
        sums[8] = sums[8] or start_ms * is_there
        sums[9] = max(sums[9], end_ms * (not is_there))
    return found


def told_hours(house: House, view: str) -> dict[tuple[str, int], list[int]]:
    sql = f"SELECT media, toUnixTimestamp(hour) * 1000, * EXCEPT (media, hour) FROM {house.public}.{view}"
    return {(media, hour_ms): list(sums) for media, hour_ms, *sums in house.rows(sql)}


def test_hours_say_what_was_ever_stored_and_what_still_is_after_repeats_and_deletions(
    house: House, records: list[Record]
) -> None:
    generation = house.told_twice_in_any_order(records)
    house.publish(generation)
    assert told_hours(house, "footage_hourly") == hours(records)
    history = (
        f"SELECT media, start_ms, end_ms - start_ms, size_bytes, is_deleted = 0 FROM {house.public}.footage_history"
    )
    assert {(media, start_ms): tuple(rest) for media, start_ms, *rest in house.rows(history)} == lives(records)


def test_the_sums_of_days_that_are_one_part_are_those_hours(house: House, records: list[Record]) -> None:
    generation = house.told_twice_in_any_order(records)
    house.publish(generation)
    house.command(f"OPTIMIZE TABLE {house.db(generation)}.footage FINAL")
    days = {day for (day,) in house.rows(f"SELECT toString(day) FROM {house.public}.footage_days")}
    told = hours(records)
    assert days == {str(datetime.fromtimestamp(hour_ms / 1000, UTC).date()) for _, hour_ms in told}
    assert told_hours(house, "footage_sums") == told


def test_a_deletion_told_twice_is_one_row(house: House) -> None:
    gone = deleted("cam1", [START_MS, START_MS + 6000])
    generation = house.told(on_topic([segment(), segment(start_ms=START_MS + 6000), gone, gone]))
    house.publish(generation)
    sql = (
        f"SELECT media, start_ms, end_ms, expiration_id, segments, size_bytes, src_offset FROM {house.public}.deletions"
    )
    assert house.rows(sql) == [("cam1", START_MS, START_MS + 12_000, 7, 2, 1, 3)]


class TestFootage(ReplayLaws):
    """Of footage."""

    takes = (300,)
    inserts = 9


def test_a_crash_before_a_letter_is_acknowledged_sends_it_again_and_loses_no_row(
    house: House, records: list[Record], undisturbed: list[TableDigest]
) -> None:
    last = max(record.offset for record in records if record.partition == 0)
    strangers = [*records, Record("segments", 0, last + 1, None, b"{bad", 0)]
    generation = house.generation()
    with pytest.raises(Crash):
        house.fold(
            generation, strangers, take=1000, crash_at=2
        )  # the rows are in, the letter is, the checkpoint is not
    log = house.fold(generation, strangers, take=1000)
    assert [fact.offset for fact in log.facts] == [last + 1]
    assert house.digests(generation) == undisturbed


def change(field: str, value: Any) -> Callable[[SegmentRecorded], SegmentRecorded]:
    return lambda fact: msgspec.structs.replace(fact, **{field: value})


@pytest.mark.parametrize(("field", "value"), [("run_id", "other"), ("width_px", 1), ("end_ms", None)])
def test_one_changed_value_in_one_row_changes_the_digest(
    house: House, records: list[Record], undisturbed: list[TableDigest], field: str, value: Any
) -> None:
    at, fact = next(
        (at, fact)
        for at in range(len(records) - 1, -1, -1)
        if isinstance(fact := codec.decode("segments", records[at].value), SegmentRecorded)
    )
    changed = change(field, fact.end_ms + 1 if value is None else value)(fact)
    told = [*records[:at], records[at]._replace(value=codec.encode(changed)), *records[at + 1 :]]
    generation = house.generation()
    house.fold(generation, told)
    assert house.digests(generation) != undisturbed


def test_years_of_footage_in_one_batch_are_one_insert(house: House) -> None:
    weekly = [segment(start_ms=START_MS + week * 7 * 86_400_000) for week in range(300)]
    generation = house.generation()
    house.fold(generation, on_topic(weekly), take=1000)
    assert house.digests(generation)[0].rows == 300
