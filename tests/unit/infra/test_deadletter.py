import pytest

from infra.deadletter import MAX_RECORD_BYTES, Brake, BrakeEngaged, letter
from infra.log import Record
from schemas import codec

RECORD = Record("segments", 3, 42, b"cam1", b"\xff\x00not json", 0)


def test_a_letter_keeps_the_record_byte_for_byte() -> None:
    made = letter(RECORD, "projection-segments-v1", "bad_json", "x" * 10_000, 5)
    again = codec.decode("dead-letters", codec.encode(made))
    assert (again.topic, again.partition, again.offset) == ("segments", 3, 42)
    assert (again.key, again.value) == (RECORD.key, RECORD.value)
    assert len(again.reason) == 4096
    assert again.code_version


@pytest.mark.parametrize("size", [MAX_RECORD_BYTES, MAX_RECORD_BYTES + 1, 3 * codec.MAX_BYTES])
def test_a_letter_about_a_record_of_any_size_can_be_written(size: int) -> None:
    made = letter(RECORD._replace(key=None, value=b"x" * size), "c", "oversize", "why", 5)
    again = codec.decode("dead-letters", codec.encode(made))
    assert (again.value is None) == (size > MAX_RECORD_BYTES)
    assert (f"{size} bytes are too many" in again.reason) == (size > MAX_RECORD_BYTES)
    assert again.reason.endswith("why")


def test_the_same_record_failing_again_is_the_same_letter() -> None:
    first, second = (letter(RECORD, "c", "bad_json", "why", failed_ms) for failed_ms in (1, 2))
    assert codec.fact_id(first) == codec.fact_id(second)


def test_the_brake_engages_at_the_limit_in_a_row_and_not_before() -> None:
    brake = Brake(3)
    for _ in range(5):
        brake.bad("a")
        brake.bad("b")
        brake.ok()
    brake.bad("a")
    brake.bad("b")
    with pytest.raises(BrakeEngaged, match=r"3 records in a row.*last: c"):
        brake.bad("c")
