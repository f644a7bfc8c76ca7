"""Bytes that were fetched."""

from hypothesis import given
from hypothesis import strategies as st

from processors.motion.frames.held import Held
from tests.motion_bytes import MemoryBytes

SIZE = 60
CONTENT = bytes(range(SIZE))
stretch = st.tuples(st.integers(0, SIZE), st.integers(0, SIZE)).map(lambda two: (min(two), max(two)))


@given(st.lists(st.lists(stretch, max_size=4), max_size=6))
def test_whatever_was_fetched_is_read_and_no_byte_is_read_twice(asked: list[list[tuple[int, int]]]) -> None:
    footage = MemoryBytes({"a": CONTENT})
    held = Held("a", footage)
    had = set[int]()
    for stretches in asked:
        held.fetch(stretches)
        had.update(at for start, end in stretches for at in range(start, end))
        for start, end in stretches:
            assert held.read(start, end) == CONTENT[start:end]
        assert held.bytes_read == len(had)
    assert sum(size for _, parts in footage.asked for _, size in parts) == len(had)


def test_what_is_there_already_is_not_asked_for() -> None:
    footage = MemoryBytes({"a": CONTENT})
    held = Held("a", footage)
    held.fetch([(0, 10), (30, 40)])
    held.fetch([(2, 9), (0, 10), (30, 31)])
    held.fetch([(5, 35)])
    assert [parts for _, parts in footage.asked] == [((0, 10), (30, 10)), ((10, 20),)]
    assert held.read(0, 40) == CONTENT[:40]
