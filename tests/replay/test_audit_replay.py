"""The same facts make the same audit, whatever happens to their reader; and it is found by who, what and when."""

import secrets
from typing import Any

import pytest

from infra.clickhouse import Database
from infra.log import Record
from infra.settings import Settings
from projections import registry
from projections.audit.reads import ActionSearch, AuditReads
from projections.audit.rows import user_of
from projections.generations.store import Generation
from schemas import codec
from schemas.facts import ActionAudited
from tests.access_facts import actions
from tests.footage_facts import START_MS, on_topic
from tests.replay.laws import ReplayLaws
from tests.replaying import House

VIEW = "at_ms, action_id, user, who, action, media, from_ms, to_ms, src_offset"


@pytest.fixture(scope="module")
def settings(stack: Settings) -> Settings:
    return stack.model_copy(update={"database": f"audit{secrets.token_hex(3)}"})


@pytest.fixture(scope="module")
def house(settings: Settings) -> House:
    return House(settings, registry.AUDIT)


@pytest.fixture(scope="module")
def records() -> list[Record]:
    return on_topic(actions(240), "audit", partitions=1)


def expected(records: list[Record]) -> list[tuple[Any, ...]]:
    """By hand: every action, as it was told first."""
    found: dict[tuple[int, int], tuple[Any, ...]] = {}
    for record in records:
        fact = codec.decode("audit", record.value)
        assert isinstance(fact, ActionAudited)
        key = (fact.observed_ms, fact.action_id)
        row = (user_of(fact.who), fact.who, fact.action, fact.media, fact.from_ms, fact.to_ms, record.offset)
        found.setdefault(key, (*key, *row))
    return sorted(found.values())


class TestAudit(ReplayLaws):
    inserts = 4

    def require_what_was_told(self, house: House, generation: Generation, records: list[Record]) -> None:
        house.publish(generation)
        found = house.rows(f"SELECT {VIEW} FROM {house.public}.audit ORDER BY 1, 2")
        assert found == expected(records)
        assert len(found) < len(records)


@pytest.fixture(scope="module")
def reads(settings: Settings, house: House, records: list[Record]) -> AuditReads:
    house.publish(house.told(records))
    return AuditReads(Database(settings), house.public)


def test_pages_of_the_audit_follow_each_other_without_a_gap(reads: AuditReads) -> None:
    everything = reads.page(ActionSearch(), 1000)
    assert [one.place for one in everything] == sorted((one.place for one in everything), reverse=True)
    pages = [reads.page(ActionSearch(), 50)]
    while len(pages[-1]) == 50:
        pages.append(reads.page(ActionSearch(), 50, pages[-1][-1].place))
    assert [one for page in pages for one in page] == everything


def test_the_audit_is_found_by_who_what_where_and_when(reads: AuditReads) -> None:
    first_ms, last_ms = START_MS + 9000, START_MS + 50_000
    asked = ActionSearch(user="anna", media=("gate",), action=("exported",), from_ms=first_ms, to_ms=last_ms)
    wanted = [
        one
        for one in reads.page(ActionSearch(), 1000)
        if (one.user, one.media, one.action) == ("anna", "gate", "exported") and first_ms <= one.at_ms < last_ms
    ]
    assert wanted
    assert reads.page(asked, 1000) == wanted
