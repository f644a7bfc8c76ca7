"""The same facts make the same expirations and levels: told once or twice, in any batches, with a crash at any step."""

import secrets
from typing import Any

import pytest

from infra.log import Record
from infra.settings import Settings
from projections import registry
from projections.generations.store import Generation
from schemas import codec
from schemas.facts import DeletionOrdered, RangeExpired, RangeRestored, RestoreRequested
from tests.expiration_facts import exhausted, history, measured
from tests.footage_facts import START_MS, on_topic
from tests.replay.laws import ReplayLaws
from tests.replaying import House

TOPIC = "expirations"
VIEW = "media, expiration_id, start_ms, reason, expired_ms, requested_ms, restored_ms, ordered_ms, state"


@pytest.fixture(scope="module")
def house(stack: Settings) -> House:
    return House(stack.model_copy(update={"database": f"expired{secrets.token_hex(3)}"}), registry.EXPIRATIONS)


@pytest.fixture(scope="module")
def records() -> list[Record]:
    return on_topic(history(240), TOPIC)


def expected(records: list[Record]) -> list[tuple[Any, ...]]:
    """By hand: every decision, and what was said of it first."""
    decisions: dict[tuple[str, int], RangeExpired] = {}
    said: dict[tuple[str, int, type], int] = {}
    for record in records:
        fact = codec.decode(TOPIC, record.value)
        assert isinstance(fact, RangeExpired | RestoreRequested | RangeRestored | DeletionOrdered)
        key = (fact.media, fact.expiration_id)
        if isinstance(fact, RangeExpired):
            decisions[key] = fact
        else:
            said.setdefault((*key, type(fact)), fact.observed_ms)
    found = []
    for key, fact in sorted(decisions.items()):
        times = [said.get((*key, kind)) for kind in (RestoreRequested, RangeRestored, DeletionOrdered)]
        state = "ordered" if times[2] else "restored" if times[1] else "expired"
        found.append((*key, fact.start_ms, fact.reason, fact.observed_ms, *times, state))
    return found


def say_what_was_told(house: House, generation: Generation, records: list[Record]) -> bool:
    house.publish(generation)
    assert house.rows(f"SELECT {VIEW} FROM {house.public}.expirations ORDER BY 1, 2") == expected(records)
    return True


def test_a_decision_is_one_row_that_says_what_became_of_it(house: House, records: list[Record]) -> None:
    assert say_what_was_told(house, house.told(records), records)
    assert {row[-1] for row in expected(records)} == {"expired", "restored", "ordered"}


class TestExpirations(ReplayLaws):
    """Of expirations."""

    inserts = 4

    def require_what_was_told(self, house: House, generation: Generation, records: list[Record]) -> None:
        assert say_what_was_told(house, generation, records)


def test_few_that_wait_are_found_whatever_parts_their_facts_are_in(house: House, records: list[Record]) -> None:
    generation = house.told(records, take=7)
    house.publish(generation)
    waiting = [row[:2] for row in expected(records) if row[-1] == "expired"]
    found = f"SELECT media, expiration_id FROM {house.public}.expirations WHERE is_decided = 0 ORDER BY 1, 2"
    assert house.rows(found) == waiting
    house.command(f"OPTIMIZE TABLE {house.db(generation)}.expirations FINAL")
    assert house.rows(found) == waiting
    house.forget_reading(generation)
    house.fold(generation, records[:100], take=5)
    assert house.rows(found) == waiting


def test_the_last_measurement_of_a_minute_and_every_exhaustion_stay(stack: Settings) -> None:
    house = House(stack.model_copy(update={"database": f"levels{secrets.token_hex(3)}"}), registry.STORAGE)
    levels = [measured(at, START_MS + at * 10_000, store) for at in range(30) for store in ("disk", "s3")]
    told = [exhausted(START_MS + 5), exhausted(START_MS + 90_000, is_over=True)]
    records = on_topic([*levels, *told], "storage", partitions=1)
    undisturbed = house.digests(house.told(records))
    generation = house.told_twice_in_any_order(records)
    assert house.digests(generation) == undisturbed
    house.publish(generation)
    kept = house.rows(
        f"SELECT store, minute_ms, used_bytes, level_ratio FROM {house.public}.storage_levels ORDER BY 1, 2"
    )
    assert kept == [
        (store, START_MS + at * 60_000, at * 6 + 5, (at * 6 + 5) / 1000) for store in ("disk", "s3") for at in range(5)
    ]
    found = house.rows(f"SELECT observed_ms, is_over FROM {house.public}.storage_exhaustions ORDER BY 1")
    assert found == [(START_MS + 5, False), (START_MS + 90_000, True)]
