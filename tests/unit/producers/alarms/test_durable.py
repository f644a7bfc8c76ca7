"""What 250 promises, whatever the broker, the object store and the disk do."""

import asyncio
import errno
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from functools import partial
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry

from infra.backlog import Backlog
from infra.clock import monotonic_s
from infra.log import LogUnavailable, Position
from infra.settings import Settings, load
from producers.alarms import large
from producers.alarms.durable import Durable, Outcome
from producers.alarms.kept_metrics import KeptMetrics
from producers.alarms.packed import packed, unpacked
from schemas.codec import AnyFact
from schemas.errors import BadFact
from schemas.mail import MailReceived
from tests.fakes import FakeLog, FakeStore, Headers
from tests.mails import mail

ACK_S, WAIT_S = 0.05, 60
PATIENT_S = 60
"""An acknowledgement that is late in no test, however busy the machine."""


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("producers.alarms.shipping._PAUSE_S", 0.02)


class SlowLog(FakeLog):
    """A FakeLog that can fall silent: what is appended then is acknowledged when it is told to speak."""

    def __init__(self) -> None:
        super().__init__()
        self.is_silent = False
        self.asked = 0
        self._held: list[tuple[Callable[[], Future[Position]], Future[Position]]] = []

    def append(self, fact: AnyFact, headers: Headers = (), partition: int | None = None) -> Future[Position]:
        self.asked += 1
        if not self.is_silent:
            return super().append(fact, headers, partition)
        held: Future[Position] = Future()
        self._held.append((partial(super().append, fact, headers, partition), held))
        return held

    def speak(self) -> None:
        self.is_silent = False
        for append, held in self._held:
            held.set_result(append().result())
        self._held.clear()

    def give_up(self) -> None:
        """What is held fails, as the client's own time-out lets it."""
        for _, held in self._held:
            held.set_exception(LogUnavailable("told to give up"))
        self._held.clear()


class Door:
    """A Durable on fakes, and what came out of it."""

    def __init__(self, folder: Path, **more: object) -> None:
        self.settings: Settings = load(data=folder, **({"smtp_ack_s": ACK_S} | more))
        self.folder = folder / "mails"
        self.log, self.store, self.registry = SlowLog(), FakeStore(), CollectorRegistry()
        self.spool = Backlog(self.folder, self.settings.smtp_spool_bytes)
        self.durable = Durable(self.settings, self.log, self.store, self.spool, KeptMetrics(self.registry))
        self.shipper: asyncio.Task[None] | None = None

    def ship(self) -> None:
        self.shipper = asyncio.create_task(self.durable.run())

    async def keep(self, *mails: MailReceived) -> list[Outcome]:
        return await asyncio.wait_for(asyncio.gather(*map(self.durable.keep, mails)), WAIT_S)

    async def finds_the_log_away(self) -> None:
        """The log falls silent, and is known to be: mail 0 is in the spool."""
        self.log.is_silent = True
        assert await self.keep(mail(0)) == [Outcome.KEPT]
        await until(lambda: self.figure("sightlog_smtp_log_away_seconds"))

    def told(self) -> list[MailReceived]:
        return [fact for fact in self.log.facts if isinstance(fact, MailReceived)]

    def figure(self, name: str, **labels: str) -> float:
        return self.registry.get_sample_value(name, labels) or 0.0


def through(folder: Path, story: Callable[[Door], Awaitable[None]], **more: object) -> Door:
    """Tell the story to a new door, and close it."""
    door = Door(folder, **more)

    async def whole() -> None:
        try:
            await asyncio.wait_for(story(door), WAIT_S)
        finally:
            door.log.speak()
            await door.durable.close(0.2)

    asyncio.run(whole())
    return door


async def until(condition: Callable[[], object]) -> None:
    while not condition():  # noqa: ASYNC110 - conditions of threads and files, which set no event
        await asyncio.sleep(0.005)


def files(door: Door) -> list[Path]:
    return sorted(door.folder.iterdir())


def test_a_mail_goes_straight_to_the_log(tmp_path: Path) -> None:
    async def story(door: Door) -> None:
        assert await door.keep(mail(1), mail(2)) == [Outcome.KEPT] * 2
        assert door.told() == [mail(1), mail(2)]

    door = through(tmp_path, story)
    assert files(door) == []
    assert door.figure("sightlog_smtp_kept_total", outcome="kept") == 2
    assert door.figure("sightlog_smtp_spooled_total") == 0


def test_a_mail_that_is_not_acknowledged_in_time_is_kept_in_the_spool(tmp_path: Path) -> None:
    async def story(door: Door) -> None:
        door.log.is_silent = True
        assert await door.keep(mail(1)) == [Outcome.KEPT]
        assert door.spool.size_bytes > mail(1).size_bytes
        assert door.told() == []

    through(tmp_path, story)
    again = Backlog(tmp_path / "mails", 1 << 20)
    (file,) = again.files()
    assert [unpacked(record) for record in file.contents().records.values()] == [mail(1)]
    again.close()


