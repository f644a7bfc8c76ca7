"""The fold of alarms through the steps of a batch (outputs, states, then the offset): crashes repeat, no more."""

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas import codec
from schemas.episode import EpisodeRecord
from tests.mark_facts import Event, Partition, histories, tick


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


@settings(max_examples=150, deadline=None)
@given(histories(), st.data())
def test_crashes_at_any_step_of_a_batch_repeat_saves_and_make_no_other(
    events: list[Event], data: st.DataObject
) -> None:
    """A crash: everything told, of the states any part kept, the offset not."""
    events = [*events, tick(10_000_000)]
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
    assert set(told) == set(undisturbed)
    firsts = list(dict.fromkeys(told))
    assert by_episode(firsts) == by_episode(undisturbed)


@settings(max_examples=60, deadline=None)
@given(histories(), st.data())
def test_a_topic_told_twice_makes_nothing_the_second_time(events: list[Event], data: st.DataObject) -> None:
    partition = Partition()
    partition.tell(*events)
    before, offset = list(partition.saves), partition.offset
    start = data.draw(st.integers(0, offset))
    for again in range(start, offset + 1):
        partition.offset = again
        partition.take(events[again])
    assert partition.saves == before


@settings(max_examples=60, deadline=None)
@given(histories(), st.integers(1, 4))
def test_any_number_of_partitions_says_the_same_of_each_camera(events: list[Event], count: int) -> None:
    """Cameras on partitions of their own, each with every tick, as workers share them."""
    shared = Partition()
    shared.tell(*events)
    apart: list[bytes] = []
    for number in range(count):
        mine = [event for event in events if not media(event) or ord(media(event)[0]) % count == number]
        apart += map(codec.encode, whole(mine))
    assert by_episode(apart) == by_episode([codec.encode(save) for save in shared.saves])


def media(event: Event) -> str:
    return getattr(event, "media", "")


def by_episode(saves: list[bytes]) -> dict[object, list[bytes]]:
    """Episode → its versions as they were told."""
    found: dict[object, list[bytes]] = {}
    for save in saves:
        found.setdefault(codec.decode("episodes", save).episode_id, []).append(save)
    return found
