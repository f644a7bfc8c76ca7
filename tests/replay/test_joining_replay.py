"""The fold of verdicts through the steps of a batch (outputs, states, then the offset): crashes repeat, no more."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.folded import by_episode, told_whole, told_with_crashes
from tests.motion_facts import END, Event, Partition, footage, tick, told_as_they_came, verdicts


@st.composite
def histories(draw: st.DrawFn) -> list[Event]:
    """What may stand on a partition: verdicts on two cameras in any order, and the time behind them."""
    seen = [scan for media in ("gate", "yard") for scan in verdicts(*draw(footage(most=6)), media=media)]
    chance: random.Random = draw(st.randoms(use_true_random=False))
    told = told_as_they_came(chance.sample(seen, len(seen)), every_s=draw(st.sampled_from((1, 15))))
    ticks: list[Event] = [tick(1000 + chance.randrange(15 * len(told))) for _ in range(len(told) // 2)]
    return [*sorted([*told, *ticks], key=lambda one: one.observed_ms), END]


@settings(max_examples=80, deadline=None)
@given(histories(), st.data())
def test_crashes_at_any_step_of_a_batch_repeat_saves_and_make_no_other(
    events: list[Event], data: st.DataObject
) -> None:
    told = told_with_crashes(Partition(), events, data)
    assert by_episode(told) == by_episode(told_whole(Partition(), events))


@settings(max_examples=40, deadline=None)
@given(histories(), st.data())
def test_a_topic_told_twice_makes_nothing_the_second_time(events: list[Event], data: st.DataObject) -> None:
    partition = Partition()
    before = list(partition.tell(*events))
    for again in range(data.draw(st.integers(0, partition.offset)), len(events)):
        partition.told_at(again, events[again])
    assert partition.saves == before


@settings(max_examples=40, deadline=None)
@given(histories())
def test_any_number_of_partitions_says_the_same_of_each_camera(events: list[Event]) -> None:
    """Cameras on partitions of their own, each with every tick, as workers share them."""
    apart = [
        save
        for media in ("gate", "yard")
        for save in told_whole(Partition(), [one for one in events if getattr(one, "media", media) == media])
    ]
    assert by_episode(apart) == by_episode(told_whole(Partition(), events))
