from infra.deadletter import letter
from infra.log import Record
from projections.dead_letters.rows import LetterRow, rows


def test_a_letter_is_one_row_with_key_and_value_byte_for_byte() -> None:
    record = Record("segments", 3, 12, None, b"\xff{", 0)
    (row,) = rows(letter(record, "projection-segments", "bad_json", "no JSON", 99), 0, 4)
    assert isinstance(row, LetterRow)
    assert (row.topic, row.partition, row.offset, row.key, row.value) == ("segments", 3, 12, None, b"\xff{")
    assert (row.consumer, row.error, row.reason, row.failed_ms) == ("projection-segments", "bad_json", "no JSON", 99)
    assert (row.src_partition, row.src_offset) == (0, 4)
