"""Ids: ours grow under any clock; those of others are opaque."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import ids
from schemas.ids import Snowflake

PUBLISHED = 1722279170848854016


def test_the_published_example_decodes_with_the_twitter_epoch() -> None:
    assert ids.unpack(PUBLISHED).at_ms == 1699458327387


@given(st.integers(ids.EPOCH_MS, ids.EPOCH_MS + (1 << 42) - 1), st.integers(0, 1023), st.integers(0, 4095))
def test_packing_and_unpacking_give_the_same_parts(at_ms: int, machine: int, sequence: int) -> None:
    assert ids.unpack(Snowflake(at_ms, machine, sequence).pack()) == (at_ms, machine, sequence)


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param((ids.EPOCH_MS - 1, 0, 0), id="before the epoch"),
        pytest.param((ids.EPOCH_MS + (1 << 42), 0, 0), id="42 bits of ms are over, in 2150"),
        pytest.param((ids.EPOCH_MS, 1024, 0), id="machine"),
        pytest.param((ids.EPOCH_MS, 0, 4096), id="sequence"),
        pytest.param((ids.EPOCH_MS, -1, 0), id="negative"),
    ],
)
def test_parts_that_do_not_fit_are_refused(parts: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        Snowflake(*parts).pack()


@given(st.lists(st.integers(ids.EPOCH_MS, ids.EPOCH_MS + 10**12), min_size=1, max_size=40))
def test_ids_strictly_increase_under_any_clock(clock: list[int]) -> None:
    last = Snowflake(clock[0], 3, 0)
    for now_ms in clock:
        following = ids.following(last, now_ms)
        assert following.pack() > last.pack()
        assert following.machine == 3
        last = following


def test_more_ids_than_fit_one_millisecond_borrow_from_the_next() -> None:
    last = Snowflake(ids.EPOCH_MS + 5, 0, 4095)
    assert ids.following(last, ids.EPOCH_MS + 5) == (ids.EPOCH_MS + 6, 0, 0)


@given(st.integers(0, ids.MAX_ID))
def test_a_64_bit_id_reads_alike_as_number_and_as_decimal_string(number: int) -> None:
    assert ids.parse(number) == ids.parse(str(number)) == number


@pytest.mark.parametrize("value", ["007", "0", "18446744073709551615", 0, ids.MAX_ID])
def test_ids_at_the_edges_are_taken(value: object) -> None:
    assert 0 <= ids.parse(value) <= ids.MAX_ID


@pytest.mark.parametrize(
    "value",
    [
        -1,
        ids.MAX_ID + 1,
        str(ids.MAX_ID + 1),
        1.0,
        True,
        None,
        "",
        " 1",
        "1 ",
        "1\n",
        "+1",
        "-1",
        "1e3",
        "0x1",
        "١",
        "1" * 21,
    ],
    ids=repr,
)
def test_what_is_no_unsigned_64_bit_integer_is_refused_by_name(value: object) -> None:
    with pytest.raises(ValueError, match=r"^lock_id must be"):
        ids.parse(value, "lock_id")


def test_derived_ids_are_the_same_on_every_machine_and_for_ever() -> None:
    assert (
        ids.derived("gate-1", 1699458327000, "alarm", "v1") == 8900680019061609703
    )  # frozen: a change would double every episode


@given(st.lists(st.text(max_size=4), max_size=4), st.lists(st.text(max_size=4), max_size=4))
def test_derived_ids_differ_when_any_part_or_border_differs(one: list[str], other: list[str]) -> None:
    assert (ids.derived(*one) == ids.derived(*other)) == (one == other)


def test_a_part_may_hold_any_separator() -> None:
    assert (
        len({ids.derived("a", "b:c"), ids.derived("a:b", "c"), ids.derived("a\x1fb\x1fc"), ids.derived("a1:b", "c")})
        == 4
    )
