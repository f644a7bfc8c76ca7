"""How far our groups are with what they read, and whether anybody works for them."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from infra.progress import Progress
from infra.settings import Settings
from processors.retention.entry import reader as retention
from processors.retention.entry import run as retention_entry
from processors.retention.entry.settling import Hop, groups_of
from processors.retention.entry.stages import stages
from processors.retention.entry.translate import SOURCES
from projections.effects import orders
from schemas import topics

_SERVICES = {orders.GROUP: "effects"}


class Behind(NamedTuple):
    """One group."""

    group: str
    workers: int
    records: int
    """Not read yet, on all the topics it reads."""

    @property
    def service(self) -> str:
        """Who should work for it: ``sightlog run`` takes this name."""
        return _SERVICES.get(self.group) or ":".join(self.group.split("-")[:2])


def watched() -> list[Hop]:
    """What every group of ours reads between a camera and the deletion of its footage."""
    told = (Hop(topic.name, retention.GROUP, workers=retention_entry.SEAT_GROUP) for topic in SOURCES)
    judged = Hop(topics.RETENTION_INPUTS.name, "processor-retention-v1")
    done = Hop(topics.EXPIRATIONS.name, orders.GROUP)
    return [*(hop for stage in stages(0) for hop in stage.hops if hop.group), *told, judged, done]


def behind(settings: Settings) -> Iterator[Behind]:
    """Every group, in the order in which facts come to it. Raises LogUnavailable."""
    progress, hops = Progress(settings), watched()
    groups = progress.groups(groups_of(hops))
    names = {hop.topic for hop in hops}
    begins, ends = progress.begins(names), progress.ends(names)
    for group, read in _by_group(hops):
        records = sum(
            max(
                0, end - max(groups[group].committed.get(hop.topic, {}).get(partition, 0), begins[hop.topic][partition])
            )
            for hop in read
            for partition, end in ends[hop.topic].items()
        )
        yield Behind(group, groups[read[0].watched].members, records)


def _by_group(hops: Iterable[Hop]) -> Iterator[tuple[str, list[Hop]]]:
    found: dict[str, list[Hop]] = {}
    for hop in hops:
        found.setdefault(hop.group, []).append(hop)
    yield from found.items()
