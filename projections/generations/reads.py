"""How far every projection has read, against the ends of its topics: for ``/metrics``, ``doctor`` and ``rebuild``."""

from collections.abc import Collection, Mapping

from msgspec import Struct

from infra import kafka
from infra.clickhouse import Database
from infra.settings import Settings
from projections import registry
from projections.generations.checkpoints import Checkpoint, Checkpoints
from projections.generations.store import Generation, Generations
from projections.standing import Standing, sum_up

_NOTHING = Checkpoint(0, 0, 0)


class Progress(Struct, frozen=True, kw_only=True):
    """How far one generation has read one topic."""

    projection: str
    generation: int
    state: str
    topic: str
    facts: int
    """Records on the topic, by offsets."""
    lag: int
    """Of these, not yet in the tables."""
    watermark_ms: int | None
    """Facts up to this event time are in the tables: that of the slowest partition that lags, or of the newest fact
    where none lags. None: nothing was read yet."""


class ProgressReads:
    """Answers from checkpoints and topic ends. Raises what Database raises, and LogUnavailable."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self._settings = settings
        self._database = database
        self._generations = Generations(settings, database)

    def live(self, projections: Collection[str] | None = None) -> list[Progress]:
        """One entry per projection (all, or these) and topic, of the generation that the public names show."""
        found = [one for one in self._generations.all() if one.state == "live"]
        return self._each([one for one in found if projections is None or one.projection in projections])

    def building(self) -> list[Progress]:
        """One entry per projection and topic of the generations that are being made and shown to nobody yet."""
        return self._each([one for one in self._generations.all() if one.state == "building"])

    def of(self, generation: Generation) -> list[Progress]:
        """One entry per topic of a generation."""
        return self._each([generation])

    def has_read(self, projection: str, topic: str, ends: Mapping[int, int]) -> bool:
        """True when everything of ``topic`` before ``ends``, by partition, is in the live tables of a projection."""
        live = self._generations.live(projection)
        read = self._checkpoints(live) if live else {}
        return all(read.get((topic, partition), _NOTHING).next_offset >= end for partition, end in ends.items())

    def next_offsets(self, generation: Generation) -> dict[str, dict[int, int]]:
        """Topic → partition → first offset not yet in the tables of a generation."""
        found: dict[str, dict[int, int]] = {}
        for (topic, partition), checkpoint in self._checkpoints(generation).items():
            found.setdefault(topic, {})[partition] = checkpoint.next_offset
        return found

    def _each(self, generations: list[Generation]) -> list[Progress]:
        wanted = {topic for one in generations for topic in registry.BY_NAME[one.projection].topics}
        ends = {topic: kafka.end_offsets(self._settings, topic) for topic in wanted}
        begins = {topic: kafka.begin_offsets(self._settings, topic) for topic in wanted}
        return [
            self._progress(one, topic, begins[topic], ends[topic])
            for one in generations
            for topic in registry.BY_NAME[one.projection].topics
        ]

    def _progress(self, one: Generation, topic: str, begins: Mapping[int, int], ends: Mapping[int, int]) -> Progress:
        read = self._checkpoints(one)
        standing = sum_up(
            standing_of(read.get((topic, partition), _NOTHING), begins[partition], end)
            for partition, end in ends.items()
        )
        return Progress(
            projection=one.projection, generation=one.number, state=one.state, topic=topic,
            facts=sum(ends.values()) - sum(begins.values()), lag=standing.lag,
            watermark_ms=standing.watermark_ms or None,
        )  # fmt: skip

    def _checkpoints(self, one: Generation) -> dict[tuple[str, int], Checkpoint]:
        return Checkpoints(self._database, self._generations.database_of(one.projection, one.number)).load()


def standing_of(read: Checkpoint, begin: int, end: int) -> Standing:
    """Where a partition with offsets ``begin`` … ``end`` stands for a reader at ``read``."""
    return Standing(max(0, end - max(read.next_offset, begin)), read.watermark_ms)
