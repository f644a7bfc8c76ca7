"""What peers may take, and who gives way."""

from hypothesis import given
from hypothesis import strategies as st

from producers.alarms.limits import Held, Rates, Seats

EVENTS = st.lists(st.tuples(st.sampled_from(["take", "progress", "free"]), st.integers(0, 11)), max_size=80)


@given(EVENTS, st.integers(1, 6), st.integers(1, 4))
def test_seats_never_exceed_their_limits_and_all_come_back(
    events: list[tuple[str, int]], limit: int, peer: int
) -> None:
    seats, sitting = Seats(limit, peer), set[int]()
    for what, who in events:
        name = f"peer {who % 3}"
        if what == "take" and who not in sitting:
            left = seats.take(who, name)
            assert set(left) <= sitting
            sitting = (sitting - set(left)) | {who}  # type: ignore[arg-type]
        elif what == "progress":
            seats.progress(who)
        else:
            seats.free(who)
            sitting.discard(who)
        assert len(seats) == len(sitting) <= limit
        assert all(seats.of_peer(f"peer {n}") == sum(s % 3 == n for s in sitting) <= peer for n in range(3))
    for who in sitting:
        seats.free(who)
    assert (len(seats), seats._peers) == (0, {})


def test_whoever_is_longest_without_progress_gives_way() -> None:
    seats = Seats(10, 3)
    for who in "abc":
        assert seats.take(who, "router") == []
    seats.progress("a")
    assert seats.take("d", "router") == ["b"]
    assert seats.take("e", "router") == ["c"]
    assert seats.take("x", "other") == []
    assert set(seats) == {"a", "d", "e", "x"}


def test_a_mail_that_takes_longest_gives_way_and_one_that_is_whole_does_not() -> None:
    told: list[str] = []
    held = Held(100)
    for name in ("whole", "slow", "quick"):
        held.begin(name, lambda name=name: told.append(name))  # type: ignore[misc]
        held.add(name, 30)
    held.settle("whole")
    assert held.total == 90
    held.add("quick", 20)
    assert (told, held.total) == (["slow"], 80)
    held.add("quick", 30)
    assert (told, held.total) == (["slow", "quick"], 30)
    held.add("slow", 5)
    held.end("whole")
    assert (held.total, held.is_busy) == (0, False)


@given(st.lists(st.tuples(st.sampled_from(["begin", "add", "settle", "end"]), st.integers(0, 4), st.integers(0, 60))))
def test_bytes_are_counted_exactly(events: list[tuple[str, int, int]]) -> None:
    held = Held(100)
    for what, who, size in events:
        if what == "begin":
            held.begin(who, lambda: None)
        elif what == "add":
            held.add(who, size)
        elif what == "settle":
            held.settle(who)
        else:
            held.end(who)
        assert held.total == sum(size for size, _ in held._coming.values()) + sum(held._whole.values())
        assert held.total <= 100 or not held._coming
    for who in range(5):
        held.end(who)
    assert (held.total, held.is_busy) == (0, False)


def test_a_camera_may_send_so_many_a_minute_and_more_after_a_while() -> None:
    rates = Rates(60)
    assert [rates.take("a", 0.0) for _ in range(61)] == [True] * 60 + [False]
    assert rates.take("b", 0.0)
    assert [rates.take("a", 2.0) for _ in range(3)] == [True, True, False]
    assert [rates.take("a", 3_600.0) for _ in range(61)] == [True] * 60 + [False]


def test_rates_of_cameras_that_send_no_more_are_forgotten() -> None:
    rates = Rates(1)
    for number in range(30_000):
        rates.take(f"random-{number}", 0.0)
    assert len(rates._left) == 20_000
