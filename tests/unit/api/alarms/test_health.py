"""The health of mails over HTTP: who mails, who has fallen silent, who never mailed, and why."""

from typing import Any

import pytest

from api.app import create
from api.auth import require
from infra import clock
from infra.settings import Settings
from projections.alarms.reads import Habit, Mails
from projections.dead_letters.reads import MailLetters
from projections.mail_refusals.reads import Refused
from schemas.facts import ActionAudited, MediaConfigured
from tests.alarm_facts import DAY_MS, HOUR_MS
from tests.scopes import only
from tests.unit.api.client import STORE, TOKEN, World


def habit(media: str, last_ms: int, **fields: int) -> Habit:
    told = {"mails": 100, "days": 14, "first_ms": last_ms - 13 * DAY_MS, "longest_gap_ms": 2 * HOUR_MS}
    return Habit(media=media, last_ms=last_ms, **(told | fields))


@pytest.fixture
def watched(world: World) -> World:
    now_ms = clock.now_ms()
    world.alarms.camera("alpha", now_ms - HOUR_MS, habit("alpha", now_ms - HOUR_MS))
    world.alarms.camera("beta", now_ms - 3 * DAY_MS, habit("beta", now_ms - 3 * DAY_MS))
    world.alarms.camera("gamma", None, mail_login="NVR", mail_aliases=["nvr-2@example.com#3"])
    world.alarms.camera("seldom", now_ms - 9 * DAY_MS, habit("seldom", now_ms - 9 * DAY_MS, mails=4))
    world.alarms.counts["alpha"] = Mails(media="alpha", hour=1, day=20, week=120)
    world.alarms.skew_ms["alpha"] = -7_200_000
    world.refusals.all["gamma"] = Refused(logins=12, all=15)
    world.letters.by_way = [
        MailLetters(route="nvr", letters=3, reason="older", place="mails/0/1", failed_ms=now_ms - 5000),
        MailLetters(route="nvr-2@example.com", letters=2, reason="newer", place="mails/0/9", failed_ms=now_ms - 10),
        MailLetters(route="beta+night@x.org", letters=1, reason="no word", place="mails/1/4", failed_ms=now_ms - 9),
        MailLetters(route="stranger@x", letters=8, reason="nobody", place="mails/2/2", failed_ms=now_ms - 8),
    ]
    return world


def cameras(world: World, **asked: object) -> dict[str, dict[str, Any]]:
    return {one["media"]: one for one in world.get("alarms/health", **asked).json()["cameras"]}


def test_each_camera_says_whether_it_mails_as_it_used_to(watched: World) -> None:
    answer = watched.get("alarms/health").json()
    assert {one["media"]: one["state"] for one in answer["cameras"]} == {
        "alpha": "ok", "beta": "silent", "gamma": "never", "seldom": "ok",
    }  # fmt: skip
    assert answer["states"] == {"ok": 2, "silent": 1, "never": 1}
    assert answer["next"] is None


def test_figures_tell_where_to_look(watched: World) -> None:
    found = cameras(watched)
    alpha, gamma = found["alpha"], found["gamma"]
    assert (alpha["mails_1h"], alpha["mails_24h"], alpha["mails_7d"], alpha["skew_ms"]) == (1, 20, 120, -7_200_000)
    assert (alpha["silent_after_ms"], found["seldom"]["silent_after_ms"]) == (DAY_MS, None)
    assert (gamma["login_refusals_24h"], gamma["refusals_24h"], gamma["letters_24h"]) == (12, 15, 5)
    assert gamma["last_letter"].items() >= {"place": "mails/0/9", "reason": "newer"}.items()
    assert (found["beta"]["letters_24h"], alpha["letters_24h"], alpha["last_letter"]) == (1, 0, None)


def test_the_habit_of_no_camera_is_read_twice(watched: World) -> None:
    found = cameras(watched)
    assert sorted(watched.alarms.told_habits) == sorted(watched.alarms.habit)
    assert found["beta"]["silent_after_ms"] is not None


def test_one_state_or_one_camera_can_be_asked_for_page_by_page(watched: World) -> None:
    assert cameras(watched, state="silent").keys() == {"beta"}
    assert cameras(watched, media="gamma").keys() == {"gamma"}
    first = watched.get("alarms/health", limit=2, state="ok").json()
    assert first["next"] is None
    first = watched.get("alarms/health", limit=3).json()
    rest = watched.get("alarms/health", limit=3, cursor=first["next"]).json()
    assert [one["media"] for one in (*first["cameras"], *rest["cameras"])] == ["alpha", "beta", "gamma", "seldom"]
    assert watched.get("alarms/health", state="loud").status_code == 400


def test_who_may_see_one_camera_hears_of_no_other(watched: World) -> None:
    watched.app.dependency_overrides[require] = lambda: only({"beta"})
    answer = watched.get("alarms/health").json()
    assert [one["media"] for one in answer["cameras"]] == ["beta"]
    assert answer["states"] == {"ok": 0, "silent": 1, "never": 0}


def configured(world: World, **fields: Any) -> None:
    world.log.append(MediaConfigured(media="gamma", observed_ms=5, **fields))


def test_the_mail_page_of_a_camera_holds_what_to_type_and_its_health(watched: World) -> None:
    configured(watched, mail_login="nvr", mail_password="s3cret", catch=("motion", "person"))
    answer = watched.get("media/gamma/smtp")
    told = answer.json()
    assert told.items() >= {
        "media": "gamma", "server": "127.0.0.1", "port": 2525, "ports": {"plain": 2525, "starttls": 2525},
        "login": "nvr", "password": "s3cret", "sender": "gamma@sightlog.local", "recipient": "gamma@sightlog.local",
        "subject_words": ["motion", "person"], "test": "sightlog smtp test gamma",
    }.items()  # fmt: skip
    assert told["health"]["login_refusals_24h"] == 12
    assert answer.headers["cache-control"] == "no-store"


def test_who_saw_the_password_of_a_mail_page_is_told_and_not_what_it_is(watched: World) -> None:
    configured(watched, mail_login="nvr", mail_password="s3cret")
    assert watched.get("media/gamma/smtp").status_code == 200
    (told,) = watched.audited.facts
    assert isinstance(told, ActionAudited)
    assert (told.action, told.media, told.subject) == ("viewed", "gamma", "camera/gamma")
    assert b"s3cret" not in (watched.audited.records[0].value or b"")
    watched.audited.down = True
    assert watched.get("media/gamma/smtp").status_code == 503


def test_the_listeners_own_password_is_for_admins(watched: World) -> None:
    configured(watched)
    given = {"api_key": TOKEN, "s3": STORE, "smtp_login": "cams", "smtp_password": "of-all"}
    watched.app = create(Settings.model_validate(given), watched.app.state.deps)
    assert watched.get("media/gamma/smtp").json()["password"] == "of-all"
    watched.app.dependency_overrides[require] = lambda: only({"gamma"})
    told = watched.get("media/gamma/smtp")
    assert told.json()["password"] is None
    assert "of-all" not in told.text


def test_a_mail_page_is_for_who_may_see_the_camera(watched: World) -> None:
    configured(watched)
    watched.app.dependency_overrides[require] = lambda: only({"beta"})
    answers = [watched.get(f"media/{name}/smtp") for name in ("gamma", "nobody")]
    assert {one.status_code for one in answers} == {404}
    assert len({one.text.replace("gamma", "nobody") for one in answers}) == 1