def test_once_the_log_is_away_nobody_waits_for_it(tmp_path: Path) -> None:
    async def story(door: Door) -> None:
        await door.finds_the_log_away()
        assert await door.keep(*map(mail, range(1, 50))) == [Outcome.KEPT] * 49
        assert door.log.asked == 1

    through(tmp_path, story)


def test_a_mail_that_the_log_is_slow_to_acknowledge_is_answered_by_the_spool_and_sent_once(tmp_path: Path) -> None:
    async def story(door: Door) -> None:
        door.ship()
        door.log.is_silent = True
        assert await door.keep(*map(mail, range(20))) == [Outcome.KEPT] * 20
        assert door.figure("sightlog_smtp_log_away_seconds") == 0
        await asyncio.sleep(0.1)
        assert door.log.asked == 20
        door.log.speak()
        await until(lambda: door.spool.is_empty)
        assert door.log.asked == 20

    door = through(tmp_path, story, smtp_ack_s=PATIENT_S)
    assert files(door) == []
    assert door.figure("sightlog_smtp_shipped_total") == 0


@pytest.mark.parametrize("none", [{"smtp_spool_bytes": 0}, {"smtp_spool_s": 0}])
def test_where_the_spool_takes_nothing_a_slow_log_is_waited_for(tmp_path: Path, none: dict[str, int]) -> None:
    async def story(door: Door) -> None:
        door.log.is_silent = True
        keeping = asyncio.create_task(door.durable.keep(mail(1)))
        await asyncio.sleep(0.1)
        assert not keeping.done()
        door.log.speak()
        assert await keeping is Outcome.KEPT

    through(tmp_path, story, smtp_ack_s=PATIENT_S, **none)


def test_the_spool_is_shipped_in_order_when_the_log_answers_again_and_its_files_go(tmp_path: Path) -> None:
    async def story(door: Door) -> None:
        door.ship()
        door.log.down = True
        assert await door.keep(*map(mail, range(200))) == [Outcome.KEPT] * 200
        door.log.down = False
        await until(lambda: door.spool.is_empty)
        assert [fact.observed_ms for fact in door.told()] == [mail(number).observed_ms for number in range(200)]
        assert await door.keep(mail(200)) == [Outcome.KEPT]
        assert door.told()[-1] == mail(200)

    door = through(tmp_path, story)
    assert files(door) == []
    assert door.figure("sightlog_smtp_shipped_total") == door.figure("sightlog_smtp_spooled_total") == 200
    assert door.figure("sightlog_smtp_spool_bytes") == 0


def test_new_mails_go_straight_again_while_the_spool_is_still_being_shipped(tmp_path: Path) -> None:
    async def story(door: Door) -> None:
        door.log.down = True
        await door.keep(*map(mail, range(20)))
        door.log.down, door.log.is_silent = False, True
        asked = door.log.asked
        door.ship()
        await until(lambda: door.log.asked > asked)
        door.log.speak()
        await until(lambda: mail(0) in door.told())
        await door.keep(mail(99))
        assert door.told().count(mail(99)) == 1

    door = through(tmp_path, story, smtp_ack_s=PATIENT_S)
    assert door.figure("sightlog_smtp_spooled_total") == 20


def test_only_one_mail_asks_whether_the_log_is_back(tmp_path: Path) -> None:
    async def story(door: Door) -> None:
        door.log.is_silent = True
        await door.keep(mail(0))
        door.log.give_up()
        await until(lambda: door.figure("sightlog_smtp_log_away_seconds"))
        await door.keep(*map(mail, range(1, 100)))
        asked = door.log.asked
        door.ship()
        for tries in (1, 2):
            await until(lambda tries=tries: door.log.asked >= asked + tries)  # type: ignore[misc]
            await asyncio.sleep(0.1)
            assert door.log.asked == asked + tries
            door.log.give_up()

    through(tmp_path, story, smtp_ack_s=PATIENT_S)


def test_a_late_acknowledgement_tells_that_the_log_is_back(tmp_path: Path) -> None:
    async def story(door: Door) -> None:
        await door.finds_the_log_away()
        door.log.speak()
        await until(lambda: door.figure("sightlog_smtp_log_away_seconds") == 0)
        await door.keep(mail(1))
        assert door.told() == [mail(0), mail(1)]

    through(tmp_path, story)


def test_a_client_that_gives_up_late_on_a_mail_in_the_spool_loses_nothing(tmp_path: Path) -> None:
    async def story(door: Door) -> None:
        await door.finds_the_log_away()
        door.log.give_up()
        door.log.is_silent = False
        door.ship()
        await until(lambda: door.told() == [mail(0)])

    through(tmp_path, story)


