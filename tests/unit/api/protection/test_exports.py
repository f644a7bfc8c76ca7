"""Footage that an export reads is held until the export ends, however it ends."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

import api.exported
from api.protection import exports
from api.protection.exports import ExportHold, HeldResponse
from schemas import codec
from schemas.facts import LockReleased, LockRequested
from schemas.intervals import Span
from tests.fakes import FakeLog
from tests.footage import Shape, record
from tests.footage_facts import START_MS
from tests.unit.api.client import World

START = Shape().start_ms
SPAN = Span(START_MS, START_MS + 90_000)


def facts(log: FakeLog) -> list[Any]:
    return [codec.decode("protections", one.value) for one in log.records if one.topic == "protections"]


@pytest.fixture
def log() -> FakeLog:
    return FakeLog()


@pytest.fixture
def hold(log: FakeLog) -> ExportHold:
    return ExportHold(log, "gate", SPAN, "anna")


def stream(response: HeldResponse, gone_after: int | None = None) -> list[bytes]:
    """What a client gets that goes away after so many pieces."""
    got: list[bytes] = []
    gone = asyncio.Event()

    async def send(message: Any) -> None:
        if message["type"] == "http.response.body":
            got.append(message["body"])
            if gone_after is not None and len(got) >= gone_after:
                gone.set()
                await asyncio.sleep(0.01)

    async def receive() -> Any:
        await gone.wait()
        return {"type": "http.disconnect"}

    asyncio.run(response({"type": "http", "asgi": {"spec_version": "2.3"}}, receive, send))
    return got


def test_footage_is_held_before_the_first_byte_and_given_back_after_the_last(log: FakeLog, hold: ExportHold) -> None:
    seen = []

    def content() -> Iterator[bytes]:
        seen.extend(facts(log))
        yield b"picture"

    assert stream(HeldResponse(content(), hold, "video/mp4", {}))[0] == b"picture"
    (placed,) = seen
    assert placed == LockRequested(
        media="gate", observed_ms=placed.observed_ms, start_ms=SPAN.start_ms, end_ms=SPAN.end_ms,
        lock_id=placed.lock_id, reason="an export reads it", requested_by="anna",
        until_ms=placed.observed_ms + 3_600_000, kind="export",
    )  # fmt: skip
    _, back = facts(log)
    assert isinstance(back, LockReleased)
    assert (back.media, back.lock_id) == ("gate", placed.lock_id)


def test_a_client_that_goes_away_gives_its_footage_back(log: FakeLog, hold: ExportHold) -> None:
    endless: Iterator[bytes] = iter(lambda: b"more", b"")
    stream(HeldResponse(endless, hold, "video/mp4", {}), gone_after=3)
    assert [type(one) for one in facts(log)] == [LockRequested, LockReleased]


def test_an_export_that_breaks_off_gives_its_footage_back(log: FakeLog, hold: ExportHold) -> None:
    def content() -> Iterator[bytes]:
        yield b"picture"
        raise OSError("lost")

    with pytest.raises(BaseException, match="lost"):
        stream(HeldResponse(content(), hold, "video/mp4", {}))
    assert [type(one) for one in facts(log)] == [LockRequested, LockReleased]


def test_a_long_export_holds_its_footage_anew_before_it_gives_the_old_hold_back(
    log: FakeLog, hold: ExportHold, monkeypatch: pytest.MonkeyPatch
) -> None:
    now_s = [0.0]
    monkeypatch.setattr(exports, "monotonic_s", lambda: now_s[0])
    hold.renew()
    hold.place()
    for now_s[0] in range(0, 4000, 100):
        hold.renew()
    hold.release()
    hold.release()
    told = [(type(one).__name__, one.lock_id) for one in facts(log)]
    first, second, third = (lock_id for name, lock_id in told if name == "LockRequested")
    assert told == [
        ("LockRequested", first), ("LockRequested", second), ("LockReleased", first), ("LockRequested", third),
        ("LockReleased", second), ("LockReleased", third),
    ]  # fmt: skip


@pytest.mark.parametrize("fault", ["down", "closed"])
def test_a_log_that_is_away_or_closed_does_not_break_a_download_off(log: FakeLog, hold: ExportHold, fault: str) -> None:
    log.down = fault == "down"
    if fault == "closed":
        log.close()
    assert stream(HeldResponse(iter([b"picture"]), hold, "video/mp4", {}))[0] == b"picture"


@pytest.mark.parametrize(("least_ms", "expected"), [(60_000, []), (1000, [LockRequested, LockReleased])])
def test_only_exports_of_more_than_a_little_are_held(
    world: World, monkeypatch: pytest.MonkeyPatch, least_ms: int, expected: list[type]
) -> None:
    monkeypatch.setattr(api.exported, "LEAST_MS", least_ms)
    footage = record(Shape())
    world.keep(footage)
    answer = world.get("media/cam/archive.mp4", from_ms=START, to_ms=START + 600_000)
    assert answer.status_code == 200
    told = facts(world.log)
    assert [type(one) for one in told] == expected
    if told:
        assert (told[0].start_ms, told[0].end_ms) == (footage[0].fact.start_ms, footage[-1].fact.end_ms)
