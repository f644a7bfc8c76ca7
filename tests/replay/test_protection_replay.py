"""The fold of holds through the steps of a batch (outputs, states, then the offset): crashes end in the same ranges."""

from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from processors import stream
from processors.protection import shelf
from tests.hold_facts import MEDIA, Partition, histories, protections
from tests.protection_model import Event, Range, assigned, rows

MOST = 4
"""Facts of a batch here: boxes are kept on their own after as many."""


@pytest.fixture(autouse=True)
def short_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "SAFE_AFTER", MOST)


def told_with_crashes(events: Sequence[Event], data: st.DataObject) -> Partition:
    """Batches of any length of which some crash: all told, any states kept, no offset."""
    partition, committed = Partition(), 0
    while committed < len(events):
        end = data.draw(st.integers(committed + 1, min(committed + MOST, len(events))), label="to")
        behind = partition.copy()
        for offset in range(committed, end):
            behind.told_at(offset, events[offset])
        if data.draw(st.booleans(), label="crash"):
            partition.keep(behind, {key for key in behind.names() if data.draw(st.booleans(), label="kept")})
            partition.saves = behind.saves
        else:
            partition, committed = behind, end
    return partition


def known(partition: Partition) -> list[tuple[list[Range], list[Range]]]:
    """What each way of reading knows of every camera."""
    return [(assigned(told), rows(told)) for media in MEDIA if (told := protections(partition, media)) is not None]


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(histories(), st.data())
def test_crashes_at_any_step_of_a_batch_end_in_the_same_ranges(events: list[Event], data: st.DataObject) -> None:
    whole = Partition()
    whole.tell(*events)
    assert known(told_with_crashes(events, data)) == known(whole)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(histories())
def test_a_topic_folded_twice_tells_the_same(events: list[Event]) -> None:
    once, again = Partition(), Partition()
    assert once.tell(*events) == again.tell(*events)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(histories(), st.data())
def test_facts_delivered_again_end_in_the_same_ranges(events: list[Event], data: st.DataObject) -> None:
    partition = Partition()
    partition.tell(*events)
    before = known(partition)
    for again in range(data.draw(st.integers(0, max(0, partition.offset))), len(events)):
        partition.told_at(again, events[again])
    assert known(partition) == before


def test_no_batch_is_longer_than_what_a_box_waits_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    assert shelf.SAFE_AFTER >= stream.MAX_FACTS
