"""A silence is told once, whoever looks, however often processes come and go; so is its end."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.alarms.alert_text import Message
from api.alarms.alerts import CLAIM_MS, Alerts, Thing
from api.alarms.health import Health
from api.alarms.lookout import BEHIND_MS, Lookout
from api.archive import Lag
from api.metrics import Metrics
from infra.log import LogUnavailable, Record
from projections.alarms.reads import Habit
from projections.storage.reads import StoredExhaustion, StoredLevel
from schemas.facts import AlertClaimed, AlertDelivered, RoomAlertDelivered
from tests.alarm_facts import DAY_MS, HOUR_MS
from tests.fakes import FakeLog
from tests.memory_mails import MemoryAlarms, MemoryLetters, MemoryRefusals
from tests.memory_retention import MemoryLevels

NOW_MS = 1_790_000_000_000
LAST_MS = NOW_MS - 3 * DAY_MS


class AlertSource:
    """Reads the fake log's topic from its first fact."""

    def __init__(self, log: FakeLog) -> None:
        self._log, self._at = log, 0

    @property
    def caught_up(self) -> bool:
        return True

    def poll(self, timeout_s: float) -> list[Record]:
        new = [one for one in self._log.records if one.topic == "alerts"][self._at :]
        self._at += len(new)
        return new

    def close(self) -> None:
        pass


class Fleet:
    """Cameras, one log, and any number of processes that look out over them."""

    def __init__(self) -> None:
        self.alarms, self.levels, self.log = MemoryAlarms(), MemoryLevels(), FakeLog()
        self.told: list[Message] = []
        self.reached = True
        self.lags: list[Lag] = []
        self.metrics = Metrics()
        self._count = 0

    def camera(self, media: str, last_ms: int | None = LAST_MS, enabled: bool = True) -> None:
        self.alarms.cameras = [one for one in self.alarms.cameras if one.media != media]
        if last_ms is None:
            self.alarms.camera(media, None)
            return
        first_ms = last_ms - 13 * DAY_MS
        habit = Habit(media=media, mails=99, days=14, first_ms=first_ms, last_ms=last_ms, longest_gap_ms=HOUR_MS)
        self.alarms.camera(media, last_ms, habit, enabled=enabled)

    def process(self) -> Lookout:
        self._count += 1
        health = Health(self.alarms, MemoryRefusals(), MemoryLetters())
        return Lookout(
            health, self.levels, lambda: self.lags, self.log, lambda: AlertSource(self.log), self.metrics, self.tell,
            f"p{self._count}",
        )  # fmt: skip

    def tell(self, message: Message) -> bool:
        if self.reached:
            self.told.append(message)
        return self.reached


@pytest.fixture
def fleet() -> Fleet:
    made = Fleet()
    made.camera("gate")
    made.camera("yard", NOW_MS - HOUR_MS)
    made.camera("new", None)
    return made


def test_a_silence_is_told_once_and_its_end_once(fleet: Fleet) -> None:
    lookout = fleet.process()
    assert lookout.look(NOW_MS) == [Thing("gate", "silent", LAST_MS)]
    assert lookout.look(NOW_MS + HOUR_MS) == []
    fleet.camera("gate", NOW_MS + 2 * HOUR_MS)
    assert lookout.look(NOW_MS + 3 * HOUR_MS) == [Thing("gate", "heard", LAST_MS)]
    assert lookout.look(NOW_MS + 4 * HOUR_MS) == []
    assert [one.title for one in fleet.told] == ["gate mails no longer", "gate mails again"]
    assert "3 d 0 h ago" in fleet.told[0].body


def test_the_next_silence_of_a_camera_is_another_one(fleet: Fleet) -> None:
    lookout = fleet.process()
    lookout.look(NOW_MS)
    fleet.camera("gate", NOW_MS + HOUR_MS)
    lookout.look(NOW_MS + 2 * HOUR_MS)
    fleet.camera("yard", NOW_MS + 9 * DAY_MS)
    assert lookout.look(NOW_MS + 9 * DAY_MS) == [Thing("gate", "silent", NOW_MS + HOUR_MS)]


def test_a_process_that_starts_anew_tells_nothing_again(fleet: Fleet) -> None:
    fleet.process().look(NOW_MS)
    for number in range(1, 5):
        assert fleet.process().look(NOW_MS + number * HOUR_MS) == []
    assert len(fleet.told) == 1


