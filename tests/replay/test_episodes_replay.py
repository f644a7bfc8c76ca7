"""The same facts make the same episodes: told once or twice, in any batches, with a crash at any step."""

import random
import secrets
from typing import Any

import pytest

from infra.log import Record
from infra.settings import Settings
from projections import registry
from projections.generations.digest import TableDigest
from projections.generations.store import Generation
from schemas import codec
from schemas.facts import EpisodeAccepted, EpisodeRefused
from tests.change_facts import TOPIC, accepted, history
from tests.footage_facts import on_topic
from tests.replay.laws import ReplayLaws
from tests.replaying import Crash, House

KEY = "media, opened_at, episode_id"
VERSION = "media, toUnixTimestamp64Milli(opened_at), episode_id, version"
POSITION = "src_partition, src_offset"


@pytest.fixture(scope="module")
def house(stack: Settings) -> House:
    return House(stack.model_copy(update={"database": f"replay{secrets.token_hex(3)}"}), registry.EPISODES)


@pytest.fixture(scope="module")
def records() -> list[Record]:
    return on_topic(history(300), TOPIC)


def all_of(house: House, generation: Generation, table: str, columns: str, by: str) -> list[tuple[Any, ...]]:
    return house.rows(f"SELECT {columns} FROM {house.db(generation)}.{table} FINAL ORDER BY {by}")


def expected(records: list[Record]) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """By hand: (versions, refusals), each with its first position."""
    versions: dict[tuple[Any, ...], tuple[int, int]] = {}
    refusals: dict[tuple[Any, ...], tuple[int, int]] = {}
    for record in records:
        match codec.decode(TOPIC, record.value):
            case EpisodeAccepted() as fact:
                key = (fact.media, fact.record.opened_at, fact.episode_id, fact.rev)
                versions.setdefault(key, (record.partition, record.offset))
            case EpisodeRefused() as fact:
                refusals.setdefault((fact.media, fact.observed_ms, fact.save_id), (record.partition, record.offset))
    return [(*key, *versions[key]) for key in sorted(versions)], [(*key, *refusals[key]) for key in sorted(refusals)]


def latest(versions: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return list({row[:3]: row for row in versions}.values())


def say_what_was_told(house: House, generation: Generation, records: list[Record]) -> bool:
    versions, refusals = expected(records)
    told_refusal = f"media, toUnixTimestamp64Milli(refused_at), save_id, {POSITION}"
    assert all_of(house, generation, "versions", f"{VERSION}, {POSITION}", f"{KEY}, version") == versions
    assert all_of(house, generation, "episodes", f"{VERSION}, {POSITION}", KEY) == latest(versions)
    assert all_of(house, generation, "refusals", told_refusal, "media, refused_at, save_id") == refusals
    return True


def test_the_tables_say_what_the_facts_say(house: House, records: list[Record]) -> None:
    generation = house.told(records)
    assert say_what_was_told(house, generation, records)
    changes = all_of(house, generation, "changes", POSITION, POSITION)
    assert changes == sorted(row[4:] for row in expected(records)[0])
    ids = all_of(house, generation, "ids", "media, toUnixTimestamp64Milli(opened_at), episode_id", KEY)
    assert ids == [row[:3] for row in latest(expected(records)[0])]


class TestEpisodes(ReplayLaws):
    """Of episodes."""

    takes = (300,)
    inserts = 6
    """Rows, refusals and checkpoint of two batches."""

    def require_what_was_told(self, house: House, generation: Generation, records: list[Record]) -> None:
        assert say_what_was_told(house, generation, records)


@pytest.mark.parametrize("take", [37, 1000])
def test_a_fact_told_again_later_keeps_its_first_position_and_is_followed_once(
    house: House, records: list[Record], take: int
) -> None:
    ends = {partition: 1 + max(one.offset for one in records if one.partition == partition) for partition in (0, 1)}
    again = [one._replace(offset=one.offset + ends[one.partition]) for one in records[100:]]
    generation = house.generation()
    house.fold(generation, records + again, take=take)
    assert say_what_was_told(house, generation, records)
    house.publish(generation)
    followed = house.rows(f"""SELECT {POSITION} FROM {house.public}.episode_versions
      WHERE ({KEY}, version) IN (SELECT {KEY}, version FROM {house.public}.episode_changes WHERE src_offset >= 20)
        AND src_offset >= 20 ORDER BY {POSITION}""")
    assert followed == sorted(row[4:] for row in expected(records)[0] if row[5] >= 20)


@pytest.mark.parametrize("view", ["episodes_of", "changes_of", "ids_of"])
def test_a_table_that_a_kill_left_behind_is_filled_when_the_facts_are_told_again(
    house: House, records: list[Record], undisturbed: list[TableDigest], view: str
) -> None:
    generation = house.generation()
    db = house.db(generation)
    house.command(f"DETACH TABLE {db}.{view}")
    with pytest.raises(Crash):
        house.fold(generation, records, take=1000, crash_at=1, after=True)
    house.command(f"ATTACH TABLE {db}.{view}")
    assert house.digests(generation) != undisturbed
    house.fold(generation, records)
    assert house.digests(generation) == undisturbed


def test_strangers_cannot_make_a_folder_for_each_week_of_three_centuries(house: House) -> None:
    chance = random.Random(3)
    opened = [1_000_000_000_000, 9_999_999_999_999] + [chance.randrange(10**12, 10**13) for _ in range(600)]
    facts = [accepted(number, opened_at=at, updated_at=at) for number, at in enumerate(opened)]
    generation = house.generation()
    house.fold(generation, on_topic(facts, TOPIC), take=2000)
    found = house.rows(f"""SELECT toUnixTimestamp64Milli(opened_at), toUnixTimestamp64Milli(ended_at)
      FROM {house.db(generation)}.episodes FINAL ORDER BY episode_id""")
    assert found == [(at, at) for at in opened]
    parts = f"SELECT uniqExact(partition) FROM system.parts WHERE active AND database = '{house.db(generation)}'"
    assert house.rows(f"{parts} AND table = 'versions'")[0][0] < 400
