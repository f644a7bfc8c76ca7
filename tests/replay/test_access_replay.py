"""The same facts make the same reviews and audit: told once or twice, in any batches, with a crash at any step."""

import secrets
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import pytest

from infra.clickhouse import Database
from infra.log import Record
from infra.settings import Settings
from projections import registry
from projections.audit.reads import ActionSearch, AuditReads
from projections.audit.rows import user_of
from projections.generations.digest import TableDigest
from projections.generations.store import Generation
from projections.reviews.reads import Review, ReviewReads
from projections.spec import Projection
from schemas import codec
from schemas.facts import ActionAudited, EpisodeReviewed
from tests.access_facts import actions, audited, reviews
from tests.footage_facts import START_MS, on_topic
from tests.replaying import House


class Case(NamedTuple):
    """One projection, its facts, and what its view must show of them."""

    house: House
    records: list[Record]
    shown: str
    expected: Sequence[tuple[Any, ...]]
    undisturbed: list[TableDigest]


def last_said(records: list[Record]) -> list[tuple[Any, ...]]:
    """By hand: what each user said of each episode last."""
    said: dict[tuple[Any, ...], tuple[Any, ...]] = {}
    for record in records:
        fact = codec.decode("reviews", record.value)
        assert isinstance(fact, EpisodeReviewed)
        key = (fact.user, fact.media, fact.episode_id)
        said[key] = (*key, fact.reviewed, fact.favourite, fact.observed_ms, record.offset)
    return sorted(said.values())


def first_told(records: list[Record]) -> list[tuple[Any, ...]]:
    """By hand: every action, as it was told first."""
    found: dict[tuple[int, int], tuple[Any, ...]] = {}
    for record in records:
        fact = codec.decode("audit", record.value)
        assert isinstance(fact, ActionAudited)
        key = (fact.observed_ms, fact.action_id)
        row = (user_of(fact.who), fact.who, fact.action, fact.media, fact.from_ms, fact.to_ms, record.offset)
        found.setdefault(key, (*key, *row))
    return sorted(found.values())


Expected = Callable[[list[Record]], list[tuple[Any, ...]]]
CASES: dict[str, tuple[Projection, Sequence[Any], str, Expected]] = {
    "reviews": (
        registry.REVIEWS, reviews(240),
        "user, media, episode_id, reviewed, favourite, said_ms, src_offset FROM {}.reviews ORDER BY 1, 2, 3", last_said,
    ),
    "audit": (
        registry.AUDIT, actions(240),
        "at_ms, action_id, user, who, action, media, from_ms, to_ms, src_offset FROM {}.audit ORDER BY 1, 2",
        first_told,
    ),
}  # fmt: skip


@pytest.fixture(scope="module", params=CASES)
def case(request: pytest.FixtureRequest, stack: Settings) -> Case:
    projection, facts, shown, expected = CASES[request.param]
    settings = stack.model_copy(update={"database": f"{request.param}{secrets.token_hex(3)}"})
    house, records = House(settings, projection), on_topic(facts, request.param, partitions=1)
    return Case(house, records, f"SELECT {shown}", expected(records), house.digests(house.told(records)))


def shown(case: Case, generation: Generation) -> list[tuple[Any, ...]]:
    case.house.publish(generation)
    return case.house.rows(case.shown.format(case.house.public))


def test_everything_that_was_told_is_shown_once(case: Case) -> None:
    assert shown(case, case.house.told(case.records)) == case.expected
    assert len(case.expected) < len(case.records)


@pytest.mark.parametrize("take", [7, 1000])
def test_the_same_comes_of_batches_of_any_size(case: Case, take: int) -> None:
    assert case.house.digests(case.house.told(case.records, take)) == case.undisturbed


def test_facts_told_twice_and_in_any_order_of_batches_are_shown_the_same(case: Case) -> None:
    generation = case.house.told_twice_in_any_order(case.records)
    assert case.house.digests(generation) == case.undisturbed
    assert shown(case, generation) == case.expected


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("at", [0, 2])
def test_a_crash_at_any_step_neither_loses_nor_doubles_what_was_told(case: Case, at: int, after: bool) -> None:
    assert case.house.digests(case.house.told_through_a_crash(case.records, at, after)) == case.undisturbed


def test_reviews_of_some_episodes_are_those_of_one_user(stack: Settings) -> None:
    settings = stack.model_copy(update={"database": f"said{secrets.token_hex(3)}"})
    house = House(settings, registry.REVIEWS)
    house.publish(house.told(on_topic(reviews(240), "reviews", partitions=1)))
    reads = ReviewReads(Database(settings), house.public)
    said = {row[:3]: row[3:6] for row in last_said(on_topic(reviews(240), "reviews", partitions=1))}
    asked = [("gate", 4), ("tył", 5), ("gate", 99)]
    assert reads.of("anna", asked) == {key: Review(*said["anna", *key]) for key in asked if ("anna", *key) in said}
    assert reads.of("anna", []) == {}


def test_a_page_of_the_audit_is_found_by_who_what_and_when_and_the_next_follows_it(stack: Settings) -> None:
    settings = stack.model_copy(update={"database": f"did{secrets.token_hex(3)}"})
    house = House(settings, registry.AUDIT)
    facts = [*actions(120), audited(7_000, START_MS + 10**6, who="admin-token", action="queried", media="")]
    house.publish(house.told(on_topic(facts, "audit", partitions=1)))
    reads = AuditReads(Database(settings), house.public)
    everything = reads.page(ActionSearch(), 1000)
    assert [one.place for one in everything] == sorted((one.place for one in everything), reverse=True)
    pages = [reads.page(ActionSearch(), 50)]
    while len(pages[-1]) == 50:
        pages.append(reads.page(ActionSearch(), 50, pages[-1][-1].place))
    assert [one for page in pages for one in page] == everything
    asked = ActionSearch(
        user="anna", media=("gate",), action=("exported",), from_ms=START_MS + 9000, to_ms=START_MS + 50_000
    )
    assert reads.page(asked, 1000) == [
        one
        for one in everything
        if (one.user, one.media, one.action) == ("anna", "gate", "exported")
        and START_MS + 9000 <= one.at_ms < START_MS + 50_000
    ] != []
