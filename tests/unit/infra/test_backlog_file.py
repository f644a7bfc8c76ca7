"""What can be read of a file of a backlog, whatever became of its bytes."""

import os
from pathlib import Path

from hypothesis import assume, example, given
from hypothesis import strategies as st

from infra.backlog_file import HEAD_BYTES, RECORD_BYTES, BacklogFile, contents, framed, head

KEY = bytes(range(16))
RECORDS = st.lists(st.binary(max_size=80) | st.just(framed(bytes(16), b"a look-alike")), max_size=6)


def written(records: list[bytes], key: bytes = KEY) -> bytes:
    return head(key) + b"".join(framed(key, record) for record in records)


def ends(records: list[bytes]) -> list[int]:
    """Where each record ends in the file."""
    at, found = HEAD_BYTES, []
    for record in records:
        at += RECORD_BYTES + len(record)
        found.append(at)
    return found


@given(RECORDS, st.data())
def test_any_prefix_of_a_file_yields_exactly_the_whole_records_in_it(records: list[bytes], data: st.DataObject) -> None:
    whole = written(records)
    cut = data.draw(st.integers(HEAD_BYTES, len(whole)))
    found = contents(whole[:cut])
    count = sum(end <= cut for end in ends(records))
    assert list(found.records.values()) == records[:count]
    assert list(found.records) == [HEAD_BYTES, *ends(records)][:count]
    assert found.torn_bytes == cut - ([HEAD_BYTES, *ends(records)])[count]
    assert not found.is_damaged


@given(RECORDS, st.data())
def test_flipped_bits_never_yield_a_record_that_was_not_written(records: list[bytes], data: st.DataObject) -> None:
    spoilt = bytearray(written(records))
    flips = data.draw(st.lists(st.integers(0, len(spoilt) * 8 - 1), min_size=1, max_size=8, unique=True))
    for bit in flips:
        spoilt[bit // 8] ^= 1 << bit % 8
    found = contents(bytes(spoilt)).records.values()
    left = iter(records)
    assert all(record in left for record in found), "a record that was not written, or in another order"


@given(st.lists(st.binary(min_size=1, max_size=80), min_size=2, max_size=6), st.data())
def test_a_flipped_bit_costs_the_one_record_it_hits_and_is_told(records: list[bytes], data: st.DataObject) -> None:
    hit = data.draw(st.integers(0, len(records) - 2))
    start = ([HEAD_BYTES, *ends(records)])[hit]
    bit = data.draw(st.integers(start * 8, ends(records)[hit] * 8 - 1))
    spoilt = bytearray(written(records))
    spoilt[bit // 8] ^= 1 << bit % 8
    found = contents(bytes(spoilt))
    assert list(found.records.values()) == records[:hit] + records[hit + 1 :]
    assert found.is_damaged


@given(st.binary(max_size=200))
@example(b"")
@example(b"SLBACK01")
def test_what_is_no_file_of_ours_yields_nothing_and_is_told(data: bytes) -> None:
    assume(not data.startswith(b"SLBACK01") or len(data) < HEAD_BYTES)
    assert contents(data) == ({}, True, 0)


def test_a_mail_that_holds_a_look_alike_is_not_taken_for_a_record_when_it_is_torn() -> None:
    forged = framed(bytes(16), b"forged")
    torn = written([forged * 3])[:-1]
    assert contents(torn).records == {}


def test_a_torn_mail_of_nothing_but_look_alikes_is_read_in_a_moment() -> None:
    greedy = b"\xf5SLr" + (1 << 19).to_bytes(4, "little")
    torn = written([greedy * 100_000])[:-1]
    assert contents(torn).torn_bytes == len(torn) - HEAD_BYTES


def test_zeros_after_the_last_record_are_a_torn_tail() -> None:
    found = contents(written([b"one"]) + bytes(5000))
    assert found == ({HEAD_BYTES: b"one"}, False, 5000)


def test_a_file_reads_what_was_appended(tmp_path: Path) -> None:
    file = BacklogFile.create(tmp_path / "1.backlog")
    offsets = [*file.append([b"one", b"two"]), *file.append([b"three"])]
    assert file.contents() == (dict(zip(offsets, (b"one", b"two", b"three"), strict=True)), False, 0)
    assert file.written == offsets
    assert file.size_bytes == (tmp_path / "1.backlog").stat().st_size
    file.close()


def test_a_file_that_somebody_has_is_not_adopted_and_one_let_go_is(tmp_path: Path) -> None:
    path = tmp_path / "1.backlog"
    file = BacklogFile.create(path)
    file.append([b"one"])
    assert BacklogFile.adopt(path) is None
    file.close()
    adopted = BacklogFile.adopt(path)
    assert adopted
    assert adopted.contents().records == {HEAD_BYTES: b"one"}
    adopted.remove()
    assert BacklogFile.adopt(path) is None
    assert os.listdir(tmp_path) == []
