"""Questions about alarms, over the real engine: every mail once, newest first, whatever came twice or late."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from infra.clickhouse import Database
from infra.settings import Settings
from projections.alarms.reads import AlarmPlace, AlarmReads, AlarmSearch, Habit, Mails, Reach
from projections.mail_refusals.reads import MailRefusalReads, Refused
from schemas.facts import AlarmReceived, MediaConfigured
from schemas.visible import Shown, holds
from tests.alarm_facts import DAY_MS, HOUR_MS, alarm, history, refusal
from tests.footage_facts import START_MS
from tests.integration.sql_desk import keep, tables

NOW_MS = START_MS + 400 * DAY_MS


@dataclass
class World:
    settings: Settings
    database: Database
    facts: list[AlarmReceived]

    @property
    def reads(self) -> AlarmReads:
        return AlarmReads(self.database, self.settings.database)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with tables(tmp_path_factory.mktemp("alarms")) as (settings, database):
        facts = history(240)
        keep(settings, database, "alarms", facts)
        yield World(settings, database, [one for one in facts if isinstance(one, AlarmReceived)])


def expected(facts: list[AlarmReceived], search: AlarmSearch) -> list[AlarmPlace]:
    """By hand, newest first."""
    first = {(one.media, one.alarm_id): one for one in reversed(facts)}
    return sorted(
        (
            AlarmPlace(one.received_ms, one.media, one.alarm_id)
            for one in first.values()
            if holds(search.visible, one.media, one.received_ms, one.received_ms)
            and (search.media is None or one.media in search.media)
            and (search.kind is None or one.kind in search.kind)
            and (search.from_ms or 0) <= one.received_ms < (search.to_ms or 1 << 62)
        ),
        reverse=True,
    )


SEARCHES = [
    AlarmSearch(),
    AlarmSearch(media=("cam1",)),
    AlarmSearch(media=("cam0", "cam2"), kind=("stop",)),
    AlarmSearch(visible=(Shown(frozenset({"cam0"})),), media=("cam0", "cam1")),
    AlarmSearch(visible=()),
    AlarmSearch(visible=(Shown(frozenset({"cam0", "cam1"}), START_MS + 3 * DAY_MS), Shown(frozenset({"cam2"})))),
    AlarmSearch(visible=(Shown(None, START_MS + DAY_MS, START_MS + 2 * DAY_MS),)),
    AlarmSearch(from_ms=START_MS + 5 * DAY_MS, to_ms=START_MS + 9 * DAY_MS),
    AlarmSearch(to_ms=START_MS + 3 * HOUR_MS),
    AlarmSearch(from_ms=START_MS + 31 * DAY_MS, kind=("start", "stop")),
]


@pytest.mark.parametrize("limit", [1, 33, 1000])
@pytest.mark.parametrize("search", SEARCHES, ids=range(len(SEARCHES)))
def test_pages_hold_every_alarm_once_newest_first(world: World, search: AlarmSearch, limit: int) -> None:
    wanted, found = expected(world.facts, search), list[AlarmPlace]()
    while page := world.reads.page(search, limit, found[-1] if found else None):
        found += [one.place for one in page]
        if len(found) > 9 and limit == 1:
            break
    assert found == wanted[: len(found)]
    assert len(found) == len(wanted) or limit == 1


def test_an_alarm_is_found_by_its_id_and_only_among_what_may_be_seen(world: World) -> None:
    one = world.facts[0]
    found = world.reads.with_id(one.alarm_id, None)
    assert found is not None
    assert (found.media, found.subject, found.mail_key) == (one.media, one.subject, one.mail_key)
    assert world.reads.with_id(one.alarm_id, (Shown(frozenset({one.media}), one.received_ms),), one.media) == found
    assert world.reads.with_id(one.alarm_id, (Shown(frozenset({"other"})),)) is None
    assert world.reads.with_id(one.alarm_id, (Shown(None, one.received_ms + 1),)) is None
    assert world.reads.with_id(one.alarm_id, None, "other") is None
    assert world.reads.with_id(7, None) is None


@pytest.fixture(scope="module")
def lately(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Two cameras that mail, one that is not configured, one that never mailed; the clock says NOW_MS."""
    facts = [
        *(alarm(n, "busy", NOW_MS - n * HOUR_MS - 1, claimed_ms=NOW_MS - n * HOUR_MS + n * 100) for n in range(30)),
        *(alarm(n, "quiet", NOW_MS - 40 * DAY_MS - n * 5 * HOUR_MS) for n in range(90)),
        alarm(0, "quiet", NOW_MS - 40 * DAY_MS - 90 * 5 * HOUR_MS),
        alarm(1, "removed", NOW_MS - 20 * DAY_MS),
    ]
    known = [
        MediaConfigured(media=media, observed_ms=START_MS, enabled=media != "off")
        for media in ("busy", "quiet", "never", "off")
    ]
    random.Random(4).shuffle(facts)
    with tables(tmp_path_factory.mktemp("health")) as (settings, database):
        keep(settings, database, "alarms", facts + facts[:50])
        keep(settings, database, "media", known)
        refused = [
            refusal("busy", NOW_MS - HOUR_MS, times=3),
            refusal("busy", NOW_MS - 2 * HOUR_MS, "rate"),
            refusal("busy", NOW_MS - 25 * HOUR_MS, times=50),
            refusal("", NOW_MS - HOUR_MS, times=9),
        ]
        keep(settings, database, "mail_refusals", refused)
        yield World(settings, database, facts)


def test_each_configured_camera_says_when_it_mailed_last(lately: World) -> None:
    wanted = [
        Reach(media=media, enabled=media != "off", mail_login="", mail_aliases=(), last_ms=last_ms)
        for media, last_ms in (("busy", NOW_MS - 1), ("never", None), ("off", None), ("quiet", NOW_MS - 40 * DAY_MS))
    ]
    assert lately.reads.intake.reaches() == wanted
    assert lately.reads.intake.reaches(frozenset({"quiet", "foreign"})) == wanted[3:]
    assert lately.reads.intake.reaches(None, "never") == wanted[1:2]


def test_a_habit_is_the_fortnight_before_the_last_mail_however_long_ago(lately: World) -> None:
    last_ms = NOW_MS - 40 * DAY_MS
    came = [last_ms - n * 5 * HOUR_MS for n in range(68)]
    assert lately.reads.intake.habits(NOW_MS - DAY_MS) == [
        Habit(
            media="quiet", mails=68, days=len({at // DAY_MS for at in came}), first_ms=came[-1], last_ms=last_ms,
            longest_gap_ms=5 * HOUR_MS,
        )
    ]  # fmt: skip
    assert {one.media for one in lately.reads.intake.habits(NOW_MS)} == {"busy", "quiet"}


def test_mails_clocks_and_refusals_of_late_are_counted_once(lately: World) -> None:
    names = ["busy", "quiet", "never"]
    assert lately.reads.intake.mails(names, NOW_MS) == {"busy": Mails(media="busy", hour=1, day=24, week=30)}
    assert lately.reads.intake.skews(names, NOW_MS) == {"busy": 1001}
    found = MailRefusalReads(lately.database, lately.settings.database).of_a_day(names, NOW_MS)
    assert found == {"busy": Refused(logins=3, all=4)}
