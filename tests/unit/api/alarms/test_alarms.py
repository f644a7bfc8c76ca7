"""Alarms over HTTP: what came, page by page, the mail itself and its picture."""

import pytest

from api.auth import require
from schemas import ids
from tests.alarm_facts import alarm
from tests.footage_facts import START_MS
from tests.scopes import only
from tests.unit.api.client import World

KEY = f"previews/{'ab' * 32}.jpg"
RAW = b"Subject: Motion\r\n\r\nzu sp\xe4t\r\n"


@pytest.fixture
def mailed(world: World) -> World:
    for number in range(7):
        world.alarms.receive(alarm(number, "gate", START_MS + number // 2 * 1000, claimed_ms=START_MS))
    world.alarms.receive(alarm(7, "tył", START_MS + 500, kind="stop", preview_key=KEY, pictures=2))
    world.store.put(alarm(7).mail_key, RAW, "message/rfc822")
    world.store.put(KEY, b"\xff\xd8picture", "image/jpeg")
    return world


def only_for(world: World, *media: str) -> None:
    world.app.dependency_overrides[require] = lambda: only(media)


def test_an_alarm_says_both_times_and_what_was_found(mailed: World) -> None:
    (one,) = mailed.get("alarms", media="gate", limit=1).json()["alarms"]
    assert one == {
        "alarm_id": str(ids.derived("alarm", "gate", 6)), "media": "gate", "kind": "start",
        "received_ms": START_MS + 3000, "claimed_ms": START_MS, "skew_ms": -3000, "matched": "motion",
        "subject": "Motion 6", "sender": "", "recipient": "", "event": "", "device": "", "channel": "", "vendor": "",
        "peer": "", "login": "", "pictures": 0, "mail_key": alarm(6).mail_key,
        "mail_url": f"/api/v1/alarms/{ids.derived('alarm', 'gate', 6)}/mail?media=gate",
    }  # fmt: skip


@pytest.mark.parametrize("limit", [1, 3, 8, 100])
def test_pages_hold_every_alarm_once_whatever_comes_meanwhile(mailed: World, limit: int) -> None:
    wanted = [one["alarm_id"] for one in mailed.get("alarms").json()["alarms"]]
    found, cursor = list[str](), None
    while True:
        page = mailed.get("alarms", limit=limit, **({"cursor": cursor} if cursor else {})).json()
        found += [one["alarm_id"] for one in page["alarms"]]
        mailed.alarms.receive(alarm(100 + len(found), "gate", START_MS + 90_000))
        if (cursor := page["next"]) is None:
            break
    assert found == wanted
    assert len(found) == 8


@pytest.mark.parametrize(
    ("asked", "numbers"),
    [
        ({"media": "tył"}, [7]),
        ({"media": "gate,ty\u0142", "kind": "stop"}, [7]),
        ({"kind": "start,stop", "from_ms": START_MS + 2000}, [6, 5, 4]),
        ({"from_ms": START_MS + 500, "to_ms": START_MS + 501}, [7]),
        ({"media": "nobody"}, []),
        ({"to_ms": "1970-01-01T00:00:01Z"}, []),
    ],
)
def test_filters_hold_together(mailed: World, asked: dict[str, object], numbers: list[int]) -> None:
    subjects = {one["subject"] for one in mailed.get("alarms", **asked).json()["alarms"]}
    assert subjects == {f"Motion {number}" for number in numbers}


@pytest.mark.parametrize(
    "asked",
    [
        {"medai": "gate"}, {"kind": "motion"}, {"kind": ""}, {"limit": 0}, {"limit": 1001}, {"from_ms": 5, "to_ms": 5},
        {"from_ms": "yesterday"}, {"media": "a/b"}, {"cursor": "zzz"}, {"cursor": "gaFh"},
    ],
    ids=str,
)  # fmt: skip
def test_what_cannot_be_asked_is_refused_by_name(mailed: World, asked: dict[str, object]) -> None:
    answer = mailed.get("alarms", **asked)
    assert (answer.status_code, answer.json()["type"]) == (400, "urn:sightlog:problem:bad-parameter")
    assert next(iter(asked)) in answer.json()["detail"]


def test_a_cursor_belongs_to_its_filters(mailed: World) -> None:
    cursor = mailed.get("alarms", limit=2).json()["next"]
    assert mailed.get("alarms", limit=5, cursor=cursor).status_code == 200
    assert mailed.get("alarms", limit=2, cursor=cursor, kind="start").status_code == 400


def test_the_mail_comes_as_a_file_and_its_picture_as_one(mailed: World) -> None:
    (one,) = mailed.get("alarms", media="tył").json()["alarms"]
    mail, picture = mailed.ask("GET", one["mail_url"]), mailed.ask("GET", one["preview_url"])
    assert (mail.content, mail.headers["content-type"]) == (RAW, "message/rfc822")
    assert mail.headers["content-disposition"] == f'attachment; filename="{one["alarm_id"]}.eml"'
    assert mail.headers["content-length"] == str(len(RAW))
    assert (picture.content, picture.headers["content-type"]) == (b"\xff\xd8picture", "image/jpeg")


def test_what_is_not_there_is_said_plainly(mailed: World) -> None:
    gate, yard = ids.derived("alarm", "gate", 1), ids.derived("alarm", "tył", 7)
    mailed.store.objects.clear()
    wanted = {
        f"alarms/{gate}/mail": (404, "mail-gone"), f"alarms/{gate}/preview.jpg": (404, "no-picture"),
        f"alarms/{yard}/preview.jpg": (404, "picture-gone"), "alarms/5/mail": (404, "no-such-alarm"),
        f"alarms/{gate}/mail?media=other": (404, "no-such-alarm"), "alarms/five/mail": (400, "bad-alarm-id"),
    }  # fmt: skip
    for path, (status, name) in wanted.items():
        answer = mailed.ask("GET", f"/api/v1/{path}")
        assert (answer.status_code, answer.json()["type"]) == (status, f"urn:sightlog:problem:{name}"), path


def test_somebody_elses_alarm_is_like_none(mailed: World) -> None:
    only_for(mailed, "gate")
    foreign, missing = ids.derived("alarm", "tył", 7), 5
    assert {one["media"] for one in mailed.get("alarms").json()["alarms"]} == {"gate"}
    assert mailed.get("alarms", media="tył").json() == {"alarms": [], "next": None}
    for path in ("mail", "preview.jpg"):
        answers = [mailed.get(f"alarms/{number}/{path}") for number in (foreign, missing)]
        told = [one.text.replace(str(number), "") for one, number in zip(answers, (foreign, missing), strict=True)]
        assert told[0] == told[1]
        assert {one.status_code for one in answers} == {404}


def test_alarms_are_behind_the_token(mailed: World) -> None:
    for path in ("alarms", "alarms/health", "media/gate/smtp", "dead-letters", "alarms/5/mail"):
        assert mailed.ask("GET", f"/api/v1/{path}", token=None).status_code == 401
