"""Who did what is told before it is answered, in one place for every route."""

import pytest

from api.access.acts import ACTS
from api.access.audit import By
from api.access.told import Asked
from api.access.told import told as told_of
from api.times import MAX_MS
from schemas.facts import ActionAudited
from schemas.intervals import Span
from tests.accepted_facts import accepted
from tests.footage import Shape, record
from tests.footage_facts import START_MS
from tests.unit.api.client import TOKEN, World

CAMERA = {"source": "rtsp://10.0.0.1/1", "title": "Gate"}
LOCK = {"from_ms": START_MS, "to_ms": START_MS + 5000, "reason": "a theft"}


def told(world: World) -> list[ActionAudited]:
    return [fact for fact in world.audited.facts if isinstance(fact, ActionAudited)]


def test_a_change_is_told_with_who_did_what_to_which_camera(world: World) -> None:
    assert world.put("media/gate", CAMERA).status_code == 200
    (one,) = told(world)
    assert (one.who, one.via, one.action, one.media, one.subject) == (
        "admin-token", "admin-token", "changed", "gate", "camera/gate"
    )  # fmt: skip
    assert one.peer == "127.0.0.1"
    assert "rtsp" not in one.detail


def test_a_lock_is_told_with_its_stretch_and_its_reason(world: World) -> None:
    world.put("media/gate", CAMERA)
    placed = world.ask("POST", "/api/v1/media/gate/locks", json=LOCK).json()
    one = told(world)[-1]
    assert (one.action, one.media, one.from_ms, one.to_ms) == ("protected", "gate", START_MS, START_MS + 5000)
    assert (one.subject, one.detail) == (f"lock/{placed['lock_id']}", "a theft")


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [("PUT", "media/gate", {"depth_ms": "no"}), ("DELETE", "media/nowhere", None), ("POST", "media/x/locks", LOCK)],
)
def test_what_was_refused_is_not_told_as_done(world: World, method: str, path: str, body: object) -> None:
    assert world.ask(method, f"/api/v1/{path}", json=body).status_code >= 400
    assert told(world) == []


def test_nothing_is_answered_as_done_that_cannot_be_told(world: World) -> None:
    world.audited.down = True
    answer = world.put("media/gate", CAMERA)
    assert answer.status_code == 503
    assert answer.json()["type"] == "urn:sightlog:problem:log-unavailable"
    assert answer.headers["retry-after"] == "5"


def test_watching_waits_for_no_log_and_what_is_lost_is_counted(world: World) -> None:
    world.audited.down = True
    assert world.ask("PUT", "/api/v1/episodes/refusals").status_code == 405
    world.get("media/gate/preview.jpg", at_ms=START_MS)
    assert "sightlog_audit_lost_total 0.0" in world.ask("GET", "/metrics").text


def test_the_last_moment_that_may_be_asked_for_is_told_like_any_other(world: World) -> None:
    world.put("media/gate", CAMERA)
    world.keep(record(Shape(media="gate", start_ms=START_MS, seconds=4, width=64, height=36, fps=5, gop=5)))
    assert world.get("media/gate/preview.jpg", at_ms=MAX_MS).status_code == 200
    world.audit.did(By("anna", "session"), "exported", media="gate", stretch=Span(MAX_MS, MAX_MS + 1))
    world.audit.close()
    viewed, exported = sorted(told(world), key=lambda one: one.action == "exported")[-2:]
    assert (viewed.action, viewed.from_ms, viewed.to_ms) == ("viewed", MAX_MS - 1, MAX_MS)
    assert (exported.from_ms, exported.to_ms) == (MAX_MS - 1, MAX_MS)


def test_what_cannot_be_told_is_counted_and_keeps_nothing_else_from_being_told(world: World) -> None:
    world.audit.saw(By("eve", "a way that is none"), "viewed", "pictures", media="gate")  # type: ignore[arg-type]
    world.audit.saw(By("anna", "session"), "viewed", "pictures", media="gate")
    world.audit.close()
    assert [one.who for one in told(world)] == ["anna"]
    assert "sightlog_audit_lost_total 1.0" in world.ask("GET", "/metrics").text


def test_a_request_of_nobody_is_not_told(world: World) -> None:
    assert world.ask("PUT", "/api/v1/media/gate", token=None, json=CAMERA).status_code == 401
    assert told(world) == []


def test_who_signs_in_and_who_tries_to_is_told_and_no_secret_is(world: World) -> None:
    assert world.ask("POST", "/api/v1/sessions", token=None, json={"token": TOKEN}).status_code == 201
    answer = world.ask("POST", "/api/v1/sessions", token=None, json={"login": "eve", "password": "hunter2"})
    assert answer.status_code == 401
    assert [(one.who, one.via, one.action) for one in told(world)] == [
        ("admin-token", "session", "signed-in"), ("eve", "none", "sign-in-refused"),
    ]  # fmt: skip
    records = str(world.audited.records)
    assert "hunter2" not in records
    assert TOKEN not in records


def test_a_statement_is_told_and_a_longer_one_cut(world: World) -> None:
    act, asked = ACTS["POST /sql"], Asked({}, b"", b"SELECT '" + b"x" * 9000, b"", 200)
    found = told_of(act, asked, By("anna", "token"), None, None)
    assert found
    world.audit.did(found.who, found.action, detail=found.detail)
    (one,) = told(world)
    assert (one.action, len(one.detail)) == ("queried", 4096)
    assert one.detail.startswith("SELECT 'xxx")


def test_what_is_looked_at_is_told_by_its_camera_also_where_the_path_does_not_say_it(world: World) -> None:
    shown = {"preview_key": "previews/a.jpg"}
    mark = {
        "episode_id": 7,
        "media": "tył",
        "opened_at": START_MS,
        "updated_at": START_MS,
        "closed_at": START_MS + 9000,
    }
    world.episodes.accept(accepted(pictures=shown, **mark))
    world.store.put("previews/a.jpg", b"jpeg")
    assert world.get("episodes/7/preview.jpg").status_code == 200
    world.audit.close()
    (one,) = told(world)
    assert (one.action, one.media, one.detail) == ("viewed", "tył", "pictures of episodes: 1")
    assert (one.from_ms, one.to_ms) == (START_MS, START_MS + 9000)