def test_of_several_processes_one_tells(fleet: Fleet) -> None:
    processes = [fleet.process() for _ in range(4)]
    told = [one.look(NOW_MS) for one in processes]
    assert sorted(len(one) for one in told) == [0, 0, 0, 1]
    assert len(fleet.told) == 1


def test_what_reached_nobody_is_told_later_by_whoever_looks_then(fleet: Fleet) -> None:
    fleet.reached = False
    assert fleet.process().look(NOW_MS) == []
    assert waiting(fleet) == 1
    fleet.reached = True
    other = fleet.process()
    assert other.look(NOW_MS + CLAIM_MS - 1) == []
    assert other.look(NOW_MS + CLAIM_MS) == [Thing("gate", "silent", LAST_MS)]
    assert waiting(fleet) == 0


def waiting(fleet: Fleet) -> float:
    (line,) = [one for one in fleet.metrics.text().decode().splitlines() if one.startswith("sightlog_alerts_waiting")]
    return float(line.split()[1])


def test_many_that_fall_silent_at_once_are_one_message(fleet: Fleet) -> None:
    for number in range(70):
        fleet.camera(f"cam{number:02}")
    assert len(fleet.process().look(NOW_MS)) == 71
    (message,) = fleet.told
    assert message.title == "71 cameras mail no longer"
    assert len(message.body.splitlines()) == 51
    assert message.body.endswith("... and 21 more")


def test_where_no_camera_mails_any_more_the_listener_is_suspected(fleet: Fleet) -> None:
    fleet.camera("yard", LAST_MS)
    fleet.process().look(NOW_MS)
    assert "look at the listener" in fleet.told[0].body


def test_a_camera_that_is_switched_off_falls_silent_untold(fleet: Fleet) -> None:
    fleet.camera("gate", LAST_MS, enabled=False)
    assert fleet.process().look(NOW_MS) == []


def test_nobody_is_judged_by_tables_that_are_behind(fleet: Fleet) -> None:
    lookout = fleet.process()
    fleet.lags = [Lag("alarms", "alarms", 9, NOW_MS - BEHIND_MS - 1), Lag("media", "media", 0, 1)]
    assert lookout.look(NOW_MS) == []
    fleet.lags = [Lag("alarms", "alarms", 9, NOW_MS - 1000), Lag("segments", "segments", 9, 0)]
    assert len(lookout.look(NOW_MS)) == 1


def test_while_the_log_is_away_nobody_is_told(fleet: Fleet) -> None:
    lookout = fleet.process()
    fleet.log.down = True
    with pytest.raises(LogUnavailable):
        lookout.look(NOW_MS)
    assert fleet.told == []
    fleet.log.down = False
    assert len(lookout.look(NOW_MS + 1)) == 1


def test_states_of_cameras_are_counted_for_prometheus(fleet: Fleet) -> None:
    fleet.process().look(NOW_MS)
    text = fleet.metrics.text().decode()
    for line in ('{state="ok"} 1.0', '{state="silent"} 1.0', '{state="never"} 1.0'):
        assert f"sightlog_mail_cameras{line}" in text


def test_a_broken_fact_on_the_topic_is_stepped_over(fleet: Fleet) -> None:
    fleet.log.append_raw("alerts", b"gate", b"{broken")
    assert len(fleet.process().look(NOW_MS)) == 1


@given(st.randoms(use_true_random=False), st.integers(1, 4))
def test_whatever_processes_do_when_no_silence_is_told_twice(chance: random.Random, count: int) -> None:
    fleet = Fleet()
    for name in ("a", "b", "c"):
        fleet.camera(name)
    processes = [fleet.process() for _ in range(count)]
    told: list[Thing] = []
    now_ms = NOW_MS
    for _ in range(12):
        now_ms += chance.choice((1, 1000, CLAIM_MS, 2 * DAY_MS))
        fleet.reached = chance.random() < 0.7
        if chance.random() < 0.3:
            fleet.camera(chance.choice("abc"), now_ms)
        if chance.random() < 0.2:
            processes[chance.randrange(count)] = fleet.process()
        told += chance.choice(processes).look(now_ms)
    assert len(told) == len(set(told))


