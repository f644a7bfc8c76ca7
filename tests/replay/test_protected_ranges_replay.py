"""The same facts make the same ranges and locks: told once or twice, in any batches, with a crash at any step."""

import secrets
from typing import Any

import pytest

from infra.log import Record
from infra.settings import Settings
from projections import registry
from projections.generations.store import Generation
from schemas import codec
from schemas.facts import LockReleased, LockRequested, RangeProtected, RangeReleased
from tests.footage_facts import on_topic
from tests.protection_facts import history
from tests.replay.laws import ReplayLaws
from tests.replaying import House

TOPIC = "protections"


@pytest.fixture(scope="module")
def house(stack: Settings) -> House:
    return House(stack.model_copy(update={"database": f"ranges{secrets.token_hex(3)}"}), registry.PROTECTED_RANGES)


@pytest.fixture(scope="module")
def records() -> list[Record]:
    return on_topic(history(300), TOPIC)


def expected(records: list[Record]) -> tuple[list[Any], list[Any]]:
    """By hand: what stands at the end, and every lock with what was said of it first."""
    ranges: dict[tuple[str, int], tuple[int, int]] = {}
    locks: dict[tuple[str, int], list[int | None]] = {}
    said: list[tuple[str, int, int, int]] = []
    for record in records:
        match codec.decode(TOPIC, record.value):
            case RangeProtected() as one:
                for start_ms in one.replaces:
                    ranges.pop((one.media, start_ms), None)
                ranges[(one.media, one.start_ms)] = (one.end_ms, len(one.holds))
                said += [(one.media, hold.id, 1, one.observed_ms) for hold in one.holds if hold.kind == "lock"]
            case RangeReleased() as one:
                for start_ms in (one.start_ms, *one.replaces):
                    ranges.pop((one.media, start_ms), None)
            case LockRequested() as one:
                locks[(one.media, one.lock_id)] = [one.observed_ms, None, None]
            case LockReleased() as one:
                said.append((one.media, one.lock_id, 2, one.observed_ms))
    for media, lock_id, step, at_ms in said:
        if (lock := locks.get((media, lock_id))) and lock[step] is None:
            lock[step] = at_ms
    return (
        sorted((*key, *value) for key, value in ranges.items()),
        sorted((*key, *steps) for key, steps in locks.items()),
    )


def say_what_was_told(house: House, generation: Generation, records: list[Record]) -> bool:
    house.publish(generation)
    ranges, locks = expected(records)
    shown = f"SELECT media, start_ms, end_ms, length(holds) FROM {house.public}.protected_ranges ORDER BY 1, 2"
    assert house.rows(shown) == ranges
    shown = f"SELECT media, lock_id, requested_ms, held_ms, released_ms FROM {house.public}.locks ORDER BY 1, 2"
    assert house.rows(shown) == locks
    return True


def test_what_was_said_last_of_a_stretch_stands_and_of_a_lock_what_was_said_first(
    house: House, records: list[Record]
) -> None:
    assert say_what_was_told(house, house.told(records), records)
    ranges, locks = expected(records)
    assert ranges
    assert any(released for *_, released in locks)


class TestRanges(ReplayLaws):
    """Of ranges and locks."""

    inserts = 3

    def require_what_was_told(self, house: House, generation: Generation, records: list[Record]) -> None:
        assert say_what_was_told(house, generation, records)
