"""What answers need to know of mails. The reads of the projections are these."""

from collections.abc import Collection, Sequence
from typing import Protocol

from projections.alarms.reads import AlarmPlace, AlarmSearch, Habit, Mails, Reach, StoredAlarm
from projections.mail_refusals.reads import Refused
from schemas.visible import Visible


class Intake(Protocol):
    """How mails come in; every method blocks."""

    def reaches(self, names: Collection[str] | None = None, media: str | None = None) -> list[Reach]:
        """Every configured camera (of ``names``; ``media``: this one), by name."""

    def habits(self, quiet_since_ms: int, names: Sequence[str] | None = None) -> list[Habit]:
        """Of every configured camera (of ``names``) whose last mail came before ``quiet_since_ms``."""

    def mails(self, names: Sequence[str], now_ms: int) -> dict[str, Mails]:
        """Mails of the last hour, day and week of each of ``names`` that has any."""

    def skews(self, names: Sequence[str], now_ms: int) -> dict[str, int]:
        """Camera → ms that its clock is ahead."""


class Alarms(Protocol):
    """Reads only; every method blocks. Raises DatabaseUnavailable."""

    @property
    def intake(self) -> Intake:
        """How mails come in."""

    def page(self, search: AlarmSearch, limit: int, after: AlarmPlace | None = None) -> list[StoredAlarm]:
        """At most ``limit`` alarms, newest first, those behind ``after``."""

    def with_id(self, alarm_id: int, visible: Visible, media: str | None = None) -> StoredAlarm | None:
        """The alarm of this id (of ``visible``); None where there is none."""


class MailRefusals(Protocol):
    """What the listener refused; every method blocks."""

    def of_a_day(self, names: Sequence[str], now_ms: int) -> dict[str, Refused]:
        """Refusals of the last 24 hours of each of ``names`` that had any."""