@given(st.lists(st.tuples(st.booleans(), st.sampled_from(("silent", "heard")), st.integers(0, 3), st.integers(0, 9))))
def test_everybody_who_reads_the_topic_knows_the_same_holder(drawn: list[tuple[bool, str, int, int]]) -> None:
    alerts = Alerts()
    for number, (told, alert, since, process) in enumerate(drawn):
        kind = AlertDelivered if told else AlertClaimed
        at_ms = NOW_MS + number * CLAIM_MS // 3
        alerts.apply(kind(media="a", observed_ms=at_ms, alert=alert, since_ms=since, process=f"p{process}"))  # type: ignore[arg-type]
    for since in range(4):
        for alert in ("silent", "heard"):
            thing = Thing("a", alert, since)  # type: ignore[arg-type]
            assert sum(alerts.is_held(thing, f"p{process}") for process in range(10)) <= 1


def full(at_ms: int, is_over: bool = False, store: str = "disk") -> StoredExhaustion:
    used = 800 if is_over else 950
    return StoredExhaustion(
        store=store, observed_ms=at_ms, used_bytes=used, capacity_bytes=1000, locked_bytes=900, is_over=is_over
    )


def test_a_store_without_room_is_told_once_and_its_end_once(fleet: Fleet) -> None:
    fleet.alarms.cameras = []
    fleet.levels.exhausted = [full(NOW_MS)]
    assert fleet.process().look(NOW_MS) == [Thing("store/disk", "exhausted", NOW_MS)]
    assert fleet.process().look(NOW_MS + HOUR_MS) == []
    fleet.levels.exhausted = [full(NOW_MS + 2 * HOUR_MS, is_over=True)]
    assert fleet.process().look(NOW_MS + 3 * HOUR_MS) == [Thing("store/disk", "room", NOW_MS)]
    assert fleet.process().look(NOW_MS + 4 * HOUR_MS) == []
    fleet.levels.exhausted = [full(NOW_MS + 5 * HOUR_MS)]
    assert fleet.process().look(NOW_MS + 6 * HOUR_MS) == [Thing("store/disk", "exhausted", NOW_MS + 5 * HOUR_MS)]
    assert [(one.title, one.is_warning) for one in fleet.told] == [
        ("store/disk has no room left to make", True),
        ("store/disk has room again", False),
        ("store/disk has no room left to make", True),
    ]
    assert "95 % of 1.0 kB" in fleet.told[0].body
    assert "900 bytes are under locks" in fleet.told[0].body


def test_of_several_processes_one_tells_of_a_store(fleet: Fleet) -> None:
    fleet.levels.exhausted = [full(NOW_MS), full(NOW_MS + 1, store="gate")]
    told = [process.look(NOW_MS + 5) for process in [fleet.process() for _ in range(3)]]
    assert sorted(len(one) for one in told) == [0, 0, 3]
    assert fleet.told[0].title == "store/disk has no room left to make; store/gate has no room left to make; " + (
        "gate mails no longer"
    )


def test_a_store_that_had_room_again_before_anybody_was_told_is_not_told(fleet: Fleet) -> None:
    fleet.alarms.cameras = []
    fleet.levels.exhausted = [full(NOW_MS, is_over=True)]
    assert fleet.process().look(NOW_MS) == []


def test_stores_are_told_of_while_the_tables_of_alarms_are_behind(fleet: Fleet) -> None:
    fleet.lags = [Lag("alarms", "alarms", 9, NOW_MS - BEHIND_MS - 1)]
    fleet.levels.exhausted = [full(NOW_MS)]
    assert [one.subject for one in fleet.process().look(NOW_MS)] == ["store/disk"]


def test_after_compaction_the_end_that_was_told_still_stands_for_its_beginning() -> None:
    alerts = Alerts()
    alerts.apply(RoomAlertDelivered(subject="store/disk", alert="room", since_ms=5, process="p", observed_ms=NOW_MS))
    assert list(alerts.untold_of_stores([full(NOW_MS, is_over=True)])) == []
    assert list(alerts.untold_of_stores([full(NOW_MS)])) == [Thing("store/disk", "exhausted", NOW_MS)]


def test_levels_of_stores_are_gauges(fleet: Fleet) -> None:
    fleet.levels.levels = [
        StoredLevel(store=store, observed_ms=1, used_bytes=950, capacity_bytes=1000) for store in ("disk", "s3")
    ]
    fleet.levels.exhausted = [full(NOW_MS)]
    fleet.process().look(NOW_MS)
    lines = fleet.metrics.text().decode().splitlines()
    assert 'sightlog_store_used_bytes{store="disk"} 950.0' in lines
    assert 'sightlog_store_capacity_bytes{store="disk"} 1000.0' in lines
    assert 'sightlog_store_exhausted{store="disk"} 1.0' in lines
    assert 'sightlog_store_exhausted{store="s3"} 0.0' in lines
