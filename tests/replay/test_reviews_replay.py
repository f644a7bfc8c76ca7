"""The same facts make the same reviews, whatever happens to their reader."""

import secrets
from typing import Any

import pytest

from infra.clickhouse import Database
from infra.log import Record
from infra.settings import Settings
from projections import registry
from projections.generations.store import Generation
from projections.reviews.reads import Review, ReviewReads
from schemas import codec
from schemas.facts import EpisodeReviewed
from tests.access_facts import reviews
from tests.footage_facts import on_topic
from tests.replay.laws import ReplayLaws
from tests.replaying import House

VIEW = "user, media, episode_id, reviewed, favourite, said_ms, src_offset"


@pytest.fixture(scope="module")
def settings(stack: Settings) -> Settings:
    return stack.model_copy(update={"database": f"reviews{secrets.token_hex(3)}"})


@pytest.fixture(scope="module")
def house(settings: Settings) -> House:
    return House(settings, registry.REVIEWS)


@pytest.fixture(scope="module")
def records() -> list[Record]:
    return on_topic(reviews(240), "reviews", partitions=1)


def expected(records: list[Record]) -> list[tuple[Any, ...]]:
    """By hand: what each user said of each episode last."""
    said: dict[tuple[Any, ...], tuple[Any, ...]] = {}
    for record in records:
        fact = codec.decode("reviews", record.value)
        assert isinstance(fact, EpisodeReviewed)
        key = (fact.user, fact.media, fact.episode_id)
        said[key] = (*key, fact.reviewed, fact.favourite, fact.observed_ms, record.offset)
    return sorted(said.values())


class TestReviews(ReplayLaws):
    inserts = 4

    def require_what_was_told(self, house: House, generation: Generation, records: list[Record]) -> None:
        house.publish(generation)
        found = house.rows(f"SELECT {VIEW} FROM {house.public}.reviews ORDER BY 1, 2, 3")
        assert found == expected(records)
        assert len(found) < len(records)


def test_reviews_of_some_episodes_are_those_of_one_user(
    settings: Settings, house: House, records: list[Record]
) -> None:
    house.publish(house.told(records))
    reads = ReviewReads(Database(settings), house.public)
    said = {row[:3]: row[3:6] for row in expected(records)}
    asked = [("gate", 4), ("tył", 5), ("gate", 99)]
    assert reads.of("anna", asked) == {key: Review(*said["anna", *key]) for key in asked if ("anna", *key) in said}
    assert reads.of("anna", []) == {}
