from hypothesis import given
from hypothesis import strategies as st

from projections.protected_ranges.audit import Range, RangeId, compare, standing
from schemas.facts import LockReleased, RangeProtected, RangeReleased
from schemas.protection import Hold

ONE, TWO = (("episode", 1),), (("episode", 1), ("lock", 2))


def protected(start_ms: int, end_ms: int, holds: tuple[tuple[str, int], ...] = ONE) -> RangeProtected:
    made = tuple(Hold(kind=kind, id=number) for kind, number in holds)  # type: ignore[arg-type]
    return RangeProtected(media="a", observed_ms=1, start_ms=start_ms, end_ms=end_ms, holds=made)


def released(start_ms: int, end_ms: int) -> RangeReleased:
    return RangeReleased(media="a", observed_ms=1, start_ms=start_ms, end_ms=end_ms)


def test_a_later_fact_is_right_about_its_stretch_and_about_nothing_else() -> None:
    facts = [protected(10, 50), protected(20, 30, TWO), released(40, 60), protected(0, 5)]
    assert standing(facts)["a"] == [Range(0, 5, ONE), Range(10, 20, ONE), Range(20, 30, TWO), Range(30, 40, ONE)]


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 9), st.sampled_from([(), ONE, TWO]))))
def test_the_ranges_that_stand_say_of_every_moment_what_was_said_last(said: list[tuple[int, int, tuple]]) -> None:  # type: ignore[type-arg]
    moments: dict[int, tuple] = {}  # type: ignore[type-arg]
    facts = []
    for start_ms, length_ms, holds in said:
        end_ms = start_ms + length_ms
        facts.append(protected(start_ms, end_ms, holds) if holds else released(start_ms, end_ms))
        moments |= dict.fromkeys(range(start_ms, end_ms), holds)
    ranges = standing(facts).get("a", [])
    assert ranges == sorted(ranges)
    assert {at: one.holds for one in ranges for at in range(one.start_ms, one.end_ms)} == {
        at: holds for at, holds in moments.items() if holds
    }
    assert sum(one.end_ms - one.start_ms for one in ranges) == sum(bool(holds) for holds in moments.values())


def test_rows_that_say_the_same_are_whole_and_others_are_named() -> None:
    told = standing(
        [protected(10, 50), protected(60, 70), LockReleased(media="a", observed_ms=1, lock_id=2, released_by="")]
    )
    rows = {"a": [Range(10, 50, ONE), Range(60, 70, ONE)]}
    assert compare(told, rows, set()).is_whole
    audit = compare(told, {"a": [Range(10, 50, TWO), Range(80, 90, ONE)]}, set())
    assert audit.missing == [RangeId("a", 10), RangeId("a", 60)]
    assert audit.strange == [RangeId("a", 80)]
    assert (audit.facts, audit.rows, audit.is_whole) == (2, 2, False)


def test_of_a_camera_that_changed_meanwhile_nothing_is_said() -> None:
    assert compare(standing([protected(10, 50)]), {}, {"a"}).is_whole
