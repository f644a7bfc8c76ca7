"""A projection from the first fact into a new generation, compared with the live one, and swapped in.

Each step is found in the generations table, so whoever dies, the next call goes on where the last one stood.
"""

from infra import kafka
from infra.clickhouse import Database
from infra.settings import Settings
from projections.generations.barrier import Barrier, NotReached
from projections.generations.digest import TableDigest, differences, digests
from projections.generations.reads import Progress, ProgressReads
from projections.generations.store import Generation, Generations, State
from projections.spec import Projection


class RebuildRefused(RuntimeError):
    """A rebuild cannot go on; the message says why and what to do."""


class Rebuild:
    """The rebuild of one projection. The reading itself is done by the projections service."""

    def __init__(self, settings: Settings, projection: Projection) -> None:
        self._settings = settings
        self._projection = projection
        self._database = Database(settings, timeout_s=600.0)
        self._generations = Generations(settings, self._database)
        self._reads = ProgressReads(settings, self._database)

    def begin(self) -> Generation:
        """The generation being built: the one under way, else a new one. What failed before is dropped."""
        self._generations.prepare()
        for failed in self._in("failed"):
            self._generations.drop(failed)
        under_way = self._in("building")
        return under_way[-1] if under_way else self._generations.start(self._projection, "building")

    def begin_rollback(self) -> Generation:
        """The kept generation, reading again so that it catches up. Raises RebuildRefused when none is kept."""
        self._generations.prepare()
        if under_way := self._in("building"):
            return under_way[-1]
        if not (kept := self._in("kept")):
            raise RebuildRefused(
                f"no earlier generation of {self._projection.name} is kept: there is nothing to go back to"
            )
        return self._generations.move(kept[-1], "building")

    def progress(self, generation: Generation) -> list[Progress]:
        """How far it has read each topic. Raises RebuildRefused when it stopped, with the reason."""
        now = next(
            (one for one in self._generations.of(self._projection.name) if one.number == generation.number), None
        )
        if now is None or now.state not in ("building", "live"):
            reason = now.reason if now else "it was dropped"
            raise RebuildRefused(
                f"the rebuild of {self._projection.name} stopped: {reason}; what is shown has not changed."
                " Mend the cause and run the same command again"
            )
        return self._reads.of(generation)

    def is_served(self) -> bool:
        """True while a projections service reads for this projection."""
        live = self._generations.live(self._projection.name)
        return live is not None and kafka.group_members(self._settings, self._projection.group(live.number)) > 0

    def compare_and_swap(self, generation: Generation, accept: bool = False) -> list[str]:
        """How the tables differ from the live ones; when they do not, or ``accept``, the new ones are shown now.

        Both stand still meanwhile, at the same facts, and go on afterwards. Raises RebuildRefused when they cannot
        be brought there.
        """
        with Barrier(self._generations, self._projection.name, self._reads.next_offsets) as barrier:
            live = self._generations.live(self._projection.name)
            before = generation if live is None else live
            try:
                barrier.gather([before, generation])
            except NotReached:
                raise RebuildRefused(
                    "the generations did not come to stand at the same fact within 60 s: is `sightlog run projections`"
                    " running, and its lag small (sightlog doctor)? Then run the same command again"
                ) from None
            differ = differences(self._digests(before), self._digests(generation))
            if not differ or accept:
                self._swap(live, generation)
        return differ

    def abandon(self, generation: Generation) -> None:
        """Drop what was built; what is shown has not changed."""
        self._generations.drop(generation)

    def _digests(self, one: Generation) -> list[TableDigest]:
        return digests(self._database, self._projection, self._generations.database_of(one.projection, one.number))

    def _swap(self, live: Generation | None, new: Generation) -> None:
        """Show the new one, keep the old one, drop older ones. A crash in between leaves two live; the later counts."""
        self._generations.publish(self._projection, new.number)
        older = self._in("kept")
        self._generations.move(new, "live")
        if live is not None and live.number != new.number:
            self._generations.move(live, "kept")
        for one in older:
            self._generations.drop(one)

    def _in(self, state: State) -> list[Generation]:
        return [one for one in self._generations.of(self._projection.name) if one.state == state]
