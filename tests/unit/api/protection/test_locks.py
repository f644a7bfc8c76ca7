"""Locks over HTTP: what is kept of what was asked for, and what each refuses."""

from typing import Any

import httpx
import pytest

from api.auth import require
from api.protection import placing
from infra import clock
from infra.clickhouse import DatabaseUnavailable
from schemas import codec
from schemas.facts import LockReleased, LockRequested, MediaConfigured
from schemas.intervals import Span
from tests.expiration_facts import expired, ordered, restored
from tests.footage_facts import START_MS, segment
from tests.protection_facts import hold, protected
from tests.scopes import only
from tests.unit.api.client import World

MINUTE_MS = 60_000
ASKED: dict[str, Any] = {"from_ms": START_MS, "to_ms": START_MS + MINUTE_MS, "reason": "police 12/3"}
DAY_MS = 86_400_000


@pytest.fixture
def known(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """Ten segments of `tył`; nobody waits."""
    monkeypatch.setattr(placing, "HELD_S", 0.0)
    monkeypatch.setattr(placing, "DECIDED_S", 0.0)
    monkeypatch.setattr(placing, "READ_S", 0.0)
    world.archive.show(MediaConfigured(media="tył", observed_ms=1))
    world.archive.facts += [segment("tył", START_MS + at * 6000) for at in range(10)]
    return world


def post(world: World, **changes: Any) -> httpx.Response:
    return world.ask("POST", "/api/v1/media/tył/locks", json=ASKED | changes)


def facts(world: World) -> list[Any]:
    return [codec.decode("protections", one.value) for one in world.log.records if one.topic == "protections"]


def receipt(reply: httpx.Response) -> list[tuple[int, int, str, str]]:
    """Minutes… seconds from START_MS, status and why."""
    return [
        ((one["from_ms"] - START_MS) // 1000, (one["to_ms"] - START_MS) // 1000, one["status"], one["because"])
        for one in reply.raise_for_status().json()["receipt"]
    ]


def test_a_lock_is_a_fact_and_its_receipt_says_what_it_keeps(known: World) -> None:
    reply = post(known)
    (fact,) = facts(known)
    assert reply.json() == {
        "lock_id": str(fact.lock_id), "media": "tył", "from_ms": START_MS, "to_ms": START_MS + MINUTE_MS,
        "receipt": [{"from_ms": START_MS, "to_ms": START_MS + MINUTE_MS, "status": "covered", "because": "stored"}],
    }  # fmt: skip
    assert fact == LockRequested(
        media="tył", observed_ms=fact.observed_ms, start_ms=START_MS, end_ms=START_MS + MINUTE_MS,
        lock_id=fact.lock_id, reason="police 12/3", requested_by="admin-token",
    )  # fmt: skip


def test_times_may_be_iso_and_the_lock_may_end_by_itself(known: World) -> None:
    until_ms = clock.now_ms() + DAY_MS
    post(known, from_ms="2026-01-01T00:00:10Z", to_ms="2026-01-01T01:00:20+01:00", until_ms=until_ms).raise_for_status()
    (fact,) = facts(known)
    assert (fact.start_ms, fact.end_ms, fact.until_ms) == (START_MS + 10_000, START_MS + 20_000, until_ms)


def test_every_stretch_of_a_receipt_says_why(known: World) -> None:
    known.archive.gone["tył"] = [Span(START_MS - MINUTE_MS, START_MS)]
    known.protection.going["tył"] = [Span(START_MS, START_MS + 12_000)]
    known.retention.facts.append(expired("tył", START_MS + 12_000, 12_000, observed_ms=START_MS, delete_after_ms=1))
    reply = post(known, from_ms=START_MS - 90_000, to_ms=START_MS + 90_000)
    assert receipt(reply) == [
        (-90, -60, "gone", "never recorded"), (-60, 0, "gone", "deleted"), (0, 12, "gone", "going"),
        (12, 24, "partial", "undecided"), (24, 60, "covered", "stored"), (60, 90, "gone", "never recorded"),
    ]  # fmt: skip


def test_footage_that_waits_within_its_grace_is_kept_and_so_is_what_was_restored(known: World) -> None:
    within = expired("tył", START_MS, 6000, observed_ms=START_MS, delete_after_ms=clock.now_ms() + DAY_MS)
    back = expired("tył", START_MS + 6000, 6000, observed_ms=START_MS, delete_after_ms=1)
    known.retention.facts += [within, back, restored(back)]
    assert receipt(post(known)) == [(0, 60, "covered", "stored")]


def test_footage_stored_again_after_a_deletion_is_kept(known: World) -> None:
    gone = expired("tył", START_MS, MINUTE_MS)
    known.retention.facts += [gone, ordered(gone)]
    known.archive.gone["tył"] = [Span(START_MS - 6000, START_MS)]
    assert receipt(post(known)) == [(0, 60, "covered", "stored")]


def test_what_is_yet_to_come_is_covered(known: World) -> None:
    now_ms = clock.now_ms()
    reply = post(known, from_ms=now_ms + MINUTE_MS, to_ms=now_ms + DAY_MS)
    assert [(one["status"], one["because"]) for one in reply.json()["receipt"]] == [("covered", "to come")]


def test_the_last_seconds_of_a_camera_that_records_are_yet_to_come(known: World) -> None:
    now_ms = clock.now_ms()
    known.archive.facts.append(segment("tył", now_ms - 20_000))
    reply = post(known, from_ms=now_ms - 20_000, to_ms=now_ms + MINUTE_MS)
    told = [(one["from_ms"] - now_ms, one["because"]) for one in reply.json()["receipt"]]
    assert told == [(-20_000, "stored"), (-14_000, "to come")]


def test_while_protection_does_not_run_the_lock_stands_and_the_answer_says_so(known: World) -> None:
    known.protection.answers = False
    reply = post(known)
    assert receipt(reply) == [(0, 60, "covered", "stored")]
    assert "processor:protection" in reply.json()["note"]
    assert [type(one) for one in facts(known)] == [LockRequested]


def test_while_decisions_are_not_in_the_tables_nothing_is_promised(known: World) -> None:
    known.protection.unread.add("expirations")
    reply = post(known)
    assert receipt(reply) == [(0, 60, "partial", "undecided")]
    assert "behind" in reply.json()["note"]


def test_a_database_that_goes_away_after_the_lock_costs_only_the_receipt(
    known: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: Any) -> Any:
        raise DatabaseUnavailable("away")

    monkeypatch.setattr(known.protection, "lock", gone)
    reply = post(known)
    assert receipt(reply) == [(0, 60, "partial", "undecided")]
    assert reply.json()["note"]
    assert len(facts(known)) == 1


def test_a_log_that_is_away_takes_no_lock(known: World) -> None:
    known.log.down = True
    assert post(known).status_code == 503
    assert known.get("locks").json()["locks"] == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"from_ms": START_MS + MINUTE_MS}, "from_ms"),
        ({"to_ms": START_MS - 1}, "from_ms"),
        ({"to_ms": START_MS + 11 * 366 * DAY_MS}, "to_ms"),
        ({"to_ms": "in a while"}, "to_ms"),
        ({"to_ms": 20_000_000_000_000}, "to_ms"),
        ({"from_ms": True}, "from_ms"),
        ({"from_ms": None}, "from_ms"),
        ({"from_ms": "2026-01-01T00:00:00"}, "from_ms"),
        ({"until_ms": START_MS}, "until_ms"),
        ({"reason": " "}, "reason"),
        ({"reason": None}, "reason"),
        ({"reason": 7}, "reason"),
        ({"reason": "x" * 4097}, "reason"),
        ({"why": "x"}, "why"),
    ],
)
def test_what_is_no_lock_is_refused_by_its_field(known: World, changes: dict[str, Any], field: str) -> None:
    reply = post(known, **changes)
    assert reply.status_code == 400
    assert reply.json()["type"] == "urn:sightlog:problem:bad-lock"
    assert [one["field"] for one in reply.json()["errors"]] == [field]
    assert facts(known) == []


