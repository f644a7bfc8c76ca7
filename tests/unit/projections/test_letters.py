import pytest

from infra.deadletter import Brake, kind_of
from infra.log import LogUnavailable, Record
from projections.letters import Letters
from tests.fakes import FakeLog


def record(offset: int, value: bytes | None = b"{bad", partition: int = 0) -> Record:
    return Record("segments", partition, offset, b"k", value, 0)


def letters(log: FakeLog, limit: int = 3) -> Letters:
    return Letters(log, "projection-segments", Brake(limit))


def test_settle_returns_only_when_every_letter_is_on_the_log() -> None:
    log = FakeLog()
    one = letters(log)
    one.refuse(record(5), "no JSON")
    assert log.facts == []
    one.settle()
    assert [(fact.topic, fact.offset, fact.reason, fact.value) for fact in log.facts] == [
        ("segments", 5, "no JSON", b"{bad")
    ]


def test_letters_that_the_log_did_not_take_are_sent_by_the_next_settle() -> None:
    log = FakeLog()
    one = letters(log)
    one.refuse(record(5), "no JSON")
    log.down = True
    with pytest.raises(LogUnavailable):
        one.settle()
    log.down = False
    one.settle()
    one.settle()
    assert [fact.offset for fact in log.facts] == [5]


def test_too_many_in_a_row_brake() -> None:
    one = letters(FakeLog())
    for offset in (5, 6):
        one.refuse(record(offset), "no JSON")
    assert one.braked == ""
    one.refuse(record(7), "no JSON")
    assert "3 records in a row" in one.braked


def test_a_good_record_between_bad_ones_releases_the_brake() -> None:
    one = letters(FakeLog())
    for offset in (5, 6, 8, 9, 11, 12):
        one.refuse(record(offset), "no JSON")
    assert one.braked == ""


@pytest.mark.parametrize(
    ("value", "word"), [(None, "no_value"), (b"", "no_value"), (b"{", "bad_json"), (b"{}", "bad_fact")]
)
def test_letters_are_grouped_by_a_short_word(value: bytes | None, word: str) -> None:
    assert kind_of(record(0, value)) == word
