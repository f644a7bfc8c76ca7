"""Cameras: read, set, removed, imported."""

import pytest

from schemas.fact import LAST_MS, MOST
from schemas.facts import MediaConfigured, MediaRemoved
from schemas.protection import ProtectConfig
from tests.unit.api.client import World

SECRET = "rtsp://admin:geh%40im@10.0.0.5/stream"


def csv(world: World, text: str | bytes):  # type: ignore[no-untyped-def]
    return world.ask("POST", "/api/v1/media/import", content=text if isinstance(text, bytes) else text.encode())


def test_a_camera_is_set_as_one_whole_fact_and_read_at_once(world: World) -> None:
    answer = world.put("media/cam", {"source": SECRET, "title": "Door", "catch": ["motion", "alarm"]})
    assert answer.status_code == 200
    fact = world.log.facts[-1]
    assert isinstance(fact, MediaConfigured)
    assert (fact.source, fact.title, fact.catch) == (SECRET, "Door", ("motion", "alarm"))
    assert fact.changed_by == "admin-token"
    assert world.get("media/cam").json() == answer.json()
    assert answer.json()["status"] == "never"


def test_fields_left_out_go_back_to_their_defaults(world: World) -> None:
    world.put("media/cam", {"title": "Door", "depth_ms": 5})
    assert world.put("media/cam", {}).json()["depth_ms"] == 21_600_000


def test_no_answer_shows_the_password(world: World) -> None:
    put = world.put("media/cam", {"source": SECRET})
    for answer in (put, world.get("media/cam"), world.get("media")):
        assert "geh" not in answer.text
        assert "rtsp://admin:***@10.0.0.5/stream" in answer.text


def test_what_was_answered_can_be_sent_back_and_the_password_stays(world: World) -> None:
    world.put("media/cam", {"source": SECRET})
    shown = world.get("media/cam").json()["source"]
    assert world.put("media/cam", {"source": shown, "title": "Door"}).status_code == 200
    assert world.log.facts[-1].source == SECRET
    assert world.log.facts[-1].title == "Door"


def test_stars_that_stand_for_nothing_are_refused(world: World) -> None:
    answer = world.put("media/cam", {"source": "rtsp://admin:***@elsewhere/x"})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "source")
    assert not world.log.facts


def test_every_wrong_field_is_named(world: World) -> None:
    answer = world.put("media/cam", {"depth_ms": -1, "audio": "loud", "dept": 1, "observed_ms": 3, "title": "ok"})
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["depth_ms", "audio", "dept", "observed_ms"]
    assert not world.log.facts


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"1", b'{"a":' * 5000, b"\xff"])
def test_a_body_that_is_no_json_object_is_a_400(body: bytes, world: World) -> None:
    answer = world.ask("PUT", "/api/v1/media/cam", content=body)
    assert (answer.status_code, answer.json()["type"]) == (400, "urn:sightlog:problem:bad-json")


def test_a_body_that_is_too_large_is_a_413(world: World) -> None:
    assert world.ask("PUT", "/api/v1/media/cam", content=b" " * (1 << 20) + b"{}").status_code == 413


def test_200_only_when_the_log_has_it(world: World) -> None:
    world.log.down = True
    answer = world.put("media/cam", {})
    assert (answer.status_code, answer.json()["type"]) == (503, "urn:sightlog:problem:log-unavailable")
    assert answer.headers["retry-after"]


def test_a_removed_camera_is_gone(world: World) -> None:
    world.put("media/cam", {})
    assert world.ask("DELETE", "/api/v1/media/cam").status_code == 204
    assert isinstance(world.log.facts[-1], MediaRemoved)
    assert world.ask("DELETE", "/api/v1/media/cam").status_code == 404


def test_names_of_any_script_are_normalised(world: World) -> None:
    assert world.put("media/ty%C5%82", {}).json()["media"] == "tył"
    assert world.ask("PUT", "/api/v1/media/e%CC%81cole", json={}).json()["media"] == "école"
    assert world.get("media/%C3%A9cole").status_code == 200


def test_pages_follow_each_other_without_loss_or_repeat(world: World) -> None:
    for number in range(7):
        world.put(f"media/cam{number}", {})
    seen, cursor = [], ""
    while True:
        page = world.get("media", limit=3, cursor=cursor).json()
        seen += [one["media"] for one in page["media"]]
        cursor = page["next"]
        if not cursor:
            break
    assert seen == [f"cam{number}" for number in range(7)]
    assert [one["media"] for one in world.get("media", q="AM3").json()["media"]] == ["cam3"]


