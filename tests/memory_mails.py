"""Alarms, refusals and letters in memory, as the API asks for them: for tests without a database."""

from collections.abc import Collection, Iterable, Iterator, Sequence

import msgspec

from projections.alarms import rows
from projections.alarms.reads import AlarmPlace, AlarmSearch, Habit, Mails, Reach, StoredAlarm
from projections.dead_letters.reads import LetterPlace, LetterSearch, MailLetters, Original, StoredLetter
from projections.mail_refusals.reads import Refused
from schemas.facts import AlarmReceived, DeadLettered
from schemas.visible import Visible, holds


def stored(fact: AlarmReceived) -> StoredAlarm:
    (row,) = rows.rows(fact, 0, 0)
    skew_ms = None if fact.claimed_ms is None else fact.claimed_ms - fact.received_ms
    known = msgspec.structs.asdict(row) | {"skew_ms": skew_ms}
    return msgspec.convert({name: known[name] for name in StoredAlarm.__struct_fields__}, StoredAlarm)


class MemoryAlarms:
    """Alarms taken in one after another; of the health of mails, what a test says."""

    def __init__(self) -> None:
        self.all: list[StoredAlarm] = []
        self.cameras: list[Reach] = []
        self.habit: dict[str, Habit] = {}
        self.told_habits: list[str] = []
        self.counts: dict[str, Mails] = {}
        self.skew_ms: dict[str, int] = {}

    @property
    def intake(self) -> "MemoryAlarms":
        return self

    def receive(self, fact: AlarmReceived) -> None:
        one = stored(fact)
        if not any((known.media, known.alarm_id) == (one.media, one.alarm_id) for known in self.all):
            self.all.append(one)

    def page(self, search: AlarmSearch, limit: int, after: AlarmPlace | None = None) -> list[StoredAlarm]:
        found = [
            one
            for one in self.all
            if holds(search.visible, one.media, one.received_ms, one.received_ms)
            and (search.media is None or one.media in search.media)
            and (search.kind is None or one.kind in search.kind)
            and (search.from_ms or 0) <= one.received_ms < (search.to_ms or 1 << 62)
            and (after is None or one.place < after)
        ]
        return sorted(found, key=lambda one: one.place, reverse=True)[:limit]

    def with_id(self, alarm_id: int, visible: Visible, media: str | None = None) -> StoredAlarm | None:
        found = [one for one in self.all if one.alarm_id == alarm_id and media in (None, one.media)]
        return next((one for one in found if holds(visible, one.media, one.received_ms, one.received_ms)), None)

    def camera(self, media: str, last_ms: int | None, habit: Habit | None = None, **fields: object) -> None:
        told = {"media": media, "enabled": True, "mail_login": "", "mail_aliases": (), "last_ms": last_ms}
        self.cameras.append(msgspec.convert(told | fields, Reach))
        self.cameras.sort(key=lambda one: one.media)
        if habit:
            self.habit[media] = habit

    def reaches(self, names: Collection[str] | None = None, media: str | None = None) -> list[Reach]:
        seen = (one for one in self.cameras if names is None or one.media in names)
        return [one for one in seen if media in (None, one.media)]

    def habits(self, quiet_since_ms: int, names: Sequence[str] | None = None) -> list[Habit]:
        asked = (one for one in self.habit.values() if names is None or one.media in names)
        found = [one for one in asked if one.last_ms < quiet_since_ms]
        self.told_habits += [one.media for one in found]
        return found

    def mails(self, names: Sequence[str], now_ms: int) -> dict[str, Mails]:
        return {media: one for media, one in self.counts.items() if media in names}

    def skews(self, names: Sequence[str], now_ms: int) -> dict[str, int]:
        return {media: one for media, one in self.skew_ms.items() if media in names}


class MemoryRefusals:
    def __init__(self) -> None:
        self.all: dict[str, Refused] = {}

    def of_a_day(self, names: Sequence[str], now_ms: int) -> dict[str, Refused]:
        return {media: one for media, one in self.all.items() if media in names}


class MemoryLetters:
    """Letters taken in one after another."""

    def __init__(self) -> None:
        self.all: list[StoredLetter] = []
        self.by_way: list[MailLetters] = []

    def post(self, fact: DeadLettered) -> None:
        hidden = fact.topic in ("media", "sources")
        size = None if fact.value is None or hidden else len(fact.value)
        told = msgspec.structs.asdict(fact) | {"value": None if hidden else fact.value, "size_bytes": size}
        self.all.append(StoredLetter(**{name: told[name] for name in StoredLetter.__struct_fields__}))

    def listed(self, search: LetterSearch, limit: int, after: LetterPlace | None = None) -> list[StoredLetter]:
        def order(place: LetterPlace) -> tuple[object, ...]:
            return (-place.failed_ms, *place[1:])

        found = [
            one
            for one in self.all
            if search.consumer in ("", one.consumer)
            and search.topic in ("", one.topic)
            and search.error in ("", one.error)
            and (after is None or order(one.letter_place) > order(after))
        ]
        return sorted(found, key=lambda one: order(one.letter_place))[:limit]

    def at(self, topic: str, partition: int, offset: int) -> list[StoredLetter]:
        return [one for one in self.all if (one.topic, one.partition, one.offset) == (topic, partition, offset)]

    def mails_since(self, since_ms: int) -> list[MailLetters]:
        return [one for one in self.by_way if one.failed_ms > since_ms]

    def originals(self, places: Iterable[tuple[str, int, int]]) -> Iterator[Original]:
        for place in places:
            for one in self.at(*place)[:1]:
                yield Original(*place, one.key, one.value)
