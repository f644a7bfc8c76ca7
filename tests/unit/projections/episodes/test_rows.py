from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings

from projections.columns import LAST_MS
from projections.episodes.rows import GIVEN, RefusalRow, VersionRow, rows
from schemas import codec
from schemas.episode import EpisodeRecord, Originator
from schemas.errors import BadFact
from schemas.facts import EpisodeAccepted, MediaRemoved
from tests.change_facts import TOPIC, accepted, accepted_of, any_accepted, refused
from tests.footage_facts import START_MS

SLOW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""Facts are drawn from their types, which takes longer than what is tested."""
ALL_GIVEN = {
    "started_at": START_MS, "close_reason": "", "title": "", "labels": (), "originator": Originator(),
    "license_plate_text": "",
}  # fmt: skip


def row_of(fact: EpisodeAccepted) -> VersionRow:
    (row,) = rows(fact, 2, 17)
    assert isinstance(row, VersionRow)
    return row


@SLOW
@given(any_accepted())
def test_a_row_says_all_that_was_saved(fact: EpisodeAccepted) -> None:
    told = codec.decode(TOPIC, codec.encode(fact))
    arrived = msgspec.json.decode(msgspec.json.encode(row_of(told)))
    assert accepted_of(dict(zip(VersionRow.__struct_fields__, arrived, strict=True))) == told


@SLOW
@given(any_accepted())
def test_the_end_is_never_before_the_start(fact: EpisodeAccepted) -> None:
    row = row_of(fact)
    assert row.start_ms == (fact.record.opened_at if fact.record.started_at is None else fact.record.started_at)
    end_ms = fact.record.updated_at if fact.record.closed_at is None else fact.record.closed_at
    assert row.end_ms == max(row.start_ms, end_ms)


@pytest.mark.parametrize("field", GIVEN)
def test_an_empty_field_is_told_from_one_left_out(field: str) -> None:
    assert row_of(accepted()).given == 0
    assert row_of(accepted(**{field: ALL_GIVEN[field]})).given == GIVEN[field]


def test_every_row_of_a_version_names_its_position() -> None:
    row = row_of(accepted(version=3))
    assert (row.version, row.src_partition, row.src_offset) == (3, 2, 17)


def test_a_refused_save_is_one_row_with_its_record_as_saved() -> None:
    fact = refused(title="x", payload={"a": [1.5]})
    (row,) = rows(fact, 1, 9)
    assert isinstance(row, RefusalRow)
    assert msgspec.json.decode(row.record, type=EpisodeRecord) == fact.record
    assert (row.reason, row.refused_ms, row.src_partition, row.src_offset) == ("stale", START_MS, 1, 9)


@pytest.mark.parametrize(
    ("fact", "reason"),
    [
        (accepted(version=1 << 32), "too large"),
        (msgspec.structs.replace(accepted(), observed_ms=LAST_MS + 1), "2299"),
        (refused(observed_ms=LAST_MS + 1), "2299"),
        (msgspec.structs.replace(accepted(), media="cam2"), "another episode"),
        (msgspec.structs.replace(refused(), episode_id=8), "another episode"),
        (MediaRemoved(media="cam1", observed_ms=1), "no episode row"),
    ],
    ids=["version", "accepted", "refused", "media", "id", "stranger"],
)
def test_what_the_tables_cannot_hold_is_refused_with_the_reason(fact: Any, reason: str) -> None:
    with pytest.raises(BadFact, match=reason):
        rows(fact, 0, 0)
