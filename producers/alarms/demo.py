"""Mail alarms for the demo: its cameras mail when they move, through the real listener like any other camera."""

import base64
import smtplib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import httpx

from infra import journal, program
from infra.clock import now_ms
from infra.settings import Settings
from producers.alarms.demo_habits import HABITS, Moment
from producers.episodes import demo_pictures
from producers.episodes.demo_loops import Loops
from producers.episodes.demo_sights import LOOP_MS, SIGHTS, Sight, begun

_TURN_S = 0.5
_GIVE_UP_MS = 60_000
"""A camera tries a mail again for so long; then it is lost, as with real ones."""
_TIMEOUT_S = 10.0
_log = journal.get("demo-mail")

Send = Callable[[Moment], None]
"""Puts one mail on the wire. Raises OSError (smtplib's errors are some) when it was not taken."""
LoopMs = Callable[[str, int], int]
"""(media, now) → when one of its loops began; 0: it does not record yet."""


@dataclass
class _Eye:
    """What one camera knows of the motion it sees."""

    quiet_until_ms: int = 0
    told_ms: int = 0
    """When the motion it has told of began; 0: it owes nobody an end."""


def run(settings: Settings) -> None:
    """Mail what moves until SIGTERM or SIGINT. The listener may be away for any time."""
    stopping, beat = program.begin(settings, stalled_after_s=120)
    headers = {"Authorization": f"Bearer {settings.token()}"}
    with httpx.Client(
        base_url=f"{settings.base_url}/api/v1", headers=headers, timeout=_TIMEOUT_S, trust_env=False
    ) as http:
        zone = ZoneInfo(settings.time_zone)
        cameras = Cameras(lambda moment: send(settings, moment), Loops(http).began_ms, zone, now_ms())
        while not stopping.wait(_TURN_S):
            beat.touch()
            cameras.turn(now_ms())


class Cameras:
    """See what passes in their loops, and mail it."""

    def __init__(self, send: Send, loop_ms: LoopMs, zone: ZoneInfo, began_ms: int) -> None:
        self._send, self._loop_ms, self._zone, self._seen_ms = send, loop_ms, zone, began_ms
        self._eyes = {media: _Eye() for media in HABITS}
        self._due: list[tuple[int, Moment]] = []
        self._is_away = False

    def turn(self, at_ms: int) -> None:
        """Note what began and ended since the last turn, and send what is due."""
        for sight in SIGHTS:
            if not (loop_ms := self._loop_ms(sight.media, at_ms)):
                continue  # it does not record yet, so perhaps nobody knows it
            if (begin_ms := begun(sight, loop_ms, self._seen_ms, at_ms)) is not None:
                self._begins(sight, begin_ms)
            lasts_ms = round((sight.end_s - sight.begin_s) * 1000)
            if (end_ms := begun(sight, loop_ms + lasts_ms, self._seen_ms, at_ms)) is not None:
                self._ends(sight, end_ms)
        self._seen_ms = at_ms
        self._due = [(since_ms, moment) for since_ms, moment in self._due if at_ms - since_ms < _GIVE_UP_MS]
        while self._due and self._is_sent(self._due[0][1]):
            self._due.pop(0)

    def _begins(self, sight: Sight, at_ms: int) -> None:
        eye, habit = self._eyes[sight.media], HABITS[sight.media]
        if at_ms < eye.quiet_until_ms:
            return
        eye.quiet_until_ms, eye.told_ms = at_ms + habit.pause_ms, at_ms
        picture = base64.b64decode(demo_pictures.previews(sight)[1])
        self._due.append((at_ms, Moment(sight.media, self._clock(at_ms), picture=picture)))

    def _ends(self, sight: Sight, at_ms: int) -> None:
        eye = self._eyes[sight.media]
        if HABITS[sight.media].tells_end and eye.told_ms and at_ms - eye.told_ms < LOOP_MS:
            self._due.append((at_ms, Moment(sight.media, self._clock(at_ms), is_end=True)))
        eye.told_ms = 0

    def _is_sent(self, moment: Moment) -> bool:
        """False when it is worth trying again."""
        try:
            self._send(moment)
        except OSError as error:
            if not self._is_away:
                _log.warning("a mail was not taken, it is sent again", media=moment.media, error=error)
            self._is_away = True
            return False
        self._is_away = False
        return True

    def _clock(self, at_ms: int) -> datetime:
        return datetime.fromtimestamp(at_ms / 1000, self._zone)


def send(settings: Settings, moment: Moment) -> None:
    """Mail one moment through the listener, in the habits of the camera's make. Raises OSError."""
    habit = HABITS[moment.media]
    host = "127.0.0.1" if settings.smtp_host == "0.0.0.0" else settings.smtp_host
    with smtplib.SMTP(host, settings.smtp_port, local_hostname=moment.media, timeout=_TIMEOUT_S) as camera:
        (camera.ehlo if habit.hello == "EHLO" else camera.helo)()
        if settings.smtp_login:
            camera.user, camera.password = settings.smtp_login, settings.smtp_password.get_secret_value()
            camera.auth("LOGIN", camera.auth_login)
        camera.sendmail(moment.address, [moment.address], habit.compose(moment))
