"""``sightlog check --repair``: objects that no fact names are deleted, facts whose objects are gone are told so."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from cli.checked import Footage
from infra.clock import now_ms, sleep_s
from infra.log import FactLog
from infra.objects import NotDeleted, ObjectStore
from infra.settings import Settings
from projections.effects import rules
from projections.effects.expire_objects import ExpireObjects, stored
from projections.segments.audit import SegmentId, Told, touched
from schemas.facts import SegmentRecorded, SegmentsDeleted
from schemas.media import segment_key

_ACKNOWLEDGE_S = 60.0


@dataclass(frozen=True)
class Plan:
    """What a repair would do."""

    ghosts: list[SegmentId]
    """To be told as deleted."""
    orphans: list[str]
    """To be deleted."""

    def __bool__(self) -> bool:
        return bool(self.ghosts or self.orphans)


@dataclass(frozen=True)
class Mended:
    """What a repair did."""

    told: int
    deleted: int
    refused: list[NotDeleted]


def plan(found: Footage) -> Plan:
    """What would be done about an audit."""
    return Plan(found.audit.ghosts, found.audit.orphans)


def too_much(found: Footage) -> str:
    """Why nothing should be done: more than half would go, and more likely the question is wrong. Empty: it may be."""
    audit = found.audit
    if 2 * len(audit.ghosts) > audit.facts:
        return f"{len(audit.ghosts)} of {audit.facts} segments have no object: is this the right bucket, and whole?"
    if 2 * len(audit.orphans) > audit.objects:
        return f"{len(audit.orphans)} of {audit.objects} objects have no fact: is this the right broker, and whole?"
    return ""


def mend(settings: Settings, found: Footage, wanted: Plan, store: ObjectStore, log: FactLog) -> Mended:
    """Do it, but for what has changed since it was looked at. Raises what store and log raise; then do it again."""
    facts = list(found.topic.newer())
    newer, named = touched(facts), {fact.object_key for fact in facts if isinstance(fact, SegmentRecorded)}
    ghosts = _still_gone([at for at in wanted.ghosts if at not in newer], found.told, store)
    told = [log.append(fact) for fact in _lost(ghosts, found.told)]
    for acknowledged in told:
        acknowledged.result(_ACKNOWLEDGE_S)
    orphans = [key for key in wanted.orphans if key not in named]
    refused = ExpireObjects(store, settings.delete_per_s, sleep_s).remove(orphans)
    return Mended(len(ghosts), len(orphans) - len(refused), refused)


def _still_gone(ghosts: list[SegmentId], told: Told, store: ObjectStore) -> list[SegmentId]:
    """Those whose objects are still not there."""
    gone = [at for at in ghosts if at in told.elsewhere and store.head(told.elsewhere[at]) is None]
    for media, starts in _by_media([at for at in ghosts if at not in told.elsewhere]).items():
        stands = stored(store, [segment_key(media, start_ms) for start_ms in starts])
        gone += [SegmentId(media, start_ms) for start_ms in starts if segment_key(media, start_ms) not in stands]
    return gone


def _lost(ghosts: list[SegmentId], told: Told) -> Iterator[SegmentsDeleted]:
    for media, starts in _by_media(ghosts).items():
        live = told.live.of(media)
        yield from rules.lost(media, live[np.isin(live[:, 0], starts)].tolist(), now_ms())


def _by_media(segments: list[SegmentId]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for at in segments:
        found[at.media].append(at.start_ms)
    return found
