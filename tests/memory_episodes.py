"""``api.episodes.store.Episodes`` over facts in memory: for tests without a database, and the model for those with."""

from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec

from projections.episodes import rows
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
from schemas.facts import EpisodeAccepted, EpisodeRefused
from schemas.intervals import Span
from schemas.visible import Visible, holds


def stored(fact: EpisodeAccepted, partition: int, offset: int) -> StoredEpisode:
    (row,) = rows.rows(fact, partition, offset)
    known = msgspec.structs.asdict(row)
    return msgspec.convert({name: known[name] for name in StoredEpisode.__struct_fields__}, StoredEpisode)


class MemoryEpisodes:
    """Facts taken in one after another; ``progress`` is all of them, or what ``hide`` leaves."""

    def __init__(self) -> None:
        self.all: list[StoredEpisode] = []
        self.refused: list[StoredRefusal] = []
        self.ends: dict[int, int] = {}
        self.asked: list[str] = []

    @property
    def changes(self) -> "MemoryEpisodes":
        return self

    def accept(self, fact: EpisodeAccepted, partition: int = 0) -> None:
        offset = self.ends.get(partition, 0)
        self.ends[partition] = offset + 1
        version = stored(fact, partition, offset)
        if not any(_version(one) == _version(version) for one in self.all):
            self.all.append(version)

    def refuse(self, fact: EpisodeRefused, partition: int = 0) -> None:
        self.ends[partition] = self.ends.get(partition, 0) + 1
        record = msgspec.json.encode(fact.record).decode()
        told = (fact.media, fact.episode_id, fact.save_id, fact.reason, fact.detail, fact.observed_ms, record)
        self.refused.append(StoredRefusal(**dict(zip(StoredRefusal.__struct_fields__, told, strict=True))))

    def current(self) -> list[StoredEpisode]:
        latest: dict[tuple[str, int], StoredEpisode] = {}
        for one in sorted(self.all, key=lambda one: one.version):
            latest[one.media, one.episode_id] = one
        return list(latest.values())

    def page(
        self, search: Search, order: Order, limit: int, after: Place | None = None, inclusive: bool = False
    ) -> list[StoredEpisode]:
        self.asked.append("page")
        way = -1 if order.descending else 1
        found = sorted(self._matching(search), key=order.place, reverse=order.descending)
        return [one for one in found if after is None or _beyond(order.place(one), after, way, inclusive)][:limit]

    def count(self, search: Search, limit: int) -> int:
        self.asked.append("count")
        return min(limit, len(self._matching(search)))

    def with_id(self, episode_id: int, visible: Visible, media: str | None = None) -> list[StoredEpisode]:
        named = Search(visible=visible, media=None if media is None else (media,))
        found = [one for one in self._matching(named) if one.episode_id == episode_id]
        return sorted(found, key=lambda one: (-one.accepted_ms, one.media))

    def versions(self, episode: StoredEpisode) -> list[StoredEpisode]:
        same = [one for one in self.all if (one.media, one.episode_id) == (episode.media, episode.episode_id)]
        return sorted(same, key=lambda one: one.version)

    def refusals(self, search: RefusalSearch, limit: int, after: tuple[int, int] | None = None) -> list[StoredRefusal]:
        found = [
            one
            for one in self.refused
            if holds(search.visible, one.media, *(2 * [min(one.observed_ms, _opened_ms(one))]))
            and search.media in (None, one.media)
            and search.episode_id in (None, one.episode_id)
            and search.reason in (None, one.reason)
            and (search.from_ms is None or one.observed_ms >= search.from_ms)
            and (search.to_ms is None or one.observed_ms < search.to_ms)
            and (after is None or (one.observed_ms, one.save_id) < after)
        ]
        return sorted(found, key=lambda one: (one.observed_ms, one.save_id), reverse=True)[:limit]

    def overlapping(self, media: str, span: Span, limit: int) -> list[StoredEpisode]:
        search = Search(media=(media,), overlaps_from=span.start_ms, overlaps_to=span.end_ms)
        return self.page(search, Order("started_at", False), limit)

    def days(self, media: str, visible: Visible = None) -> dict[str, int]:
        days = [_day(one.opened_ms) for one in self._matching(Search(media=(media,), visible=visible))]
        return {day: days.count(day) for day in days}

    def activity(self, media: str, span: Span, step_ms: int, visible: Visible = None) -> dict[int, int]:
        inside = Search(visible=visible, media=(media,), opened_at_gte=span.start_ms, opened_at_lt=span.end_ms)
        steps = [(one.opened_ms - span.start_ms) // step_ms for one in self._matching(inside)]
        return {step: steps.count(step) for step in steps}

    def progress(self) -> Vector:
        self.asked.append("progress")
        return tuple(self.ends.get(partition, 0) for partition in range(max(self.ends, default=-1) + 1))

    def between(self, since: Vector, until: Vector) -> list[Change]:
        self.asked.append("between")
        return [Change(one.src_partition, one.src_offset, one.media) for one in self._inside(since, until)]

    def told(self, search: Search, since: Vector, until: Vector) -> list[StoredEpisode]:
        return [one for one in self._inside(since, until) if matches(search, one)]

    def updated(
        self, search: Search, after_ms: int, until: Vector, limit: int
    ) -> tuple[list[StoredEpisode], int | None]:
        """Pages as the contract has it, and as short as it allows: one time each, whatever the limit."""
        found = [one for one in self._inside((), until) if one.updated_ms > after_ms and matches(search, one)]
        found.sort(key=lambda one: (one.updated_ms, one.media, one.episode_id, one.version))
        if len(found) <= limit:
            return found, None
        tied_ms = found[limit].updated_ms
        whole = [one for one in found[:limit] if one.updated_ms < tied_ms]
        whole = whole or [one for one in found if one.updated_ms == tied_ms]
        return whole, whole[-1].updated_ms

    def _inside(self, since: Vector, until: Vector) -> list[StoredEpisode]:
        first, end = dict(enumerate(since)), dict(enumerate(until))
        found = [
            one for one in self.all if first.get(one.src_partition, 0) <= one.src_offset < end.get(one.src_partition, 0)
        ]
        return sorted(found, key=lambda one: (one.src_partition, one.src_offset))

    def _matching(self, search: Search) -> list[StoredEpisode]:
        return [one for one in self.current() if matches(search, one)]


def matches(search: Search, one: StoredEpisode) -> bool:
    """The filters once more, written from the contract."""
    start, end = one.start_ms, one.end_ms
    reaches_beyond = search.overlaps_from is None or end > search.overlaps_from or start == end == search.overlaps_from
    reaches_beyond = reaches_beyond or start >= (search.overlaps_from or 0)
    return (
        search.may_be_of(one.media)
        and holds(search.visible, one.media, min(start, one.opened_ms), max(end, one.opened_ms))
        and _one_of(search.episode_type, [one.episode_type])
        and _one_of(search.source, [one.source])
        and _one_of(search.label, one.labels)
        and (search.opened_at_gte is None or one.opened_ms >= search.opened_at_gte)
        and (search.opened_at_lt is None or one.opened_ms < search.opened_at_lt)
        and (search.overlaps_to is None or start < search.overlaps_to)
        and reaches_beyond
        and (search.updated_at_gt is None or one.updated_ms > search.updated_at_gt)
        and all(_says(one, word.lower()) for word in search.words or ())
    )


def _says(one: StoredEpisode, word: str) -> bool:
    escaped = msgspec.json.encode(word).decode()[1:-1]
    texts = [one.title, one.license_plate_text, *one.labels]
    return any(word in text.lower() for text in texts) or escaped in one.payload.lower()


def _one_of(wanted: Sequence[str] | None, found: Sequence[str]) -> bool:
    return wanted is None or not set(wanted).isdisjoint(found)


def _beyond(place: Place, after: Place, way: int, inclusive: bool) -> bool:
    return (place == after and inclusive) or ((place > after) if way > 0 else (place < after))


def _version(one: StoredEpisode) -> tuple[str, int, int]:
    return one.media, one.episode_id, one.version


def _opened_ms(one: StoredRefusal) -> int:
    return int(msgspec.json.decode(one.record)["opened_at"])


def _day(at_ms: int) -> str:
    return f"{datetime.fromtimestamp(at_ms / 1000, UTC):%Y-%m-%d}"
