"""Why a moment is kept, gone or was never there: which reasons apply, in which order. Pure; decides nothing itself."""

from collections.abc import Iterator
from typing import Literal, NamedTuple

from api.retention import reasons, words
from api.retention.known import Known
from api.retention.reasons import Reason
from api.times import iso
from projections.expirations.reads import StoredExpiration, StoredFootage

State = Literal["kept", "gone", "never"]
_GAPS = {
    "source_lost": "the camera did not answer",
    "source_unreadable": "what the camera sent could not be read",
    "recorder_stopped": "the recorder was stopped",
    "recorder_crashed": "the recorder had crashed",
    "clock_jump": "the clock was set",
    "spool_full": "the servers were away for longer than the spool lasts",
    "disk_full": "the disk was full",
    "media_disabled": "recording was switched off",
    "store_lost": "the object store lost it",
}  # fmt: skip


class Explained(NamedTuple):
    """What became of a moment, and every reason that is known."""

    state: State
    because: list[Reason]


def explained(known: Known, at_ms: int) -> Explained:
    """Why the footage of a moment is there, is gone or never was."""
    footage = [one for one in known.footage if one.start_ms <= at_ms < one.end_ms]
    there = [one for one in footage if not one.is_deleted]
    decisions = [one for one in reversed(known.expirations) if one.start_ms <= at_ms < one.end_ms]
    gone_for = {one.expiration_id for one in known.deletions if one.start_ms <= at_ms < one.end_ms}
    going = [one for one in decisions if one.state == "ordered" and one.expiration_id not in gone_for]
    if there and not going:
        return Explained("kept", list(_kept(known, at_ms, there, decisions)))
    if there:
        return Explained("gone", [*map(reasons.stored, there), *_went(going, is_gone=False)])
    if footage:
        return Explained("gone", list(_gone(known, at_ms, decisions)))
    return Explained("never", list(_never(known, at_ms)))


def _kept(known: Known, at_ms: int, there: list[StoredFootage], decisions: list[StoredExpiration]) -> Iterator[Reason]:
    yield from map(reasons.stored, there)
    holds = list(_holds(known, at_ms))
    yield from holds
    waits = [one for one in decisions if one.state == "expired"]
    yield from (reasons.expiring(one, known.now_ms) for one in waits)
    if any(one.start_ms not in known.judged for one in there):
        yield Reason("unjudged", "its motion is not judged yet, and nothing goes before it is", {})
    yield from (reasons.left(one) for one in decisions if one.state == "ordered")
    back = [one for one in decisions if one.state == "restored"]
    yield from map(reasons.restored, back[:1])
    yield from _policy(known, at_ms, bool(holds), bool(waits or back))


def _policy(known: Known, at_ms: int, is_held: bool, is_said: bool) -> Iterator[Reason]:
    """What the camera's settings say of footage of this age; ``is_said``: a decision about it says more."""
    if known.camera is None:
        yield Reason("no_camera", "the camera is not configured any more: what is left goes by the settings it had", {})
        return
    config, age_ms = known.camera.config, max(0, known.now_ms - at_ms)
    told = {"age_ms": age_ms, "depth_ms": config.depth_ms, "keep_ms": config.keep_ms, "quota_bytes": config.quota_bytes}
    depth = words.length(config.depth_ms)
    if age_ms <= config.depth_ms:
        yield Reason("depth", f"the camera keeps {depth} of everything; this is {words.length(age_ms)} old", told)
    elif is_held:
        beyond = "while there is room" if config.keep_ms is None else f"for {words.length(config.keep_ms)} more"
        yield Reason("keep", f"older than the {depth} that the camera keeps; what is held stays {beyond}", told)
    elif not is_said:
        yield Reason(
            "waiting", f"older than the {depth} that the camera keeps, and nothing has expired it yet: {_SLOW}", told
        )


_SLOW = (
    "its age counts from when it was stored, without time in which Sightlog did not run, and it goes in batches, once"
    " all about it is judged"
)


def _gone(known: Known, at_ms: int, decisions: list[StoredExpiration]) -> Iterator[Reason]:
    by_id = {one.expiration_id: one for one in decisions}
    told = [one for one in reversed(known.deletions) if one.start_ms <= at_ms < one.end_ms]
    told.sort(key=lambda one: one.expiration_id not in by_id)  # what was found missing may lie apart, with much between
    for one in told[:1]:
        decision = by_id.get(one.expiration_id)
        yield from _went([decision] if decision else [], is_gone=True)
        yield reasons.deleted(one, decision is not None)
    yield from _holds(known, at_ms, "would keep it, but nothing is left of it")


def _went(decisions: list[StoredExpiration], is_gone: bool) -> Iterator[Reason]:
    for one in decisions:
        yield reasons.expired(one)
        if one.ordered_ms is not None:
            yield reasons.ordered(one, is_gone)


def _never(known: Known, at_ms: int) -> Iterator[Reason]:
    gaps = [one for one in known.gaps if one.start_ms <= at_ms and (one.end_ms is None or at_ms < one.end_ms)]
    for gap in gaps:
        until = "still so" if gap.end_ms is None else f"until {iso(gap.end_ms)}"
        detail = f" ({gap.detail})" if gap.detail else ""
        text = f"{_GAPS.get(gap.reason, gap.reason)}, since {iso(gap.start_ms)}, {until}{detail}"
        yield Reason("gap", text, {"reason": gap.reason, "start_ms": gap.start_ms, "end_ms": gap.end_ms})
    if not gaps:
        yield _absent(known, at_ms)
    yield from _holds(known, at_ms, "would keep it, but nothing of it was recorded")


def _absent(known: Known, at_ms: int) -> Reason:
    """Why there is nothing where nobody said that something is missing."""
    if at_ms >= known.now_ms:
        return Reason("future", f"it has not come yet: now it is {iso(known.now_ms)}", {})
    reach = known.reach
    if reach is None:
        return Reason("nothing_yet", "nothing was ever recorded of this camera", {})
    if at_ms < reach.start_ms:
        text = f"before its first footage, {iso(reach.start_ms)}"
        return Reason("before_first", text, {"first_ms": reach.start_ms})
    if at_ms >= reach.end_ms:
        return Reason(
            "after_last", f"after its last footage, {iso(reach.end_ms)}{_off(known)}", {"last_ms": reach.end_ms}
        )
    return Reason("not_recorded", "nothing was recorded then, and no recorder said why", {})


def _off(known: Known) -> str:
    if known.camera is None:
        return ": the camera is not configured any more"
    if not known.camera.config.enabled:
        return ": recording is switched off"
    return "; what is being recorded is there once its segment is complete" if known.camera.config.source else ""


def _holds(known: Known, at_ms: int, keeps: str = "keeps it") -> Iterator[Reason]:
    for stretch in known.ranges:
        if stretch.start_ms <= at_ms < stretch.end_ms:
            yield from (reasons.hold(known, stretch, one, keeps) for one in stretch.holds)