def test_a_file_creates_and_updates_by_name(world: World) -> None:
    world.put("media/cam1", {"title": "Old", "source": SECRET})
    text = 'media,title,depth,catch,enabled\ncam1,"New, door",6h,,\ncam2,Yard,30d,motion|alarm,no\n'
    assert csv(world, text).json() == {"created": 1, "updated": 1}
    first, second = world.log.facts[-2:]
    assert (first.title, first.source, first.catch) == ("New, door", SECRET, ("motion",))
    assert (second.depth_ms, second.catch, second.enabled) == (30 * 86_400_000, ("motion", "alarm"), False)


@pytest.mark.parametrize("text", ["\ufeffname;quota\r\ncam;500G\r\n", "name\tquota_bytes\ncam\t500000000000\n"])
def test_spreadsheets_write_csv_in_their_own_ways(text: str, world: World) -> None:
    assert csv(world, text).json() == {"created": 1, "updated": 0}
    assert world.log.facts[-1].quota_bytes == 500 * 10**9


def test_nothing_is_imported_when_one_line_is_wrong(world: World) -> None:
    text = "media,depth,audio,catch\ncam1,6h,keep,\n-bad,1h,,\ncam1,1h,,\ncam3,soon,,\ncam4,,loud,\n"
    answer = csv(world, text)
    assert answer.status_code == 422
    told = [(error["line"], error["field"]) for error in answer.json()["errors"]]
    assert told == [(3, "media"), (4, "media"), (5, "depth"), (6, "audio")]
    assert not world.log.facts


TOO_MUCH = [("depth_ms", LAST_MS + 1), ("keep_ms", 1 << 63), ("quota_bytes", MOST + 1), ("depth_ms", 10**400)]


@pytest.mark.parametrize(("field", "value"), TOO_MUCH)
def test_a_length_or_a_size_that_nothing_can_reckon_with_is_refused(field: str, value: int, world: World) -> None:
    answer = world.put("media/cam", {field: value})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    assert not world.log.facts


def test_a_length_in_a_file_that_nothing_can_reckon_with_is_named_by_its_line(world: World) -> None:
    answer = csv(world, b"media,depth,keep,quota\ncam1,6h,,\ncam2,999999999999999w,,\ncam3,,8030000000d,9999999999T\n")
    assert answer.status_code == 422
    told = [(error["line"], error["field"]) for error in answer.json()["errors"]]
    assert told == [(3, "depth_ms"), (4, "keep_ms"), (4, "quota_bytes")]


WRONG_FILES = {
    "empty": (b"", 1, "media"),
    "no name column": (b"title\nx\n", 1, "media"),
    "unknown column": (b"media,colour\ncam,red\n", 1, "colour"),
    "a column twice": (b"media,title,title\ncam,a,b\n", 1, "title"),
    "not UTF-8": (b"media\ncam\nt\xff\n", 3, "media"),
    "too many cells": (b"media\ncam,1\n", 2, "media"),
    "an open quote": (b'media\n"cam\n', 2, "media"),
}


@pytest.mark.parametrize(("text", "line", "field"), WRONG_FILES.values(), ids=WRONG_FILES.keys())
def test_a_wrong_file_names_line_and_field(text: bytes, line: int, field: str, world: World) -> None:
    answer = csv(world, text)
    assert answer.status_code == 422
    assert (answer.json()["errors"][0]["line"], answer.json()["errors"][0]["field"]) == (line, field)


def test_a_scheme_that_nobody_reads_is_refused_at_the_door(world: World) -> None:
    answer = world.put("media/cam", {"source": "gopher://camera/1"})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "source")
    assert "gopher://" in answer.json()["errors"][0]["rule"]


MAIL = {"mail_login": "nvr", "mail_password": "hunter two", "mail_aliases": ["nvr#3"], "time_zone": "Europe/Warsaw"}


def test_no_answer_shows_the_password_of_its_mails(world: World) -> None:
    put = world.put("media/cam", MAIL)
    assert put.status_code == 200, put.text
    for answer in (put, world.get("media/cam"), world.get("media")):
        assert "hunter" not in answer.text
        assert '"mail_password":"***"' in answer.text
    assert world.log.facts[-1].mail_password == "hunter two"
    assert put.json()["mail_aliases"] == ["nvr#3"]


def test_the_mail_password_stays_when_the_answer_is_sent_back_and_goes_when_it_is_emptied(world: World) -> None:
    world.put("media/cam", MAIL)
    world.put("media/cam", MAIL | {"mail_password": "***", "title": "Door"})
    assert (world.log.facts[-1].mail_password, world.log.facts[-1].title) == ("hunter two", "Door")
    csv(world, "media,mail_password,title\ncam,***,Gate\n")
    assert (world.log.facts[-1].mail_password, world.log.facts[-1].title) == ("hunter two", "Gate")
    answer = world.put("media/cam", MAIL | {"mail_password": "", "mail_login": ""})
    assert (world.log.facts[-1].mail_password, answer.json()["mail_password"]) == ("", "")


