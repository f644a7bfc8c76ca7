"""A run's verdicts come to count: read from the log, joined, and saved as episodes. One worker does it at a time."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import Future

from msgspec import structs

from infra import kafka, stretches
from infra.log import FactLog, Position
from infra.loop import Stopped, settle
from infra.settings import Settings
from processors.motion.runs.promotion import change, is_motion
from processors.motion.runs.rules import Run
from schemas import codec, topics
from schemas.errors import BadFact
from schemas.facts import EpisodeAccepted, SegmentScanned
from schemas.motion import ReprocessPromoted

_SLACK_MS = 3_600_000
"""The clocks of two workers differ by less."""


def promote(
    run: Run, promoted: ReprocessPromoted, log: FactLog, settings: Settings, goes_on: Callable[[], bool]
) -> int:
    """Save what it takes; how many saves that was. Holds the verdicts of one partition, without their looks, at a time.

    Raises LogUnavailable, and Stopped before all was saved: whoever goes on does all of it again, and saves the same.
    """
    since_ms = (run.started.observed_ms if run.started else run.asked.observed_ms) - _SLACK_MS
    begins = kafka.offsets_since(settings, topics.MOTION.name, since_ms)
    marked = kafka.offsets_since(settings, topics.EPISODE_CHANGES.name, run.asked.from_ms)
    saved = 0
    for partition, begin in begins.items():
        verdicts = _verdicts(run.asked.run, _facts(settings, topics.MOTION.name, partition, begin, goes_on))
        if verdicts:
            changes = _facts(settings, topics.EPISODE_CHANGES.name, partition, marked[partition], goes_on)
            saved += _save(promoted, verdicts, _standing(changes), log, goes_on)
    return saved


Verdicts = dict[str, list[SegmentScanned]]
Standing = dict[str, dict[int, EpisodeAccepted]]


def _facts(settings: Settings, topic: str, partition: int, begin: int, goes_on: Callable[[], bool]) -> Iterator[object]:
    """Every fact from there to where the partition ends now; what is none is passed over."""
    end = kafka.end_offsets(settings, topic)[partition]
    for record in stretches.records(settings, topic, partition, begin, end):
        if record is None:
            if not goes_on():
                raise Stopped
            continue
        try:
            yield codec.decode(topic, record.value)
        except BadFact:
            continue  # who reads the topic for a living has told of it


def _verdicts(run: str, facts: Iterator[object]) -> Verdicts:
    """Of the run, by camera, in the order of the log."""
    found: defaultdict[str, list[SegmentScanned]] = defaultdict(list)
    for fact in facts:
        if isinstance(fact, SegmentScanned) and fact.run == run:
            found[fact.media].append(_slim(fact))
    return found


def _slim(verdict: SegmentScanned) -> SegmentScanned:
    """Without what joining does not ask for: all looks but the first and the last, and what they saw."""
    looks = (*verdict.looks[:1], *verdict.looks[1:][-1:])
    return structs.replace(verdict, looks=tuple(structs.replace(one, grid=b"") for one in looks))


def _standing(facts: Iterator[object]) -> Standing:
    """The versions that stand of the episodes of motion, by camera and id."""
    found: defaultdict[str, dict[int, EpisodeAccepted]] = defaultdict(dict)
    for fact in facts:
        if isinstance(fact, EpisodeAccepted) and is_motion(fact.record):
            was = found[fact.media].get(fact.episode_id)
            if was is None or fact.rev >= was.rev:
                found[fact.media][fact.episode_id] = fact
    return found


def _save(
    promoted: ReprocessPromoted, verdicts: Verdicts, standing: Standing, log: FactLog, goes_on: Callable[[], bool]
) -> int:
    """Return once every save of these cameras is acknowledged; how many."""
    told: list[Future[Position]] = []
    for media, scans in verdicts.items():
        found = change(promoted, scans, standing.get(media, {}).values())
        told += [log.append(save) for save in (*found.made, *found.replaced)]
        if not goes_on():
            raise Stopped
    settle(log, goes_on)
    return len([one.result() for one in told])
