"""The way of one mail from 250 to its mark, told step by step as the API learns of it."""

import hashlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import httpx

from cli.client import answer
from infra.clock import monotonic_s, sleep_s
from schemas.mail import object_key

Asked = dict[str, str | int]
_LOOK_S = 0.2
_UNREAD = "not read in time; is processor:alarms running? `sightlog doctor` knows"
_UNMARKED = "not marked in time; is processor:episodes running? `sightlog doctor` knows"
_UNCLOSED = "no mark was closed: none was open, and a stop never opens one"
_SKEW_MS = 60_000
"""The clock of this machine and that of the listener may differ by so much."""


class NotUnderstood(Exception):
    """The mail became a letter; the message is its reason and what to do."""


class NotInTime(Exception):
    """The next step did not show in time; the message says which, and where to look."""


def followed(api: httpx.Client, media: str, raw: bytes, sent_ms: int, within_s: float) -> Iterator[str]:
    """One line per step: how the mail was read, then the mark it made. Raises NotUnderstood, NotInTime."""
    until_s = monotonic_s() + within_s
    key = object_key(hashlib.sha256(raw).hexdigest())
    found = _waited(lambda: _alarm(api, media, key, sent_ms) or _letter(api, key), until_s, _UNREAD)
    if "reason" in found:
        raise NotUnderstood(f"{found['reason']} (letter {found['place']})")
    yield _read_as(found)
    at_ms = found["received_ms"]
    if found["kind"] == "start":
        mark = _waited(lambda: _mark(api, media, at_ms), until_s, _UNMARKED)
        yield f"marked by episode {mark['episode_id']}, {_span(mark)}"
    elif found["kind"] == "stop":
        mark = _waited(lambda: _mark(api, media, at_ms, is_closed=True), until_s, _UNCLOSED)
        yield f"closed episode {mark['episode_id']}, {_span(mark)}"


def _alarm(api: httpx.Client, media: str, key: str, sent_ms: int) -> dict[str, Any] | None:
    asked: Asked = {"media": media, "from_ms": sent_ms - _SKEW_MS, "limit": 1000}
    alarms = answer(api.get("/alarms", params=asked))["alarms"]
    return next((one for one in alarms if one["mail_key"] == key), None)


def _letter(api: httpx.Client, key: str) -> dict[str, Any] | None:
    letters = answer(api.get("/dead-letters", params={"topic": "mails", "limit": 100}))["letters"]
    return next((one for one in letters if one.get("mail_key") == key), None)


def _mark(api: httpx.Client, media: str, at_ms: int, is_closed: bool = False) -> dict[str, Any] | None:
    """The alarm episode over this moment; while it is open it is found up to its last mail."""
    asked: Asked = {"media": media, "source": "alarm", "overlaps_from": at_ms - 1, "overlaps_to": at_ms + 1}
    found = answer(api.get("/episodes", params=asked))["episodes"]
    return next((one for one in found if one["closed_at"] or not is_closed), None)


def _waited(look: Callable[[], dict[str, Any] | None], until_s: float, otherwise: str) -> dict[str, Any]:
    while (found := look()) is None:
        if monotonic_s() > until_s:
            raise NotInTime(otherwise)
        sleep_s(_LOOK_S)
    return found


def _read_as(alarm: dict[str, Any]) -> str:
    word = f", {alarm['matched']!r} found" if alarm["matched"] else ""
    pictures = f", {alarm['pictures']} picture(s)" if alarm.get("pictures") else ""
    return f"read as {alarm['kind']}{word}{pictures}: alarm {alarm['alarm_id']}"


def _span(mark: dict[str, Any]) -> str:
    begin_ms, until_ms = mark.get("started_at") or mark["opened_at"], mark["closed_at"]
    until_ms = until_ms or mark["payload"].get("until_ms") or mark["updated_at"]
    state = "closed" if mark["closed_at"] else "still growing"
    return f"{_clock(begin_ms)} to {_clock(until_ms)} UTC, {state}"


def _clock(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms / 1000, UTC).strftime("%H:%M:%S")
