"""Tries a camera's mail: a real mail through the real listener, and what became of it, in words."""

import hashlib
from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

from api.alarms import camera_page
from api.alarms.camera_mail import Door, NotTaken, sent, trial
from api.alarms.store import Alarms
from api.letters.store import Letters
from infra import clock, frames
from infra.settings import Settings
from projections.alarms.reads import AlarmSearch, StoredAlarm
from projections.dead_letters.reads import LetterSearch, StoredLetter, mail_in
from schemas.facts import MediaConfigured
from schemas.mail import object_key

WITHIN_S = 10.0
_LOOK_S = 0.1
_EVERYWHERE = frozenset({"", "0.0.0.0", "::", "*"})
_SKEW_MS = 60_000
"""The clock of this machine and that of the listener may differ by so much."""
_PICTURE_PX = (160, 90)
_LETTERS = 100
State = Literal["arrived", "refused", "not-understood", "not-in-time", "unreachable"]


class Tried(Struct, frozen=True, kw_only=True):
    """What became of a test mail."""

    media: str
    state: State
    says: str
    """In words, and what to do where it did not arrive."""
    steps: tuple[str, ...]
    alarm_id: str | None = None
    kind: str | None = None
    """What it was read as; ``test`` marks nothing and keeps no footage."""
    matched: str | None = None
    letter: str | None = None
    """Place of the letter that it became."""
    ms: int = 0
    """How long it took."""


class Trying:
    """Sends and follows. Blocks for ``WITHIN_S`` and as long as the listener takes to answer."""

    def __init__(self, settings: Settings, alarms: Alarms, letters: Letters) -> None:
        self._settings, self._alarms, self._letters = settings, alarms, letters

    def tried(self, camera: MediaConfigured, host: str) -> Tried:
        """One mail, as this camera would send it. Raises DatabaseUnavailable."""
        began_s, sent_ms = clock.monotonic_s(), clock.now_ms()
        found = self._followed(camera.media, self._door(camera, host), sent_ms)
        return Tried(media=camera.media, ms=round((clock.monotonic_s() - began_s) * 1000), **found)  # type: ignore[arg-type]

    def _door(self, camera: MediaConfigured, host: str) -> Door:
        page = camera_page.page(camera, self._settings, host)
        listens = self._settings.smtp_host
        server = self._settings.smtp_reach or ("127.0.0.1" if listens in _EVERYWHERE else listens)
        return Door(
            server, self._settings.smtp_port, "starttls", page["sender"], page["recipient"], page["login"],
            page["password"],
        )  # fmt: skip

    def _followed(self, media: str, door: Door, sent_ms: int) -> dict[str, object]:
        raw, steps = trial(door, frames.plain(*_PICTURE_PX), sent_ms), [f"to {door}"]
        if not door.port:
            return _end("unreachable", "the port of the listener is not known here: set SIGHTLOG_SMTP_PORT", steps)
        try:
            steps.append(f"taken: {sent(door, raw)}")
        except NotTaken as error:
            return _end("refused", str(error), steps)
        except OSError as error:
            advice = "is `sightlog run smtp` running, and SIGHTLOG_SMTP_REACH right?"
            return _end("unreachable", f"{door.server}:{door.port} does not answer ({error}); {advice}", steps)
        return self._read(media, hashlib.sha256(raw).hexdigest(), sent_ms, steps)

    def _read(self, media: str, sha256: str, sent_ms: int, steps: list[str]) -> dict[str, object]:
        """How the mail was read."""
        for _ in _looks():
            if alarm := self._alarm(media, object_key(sha256), sent_ms):
                word = f", {alarm.matched!r} found" if alarm.matched else ""
                says = f"it arrived and was read as {alarm.kind}{word}"
                told = _end("arrived", says, [*steps, f"alarm {alarm.alarm_id}"])
                return told | {"alarm_id": str(alarm.alarm_id), "kind": alarm.kind, "matched": alarm.matched}
            if letter := self._letter(sha256):
                says = f"it was taken, and not understood: {letter.reason}"
                return _end("not-understood", says, [*steps, f"letter {letter.place}"]) | {"letter": letter.place}
        return _end("not-in-time", "it was taken and not read yet; is processor:alarms running?", steps)

    def _alarm(self, media: str, key: str, sent_ms: int) -> StoredAlarm | None:
        search = AlarmSearch(media=(media,), from_ms=sent_ms - _SKEW_MS)
        return next((one for one in self._alarms.page(search, 1000) if one.mail_key == key), None)

    def _letter(self, sha256: str) -> StoredLetter | None:
        for one in self._letters.listed(LetterSearch(topic="mails"), _LETTERS):
            mail = mail_in(one.topic, one.value)
            if mail is not None and mail.sha256 == sha256:
                return one
        return None


def _looks() -> Iterator[None]:
    until_s = clock.monotonic_s() + WITHIN_S
    while clock.monotonic_s() < until_s:
        yield
        clock.sleep_s(_LOOK_S)


def _end(state: State, says: str, steps: list[str]) -> dict[str, object]:
    return {"state": state, "says": says, "steps": (*steps, says)}
