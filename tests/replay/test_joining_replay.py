"""The fold of verdicts through the steps of a batch (outputs, states, then the offset): crashes repeat, no more."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas import codec
from schemas.episode import EpisodeRecord
from tests.motion_facts import END, Event, Partition, footage, tick, told_as_they_came, verdicts


@st.composite
def histories(draw: st.DrawFn) -> list[Event]:
    """What may stand on a partition: verdicts on two cameras in any order, and the time behind them."""
    seen = [scan for media in ("gate", "yard") for scan in verdicts(*draw(footage(most=6)), media=media)]
    chance: random.Random = draw(st.randoms(use_true_random=False))
    told = told_as_they_came(chance.sample(seen, len(seen)), every_s=draw(st.sampled_from((1, 15))))
    ticks: list[Event] = [tick(1000 + chance.randrange(15 * len(told))) for _ in range(len(told) // 2)]
    return [*sorted([*told, *ticks], key=lambda one: one.observed_ms), END]


def whole(events: list[Event]) -> list[EpisodeRecord]:
    """What one fold tells that nothing disturbs."""
    partition = Partition()
    partition.tell(*events)
    return partition.saves


def batch(partition: Partition, events: list[Event], first: int) -> tuple[list[EpisodeRecord], Partition]:
    """What a batch tells, and the partition as it is behind it. ``first``: offset of its first record."""
    behind = partition.copy()
    for offset, event in enumerate(events, first):
        behind.offset = offset
        behind.take(event)
    return behind.saves[len(partition.saves) :], behind


@settings(max_examples=80, deadline=None)
@given(histories(), st.data())
def test_crashes_at_any_step_of_a_batch_repeat_saves_and_make_no_other(
    events: list[Event], data: st.DataObject
) -> None:
    """A crash: everything told, of the states any part kept, the offset not."""
    kept, committed = Partition(), 0
    told: list[bytes] = []
    while committed < len(events):
        end = data.draw(st.integers(committed + 1, len(events)), label="to")
        saves, behind = batch(kept, events[committed:end], committed)
        told += map(codec.encode, saves)
        if data.draw(st.booleans(), label="crash"):
            kept.keep(behind, {key for key in behind.names() if data.draw(st.booleans(), label="kept")})
        else:
            kept, committed = behind, end
    undisturbed = [codec.encode(save) for save in whole(events)]
    assert by_episode(list(dict.fromkeys(told))) == by_episode(undisturbed)


@settings(max_examples=40, deadline=None)
@given(histories(), st.data())
def test_a_topic_told_twice_makes_nothing_the_second_time(events: list[Event], data: st.DataObject) -> None:
    partition = Partition()
    partition.tell(*events)
    before, offset = list(partition.saves), partition.offset
    for again in range(data.draw(st.integers(0, offset)), offset + 1):
        partition.offset = again
        partition.take(events[again])
    assert partition.saves == before


@settings(max_examples=40, deadline=None)
@given(histories())
def test_any_number_of_partitions_says_the_same_of_each_camera(events: list[Event]) -> None:
    """Cameras on partitions of their own, each with every tick, as workers share them."""
    apart = [
        codec.encode(save)
        for media in ("gate", "yard")
        for save in whole([event for event in events if getattr(event, "media", media) == media])
    ]
    assert by_episode(apart) == by_episode([codec.encode(save) for save in whole(events)])


def by_episode(saves: list[bytes]) -> dict[object, list[bytes]]:
    """Episode → its versions as they were told."""
    found: dict[object, list[bytes]] = {}
    for save in saves:
        found.setdefault(codec.decode("episodes", save).episode_id, []).append(save)
    return found
