"""Round after round, on a broker in memory."""

import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from prometheus_client import CollectorRegistry

from infra.health import Beat
from infra.log import LogUnavailable
from infra.progress import GroupProgress
from infra.settings import Settings
from processors.retention.entry.metrics import Metrics
from processors.retention.entry.stages import stages
from processors.retention.entry.watcher import Pace, Watcher
from schemas.facts import Settled, SettlingStarted
from tests.beside import going_on, until
from tests.fakes import FakeLog

NAMES = {hop.topic for stage in stages(0) for hop in stage.hops}
SETTINGS = Settings(settle_ms=0, partitions=2)


class Topics:
    """Every topic has three records in each of two partitions; each group has read what ``read`` says."""

    def __init__(self, log: FakeLog) -> None:
        self.read = dict.fromkeys(NAMES, 3)
        self.is_away = False
        self.told_when_noted: list[int] = []
        self._log = log

    def begins(self, topics: Iterable[str]) -> Mapping[str, Mapping[int, int]]:
        if "segments" in set(topics):
            self.told_when_noted.append(len(self._log.facts))
        return {topic: {0: 0, 1: 0} for topic in topics}

    def ends(self, topics: Iterable[str]) -> Mapping[str, Mapping[int, int]]:
        if self.is_away:
            raise LogUnavailable("told to be away")
        return {topic: {0: 3, 1: 3} for topic in topics}

    def groups(self, groups: Iterable[str]) -> Mapping[str, GroupProgress]:
        committed = {topic: {0: 3, 1: read} for topic, read in self.read.items()}
        return {group: GroupProgress(1, committed) for group in groups}


@contextmanager
def watching() -> Iterator[tuple[FakeLog, Topics, Metrics]]:
    log, metrics, stopping = FakeLog(), Metrics(CollectorRegistry()), threading.Event()
    topics = Topics(log)
    told = {(topic, partition): 3 for topic in NAMES for partition in (0, 1)}
    one = Watcher(SETTINGS, log, lambda: told, metrics, Pace(0.2, 0.2, 0.01, 0.01), lambda _: topics)
    with going_on(lambda: one.watch(stopping, Beat()), stopping):
        yield log, topics, metrics


def settled(log: FakeLog) -> list[Settled]:
    return [fact for fact in log.facts if isinstance(fact, Settled)]


def test_ends_are_noted_once_it_is_told_that_a_round_has_begun_and_what_is_settled_names_it() -> None:
    with watching() as (log, topics, _):
        until(lambda: len(settled(log)) > 1)
    started = [fact for fact in log.facts if isinstance(fact, SettlingStarted)]
    assert log.facts[:2] == [started[0], settled(log)[0]]
    assert topics.told_when_noted[:2] == [1, 3]
    assert [fact.settle_id for fact in settled(log)[:2]] == [fact.settle_id for fact in started[:2]]
    assert settled(log)[0].segment_ends == (3, 3)
    assert started[0].settle_id != started[1].settle_id


def test_who_is_behind_on_a_partition_leaves_it_unsettled_and_the_figures_say_so() -> None:
    with watching() as (log, topics, metrics):
        topics.read["motion"] = 2
        until(lambda: settled(log) and settled(log)[-1].segment_ends == (3, -1))
        until(lambda: metrics.unsettled._value.get() == 1)
        topics.read["mails"] = 2
        until(lambda: metrics.unsettled._value.get() == 2)
        said = len(settled(log))
        until(lambda: metrics.unsettled_s._value.get() > 0.5)
        assert len(settled(log)) == said
        topics.read = dict.fromkeys(NAMES, 3)
        until(lambda: settled(log)[-1].segment_ends == (3, 3))
        until(lambda: metrics.unsettled._value.get() == 0)


def test_a_broker_that_is_away_ends_the_round_and_another_begins() -> None:
    with watching() as (log, topics, _):
        until(lambda: settled(log))
        topics.is_away = True
        begun = len(log.facts)
        until(lambda: len(log.facts) > begun + 2)
        topics.is_away = False
        until(lambda: isinstance(log.facts[-1], Settled))
    unended = {fact.settle_id for fact in log.facts if isinstance(fact, SettlingStarted)}
    assert unended - {fact.settle_id for fact in settled(log)}
