"""Runs as the log tells of them: what each is about, what is left to do, how its cameras are looked at. Pure."""

from collections.abc import Mapping

import msgspec
from msgspec import Struct, structs

from schemas.motion import (
    MotionConfig,
    ReprocessCompleted,
    ReprocessDropped,
    ReprocessPromoted,
    ReprocessRequested,
    ReprocessStarted,
    RunFact,
)


class Run(Struct, frozen=True, kw_only=True):
    """What has been told of one run."""

    asked: ReprocessRequested
    started: ReprocessStarted | None = None
    is_looked: bool = False
    """Every verdict of it is told."""
    wanted: ReprocessPromoted | None = None
    """Its verdicts are to count."""
    is_promoted: bool = False
    """They do: every save is told."""
    is_dropped: bool = False

    @property
    def is_to_look(self) -> bool:
        """True while there are verdicts to tell."""
        return not (self.is_looked or self.is_dropped)

    @property
    def is_to_promote(self) -> bool:
        """True while there are saves to tell."""
        return self.is_looked and self.wanted is not None and not (self.is_promoted or self.is_dropped)


Runs = Mapping[str, Run]


def told(runs: Runs, fact: RunFact) -> Runs:
    """The runs with one more fact. Of two requests under one name the first counts, and of promoted and dropped too."""
    run = runs.get(fact.run)
    if run is None:
        return {**runs, fact.run: Run(asked=fact)} if isinstance(fact, ReprocessRequested) else runs
    return {**runs, fact.run: _grown(run, fact)}


def _grown(run: Run, fact: RunFact) -> Run:
    match fact:
        case ReprocessStarted() if run.started is None:
            return structs.replace(run, started=fact)
        case ReprocessCompleted(step="looked"):
            return structs.replace(run, is_looked=True)
        case ReprocessCompleted():
            return structs.replace(run, is_promoted=True)
        case ReprocessPromoted() if run.wanted is None and not run.is_dropped:
            return structs.replace(run, wanted=fact)
        case ReprocessDropped() if run.wanted is None:
            return structs.replace(run, is_dropped=True)
    return run


def wants(asked: ReprocessRequested, media: str, start_ms: int, end_ms: int) -> bool:
    """True for a segment that the run is about: any of it lies in its time."""
    return start_ms < asked.to_ms and end_ms > asked.from_ms and (not asked.media or media in asked.media)


def config(asked: ReprocessRequested, camera: MotionConfig) -> MotionConfig:
    """How the run looks at a camera that is configured so, switched off or not: a run looks wherever it is told to.

    Raises ValueError, naming the field, for what a run cannot set.
    """
    settable = set(MotionConfig.__struct_fields__) - {"enabled", "detector"}
    if unknown := asked.settings.keys() - settable:
        raise ValueError(f"a run cannot set {', '.join(sorted(unknown))}")
    fields = msgspec.to_builtins(camera) | asked.settings | {"detector": asked.detector, "enabled": True}
    return msgspec.convert(fields, MotionConfig)


def is_sound(asked: ReprocessRequested) -> bool:
    """False for a run that sets what no camera can be set to: nobody can look so."""
    try:
        config(asked, MotionConfig())
    except ValueError:
        return False
    return True
