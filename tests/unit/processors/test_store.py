"""States on disk: whole batches, the newest state, and only of the changelog they came from."""

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processors.overlay import Overlay
from processors.store import State, Store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path, "a changelog")


def test_a_state_is_there_after_a_new_start(tmp_path: Path) -> None:
    first = Store(tmp_path, "a changelog")
    first.keep([State(1, b"a", b"one", 7, 5)], {1: 3})
    first.close()
    second = Store(tmp_path, "a changelog")
    assert second.get(1, b"a") == State(1, b"a", b"one", 7, 5)
    assert second.reached(1) == 3
    assert second.marked(1, 5, 9) == [(5, b"a")]


def test_a_state_of_one_partition_is_none_of_another(store: Store) -> None:
    store.keep([State(1, b"a", b"one", 7, 1)], {})
    assert store.get(2, b"a") is None
    assert store.marked(2, 9, 9) == []


def test_states_of_a_changelog_that_was_made_anew_are_forgotten(tmp_path: Path) -> None:
    first = Store(tmp_path, "a changelog")
    first.keep([State(1, b"a", b"one", 7)], {1: 3})
    first.close()
    second = Store(tmp_path, "another changelog of the same name")
    assert (second.get(1, b"a"), second.reached(1), second.count()) == (None, 0, 0)


def test_a_state_that_is_older_than_the_one_that_stands_is_left_out(store: Store) -> None:
    assert store.keep([State(0, b"a", b"new", 9), State(0, b"b", b"x", 1)], {}) == 2
    assert store.keep([State(0, b"a", b"old", 8), State(0, b"b", b"y", 1)], {}) == 1
    assert (store.get(0, b"a"), store.get(0, b"b")) == (State(0, b"a", b"new", 9), State(0, b"b", b"y", 1))


def test_a_forgotten_partition_leaves_the_others(store: Store) -> None:
    store.keep([State(0, b"a", b"x", 1), State(1, b"a", b"y", 1)], {0: 1, 1: 1})
    store.forget(0)
    assert (store.get(0, b"a"), store.reached(0)) == (None, 0)
    assert (store.count(), store.reached(1)) == (1, 1)


def test_a_batch_that_fails_in_its_middle_leaves_nothing(store: Store) -> None:
    broken = State(0, b"b", b"y", 2**70)
    with pytest.raises(OverflowError):
        store.keep([State(0, b"a", b"x", 1), broken], {0: 2})
    assert (store.count(), store.reached(0)) == (0, 0)


def test_what_a_fact_put_and_nobody_kept_is_gone(store: Store) -> None:
    states = Overlay(store)
    states.turn_to(0, 1)
    states.put(b"a", b"1")
    states.keep()
    states.turn_to(0, 2)
    states.put(b"a", b"2")
    assert states.get(b"a") == b"2"
    states.turn_to(0, 3)
    assert states.get(b"a") == b"1"
    assert states.writes() == [State(0, b"a", b"1", 1)]


def test_the_states_of_a_batch_are_written_in_the_order_of_their_keys(store: Store) -> None:
    states = Overlay(store)
    for at, key in enumerate((b"b", b"~", b"+", b"b", b"a")):
        states.turn_to(at % 2, at)
        states.put(key, b"%d" % at)
        states.keep()
    assert [(one.partition, one.key) for one in states.writes()] == [
        (0, b"+"),
        (0, b"a"),
        (0, b"b"),
        (1, b"b"),
        (1, b"~"),
    ]


@settings(max_examples=25, deadline=None)
@given(st.integers(), st.integers(1, 6))
def test_batches_of_any_length_see_what_one_write_at_a_time_would_show(
    tmp_path_factory: pytest.TempPathFactory, seed: int, most: int
) -> None:
    chance = random.Random(seed)
    store, plain = Store(tmp_path_factory.mktemp("s"), "c"), {}
    at = 0
    while at < 60:
        states = Overlay(store)
        for _ in range(chance.randrange(1, most + 1)):
            at, part, key = at + 1, chance.randrange(2), b"%d" % chance.randrange(6)
            states.turn_to(part, at)
            until_ms, limit, since_ms = chance.randrange(20), chance.randrange(1, 5), chance.choice((0, 0, 7))
            marks = sorted((mark, key) for (p, key), (_, mark) in plain.items() if p == part and mark is not None)
            expected = [one for one in marks if since_ms <= one[0] <= until_ms][:limit]
            assert states.marked(until_ms, limit, since_ms) == expected
            assert states.get(key) == plain.get((part, key), (None,))[0]
            mark = chance.choice((None, chance.randrange(20)))
            states.put(key, b"%d" % at, mark)
            if chance.random() < 0.8:
                states.keep()
                plain[part, key] = (b"%d" % at, mark)
        store.keep(states.writes(), {0: at})
    store.close()
