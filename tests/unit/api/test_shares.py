"""A link shows one stretch of one camera, to whoever has it, as long as its maker may see it."""

import pytest

from api.access.known import digest_of
from infra.clock import now_ms
from schemas.access import GroupConfigured, ShareIssued, UserConfigured, UserRemoved
from schemas.facts import MediaConfigured
from tests.beside import until
from tests.unit.api.client import World

DAY_MS = 86_400_000
FROM_MS, TO_MS = 1_767_571_200_000, 1_767_571_260_000
ASKED = {"media": "gate", "from_ms": FROM_MS, "to_ms": TO_MS, "title": "for the police"}


@pytest.fixture
def shared(world: World) -> World:
    """Anna is in a group that may watch and take away what the gate recorded."""
    world.log.append(MediaConfigured(media="gate", observed_ms=1, groups=("guards",)))
    world.log.append(GroupConfigured(group="guards", observed_ms=1, export=True))
    world.log.append(UserConfigured(user="anna", observed_ms=1, groups=("guards",)))
    return world


def made(world: World, token: str | None = None, **more: object) -> dict[str, str]:
    answer = world.ask("POST", "/api/v1/shares", json=ASKED | more, **({"token": token} if token else {}))
    assert answer.status_code == 201, answer.text
    told: dict[str, str] = answer.json()
    return told


def status(world: World, secret: str, path: str = "media") -> int:
    return world.ask("GET", f"/api/v1/{path}", token=secret).status_code


def test_a_secret_is_told_once_and_opens_one_camera(shared: World) -> None:
    told = made(shared)
    assert told["secret"].startswith("sls_")
    (listed,) = shared.get("shares").json()["shares"]
    assert "secret" not in listed
    assert listed == {name: value for name, value in told.items() if name != "secret"}
    assert told["secret"] not in "".join(str(record) for record in shared.log.records)
    assert status(shared, told["secret"], "media/gate") == 200
    assert status(shared, told["secret"], "media/yard") == 404


def test_a_link_that_was_ended_or_has_expired_shows_nothing(shared: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ended, expiring = made(shared), made(shared, expires_ms=now_ms() + DAY_MS)
    assert shared.ask("DELETE", f"/api/v1/shares/{ended['share_id']}").status_code == 204
    assert status(shared, ended["secret"]) == 401
    assert status(shared, expiring["secret"]) == 200
    later_ms = now_ms() + DAY_MS + 1
    monkeypatch.setattr("infra.clock.now_ms", lambda: later_ms)
    assert status(shared, expiring["secret"]) == 401


def test_a_link_is_dead_when_its_maker_may_no_longer_see_the_camera(shared: World) -> None:
    secret = "sls_annas"
    shared.log.append(
        ShareIssued(
            share_id=5, observed_ms=2, user="anna", digest=digest_of(secret), media="gate", from_ms=FROM_MS,
            to_ms=TO_MS, expires_ms=now_ms() + DAY_MS,
        )
    )  # fmt: skip
    assert status(shared, secret, "media/gate") == 200
    shared.log.append(UserConfigured(user="anna", observed_ms=3, groups=()))
    until(lambda: status(shared, secret, "media/gate") == 404)
    shared.log.append(UserRemoved(user="anna", observed_ms=4))
    until(lambda: status(shared, secret, "media/gate") == 401)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"to_ms": FROM_MS}, "to_ms"),
        ({"expires_ms": 5}, "expires_ms"),
        ({"expires_ms": 9_999_999_999_999}, "expires_ms"),
        ({"media": "../x"}, "media"),
        ({"export": "yes"}, "export"),
        ({"colour": "red"}, "colour"),
        ({"title": "x" * 300}, "title"),
    ],
)
def test_a_link_that_makes_no_sense_is_refused_by_the_name_of_the_field(
    shared: World, change: dict[str, object], field: str
) -> None:
    answer = shared.ask("POST", "/api/v1/shares", json=ASKED | change)
    assert answer.status_code == 422
    assert [one["field"] for one in answer.json()["errors"]] == [field]


def test_a_link_makes_no_links_and_ends_none(shared: World) -> None:
    told = made(shared)
    assert shared.ask("POST", "/api/v1/shares", token=told["secret"], json=ASKED).status_code == 403
    assert shared.ask("DELETE", f"/api/v1/shares/{told['share_id']}", token=told["secret"]).status_code == 404
    assert shared.ask("GET", "/api/v1/shares", token=told["secret"]).json()["shares"] == []


@pytest.mark.parametrize("share_id", ["7", "x"])
def test_a_link_that_is_not_there_is_not_ended(shared: World, share_id: str) -> None:
    assert shared.ask("DELETE", f"/api/v1/shares/{share_id}").status_code in (400, 404)


def test_who_was_given_a_link_stands_in_the_audit(shared: World) -> None:
    told = made(shared)
    (one,) = [fact for fact in shared.audited.facts if fact.action == "shared"]  # type: ignore[union-attr]
    assert (one.media, one.from_ms, one.to_ms) == ("gate", FROM_MS, TO_MS)  # type: ignore[union-attr]
    assert one.subject == f"share/{told['share_id']}"  # type: ignore[union-attr]
    assert "for the police" in one.detail  # type: ignore[union-attr]