def test_a_camera_that_nobody_knows_cannot_be_locked(known: World) -> None:
    reply = known.ask("POST", "/api/v1/media/other/locks", json=ASKED)
    assert (reply.status_code, reply.json()["type"]) == (404, "urn:sightlog:problem:no-such-media")
    assert facts(known) == []


def test_locks_are_listed_with_what_became_of_them(known: World) -> None:
    first = post(known, until_ms=clock.now_ms() + DAY_MS).json()["lock_id"]
    known.protection.answers = False
    second = post(known, reason="second").json()["lock_id"]
    shown = known.get("media/tył/locks").json()
    assert {one["lock_id"]: one["state"] for one in shown["locks"]} == {first: "held", second: "requested"}
    assert shown["next"] is None
    known.protection.ranges.clear()
    assert known.get(f"locks/{first}").json()["state"] == "ended"
    assert known.ask("DELETE", f"/api/v1/locks/{second}").status_code == 204
    shown = known.get(f"locks/{second}").json()
    assert (shown["state"], shown["released_by"], shown["receipt"]) == ("released", "admin-token", [])


def test_one_lock_is_shown_with_its_receipt_of_now(known: World) -> None:
    lock_id = post(known).json()["lock_id"]
    known.protection.going["tył"] = [Span(START_MS, START_MS + 6000)]
    shown = known.get(f"locks/{lock_id}")
    assert receipt(shown) == [(0, 6, "gone", "going"), (6, 60, "covered", "stored")]
    assert shown.json()["state"] == "held"


