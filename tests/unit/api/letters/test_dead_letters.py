"""Dead letters over HTTP: what could not be used, the mail it was, and another chance for it."""

from typing import Any

import pytest

from api.auth import require
from infra.log import Record
from schemas import codec
from schemas.facts import DeadLettered
from tests.alarm_facts import mail
from tests.footage_facts import START_MS
from tests.scopes import only
from tests.unit.api.client import World

RAW = b"Subject: Intrusion\r\n\r\nsomebody\r\n"
MAIL = mail(RAW, login="gate", rcpt_to=("gate@x",))


def letter(offset: int = 0, topic: str = "mails", value: bytes | None = b"{}", **fields: Any) -> DeadLettered:
    told = {"consumer": "processor-alarms", "partition": 2, "key": b"gate", "error": "no_match", "reason": "no word"}
    return DeadLettered(
        topic=topic, offset=offset, value=value, failed_ms=START_MS + offset // 2, code_version="1", **(told | fields)
    )


@pytest.fixture
def lettered(world: World) -> World:
    world.letters.post(letter(0, value=codec.encode(MAIL)))
    kept = mail(b"", sha256=MAIL.sha256, size_bytes=9, mail_key=f"mails/{MAIL.sha256}.eml")
    world.letters.post(letter(1, value=codec.encode(kept)))
    world.letters.post(letter(2, "media", b'{"source":"rtsp://u:hidden@h/1"}', error="bad_json", partition=0))
    world.letters.post(letter(3, "sources", b'{"token":"hidden"}', error="bad_fact", partition=0))
    world.letters.post(letter(4, "segments", b"\xff\xfe", key=None, consumer="projection-segments", error="bad_json"))
    world.store.put(f"mails/{MAIL.sha256}.eml", RAW, "message/rfc822")
    return world


def shown(world: World, **asked: object) -> dict[str, dict[str, Any]]:
    return {one["place"]: one for one in world.get("dead-letters", **asked).json()["letters"]}


def test_a_letter_says_which_record_who_could_not_use_it_and_why(lettered: World) -> None:
    assert shown(lettered)["segments/2/4"] == {
        "place": "segments/2/4", "consumer": "projection-segments", "topic": "segments", "partition": 2, "offset": 4,
        "key": None, "value": "base64://4=", "size_bytes": 2, "error": "bad_json", "reason": "no word",
        "failed_ms": START_MS + 2, "code_version": "1",
    }  # fmt: skip


def test_no_secret_and_no_mail_stands_in_a_list(lettered: World) -> None:
    answer = lettered.get("dead-letters")
    assert "hidden" not in answer.text
    found = shown(lettered)
    assert found["media/0/2"]["value"] is found["sources/0/3"]["value"] is None
    envelope = found["mails/2/0"]
    assert '"login":"gate"' in envelope["value"]
    assert "raw" not in envelope["value"]
    assert envelope["mail_url"] == "/api/v1/dead-letters/mails/2/0/mail"


def test_the_mail_comes_from_the_letter_or_from_its_object(lettered: World) -> None:
    for place in ("mails/2/0", "mails/2/1"):
        answer = lettered.ask("GET", shown(lettered)[place]["mail_url"])
        assert (answer.status_code, answer.content) == (200, RAW)
        assert answer.headers["content-type"] == "message/rfc822"
        assert answer.headers["content-disposition"].startswith("attachment")


def test_where_no_mail_is_that_is_said(lettered: World) -> None:
    lettered.store.objects.clear()
    for place, name in {"mails/2/1": "mail-gone", "mails/0/9": "no-such-letter", "media/0/2": "no-such-letter"}.items():
        answer = lettered.get(f"dead-letters/{place}/mail")
        assert (answer.status_code, answer.json()["type"]) == (404, f"urn:sightlog:problem:{name}"), place


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
def test_pages_hold_every_letter_once_newest_first(lettered: World, limit: int) -> None:
    found, cursor = list[tuple[int, str]](), None
    while True:
        page = lettered.get("dead-letters", limit=limit, **({"cursor": cursor} if cursor else {})).json()
        found += [(-one["failed_ms"], one["place"]) for one in page["letters"]]
        if (cursor := page["next"]) is None:
            break
    assert [ms for ms, _ in found] == sorted(ms for ms, _ in found)
    assert len(set(found)) == len(found) == 5


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ({"topic": "mails"}, 2),
        ({"error": "bad_json"}, 2),
        ({"consumer": "projection-segments"}, 1),
        ({"topic": "x"}, 0),
    ],
)
def test_letters_are_chosen_by_consumer_topic_and_error(lettered: World, asked: dict[str, str], count: int) -> None:
    assert len(shown(lettered, **asked)) == count


@pytest.mark.parametrize("asked", [{"place": "x"}, {"limit": 0}, {"cursor": "%%"}, {"cursor": "gaFh"}], ids=str)
def test_what_cannot_be_asked_of_letters_is_refused(lettered: World, asked: dict[str, object]) -> None:
    assert lettered.get("dead-letters", **asked).status_code == 400


def redriven(world: World, body: object) -> Any:
    return world.ask("POST", "/api/v1/dead-letters/redrive", json=body)


def appended(world: World) -> list[Record]:
    return world.log.records


def test_named_records_stand_on_their_topics_again_byte_for_byte(lettered: World) -> None:
    answer = redriven(lettered, {"places": ["mails/2/0", "segments/2/4", "mails/2/0"]})
    assert (answer.status_code, answer.json()) == (200, {"redriven": 2})
    assert [(one.topic, one.key, one.value) for one in appended(lettered)] == [
        ("mails", b"gate", codec.encode(MAIL)), ("segments", None, b"\xff\xfe"),
    ]  # fmt: skip
    assert appended(lettered)[0].headers == (("sightlog-redriven", b"mails/2/0"),)


def test_a_filter_names_records_too(lettered: World) -> None:
    assert redriven(lettered, {"topic": "mails", "error": "no_match"}).json() == {"redriven": 2}
    assert redriven(lettered, {"topic": "mails", "limit": 1}).json() == {"redriven": 1}
    assert redriven(lettered, {"topic": "nothing"}).json() == {"redriven": 0}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400), ([], 400), ({"limit": 5}, 400), ({"places": []}, 400), ({"places": ["mails"]}, 400),
        ({"places": ["mails/x/1"]}, 400), ({"places": ["mails/2/0"], "topic": "mails"}, 400),
        ({"places": "mails/2/0"}, 400), ({"topic": "mails", "limit": 0}, 400), ({"tpoic": "mails"}, 400),
        ({"places": ["mails/2/0", "mails/2/77"]}, 404),
    ],
    ids=str,
)  # fmt: skip
def test_what_is_not_clear_appends_nothing(lettered: World, body: object, status: int) -> None:
    answer = redriven(lettered, body)
    assert answer.status_code == status, answer.text
    assert appended(lettered) == []


def test_while_the_log_is_away_it_is_said(lettered: World) -> None:
    lettered.log.down = True
    assert redriven(lettered, {"places": ["mails/2/0"]}).status_code == 503


def test_letters_are_only_for_who_may_see_everything(lettered: World) -> None:
    lettered.app.dependency_overrides[require] = lambda: only({"gate"})
    answers = [lettered.get("dead-letters"), lettered.get("dead-letters/mails/2/0/mail"), redriven(lettered, {})]
    assert {(one.status_code, one.json()["type"]) for one in answers} == {(403, "urn:sightlog:problem:not-allowed")}
    assert appended(lettered) == []