def test_a_mail_that_fails_alone_is_shipped_and_the_log_is_not_taken_for_away(tmp_path: Path) -> None:
    async def story(door: Door) -> None:
        door.log.is_silent = True
        assert await door.keep(mail(1)) == [Outcome.KEPT]
        door.log.is_silent = False
        assert await door.keep(mail(2)) == [Outcome.KEPT]
        door.log.give_up()
        await asyncio.sleep(0.01)
        assert door.figure("sightlog_smtp_log_away_seconds") == 0
        door.ship()
        await until(lambda: door.told() == [mail(2), mail(1)])

    through(tmp_path, story, smtp_ack_s=PATIENT_S)


def test_a_broker_that_is_away_for_longer_than_the_spool_may_bridge_puts_mails_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    passed_s = [0.0]
    monkeypatch.setattr("producers.alarms.straight.monotonic_s", lambda: monotonic_s() + passed_s[0])

    async def story(door: Door) -> None:
        door.ship()
        door.log.is_silent = True
        assert await door.keep(mail(1)) == [Outcome.KEPT]
        await until(lambda: door.figure("sightlog_smtp_log_away_seconds"))
        passed_s[0] = 600
        assert await door.keep(mail(2)) == [Outcome.LOG_AWAY]
        door.log.speak()
        await until(lambda: door.spool.is_empty)
        assert await door.keep(mail(2)) == [Outcome.KEPT]

    door = through(tmp_path, story, smtp_spool_s=600)
    assert door.figure("sightlog_smtp_kept_total", outcome="log_away") == 1


def test_a_full_spool_puts_mails_off_and_loses_none_that_it_took(tmp_path: Path) -> None:
    async def story(door: Door) -> None:
        door.log.is_silent = True
        outcomes = await door.keep(*map(mail, range(50)))
        assert set(outcomes) == {Outcome.KEPT, Outcome.SPOOL_FULL}
        kept = {mail(number) for number, outcome in enumerate(outcomes) if outcome is Outcome.KEPT}
        door.log.give_up()
        door.log.is_silent = False
        door.ship()
        await until(lambda: door.spool.is_empty)
        assert set(door.told()) == kept

    through(tmp_path, story, smtp_spool_bytes=3000)


def test_without_a_spool_every_mail_asks_whether_the_log_is_back(tmp_path: Path) -> None:
    async def story(door: Door) -> None:
        door.log.down = True
        assert await door.keep(mail(1)) == [Outcome.SPOOL_FULL]
        door.log.down = False
        assert await door.keep(mail(1)) == [Outcome.KEPT]

    through(tmp_path, story, smtp_spool_bytes=0)


def test_a_disk_that_refuses_puts_mails_off(tmp_path: Path) -> None:
    class Broken(Backlog):
        def add(self, record: bytes) -> "Future[None]":
            refused: Future[None] = Future()
            refused.set_exception(OSError(errno.EIO, "told to fail"))
            return refused

    async def story() -> None:
        log = FakeLog()
        log.down = True
        spool = Broken(tmp_path / "mails", 1 << 20)
        settings = load(data=tmp_path, smtp_ack_s=ACK_S)
        durable = Durable(settings, log, FakeStore(), spool, KeptMetrics(CollectorRegistry()))
        assert await durable.keep(mail(1)) is Outcome.SPOOL_FULL
        await durable.close()

    asyncio.run(story())


def test_more_mails_than_the_clients_queue_holds_go_to_the_spool_and_then_to_the_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("producers.alarms.durable._ON_THEIR_WAY_BYTES", 1000)

    async def story(door: Door) -> None:
        door.log.is_silent = True
        keeping = [asyncio.create_task(door.durable.keep(mail(number))) for number in range(100)]
        await until(lambda: sum(task.done() for task in keeping) > 50)
        assert door.log.asked < 50
        assert door.figure("sightlog_smtp_log_away_seconds") == 0
        door.log.speak()
        door.ship()
        await until(lambda: all(task.done() for task in keeping) and door.spool.is_empty)
        assert {task.result() for task in keeping} == {Outcome.KEPT}
        assert set(door.told()) == set(map(mail, range(100)))

    through(tmp_path, story, smtp_ack_s=PATIENT_S)


