"""A mail followed from 250 to its mark, or to the letter that says why there is none."""

import hashlib
from typing import Any

import httpx
import pytest

from cli.followed import NotInTime, NotUnderstood, followed

RAW = b"Subject: motion\r\n\r\n"
SENT_MS = 1_795_000_000_000
KEY = f"mails/{hashlib.sha256(RAW).hexdigest()}.eml"
ALARM = {
    "alarm_id": "7", "kind": "start", "matched": "motion", "received_ms": SENT_MS, "mail_key": KEY, "pictures": 1,
}  # fmt: skip
MARK = {
    "episode_id": "9", "opened_at": SENT_MS - 10_000, "updated_at": SENT_MS, "closed_at": None,
    "payload": {"until_ms": SENT_MS + 30_000},
}  # fmt: skip
LETTER = {"place": "mails/0/3", "mail_key": KEY, "reason": "no camera goes by that name"}


def told(alarms: list[Any] = [], letters: list[Any] = [], episodes: list[Any] = []) -> list[str]:  # noqa: B006
    """What is told where the API knows this from the start."""
    known = {"/alarms": {"alarms": alarms}, "/dead-letters": {"letters": letters}, "/episodes": {"episodes": episodes}}
    transport = httpx.MockTransport(lambda request: httpx.Response(200, json=known[request.url.path]))
    with httpx.Client(transport=transport, base_url="http://test") as api:
        return list(followed(api, "gate-1", RAW, SENT_MS, within_s=0))


def test_it_is_read_and_marked() -> None:
    read, marked = told([{"mail_key": "mails/other.eml"}, ALARM], episodes=[MARK])
    assert read == "read as start, 'motion' found, 1 picture(s): alarm 7"
    assert marked == "marked by episode 9, 11:06:30 to 11:07:10 UTC, still growing"


def test_a_stop_is_followed_to_the_mark_that_it_closed() -> None:
    closed = MARK | {"closed_at": SENT_MS + 30_000}
    assert told([ALARM | {"kind": "stop"}], episodes=[MARK, closed])[-1].startswith(
        "closed episode 9, 11:06:30 to 11:0"
    )


def test_a_test_mail_makes_no_mark_to_wait_for() -> None:
    assert told([ALARM | {"kind": "test"}]) == ["read as test, 'motion' found, 1 picture(s): alarm 7"]


def test_why_it_was_not_understood_is_told_with_the_letter() -> None:
    with pytest.raises(NotUnderstood, match=r"^no camera goes by that name \(letter mails/0/3\)$"):
        told(letters=[LETTER])


def test_a_step_that_does_not_come_is_named() -> None:
    with pytest.raises(NotInTime, match="not read in time; is processor:alarms running"):
        told()
    with pytest.raises(NotInTime, match="not marked in time; is processor:episodes running"):
        told([ALARM])
    with pytest.raises(NotInTime, match="no mark was closed: none was open"):
        told([ALARM | {"kind": "stop"}], episodes=[MARK])
