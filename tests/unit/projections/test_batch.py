import pytest

from infra.log import Record
from projections import registry
from projections.batch import Batch, Read
from projections.segments.rows import GapRow, SegmentRow
from schemas import codec
from tests.footage_facts import START_MS, gap, segment
from tests.memory_consumer import MemoryMessage

NAMES = {"t.segments": "segments"}


def batch(refused: list[tuple[int, str]]) -> Batch:
    return Batch(registry.SEGMENTS, NAMES, lambda record, reason: refused.append((record.offset, reason)))


def message(offset: int, value: bytes | None, key: bytes | None = b"cam1", partition: int = 0) -> MemoryMessage:
    return MemoryMessage(Record("t.segments", partition, offset, key, value, 0))


def test_facts_become_rows_by_table() -> None:
    made = batch([])
    made.add(message(0, codec.encode(segment())), 5)
    made.add(message(1, codec.encode(gap())), 6)
    assert [made.count(SegmentRow), made.count(GapRow)] == [1, 1]
    assert made.first_ms == 5
    assert made.value_bytes == len(codec.encode(segment())) + len(codec.encode(gap()))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        (b"cam1", None),
        (b"cam1", b""),
        (b"cam1", b"{bad"),
        (b"cam1", b"[]"),
        (b"cam1", b'{"type":"nope"}'),
        (None, codec.encode(segment())),
        (b"cam2", codec.encode(segment())),
        (b"cam1", b"[" * 100_000),
    ],
    ids=["null", "empty", "no-json", "no-object", "unknown-type", "no-key", "other-key", "deep"],
)
def test_what_a_stranger_wrote_is_refused_once_and_counts_as_read(key: bytes | None, value: bytes | None) -> None:
    refused: list[tuple[int, str]] = []
    made = batch(refused)
    made.add(message(7, value, key), 0)
    assert [offset for offset, _ in refused] == [7]
    assert made.read == {("segments", 0): Read(8, 0)}
    assert not any(made.lines.values())


def test_reading_goes_on_per_partition_and_the_watermark_never_goes_back() -> None:
    made = batch([])
    made.add(message(3, codec.encode(segment(start_ms=START_MS + 60_000))), 0)
    made.add(message(4, codec.encode(segment(start_ms=START_MS))), 0)
    made.add(message(9, codec.encode(segment()), partition=1), 0)
    assert made.read == {("segments", 0): Read(5, START_MS + 66_100), ("segments", 1): Read(10, START_MS + 6_100)}


def test_the_end_of_a_partition_moves_reading_past_records_that_are_never_delivered() -> None:
    made = batch([])
    made.add(message(3, codec.encode(segment())), 0)
    made.reach(("segments", 0), 6)
    assert made.read[("segments", 0)] == Read(6, START_MS + 6_100)


def test_a_part_of_a_batch_has_the_rows_of_its_messages_and_refuses_nothing_again() -> None:
    refused: list[tuple[int, str]] = []
    made = batch(refused)
    for offset, value in enumerate((codec.encode(segment()), b"{bad", codec.encode(gap()))):
        made.add(message(offset, value), 0)
    part = made.part(made.messages[1:])
    assert (part.count(SegmentRow), part.count(GapRow), len(refused)) == (0, 1, 1)


def test_an_empty_batch_is_false_and_one_that_only_moved_is_true() -> None:
    made = batch([])
    assert not made
    made.reach(("segments", 0), 1)
    assert made