@pytest.fixture
def few_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Records that hold so little that a mail of 5 kB is large."""
    monkeypatch.setattr(large, "_RECORD_BYTES", 5000)


@pytest.mark.usefixtures("few_bytes")
def test_a_mail_too_large_for_a_record_becomes_an_object_and_its_fact_names_it(tmp_path: Path) -> None:
    big = mail(1, 5000)

    async def story(door: Door) -> None:
        assert await door.keep(big) == [Outcome.KEPT]
        (fact,) = door.told()
        assert (fact.raw, fact.mail_key, fact.size_bytes) == (b"", f"mails/{big.sha256}.eml", 5000)
        assert door.store.get(f"mails/{big.sha256}.eml") == big.raw

    through(tmp_path, story, smtp_ack_s=PATIENT_S)


@pytest.mark.usefixtures("few_bytes")
def test_a_large_mail_waits_in_the_spool_for_the_store_and_keeps_nobody_waiting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("producers.alarms.shipping._STORE_PAUSE_S", 0.1)

    async def story(door: Door) -> None:
        door.store.down = True
        assert await door.keep(mail(1, 5000)) == [Outcome.KEPT]
        door.log.down = True
        assert await door.keep(mail(2), mail(3)) == [Outcome.KEPT] * 2
        door.log.down = False
        door.ship()
        await until(lambda: door.told() == [mail(2), mail(3)])
        assert not door.spool.is_empty
        door.store.down = False
        await until(lambda: door.spool.is_empty)
        assert door.told()[-1].mail_key == f"mails/{mail(1, 5000).sha256}.eml"
        assert len(door.told()) == 3

    through(tmp_path, story, smtp_ack_s=PATIENT_S)


def test_closing_ships_what_it_can(tmp_path: Path) -> None:
    async def story(door: Door) -> None:
        door.log.down = True
        await door.keep(mail(1))
        door.log.down = False
        door.ship()
        await asyncio.sleep(0)
        await door.durable.close(WAIT_S)
        assert door.told() == [mail(1)]

    async def whole() -> None:
        await asyncio.wait_for(story(Door(tmp_path)), WAIT_S)

    asyncio.run(whole())


def test_closing_asks_a_log_that_is_away_once_more_and_leaves_the_rest_to_the_next_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The grace is over once it was asked."""

    async def story(door: Door) -> None:
        await door.finds_the_log_away()
        await door.keep(mail(1), mail(2))
        before = door.log.asked
        monkeypatch.setattr("producers.alarms.shipping.monotonic_s", lambda: 600.0 * (door.log.asked > before))
        door.ship()
        await asyncio.sleep(0)
        await asyncio.wait_for(door.durable.close(grace_s=60), WAIT_S)
        assert door.log.asked - before == 1

    async def whole() -> None:
        await story(Door(tmp_path))

    asyncio.run(whole())
    assert len(list((tmp_path / "mails").iterdir())) == 1


def test_closing_waits_for_what_is_on_its_way_so_that_it_is_not_sent_again(tmp_path: Path) -> None:
    async def story(door: Door) -> None:
        door.ship()
        door.log.is_silent = True
        await door.keep(mail(1), mail(2))
        asyncio.get_running_loop().call_later(0.1, door.log.speak)
        await door.durable.close(WAIT_S)
        assert door.told() == [mail(1), mail(2)]

    async def whole() -> None:
        await asyncio.wait_for(story(Door(tmp_path, smtp_ack_s=PATIENT_S)), WAIT_S)

    asyncio.run(whole())
    assert list((tmp_path / "mails").iterdir()) == []


def test_a_session_that_ends_while_its_mail_is_being_kept_harms_nobody(tmp_path: Path) -> None:
    async def story(door: Door) -> None:
        door.log.is_silent = True
        gone = asyncio.create_task(door.durable.keep(mail(1)))
        stays = asyncio.create_task(door.durable.keep(mail(2)))
        await until(lambda: door.log.asked == 2)
        gone.cancel()
        door.log.speak()
        await until(stays.done)
        assert stays.result() is Outcome.KEPT

    through(tmp_path, story, smtp_ack_s=PATIENT_S)


def test_a_file_of_the_spool_with_a_record_of_another_version_is_set_aside(tmp_path: Path) -> None:
    foreign = Backlog(tmp_path / "mails", 1 << 20)
    for record in (packed(mail(1)), b"\x81\xa1v\x07", packed(mail(2))):
        foreign.add(record).result(WAIT_S)
    foreign.close()

    async def story(door: Door) -> None:
        door.ship()
        await until(lambda: door.spool.is_empty)
        assert door.told() == [mail(1), mail(2)]

    door = through(tmp_path, story)
    assert [path.suffix for path in files(door)] == [".bad"]


@pytest.mark.parametrize("broken", [{"hello": "\ud800"}, {"peer": "x" * 65}])
@pytest.mark.parametrize("is_away", [False, True])
def test_what_no_record_can_hold_is_refused_by_log_and_spool_alike(
    tmp_path: Path, broken: dict[str, str], is_away: bool
) -> None:
    bad = MailReceived(**({name: getattr(mail(1), name) for name in mail(1).__struct_fields__} | broken))

    async def story(door: Door) -> None:
        if is_away:
            door.log.down = True
            await door.keep(mail(0))
        with pytest.raises(BadFact):
            await door.keep(bad)

    through(tmp_path, story)
