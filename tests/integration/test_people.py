"""What people say, share and do, from HTTP through the log into the tables and back: real broker and tables."""

import secrets
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from api.stored import StoredArchive
from infra import kafka
from infra.clickhouse import Database
from infra.clock import now_ms
from infra.kafka import KafkaLog, ensure_topics
from infra.objects import S3Store
from infra.settings import Settings
from projections import registry
from projections.audit.reads import AuditReads
from projections.episodes.reads import EpisodeReads
from projections.reviews.reads import ReviewReads
from schemas.facts import MediaConfigured
from tests.change_facts import accepted
from tests.footage_facts import START_MS
from tests.integration.served import served
from tests.integration.test_projection import running, until

HOUR_MS = 3_600_000
BUSY_S = 120
"""Longest that projections may take while other tests run beside them."""


@pytest.fixture(scope="module")
def api(stack: Settings) -> Iterator[httpx.Client]:
    """The API over what the projections make of the log, with six episodes."""
    mark = secrets.token_hex(3)
    own = stack.model_copy(update={"topic_prefix": f"w{mark}.", "database": f"w{mark}", "flush_ms": 100})
    ensure_topics(own)
    log, database = KafkaLog(own, "test"), Database(own)
    log.append(MediaConfigured(media="gate", observed_ms=START_MS))
    for number in range(6):
        log.append(accepted(number, media="gate", opened_at=START_MS + number * 1000))
    wanted = [registry.MEDIA, registry.SEGMENTS, registry.EPISODES, registry.REVIEWS, registry.AUDIT]
    with running(own, log, wanted), served(
        own, S3Store(own), StoredArchive(own, database), log, lambda: kafka.Follower(own, "media"),
        follow_access=lambda: kafka.Follower(own, "access"), episodes=EpisodeReads(database, own.database),
        reviews=ReviewReads(database, own.database), actions=AuditReads(database, own.database), audited=log,
    ) as client:  # fmt: skip
        until(lambda: client.get("/episodes").is_success and len(ids(client)) == 6, BUSY_S)
        yield client
    log.close()


def ids(api: httpx.Client, **asked: Any) -> list[int]:
    answer = api.get("/episodes", params=asked).raise_for_status().json()
    return sorted(int(one["episode_id"]) for one in answer["episodes"])


def test_what_was_reviewed_is_left_out_by_the_next_question(api: httpx.Client) -> None:
    for number in (1, 2):
        api.put(f"/episodes/{number}/review", json={"media": "gate", "reviewed": True}).raise_for_status()
        assert number not in ids(api, reviewed=False)
    api.put("/episodes/5/review", json={"media": "gate", "favourite": True}).raise_for_status()
    assert ids(api, reviewed=False) == [0, 3, 4, 5]
    assert ids(api, reviewed=True) == [1, 2]
    assert ids(api, favourite=True) == [5]
    assert ids(api, favourite=False, reviewed=True, media="gate") == [1, 2]
    api.put("/episodes/2/review", json={"media": "gate", "reviewed": False}).raise_for_status()
    assert ids(api, reviewed=True) == [1]
    told = {one["episode_id"]: (one["reviewed"], one["favourite"]) for one in api.get("/episodes").json()["episodes"]}
    assert (told["1"], told["5"], told["0"]) == ((True, False), (False, True), (False, False))


def test_a_link_works_at_once_until_it_is_ended(api: httpx.Client) -> None:
    window = {"media": "gate", "from_ms": START_MS, "to_ms": START_MS + HOUR_MS, "expires_ms": now_ms() + HOUR_MS}
    made = api.post("/shares", json=window).raise_for_status().json()
    theirs = {"Authorization": f"Bearer {made['secret']}"}
    assert api.get("/me", headers=theirs).json()["share"] == {
        "media": "gate", "from_ms": START_MS, "to_ms": START_MS + HOUR_MS, "export": False,
    }  # fmt: skip
    assert api.get("/media/gate/ranges", params={"from_ms": 0, "to_ms": START_MS}, headers=theirs).status_code == 200
    assert api.get("/episodes", params={"reviewed": False}, headers=theirs).status_code == 403
    api.delete(f"/shares/{made['share_id']}").raise_for_status()
    assert api.get("/me", headers=theirs).status_code == 401


def test_who_did_it_stands_in_the_audit_a_moment_later(api: httpx.Client) -> None:
    made = api.post("/shares", json={"media": "gate", "from_ms": START_MS, "to_ms": START_MS + 5}).json()
    subject = f"share/{made['share_id']}"

    def told() -> list[dict[str, Any]]:
        actions = api.get("/audit", params={"action": "shared", "user": "admin-token"}).json()["actions"]
        return [one for one in actions if one["subject"] == subject]

    until(lambda: told() != [], BUSY_S)
    (one,) = told()
    assert (one["media"], one["from_ms"]) == ("gate", START_MS)
    assert made["secret"] not in str(api.get("/audit").json())
