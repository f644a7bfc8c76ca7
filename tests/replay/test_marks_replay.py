"""The fold of alarms through the steps of a batch (outputs, states, then the offset): crashes repeat, no more."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.folded import by_episode, told_whole, told_with_crashes
from tests.mark_facts import Event, Partition, histories, tick


@settings(max_examples=150, deadline=None)
@given(histories(), st.data())
def test_crashes_at_any_step_of_a_batch_repeat_saves_and_make_no_other(
    events: list[Event], data: st.DataObject
) -> None:
    events = [*events, tick(10_000_000)]
    told = told_with_crashes(Partition(), events, data)
    assert by_episode(told) == by_episode(told_whole(Partition(), events))


@settings(max_examples=60, deadline=None)
@given(histories(), st.data())
def test_a_topic_told_twice_makes_nothing_the_second_time(events: list[Event], data: st.DataObject) -> None:
    partition = Partition()
    before = list(partition.tell(*events))
    for again in range(data.draw(st.integers(0, partition.offset)), len(events)):
        partition.told_at(again, events[again])
    assert partition.saves == before


@settings(max_examples=60, deadline=None)
@given(histories(), st.integers(1, 4))
def test_any_number_of_partitions_says_the_same_of_each_camera(events: list[Event], count: int) -> None:
    """Cameras on partitions of their own, each with every tick, as workers share them."""
    apart: list[bytes] = []
    for number in range(count):
        mine = [event for event in events if not media(event) or ord(media(event)[0]) % count == number]
        apart += told_whole(Partition(), mine)
    assert by_episode(apart) == by_episode(told_whole(Partition(), events))


def media(event: Event) -> str:
    return getattr(event, "media", "")
