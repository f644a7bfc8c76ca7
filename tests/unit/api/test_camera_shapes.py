"""What an answer says of a camera goes by what the caller may do with it; a link shows footage and no more."""

from collections.abc import Iterator
from typing import Any

import pytest

from schemas.facts import MediaConfigured
from tests.route_world import ALARM, GROUPS, LOCK, SEEN, SHARE, TOKEN_ID, secret_of, seeded
from tests.unit.api.client import World

LINK = {"media", "title", "may"}
KNOWN = LINK | {
    "enabled", "depth_ms", "keep_ms", "labels", "groups", "folder", "time_zone", "status", "last_ms"
}  # fmt: skip
WHOLE = KNOWN | {
    "source", "audio", "quota_bytes", "catch", "mail_login", "mail_password", "mail_aliases", "motion", "protect",
    "configured_ms", "changed_by",
}  # fmt: skip
WINDOW = "from_ms=0&to_ms=1"


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with seeded() as made:
        config = MediaConfigured(
            media=SEEN, observed_ms=2, groups=GROUPS, source="rtsp://viewer:geheim@10.9.8.7/s1", mail_login="gatecam",
            mail_password="geheim", mail_aliases=("dvr#4",), changed_by="boss", labels=("outdoor",),
        )  # fmt: skip
        made.log.append(config)
        yield made


def shapes(world: World, token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    listed = world.ask("GET", "/api/v1/media", token).json()["media"]
    return world.ask("GET", f"/api/v1/media/{SEEN}", token).json(), next(one for one in listed if one["media"] == SEEN)


@pytest.mark.parametrize(
    ("token", "fields"),
    [
        ("sls_own", LINK), *((secret_of(login), KNOWN) for login in ("live", "archive", "export", "protect")),
        (secret_of("configure"), WHOLE), (secret_of("boss"), WHOLE), ("unit-token", WHOLE),
    ],
)  # fmt: skip
def test_a_camera_is_told_as_far_as_it_may_be_known(token: str, fields: set[str], world: World) -> None:
    for told in shapes(world, token):
        assert told.keys() == fields
        assert "geheim" not in str(told)


def test_a_link_finds_its_camera_by_nothing_that_it_does_not_show(world: World) -> None:
    for query in ("q=outdoor", "folder=site", "group=of-live", "status=recording"):
        assert world.ask("GET", f"/api/v1/media?{query}", "sls_own").status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        "alarms", "alarms/health", f"alarms/{ALARM}/mail", "alarms/99/mail", "locks", f"locks/{LOCK}", "locks/99",
        f"media/{SEEN}/locks", f"media/{SEEN}/explain?at_ms=1", f"media/{SEEN}/motion?{WINDOW}", "episodes/refusals",
        f"media/{SEEN}/smtp", f"tokens/{TOKEN_ID}", f"shares/{SHARE}",
    ],
)  # fmt: skip
def test_a_link_is_told_nothing_of_mails_locks_verdicts_and_reasons(path: str, world: World) -> None:
    method = "DELETE" if path.startswith(("tokens/", "shares/")) else "GET"
    assert world.ask(method, f"/api/v1/{path}", "sls_own").status_code in (403, 404)


def test_how_an_alarm_came_is_told_to_who_may_configure_its_camera(world: World) -> None:
    (whole,) = world.ask("GET", "/api/v1/alarms", secret_of("boss")).json()["alarms"]
    (known,) = world.ask("GET", "/api/v1/alarms", secret_of("archive")).json()["alarms"]
    assert whole.keys() - known.keys() == {"sender", "recipient", "peer", "login"}


@pytest.mark.parametrize(("login", "status"), [("archive", 403), ("export", 404), ("archive-export", 200)])
def test_a_mail_is_taken_away_by_who_may_export(login: str, status: int, world: World) -> None:
    assert world.ask("GET", f"/api/v1/alarms/{ALARM}/mail", secret_of(login)).status_code == status
