"""Why a moment is kept, gone or was never there: every reason that tables know, in sentences."""

from typing import Any

import pytest
from msgspec.structs import replace

from api.archive import Lag
from api.auth import require
from schemas.facts import MediaConfigured, SegmentsDeleted
from schemas.protection import Hold
from tests.change_facts import accepted
from tests.expiration_facts import SEGMENT_MS, expired, ordered, requested, restored
from tests.footage_facts import START_MS, deleted, gap, segment
from tests.protection_facts import locked, protected
from tests.scan_facts import scan
from tests.scopes import only
from tests.unit.api.client import World

HOUR_MS = 3_600_000
SEGMENTS = 100
END_MS = START_MS + SEGMENTS * SEGMENT_MS
AT_MS = START_MS + 10_000
WAITING = expired("gate", START_MS, 300_000)
LATER_MS = WAITING.delete_after_ms - 60_000


@pytest.fixture(autouse=True)
def told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A camera that recorded ten minutes, all of them judged; it is an hour later."""
    world.archive.show(MediaConfigured(media="gate", observed_ms=1, depth_ms=6 * HOUR_MS, source="rtsp://x/1"))
    footage = [segment("gate", START_MS + number * SEGMENT_MS) for number in range(SEGMENTS)]
    world.history.facts = [*footage]
    world.motion.all = [scan("gate", one.start_ms) for one in footage]
    at(world, monkeypatch, START_MS + HOUR_MS)


@pytest.fixture
def later(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is seven hours later."""
    at(world, monkeypatch, LATER_MS)


def at(world: World, monkeypatch: pytest.MonkeyPatch, now_ms: int) -> None:
    monkeypatch.setattr("api.routes.explain.clock.now_ms", lambda: now_ms)


def asked(world: World, at_ms: int = AT_MS) -> dict[str, Any]:
    answer = world.get("media/gate/explain", at_ms=at_ms)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    assert (told["media"], told["at_ms"]) == ("gate", at_ms)
    assert all(one["kind"] and one["text"] for one in told["because"])
    return told


def kinds(told: dict[str, Any]) -> tuple[str, list[str]]:
    return told["state"], [one["kind"] for one in told["because"]]


def reason(told: dict[str, Any], kind: str) -> dict[str, Any]:
    return next(one for one in told["because"] if one["kind"] == kind)


def test_young_footage_is_kept_by_the_depth_of_its_camera(world: World) -> None:
    told = asked(world)
    assert kinds(told) == ("kept", ["stored", "depth"])
    assert reason(told, "stored") == {
        "kind": "stored", "start_ms": START_MS + 6000, "end_ms": START_MS + 12_000, "size_bytes": 9000,
        "text": "recorded 2026-01-01T00:00:06.000Z to 2026-01-01T00:00:12.000Z, 9.0 kB",
    }  # fmt: skip
    assert reason(told, "depth")["text"] == "the camera keeps 6 h of everything; this is 59 min 50 s old"
    assert reason(told, "depth")["depth_ms"] == 6 * HOUR_MS


def test_what_an_episode_holds_says_which_with_a_link(world: World) -> None:
    fact = accepted(7, media="gate", opened_at=AT_MS, title="two people", episode_type="human", closed_at=AT_MS + 9000)
    world.episodes.accept(fact)
    world.protection.show(protected("gate", START_MS, 60_000, Hold(kind="episode", id=7)))
    told = reason(asked(world), "hold")
    assert told["text"] == (
        "episode human 'two people' from api, 2026-01-01T00:00:10.000Z to 2026-01-01T00:00:19.000Z, keeps it,"
        " with 2026-01-01T00:00:00.000Z to 2026-01-01T00:01:00.000Z"
    )
    assert (told["hold"], told["link"]) == ({"kind": "episode", "id": "7"}, "/api/v1/episodes/7?media=gate")
    assert (told["policy_version"], told["episode"]["title"]) == ("p1-0badcafe", "two people")
    assert world.ask("GET", told["link"]).json()["title"] == "two people"


def test_a_lock_says_who_why_and_until_when(world: World, later: None) -> None:
    world.protection.show(locked(9, "gate", until_ms=START_MS + 24 * HOUR_MS))
    told = asked(world)
    assert kinds(told) == ("kept", ["stored", "hold", "keep"])
    assert reason(told, "hold")["text"].startswith(
        "a lock by anna ('police', until 2026-01-02T00:00:00.000Z) keeps it, with 2026-01-01T00:00:00.000Z to "
    )
    assert reason(told, "hold")["lock"]["until_ms"] == START_MS + 24 * HOUR_MS
    assert world.ask("GET", reason(told, "hold")["link"]).json()["lock_id"] == "9"
    assert reason(told, "keep")["text"] == (
        "older than the 6 h that the camera keeps; nothing evicts it while a lock or an export holds it"
    )


