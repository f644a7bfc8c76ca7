"""The same facts make the same alarms: told once or twice, in any batches, with a crash at any step."""

import secrets
from typing import Any

import pytest

from infra.log import Record
from infra.settings import Settings
from projections import registry
from projections.generations.digest import TableDigest
from projections.generations.store import Generation
from schemas import codec
from schemas.facts import AlarmReceived
from tests.alarm_facts import history, refusal
from tests.footage_facts import START_MS, on_topic
from tests.replay.laws import ReplayLaws
from tests.replaying import Crash, House

TOPIC = "alarms"
POSITION = "src_partition, src_offset"
ALARM = f"media, alarm_id, toUnixTimestamp64Milli(received_at), kind, {POSITION}"


@pytest.fixture(scope="module")
def house(stack: Settings) -> House:
    return House(stack.model_copy(update={"database": f"alarms{secrets.token_hex(3)}"}), registry.ALARMS)


@pytest.fixture(scope="module")
def records() -> list[Record]:
    return on_topic(history(240), TOPIC)


def expected(records: list[Record]) -> tuple[list[Any], list[Any], list[Any]]:
    """By hand: each alarm as it was told first, each coming of a mail, the first and last of each camera."""
    facts = [(codec.decode(TOPIC, one.value), one) for one in records]
    told = [(fact, one) for fact, one in facts if isinstance(fact, AlarmReceived)]
    alarms, comings, reaches = {}, {}, {}
    for fact, one in told:
        row = (fact.media, fact.alarm_id, fact.received_ms, fact.kind, one.partition, one.offset)
        alarms.setdefault(row[:2], row)
        comings.setdefault((fact.media, fact.received_ms, fact.alarm_id), one.offset)
        first, last = reaches.get(fact.media, (fact.received_ms, fact.received_ms))
        reaches[fact.media] = min(first, fact.received_ms), max(last, fact.received_ms)
    return (
        sorted(alarms.values()),
        sorted((*key, offset) for key, offset in comings.items()),
        sorted((media, *reach) for media, reach in reaches.items()),
    )


def say_what_was_told(house: House, generation: Generation, records: list[Record]) -> bool:
    db = house.db(generation)
    alarms, comings, reaches = expected(records)
    assert house.rows(f"SELECT {ALARM} FROM {db}.alarms FINAL ORDER BY media, alarm_id") == alarms
    assert comings == house.rows(f"""SELECT media, toUnixTimestamp64Milli(received_at), alarm_id, src_offset
      FROM {db}.times FINAL ORDER BY media, received_at, alarm_id""")
    assert house.rows(f"SELECT media, first_ms, last_ms FROM {db}.reaches FINAL ORDER BY media") == reaches
    return True


def test_a_mail_is_one_alarm_as_it_came_first_and_every_coming_is_known(house: House, records: list[Record]) -> None:
    generation = house.told(records)
    assert say_what_was_told(house, generation, records)
    assert len(expected(records)[0]) < len(expected(records)[1]) < len(records)


class TestAlarms(ReplayLaws):
    """Of alarms."""

    inserts = 4

    def require_what_was_told(self, house: House, generation: Generation, records: list[Record]) -> None:
        assert say_what_was_told(house, generation, records)


@pytest.mark.parametrize("view", ["times_of", "reaches_of"])
def test_what_is_derived_of_alarms_is_filled_when_a_kill_left_it_behind(
    house: House, records: list[Record], undisturbed: list[TableDigest], view: str
) -> None:
    generation = house.generation()
    house.command(f"DETACH TABLE {house.db(generation)}.{view}")
    with pytest.raises(Crash):
        house.fold(generation, records, take=1000, crash_at=0, after=True)
    house.command(f"ATTACH TABLE {house.db(generation)}.{view}")
    assert house.digests(generation) != undisturbed
    house.fold(generation, records)
    assert house.digests(generation) == undisturbed


def test_refusals_of_mails_are_one_row_each_however_often_they_are_told(stack: Settings) -> None:
    refusals = House(stack.model_copy(update={"database": f"mails{secrets.token_hex(3)}"}), registry.MAIL_REFUSALS)
    facts = [refusal(media, START_MS + at, times=at + 1) for at in range(20) for media in ("gate", "", "tył")]
    told = on_topic(facts, "mail-refusals", partitions=1)
    generation = refusals.generation()
    refusals.fold(generation, [*told, *(one._replace(offset=one.offset + 60) for one in told)], take=50)
    refusals.publish(generation)
    found = refusals.rows(f"SELECT media, observed_ms, times, src_offset FROM {refusals.public}.mail_refusals")
    assert sorted(found, key=lambda row: row[3]) == [
        (fact.media, fact.observed_ms, fact.times, number) for number, fact in enumerate(facts)
    ]
