"""Many partitions become one sequence, whatever order their records come to us in."""

from collections.abc import Sequence
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from processors.episodes.entry.merge import Merge

PARTITIONS = 3


def merge() -> Merge[str]:
    return Merge(dict.fromkeys(range(PARTITIONS), 0))


def put(into: Merge[str], partition: int, offset: int, at_ms: int, updated_at: int = 0) -> None:
    into.put(partition, offset, (at_ms, updated_at), 1, f"{partition}/{offset}")


def test_a_record_waits_until_the_ends_of_the_silent_partitions_are_known() -> None:
    one = merge()
    put(one, 0, 0, 100)
    assert one.take(9) == []
    one.know_ends({0: 1, 1: 0, 2: 0}, asked=1)
    assert one.take(9) == ["0/0"]


def test_an_end_known_before_the_record_came_says_nothing_about_what_stood_before_it() -> None:
    one = merge()
    one.know_ends({0: 0, 1: 0, 2: 0}, asked=0)
    put(one, 0, 0, 100)
    assert one.take(9) == []


def test_a_record_that_was_sent_before_goes_before_though_it_comes_to_us_later() -> None:
    one = merge()
    put(one, 1, 0, 105)
    one.know_ends({0: 1, 1: 1, 2: 0}, asked=1)
    assert one.take(9) == []
    put(one, 0, 0, 100)
    assert one.take(9) == []  # it came after the question: what stood before it is not known
    one.know_ends({0: 1, 1: 1, 2: 0}, asked=2)
    assert one.take(9) == ["0/0", "1/0"]


def test_a_backlog_flows_without_any_question_while_every_partition_has_a_record() -> None:
    one = merge()
    for partition in range(PARTITIONS):
        for offset in range(2):
            put(one, partition, offset, 100 + 10 * offset + partition)
    assert one.take(9) == ["0/0", "1/0", "2/0", "0/1"]


def test_records_of_one_moment_go_by_what_their_sources_say() -> None:
    one = merge()
    put(one, 0, 0, 100, updated_at=9)
    put(one, 1, 0, 100, updated_at=8)
    put(one, 2, 0, 100, updated_at=7)
    assert one.take(1) == ["2/0"]


def test_a_partition_keeps_its_order_though_the_clock_of_its_broker_steps_back() -> None:
    one = merge()
    put(one, 0, 0, 500)
    put(one, 0, 1, 100)
    one.know_ends({0: 2, 1: 0, 2: 0}, asked=2)
    assert one.take(9) == ["0/0", "0/1"]


def test_offsets_without_a_record_count_as_read() -> None:
    one = merge()
    put(one, 0, 0, 100)
    one.know_ends({0: 1, 1: 7, 2: 0}, asked=1)
    assert (one.take(9), one.is_at_end, one.lag) == ([], False, 8)
    one.reach(1, 7)
    assert (one.take(9), one.is_at_end, one.lag) == (["0/0"], True, 0)


def test_a_partition_is_handed_out_to_its_end_also_where_no_record_stands_there() -> None:
    one = merge()
    put(one, 0, 0, 100)
    one.reach(0, 3)
    one.reach(1, 2)
    assert one.handed_out == {1: 2, 2: 0}, "a record of the first partition waits"
    one.know_ends({0: 3, 1: 2, 2: 0}, asked=1)
    one.take(9)
    assert one.handed_out == {0: 3, 1: 2, 2: 0}


def test_what_waits_is_weighed_by_partition() -> None:
    one = merge()
    put(one, 0, 0, 100)
    put(one, 0, 1, 100)
    assert (one.weight(0), one.weight(1), len(one)) == (2, 0, 2)


SENDS = st.lists(st.tuples(st.integers(0, PARTITIONS - 1), st.integers(0, 2)), max_size=40)
"""Partition and milliseconds since the send before: each is acknowledged before the next is sent."""


@settings(max_examples=300)
@given(SENDS, st.integers())
def test_sends_that_were_acknowledged_one_by_one_keep_their_order_however_they_are_fetched(
    sends: Sequence[tuple[int, int]], seed: int
) -> None:
    """The broker takes a send at any moment; we fetch any part of any partition at any moment, and ask for ends."""
    chance = Random(seed)
    topic: list[list[tuple[int, int]]] = [[] for _ in range(PARTITIONS)]
    one, fetched, taken = merge(), [0] * PARTITIONS, []
    at_ms, number = 0, 0
    while len(taken) < len(sends):
        deed = chance.choice(("send", "fetch", "fetch", "ask"))
        if deed == "send" and number < len(sends):
            partition, step_ms = sends[number]
            at_ms += step_ms
            topic[partition].append((at_ms, number))
            number += 1
        elif deed == "fetch":
            partition = chance.randrange(PARTITIONS)
            for order in topic[partition][fetched[partition] :][: chance.randint(1, 3)]:
                one.put(partition, fetched[partition], order, 1, f"{order[1]}")
                fetched[partition] += 1
        elif deed == "ask":
            one.know_ends({p: len(line) for p, line in enumerate(topic)}, one.arrived)
        taken += one.take(chance.randint(1, 5))
    assert taken == [f"{number}" for number in range(len(sends))]
