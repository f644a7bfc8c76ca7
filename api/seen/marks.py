"""Episodes and alarms as a caller may see them: those that lie wholly inside what they may look at."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import msgspec

from api.alarms.store import Alarms, Intake
from api.episodes.store import Changes, Episodes
from api.seen.reach import Reach
from projections.alarms.reads import AlarmPlace, AlarmSearch, Habit, Mails, StoredAlarm
from projections.alarms.reads import Reach as MailReach
from projections.episodes.reads import (
    Change,
    Order,
    Place,
    RefusalSearch,
    Search,
    StoredEpisode,
    StoredRefusal,
    Vector,
)
from schemas.intervals import Span
from schemas.visible import Visible, holds


def may_show(visible: Visible, one: StoredEpisode) -> bool:
    """True when the version lies wholly inside what may be looked at."""
    first_ms, last_ms = min(one.start_ms, one.opened_ms), max(one.end_ms, one.opened_ms)
    return holds(visible, one.media, first_ms, last_ms)


@dataclass(frozen=True, eq=False)
class SeenEpisodes:
    """See ``api.episodes.store.Episodes``."""

    raw: Episodes
    reach: Reach

    @property
    def changes(self) -> Changes:
        """See Episodes.changes."""
        return SeenChanges(self.raw.changes, self.reach)

    def page(
        self, search: Search, order: Order, limit: int, after: Place | None = None, inclusive: bool = False
    ) -> list[StoredEpisode]:
        """See Episodes.page."""
        return self.raw.page(_of(search, self.reach), order, limit, after, inclusive)

    def count(self, search: Search, limit: int) -> int:
        """See Episodes.count."""
        return self.raw.count(_of(search, self.reach), limit)

    def with_id(self, episode_id: int, visible: Visible, media: str | None = None) -> list[StoredEpisode]:
        """See Episodes.with_id."""
        return self.raw.with_id(episode_id, self.reach.visible, media)

    def versions(self, episode: StoredEpisode) -> list[StoredEpisode]:
        """See Episodes.versions."""
        return [one for one in self.raw.versions(episode) if may_show(self.reach.visible, one)]

    def refusals(self, search: RefusalSearch, limit: int, after: tuple[int, int] | None = None) -> list[StoredRefusal]:
        """See Episodes.refusals."""
        return self.raw.refusals(msgspec.structs.replace(search, visible=self.reach.visible), limit, after)

    def overlapping(self, media: str, span: Span, limit: int) -> list[StoredEpisode]:
        """See Episodes.overlapping."""
        search = Search(media=(media,), overlaps_from=span.start_ms, overlaps_to=span.end_ms)
        return self.page(search, Order("started_at", False), limit)

    def days(self, media: str, visible: Visible = None) -> dict[str, int]:
        """See Episodes.days."""
        return self.raw.days(media, self.reach.visible)

    def activity(self, media: str, span: Span, step_ms: int, visible: Visible = None) -> dict[int, int]:
        """See Episodes.activity."""
        return self.raw.activity(media, span, step_ms, self.reach.visible)


@dataclass(frozen=True, eq=False)
class SeenChanges:
    """See ``api.episodes.store.Changes``."""

    raw: Changes
    reach: Reach

    def progress(self) -> Vector:
        """See Changes.progress."""
        return self.raw.progress()

    def between(self, since: Vector, until: Vector) -> list[Change]:
        """See Changes.between."""
        seen = self.reach.scope.sees
        return [one for one in self.raw.between(since, until) if seen(one.media)]

    def told(self, search: Search, since: Vector, until: Vector) -> list[StoredEpisode]:
        """See Changes.told."""
        return self.raw.told(_of(search, self.reach), since, until)

    def updated(
        self, search: Search, after_ms: int, until: Vector, limit: int
    ) -> tuple[list[StoredEpisode], int | None]:
        """See Changes.updated."""
        return self.raw.updated(_of(search, self.reach), after_ms, until, limit)


@dataclass(frozen=True, eq=False)
class SeenAlarms:
    """See ``api.alarms.store.Alarms``."""

    raw: Alarms
    reach: Reach

    @property
    def intake(self) -> Intake:
        """See Alarms.intake."""
        return SeenIntake(self.raw.intake, self.reach)

    def page(self, search: AlarmSearch, limit: int, after: AlarmPlace | None = None) -> list[StoredAlarm]:
        """See Alarms.page."""
        return self.raw.page(msgspec.structs.replace(search, visible=self.reach.visible), limit, after)

    def with_id(self, alarm_id: int, visible: Visible, media: str | None = None) -> StoredAlarm | None:
        """See Alarms.with_id."""
        return self.raw.with_id(alarm_id, self.reach.visible, media)


@dataclass(frozen=True, eq=False)
class SeenIntake:
    """See ``api.alarms.store.Intake``. A link shows one stretch of footage, and nothing of how mails come."""

    raw: Intake
    reach: Reach

    def reaches(self, names: Collection[str] | None = None, media: str | None = None) -> list[MailReach]:
        """See Intake.reaches."""
        known = frozenset() if self.reach.scope.window else self.reach.cameras
        if known is not None:
            names = known if names is None else known.intersection(names)
        return self.raw.reaches(names, media)

    def habits(self, quiet_since_ms: int, names: Sequence[str] | None = None) -> list[Habit]:
        """See Intake.habits."""
        return self.raw.habits(quiet_since_ms, self._known(names))

    def mails(self, names: Sequence[str], now_ms: int) -> dict[str, Mails]:
        """See Intake.mails."""
        return self.raw.mails(self._known(names) or (), now_ms)

    def skews(self, names: Sequence[str], now_ms: int) -> dict[str, int]:
        """See Intake.skews."""
        return self.raw.skews(self._known(names) or (), now_ms)

    def _known(self, names: Sequence[str] | None) -> Sequence[str] | None:
        known = self.reach.cameras
        if known is None:
            return names
        return sorted(known) if names is None else [one for one in names if one in known]


def _of(search: Search, reach: Reach) -> Search:
    return msgspec.structs.replace(search, visible=reach.visible)