@pytest.mark.parametrize(
    ("keep_ms", "said"),
    [
        (None, "what is held stays while there is room"),
        (2 * HOUR_MS, "what is held stays for 1 h 50 s more, while there is room"),
        (HOUR_MS // 2, "the 30 min that what is held stays beyond it are over, and nothing has expired it yet"),
    ],
    ids=["no limit", "within keep", "keep has passed"],
)
def test_what_an_episode_holds_says_how_long_it_stays(
    world: World, later: None, monkeypatch: pytest.MonkeyPatch, keep_ms: int | None, said: str
) -> None:
    world.archive.show(MediaConfigured(media="gate", observed_ms=2, depth_ms=6 * HOUR_MS, keep_ms=keep_ms))
    world.protection.show(protected("gate", START_MS, 60_000, Hold(kind="episode", id=8)))
    at(world, monkeypatch, AT_MS + 7 * HOUR_MS - 50_000)
    assert reason(asked(world), "keep")["text"] == f"older than the 6 h that the camera keeps; {said}"


def test_a_hold_that_nothing_is_known_of_is_named_by_its_id(world: World) -> None:
    world.protection.show(protected("gate", START_MS, 60_000, Hold(kind="episode", id=8), Hold(kind="export", id=3)))
    holds = [one["text"].split(" keeps")[0] for one in asked(world)["because"] if one["kind"] == "hold"]
    assert holds == ["episode 8", "an export 3"]


def test_footage_that_is_about_to_go_says_why_when_and_how_to_keep_it(world: World, later: None) -> None:
    world.retention.facts = [WAITING]
    told = asked(world)
    assert kinds(told) == ("kept", ["stored", "expiring"])
    assert reason(told, "expiring")["text"] == (
        "it goes after 2026-01-01T06:10:00.000Z: older than depth 6 h (policy r1-0badcafe);"
        f" `sightlog retention restore {WAITING.expiration_id}` takes that back"
    )
    assert reason(told, "expiring")["delete_after_ms"] == WAITING.delete_after_ms
    assert world.ask("GET", reason(told, "expiring")["link"]).json()["state"] == "expired"


def test_after_the_grace_it_waits_for_what_was_taken_in_before(
    world: World, monkeypatch: pytest.MonkeyPatch, later: None
) -> None:
    world.retention.facts = [WAITING, requested(WAITING)]
    at(world, monkeypatch, WAITING.delete_after_ms)
    assert reason(asked(world), "expiring")["text"] == (
        "it goes as soon as all that was taken in before 2026-01-01T06:10:00.000Z is judged: older than depth 6 h"
        " (policy r1-0badcafe); it was asked for back at 2026-01-01T06:00:01.000Z, which is not answered yet"
    )


@pytest.mark.parametrize(("by", "said"), [("anna", "by anna"), ("protection", "because a hold came")])
def test_footage_that_was_given_back_says_by_whom(world: World, later: None, by: str, said: str) -> None:
    world.retention.facts = [WAITING, restored(WAITING, by=by)]
    told = asked(world)
    assert kinds(told) == ("kept", ["stored", "restored"])
    assert reason(told, "restored")["text"].endswith(f"was taken back at 2026-01-01T06:00:02.000Z {said}")


def test_footage_whose_motion_is_not_judged_stays(world: World, later: None) -> None:
    world.motion.all = [one for one in world.motion.all if one.start_ms != START_MS + 6000]
    assert kinds(asked(world)) == ("kept", ["stored", "unjudged", "waiting"])
    assert kinds(asked(world, START_MS)) == ("kept", ["stored", "waiting"])


def test_footage_of_a_camera_that_was_removed_goes_by_its_last_settings(world: World, later: None) -> None:
    world.archive.configs.clear()
    assert kinds(asked(world)) == ("kept", ["stored", "no_camera"])


def test_footage_whose_deletion_is_ordered_is_gone_though_it_may_still_be_seen(world: World, later: None) -> None:
    world.retention.facts = [WAITING, ordered(WAITING)]
    told = asked(world)
    assert kinds(told) == ("gone", ["stored", "expired", "ordered"])
    assert reason(told, "ordered")["text"].endswith("it is being deleted, and may be seen until then")


def test_an_order_that_waits_for_hours_says_where_to_look(
    world: World, later: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.retention.facts = [WAITING, ordered(WAITING)]
    at(world, monkeypatch, WAITING.delete_after_ms + 2 * HOUR_MS)
    told = asked(world)
    assert kinds(told) == ("gone", ["stored", "expired", "ordered"])
    assert "it is there 2 h later" in reason(told, "ordered")["text"]
    assert "`sightlog letters list` whether the store refuses" in reason(told, "ordered")["text"]


def test_what_was_stored_since_its_order_is_kept_though_the_order_is_not_carried_out(world: World, later: None) -> None:
    world.retention.facts = [WAITING, ordered(WAITING)]
    world.history.facts[1] = replace(segment("gate", START_MS + SEGMENT_MS), observed_ms=WAITING.observed_ms + 1)
    told = asked(world)
    assert kinds(told) == ("kept", ["stored", "left", "waiting"])
    assert "of what stood here before; this was stored since" in reason(told, "left")["text"]
    answer = world.get("media/gate/explain", from_ms=START_MS, to_ms=START_MS + 300_000).json()
    assert [(one["start_ms"] - START_MS, one["state"]) for one in answer["stretches"]] == [
        (0, "gone"), (6000, "kept"), (12_000, "gone"),
    ]  # fmt: skip


def test_what_the_store_does_not_let_go_is_kept_once_the_rest_of_its_order_is_gone(world: World, later: None) -> None:
    world.retention.facts = [WAITING, ordered(WAITING)]
    world.history.facts.append(went(START_MS + 2 * SEGMENT_MS, count=48))
    told = asked(world)
    assert kinds(told) == ("kept", ["stored", "left", "waiting"])
    assert "the store does not let it go, which `sightlog letters list` says" in reason(told, "left")["text"]


def went(of_ms: int = START_MS, count: int = 50, expiration_id: int = WAITING.expiration_id) -> SegmentsDeleted:
    starts = tuple(range(of_ms, of_ms + count * SEGMENT_MS, SEGMENT_MS))
    return SegmentsDeleted(
        media="gate", observed_ms=LATER_MS - 5000, start_ms=of_ms, end_ms=of_ms + count * SEGMENT_MS,
        segment_starts_ms=starts, size_bytes=450_000, expiration_id=expiration_id,
    )  # fmt: skip


def test_what_is_gone_says_which_decision_took_it_and_when(world: World, later: None) -> None:
    world.retention.facts = [WAITING, ordered(WAITING)]
    world.history.facts.append(went())
    told = asked(world)
    assert kinds(told) == ("gone", ["expired", "ordered", "deleted"])
    assert [one["text"] for one in told["because"]] == [
        "at 2026-01-01T06:00:00.000Z it was decided that it goes: older than depth 6 h (policy r1-0badcafe)",
        "its deletion was ordered at 2026-01-01T06:10:00.000Z: the grace was over, and no hold had come",
        "deleted at 2026-01-01T06:08:55.000Z with 50 segments, 450.0 kB,"
        " 2026-01-01T00:00:00.000Z to 2026-01-01T00:05:00.000Z",
    ]
    assert {one["expiration_id"] for one in told["because"]} == {str(WAITING.expiration_id)}
    assert kinds(asked(world, START_MS + 300_000)) == ("kept", ["stored", "waiting"])


def test_what_was_found_missing_is_told_so(world: World, later: None) -> None:
    world.history.facts.append(deleted("gate", [START_MS + 6000]))
    told = asked(world)
    assert kinds(told) == ("gone", ["missing"])
    assert "`sightlog check` said so, no decision deleted it" in reason(told, "missing")["text"]


def test_a_hold_that_came_too_late_says_that_nothing_is_left(world: World, later: None) -> None:
    world.retention.facts = [WAITING, ordered(WAITING)]
    world.history.facts.append(went())
    world.protection.show(protected("gate", START_MS, 60_000, Hold(kind="episode", id=8)))
    told = asked(world)
    assert kinds(told) == ("gone", ["expired", "ordered", "deleted", "hold"])
    assert "would keep it, but nothing is left of it" in reason(told, "hold")["text"]


def test_footage_stored_anew_after_a_deletion_is_kept(world: World, later: None) -> None:
    world.retention.facts = [WAITING, ordered(WAITING)]
    world.history.facts += [went(), segment("gate", START_MS + 6000)]
    assert kinds(asked(world)) == ("kept", ["stored", "left", "waiting"])


@pytest.mark.parametrize(
    ("at_ms", "kind", "text"),
    [
        (START_MS - 1, "before_first", "before its first footage, 2026-01-01T00:00:00.000Z"),
        (START_MS + 2 * HOUR_MS, "future", "it has not come yet: now it is 2026-01-01T01:00:00.000Z"),
        (
            END_MS, "after_last", "after its last footage, 2026-01-01T00:10:00.000Z; what is being recorded is there"
            " once its segment is complete",
        ),
    ],
    ids=["before", "future", "after"],
)  # fmt: skip
def test_what_never_was_says_why(world: World, at_ms: int, kind: str, text: str) -> None:
    told = asked(world, at_ms)
    assert kinds(told) == ("never", [kind])
    assert told["because"][0]["text"] == text


def test_a_hole_says_its_reason_and_without_one_that_nobody_said_why(world: World) -> None:
    world.history.facts = [one for one in world.history.facts if one.start_ms != START_MS + 6000]
    assert kinds(asked(world)) == ("never", ["not_recorded"])
    world.archive.missing = [gap("gate", START_MS + 6000, START_MS + 12_000)]
    told = asked(world)
    assert kinds(told) == ("never", ["gap"])
    assert told["because"][0]["text"] == (
        "the camera did not answer, since 2026-01-01T00:00:06.000Z, until 2026-01-01T00:00:12.000Z"
    )
    assert told["because"][0]["reason"] == "source_lost"


def test_a_camera_that_is_switched_off_says_so(world: World) -> None:
    world.archive.show(MediaConfigured(media="gate", observed_ms=2, enabled=False))
    assert reason(asked(world, END_MS), "after_last")["text"].endswith(": recording is switched off")
    world.history.facts.clear()
    assert kinds(asked(world)) == ("never", ["nothing_yet"])


def test_a_window_is_cut_where_something_else_is_true(world: World, later: None) -> None:
    world.retention.facts = [WAITING, ordered(WAITING)]
    world.history.facts.append(went(count=40))
    world.protection.show(protected("gate", START_MS + 360_000, 60_000, Hold(kind="episode", id=8)))
    answer = world.get("media/gate/explain", from_ms=START_MS - 60_000, to_ms=END_MS + 60_000)
    told = [
        ((one["start_ms"] - START_MS) // 1000, (one["end_ms"] - START_MS) // 1000, *kinds(one))
        for one in answer.json()["stretches"]
    ]
    assert told == [
        (-60, 0, "never", ["before_first"]),
        (0, 240, "gone", ["expired", "ordered", "deleted"]),
        (240, 300, "kept", ["stored", "left", "waiting"]),
        (300, 360, "kept", ["stored", "waiting"]),
        (360, 420, "kept", ["stored", "hold", "keep"]),
        (420, 540, "kept", ["stored", "waiting"]),
        (540, 600, "kept", ["stored", "depth"]),
        (600, 660, "never", ["after_last"]),
    ]


def test_stretches_of_a_window_say_what_each_of_its_moments_says(world: World, later: None) -> None:
    world.retention.facts = [WAITING]
    world.motion.all = world.motion.all[::3]
    window = {"from_ms": START_MS - 20_000, "to_ms": START_MS + 400_000}
    found = world.get("media/gate/explain", **window).json()["stretches"]
    assert [one["start_ms"] for one in found] == [window["from_ms"], *(one["end_ms"] for one in found[:-1])]
    assert found[-1]["end_ms"] == window["to_ms"]
    for one in found:
        for at_ms in (one["start_ms"], one["end_ms"] - 1):
            assert kinds(asked(world, at_ms)) == kinds(one)


def test_an_answer_says_what_it_has_seen(world: World) -> None:
    assert asked(world)["as_of_ms"] == START_MS + HOUR_MS
    world.archive.behind = [Lag("motion", "motion", 9, START_MS + 5), Lag("media", "media", 0, 1)]
    assert asked(world)["as_of_ms"] == START_MS + 5


@pytest.mark.parametrize(
    "query",
    [{}, {"at_ms": 1, "from_ms": 1, "to_ms": 2}, {"from_ms": 1}, {"from_ms": 2, "to_ms": 2}, {"at_ms": 10**14}],
    ids=str,
)
def test_a_question_is_a_moment_or_a_window(world: World, query: dict[str, int]) -> None:
    assert world.get("media/gate/explain", **query).status_code == 400


def test_a_camera_of_others_is_missing(world: World) -> None:
    assert world.get("media/yard/explain", at_ms=AT_MS).status_code == 404
    world.app.dependency_overrides[require] = lambda: only({"yard"})
    assert world.get("media/gate/explain", at_ms=AT_MS).status_code == 404


def test_what_was_found_missing_far_apart_says_nothing_of_what_a_decision_took_between(
    world: World, later: None
) -> None:
    world.retention.facts = [WAITING, ordered(WAITING)]
    world.history.facts += [went(count=50), deleted("gate", [START_MS - SEGMENT_MS, START_MS + 80 * SEGMENT_MS])]
    assert kinds(asked(world)) == ("gone", ["expired", "ordered", "deleted"])
    assert kinds(asked(world, START_MS + 80 * SEGMENT_MS)) == ("gone", ["missing"])
