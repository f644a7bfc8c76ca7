"""What it takes that a run's verdicts count: its episodes, and a last word on those that they replace. Pure."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from msgspec import structs

from processors.motion import joining
from processors.motion.joining import JoinState
from processors.motion.saves import UNREADABLE
from schemas import ids
from schemas.episode import FIRST_MS, LAST_MS, EpisodeRecord
from schemas.facts import EpisodeAccepted, SegmentScanned
from schemas.intervals import Span, covers, subtract, union
from schemas.motion import MotionConfig, ReprocessPromoted

SUPERSEDED = "superseded"
"""The label of an episode that a run replaced."""


class Change(NamedTuple):
    """What a promotion saves of one camera."""

    made: tuple[EpisodeRecord, ...]
    """The run's episodes, whole and closed."""
    replaced: tuple[EpisodeRecord, ...]
    """The last versions of those that they stand for."""


def change(
    promoted: ReprocessPromoted, verdicts: Iterable[SegmentScanned], stands: Iterable[EpisodeAccepted]
) -> Change:
    """The saves of one camera: the same from the same verdicts of the run and the same standing episodes.

    Where the run could not look, or nobody wanted it to, what stood before goes on to count.
    """
    told = _last_told(verdicts)
    looked = [one for one in told if _is_looked_at(one)]
    made = _episodes(looked, promoted)
    own = {one.episode_id for one in made}
    seen = subtract(
        union((Span(one.start_ms, one.end_ms) for one in looked), _longest_join_ms(looked)),
        (Span(one.start_ms, one.end_ms) for one in told if not _is_looked_at(one)),
    )
    replaced = (_superseded(one, promoted) for one in stands if one.episode_id not in own and _is_replaced(one, seen))
    return Change(tuple(made), tuple(replaced))


def is_motion(record: EpisodeRecord) -> bool:
    """True for an episode that joining made of verdicts, live or of a run, and nobody else."""
    maker = (record.payload or {}).get("detector")
    return isinstance(maker, str) and record.episode_id in {
        ids.derived_episode(record.media, record.opened_at, "motion_detector", name)
        for name in (maker, f"{maker}/{UNREADABLE}")
    }


def _last_told(verdicts: Iterable[SegmentScanned]) -> list[SegmentScanned]:
    """In the order of the footage; of two on one segment the one told later."""
    last = {(one.start_ms, one.detector, one.version): one for one in verdicts}
    return sorted(last.values(), key=lambda one: one.start_ms)


def _is_looked_at(verdict: SegmentScanned) -> bool:
    has_time = FIRST_MS <= verdict.from_ms < verdict.end_ms <= LAST_MS
    return has_time and verdict.verdict != "unreadable" and verdict.level != "none"


def _longest_join_ms(verdicts: Sequence[SegmentScanned]) -> int:
    """Episodes reach over holes in the footage that are no longer."""
    usual = MotionConfig().join_ms
    return max((int(one.parameters.get("join_ms", usual)) for one in verdicts), default=usual)


def _episodes(verdicts: Sequence[SegmentScanned], promoted: ReprocessPromoted) -> list[EpisodeRecord]:
    """The episodes that these verdicts are joined into by the rule of the live ones, each in its last version.

    They are folded in the order of the footage and by its own time: nothing of it comes late.
    """
    state, last = JoinState(), dict[int | str, EpisodeRecord]()
    for number, verdict in enumerate(verdicts):
        in_time = structs.replace(verdict, observed_ms=verdict.start_ms)
        state, saves = joining.step(state, in_time, number, verdict.start_ms, 0)
        last |= {one.episode_id: one for one in saves}
    if verdicts:
        _, saves = joining.pass_time(state, verdicts[0].media, LAST_MS, 0)
        last |= {one.episode_id: one for one in saves}
    return [_said(one, promoted, {"run": promoted.run}) for one in last.values()]


def _is_replaced(stands: EpisodeAccepted, seen: Sequence[Span]) -> bool:
    """True when the run looked at all that the episode marks, which is over."""
    record = stands.record
    if record.closed_at is None or not is_motion(record) or SUPERSEDED in (record.labels or ()):
        return False
    start_ms = record.opened_at if record.started_at is None else record.started_at
    return covers(seen, Span(start_ms, max(record.closed_at, start_ms + 1)))


def _superseded(stands: EpisodeAccepted, promoted: ReprocessPromoted) -> EpisodeRecord:
    record = structs.replace(
        stands.record, labels=(*(stands.record.labels or ()), SUPERSEDED),
        preview=stands.preview_key, frame_preview=stands.frame_preview_key,
    )  # fmt: skip
    return _said(record, promoted, {"superseded_by": promoted.run})


def _said(record: EpisodeRecord, promoted: ReprocessPromoted, more: dict[str, Any]) -> EpisodeRecord:
    """As the promotion says it: later than whatever was said of it before."""
    is_new = "run" in more
    updated_at = promoted.observed_ms if is_new else max(promoted.observed_ms, record.updated_at + 1)
    return structs.replace(record, updated_at=updated_at, payload=(record.payload or {}) | more)