WRONG_MAIL = {
    "a login without a password": ({"mail_login": "nvr"}, "mail_password", "is missing"),
    "a password without a login": ({"mail_password": "pass"}, "mail_login", "is missing"),
    "stars for no password": ({"mail_login": "nvr", "mail_password": "***"}, "mail_password", "no password is stored"),
    "a line break in a login": ({"mail_login": "a\nb", "mail_password": "p"}, "mail_login", "control characters"),
    "a line break in a password": ({"mail_login": "a", "mail_password": "p\n"}, "mail_password", "control characters"),
    "no such zone": ({"time_zone": "Europe/Krakow"}, "time_zone", "IANA"),
    "a zone that is a path": ({"time_zone": "../etc/passwd"}, "time_zone", "IANA"),
    "an alias without a name": ({"mail_aliases": ["nvr", "#3"]}, "mail_aliases", "'#3' is not NAME or NAME#CHANNEL"),
    "an alias without its channel": ({"mail_aliases": ["nvr#"]}, "mail_aliases", "'nvr#' is not NAME"),
    "an alias that a file cannot hold": ({"mail_aliases": ["a|b"]}, "mail_aliases", "'a|b' is not NAME"),
}


@pytest.mark.parametrize(("body", "field", "rule"), WRONG_MAIL.values(), ids=WRONG_MAIL.keys())
def test_what_is_wrong_with_a_mail_field_is_named(body: dict[str, object], field: str, rule: str, world: World) -> None:
    answer = world.put("media/cam", body)
    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["field"]) == (422, field)
    assert rule in error["rule"]
    assert not world.log.facts


def test_a_file_sets_the_fields_of_mail(world: World) -> None:
    text = "media,mail_login,mail_password,mail_aliases,time_zone\ncam,nvr,a;b c,nvr@example.com#CAM 2|nvr#2,UTC\n"
    assert csv(world, text).json() == {"created": 1, "updated": 0}
    fact = world.log.facts[-1]
    assert (fact.mail_login, fact.mail_password, fact.time_zone) == ("nvr", "a;b c", "UTC")
    assert fact.mail_aliases == ("nvr@example.com#CAM 2", "nvr#2")


def test_half_a_pair_in_a_file_is_named_by_line_and_field_without_the_password(world: World) -> None:
    answer = csv(world, "media,mail_password\ncam,secret-word\n")
    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["line"], error["field"]) == (422, 2, "mail_login")
    assert "secret-word" not in answer.text


def test_what_episodes_keep_is_set_answered_and_judged_field_by_field(world: World) -> None:
    assert world.get("media/cam").status_code == 404
    answer = world.put("media/cam", {"protect": {"types": ["face"], "before_ms": 10_000}})
    assert answer.status_code == 200
    assert world.log.facts[-1].protect == ProtectConfig(types=("face",), before_ms=10_000)
    wrong = {"types": ["a" * 21], "before_ms": 3_600_001, "after": 1}
    errors = world.put("media/cam", {"protect": wrong}).json()["errors"]
    assert {error["field"] for error in errors} == {"protect.types[0]", "protect.before_ms", "protect.after"}


def test_columns_of_a_file_say_what_episodes_keep(world: World) -> None:
    world.put("media/cam1", {"protect": {"types": ["car"], "after_ms": 7000}})
    assert csv(world, "media,protect,protect_types,protect_before\ncam1,,face|qr,10s\ncam2,no,,\n").status_code == 200
    first, second = world.log.facts[-2:]
    assert first.protect == ProtectConfig(types=("face", "qr"), before_ms=10_000, after_ms=7000)
    assert second.protect == ProtectConfig(enabled=False)
    told = csv(world, "media,protect_after,protect_types\ncam3,2h,\ncam4,,123456789012345678901\n").json()["errors"]
    assert [(error["line"], error["field"].partition("[")[0]) for error in told] == [
        (2, "protect_after_ms"), (3, "protect_types"),
    ]  # fmt: skip


def test_a_camera_that_shall_be_new_takes_no_other_ones_place(world: World) -> None:
    only_new = {"If-None-Match": "*"}
    assert world.ask("PUT", "/api/v1/media/cam", json={"title": "Door"}, headers=only_new).status_code == 200
    again = world.ask("PUT", "/api/v1/media/cam", json={"title": "Gate"}, headers=only_new)
    assert (again.status_code, again.json()["type"]) == (412, "urn:sightlog:problem:exists")
    assert again.json()["errors"] == [{"field": "media", "in": "path", "rule": "exists already"}]
    assert world.get("media/cam").json()["title"] == "Door"
    tagged = world.ask("PUT", "/api/v1/media/cam", json={}, headers={"If-None-Match": '"1"'})
    assert (tagged.status_code, tagged.json()["errors"][0]["field"]) == (400, "If-None-Match")
    assert world.ask("DELETE", "/api/v1/media/cam").status_code == 204
    assert world.ask("PUT", "/api/v1/media/cam", json={}, headers=only_new).status_code == 200
