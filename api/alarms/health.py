"""Whether each camera's mail arrives as it used to, and the figures to find out why not."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from api.alarms import silence
from api.alarms.owners import owners
from api.alarms.silence import State
from api.alarms.store import Alarms, Intake, MailRefusals
from api.letters.store import Letters
from projections.alarms.reads import Habit, Mails, Reach
from projections.dead_letters.reads import MailLetters
from projections.mail_refusals.reads import Refused


class Standing(NamedTuple):
    """One configured camera and whether it mails as it used to."""

    camera: Reach
    state: State
    patience_ms: int | None
    """How long it may be quiet; None: it mailed within a day, or has no habit to break."""


class Figures(NamedTuple):
    """What is known of one camera's mail lately."""

    mails: Mails
    refused: Refused
    letters: MailLetters | None
    skew_ms: int | None
    patience_ms: int | None


@dataclass(frozen=True)
class Health:
    """Answers about the health of mails at a moment."""

    alarms: Alarms
    refusals: MailRefusals
    letters: Letters

    def standings(self, now_ms: int, media: str | None = None) -> list[Standing]:
        """Every configured camera (``media``: this one), by name.

        Habits are only asked of cameras quiet for a day: the others are not silent whatever they are used to.
        """
        found = self.alarms.intake.reaches(media=media)
        is_asked = any(_is_quiet(one, now_ms) for one in found)
        names = None if media is None else [media]
        patience = _patience(self.alarms.intake, now_ms - silence.DAY_MS, names) if is_asked else {}
        return [
            Standing(one, silence.state(one.last_ms, patience.get(one.media), now_ms), patience.get(one.media))
            for one in found
        ]

    def figures(self, standings: Sequence[Standing], now_ms: int) -> dict[str, Figures]:
        """Camera → its figures, of the same moment. How long it may be quiet is only asked where that is not known."""
        cameras = [one.camera for one in standings]
        names = [one.media for one in cameras]
        mailing = [one.media for one in cameras if not _is_quiet(one, now_ms)]
        patience = {one.camera.media: one.patience_ms for one in standings} | (
            _patience(self.alarms.intake, now_ms + 1, mailing) if mailing else {}
        )
        mails, skews = self.alarms.intake.mails(names, now_ms), self.alarms.intake.skews(names, now_ms)
        refused = self.refusals.of_a_day(names, now_ms)
        letters = owners(cameras, self.letters.mails_since(now_ms - silence.DAY_MS))
        return {
            name: Figures(
                mails.get(name, Mails(media=name, hour=0, day=0, week=0)), refused.get(name, Refused(0, 0)),
                letters.get(name), skews.get(name), patience.get(name),
            )
            for name in names
        }  # fmt: skip


def counted(standings: Collection[Standing]) -> dict[State, int]:
    """How many cameras are in each state."""
    return {state: sum(one.state == state for one in standings) for state in silence.STATES}


def _is_quiet(camera: Reach, now_ms: int) -> bool:
    """True when its last mail came more than a day ago."""
    return camera.last_ms is not None and camera.last_ms < now_ms - silence.DAY_MS


def _patience(intake: Intake, quiet_since_ms: int, names: Sequence[str] | None) -> dict[str, int]:
    """Camera → how long it may be quiet, of those that have a habit."""
    found = {habit.media: _of(habit) for habit in intake.habits(quiet_since_ms, names)}
    return {media: patience for media, patience in found.items() if patience is not None}


def _of(habit: Habit) -> int | None:
    return silence.patience_ms(habit.mails, habit.days, habit.last_ms - habit.first_ms, habit.longest_gap_ms)