def test_pages_hold_every_lock_once_newest_first(known: World) -> None:
    asked = {post(known, reason=str(number)).json()["lock_id"] for number in range(7)}
    found, cursor = list[dict[str, Any]](), None
    while True:
        page = known.get("locks", limit=3, **({"cursor": cursor} if cursor else {})).json()
        found += page["locks"]
        if (cursor := page["next"]) is None:
            break
    assert {one["lock_id"] for one in found} == asked
    assert len(found) == 7
    assert [one["requested_ms"] for one in found] == sorted((one["requested_ms"] for one in found), reverse=True)
    assert known.get("locks", cursor="zz").status_code == 400


def test_a_lock_is_given_back_once_however_often_it_is_asked_for(known: World) -> None:
    lock_id = post(known).json()["lock_id"]
    for _ in range(2):
        assert known.ask("DELETE", f"/api/v1/locks/{lock_id}").status_code == 204
    assert [type(one) for one in facts(known)] == [LockRequested, LockReleased]


@pytest.mark.parametrize("method", ["GET", "DELETE"])
@pytest.mark.parametrize(("lock_id", "status"), [("12", 404), ("x", 400), ("99999999999999999999", 400)])
def test_a_lock_that_nobody_placed_is_not_found(known: World, method: str, lock_id: str, status: int) -> None:
    assert known.ask(method, f"/api/v1/locks/{lock_id}").status_code == status


def test_who_may_see_some_cameras_sees_the_locks_of_those(known: World) -> None:
    lock_id = post(known).json()["lock_id"]
    known.app.dependency_overrides[require] = lambda: only({"other"})
    assert known.get(f"locks/{lock_id}").status_code == 404
    assert known.get("locks").json()["locks"] == []


def test_the_ranges_of_a_camera_show_touching_pieces_as_one_cut_to_the_window(known: World) -> None:
    for fact in (
        protected("tył", START_MS - 9000, 15_000, hold(3)), protected("tył", START_MS + 6000, 6000, hold(3), hold(2)),
        protected("tył", START_MS + 20_000, 90_000, hold((1 << 64) - 1, "lock")),
    ):  # fmt: skip
        known.protection.show(fact)
    shown = known.get("media/tył/ranges", from_ms=START_MS, to_ms=START_MS + MINUTE_MS).json()["protected"]
    assert shown == [
        {"start_ms": START_MS, "end_ms": START_MS + 12_000,
         "holds": [{"kind": "episode", "id": "2"}, {"kind": "episode", "id": "3"}]},
        {"start_ms": START_MS + 20_000, "end_ms": START_MS + MINUTE_MS,
         "holds": [{"kind": "lock", "id": "18446744073709551615"}]},
    ]  # fmt: skip
