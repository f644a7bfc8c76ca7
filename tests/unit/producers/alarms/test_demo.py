"""The mail of the demo cameras: read as any camera's, in step with their pictures, held back as real ones are."""

import base64
import hashlib
from collections import Counter
from datetime import UTC, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from processors.alarms.reading.read import Directory, Reading, read
from producers.alarms.demo import Cameras
from producers.alarms.demo_habits import HABITS, Moment
from producers.episodes import demo_pictures
from producers.episodes.demo_sights import LOOP_MS, SIGHTS
from producers.segments import scenes
from schemas.facts import MediaConfigured
from schemas.mail import MailReceived

BEGAN_MS = 1_700_000_000_000
AT = datetime(2026, 11, 12, 16, 3, 57, tzinfo=UTC)
AT_MS = int(AT.timestamp() * 1000)
STEP_MS = 500


class Listener:
    """Takes mails, unless it is away."""

    def __init__(self) -> None:
        self.taken: list[Moment] = []
        self.is_away = False

    def send(self, moment: Moment) -> None:
        if self.is_away:
            raise ConnectionRefusedError("away")
        self.taken.append(moment)


def cameras(listener: Listener) -> Cameras:
    return Cameras(listener.send, lambda _media, _at_ms: BEGAN_MS, ZoneInfo("UTC"), BEGAN_MS)


def watched(listener: Listener, loops: int) -> None:
    seen = cameras(listener)
    for at_ms in range(BEGAN_MS, BEGAN_MS + loops * LOOP_MS, STEP_MS):
        seen.turn(at_ms)


def understood(moment: Moment, raw: bytes) -> Reading:
    mail = MailReceived(
        route=moment.address, observed_ms=AT_MS, mail_from=moment.address, rcpt_to=(moment.address,),
        sha256=hashlib.sha256(raw).hexdigest(), size_bytes=len(raw), raw=raw,
    )  # fmt: skip
    directory = Directory.of([MediaConfigured(media=media, observed_ms=1) for media in HABITS], "UTC")
    return read(mail, raw, directory, lambda _zone, local_ms: local_ms)


def a_picture() -> bytes:
    return base64.b64decode(demo_pictures.previews(SIGHTS[0])[1])


def test_every_demo_camera_mails() -> None:
    assert HABITS.keys() == scenes.ALL.keys()


@pytest.mark.parametrize("media", HABITS)
def test_its_mail_is_read_as_motion_with_the_picture(media: str) -> None:
    moment = Moment(media, AT, picture=a_picture())
    reading = understood(moment, HABITS[media].compose(moment))
    (found,) = reading.found
    assert (found.media, found.kind, found.matched) == (media, "start", "motion"), reading.reason
    assert found.claimed_ms in (AT_MS, None)
    assert reading.pictures == (a_picture(),)


def test_the_end_that_one_of_them_tells_is_read_as_a_stop() -> None:
    told = [media for media, habit in HABITS.items() if habit.tells_end]
    assert told
    for media in told:
        moment = Moment(media, AT, is_end=True)
        reading = understood(moment, HABITS[media].compose(moment))
        assert [(found.media, found.kind) for found in reading.found] == [(media, "stop")], reading.reason


@pytest.mark.parametrize("media", HABITS)
def test_lines_end_as_smtp_wants_them(media: str) -> None:
    raw = HABITS[media].compose(Moment(media, AT, picture=a_picture()))
    assert raw.count(b"\n") == raw.count(b"\r\n") == raw.count(b"\r")


def test_a_camera_mails_when_something_comes_into_its_picture_and_then_keeps_its_pause() -> None:
    listener = Listener()
    watched(listener, loops=6)
    for media, habit in HABITS.items():
        starts_ms = [
            moment.at.timestamp() * 1000 for moment in listener.taken if moment.media == media and not moment.is_end
        ]
        begins = {round(sight.begin_s * 1000) for sight in SIGHTS if sight.media == media}
        assert {(at_ms - BEGAN_MS) % LOOP_MS for at_ms in starts_ms} <= begins
        assert all(later - earlier >= habit.pause_ms for earlier, later in pairwise(starts_ms))
        assert len(starts_ms) >= 2


def test_a_camera_that_does_not_record_yet_mails_nothing() -> None:
    listener = Listener()
    began_ms = BEGAN_MS + LOOP_MS
    seen = Cameras(listener.send, lambda _media, at_ms: began_ms if at_ms > began_ms else 0, ZoneInfo("UTC"), BEGAN_MS)
    for at_ms in range(BEGAN_MS, BEGAN_MS + 2 * LOOP_MS, STEP_MS):
        seen.turn(at_ms)
    assert min(moment.at.timestamp() * 1000 for moment in listener.taken) > began_ms


def test_every_end_follows_its_own_beginning() -> None:
    listener = Listener()
    watched(listener, loops=4)
    yard = [moment.is_end for moment in listener.taken if moment.media == "demo-yard"]
    assert yard == [False, True] * (len(yard) // 2)
    assert yard


def test_a_mail_is_sent_again_until_the_listener_is_back_and_given_up_after_a_minute() -> None:
    listener = Listener()
    seen = cameras(listener)
    listener.is_away = True
    for at_ms in range(BEGAN_MS, BEGAN_MS + 2 * LOOP_MS, STEP_MS):
        seen.turn(at_ms)
    listener.is_away = False
    seen.turn(BEGAN_MS + 2 * LOOP_MS)
    assert listener.taken
    assert min(moment.at.timestamp() * 1000 for moment in listener.taken) > BEGAN_MS + LOOP_MS
    assert max(Counter(moment.at for moment in listener.taken).values()) <= len(HABITS)
