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
    going = [one for one in decisions if _is_going(known, one, there)]
    if there and not going:
        return Explained("kept", list(_kept(known, at_ms, there, decisions)))
    if there:
        return Explained("gone", [*map(reasons.stored, there), *_went(known, going, is_gone=False)])
    if footage:
        return Explained("gone", list(_gone(known, at_ms, decisions)))
    return Explained("never", list(_never(known, at_ms)))


def _is_going(known: Known, order: StoredExpiration, there: list[StoredFootage]) -> bool:
    """True for an order that is still to be carried out, and means some of what is there.

    It means what was stored when its grace began; a part of it that is gone says that all of it was carried out.
    """
    is_done = any(one.expiration_id == order.expiration_id for one in known.deletions)
    return order.state == "ordered" and not is_done and any(one.stored_ms <= order.expired_ms for one in there)


def _kept(known: Known, at_ms: int, there: list[StoredFootage], decisions: list[StoredExpiration]) -> Iterator[Reason]:
    yield from map(reasons.stored, there)
    holds = list(_holds(known, at_ms))
    yield from holds
    waits = [one for one in decisions if one.state == "expired"]
    yield from (reasons.expiring(one, known.now_ms) for one in waits)
    if any(one.start_ms not in known.judged for one in there):
        yield Reason("unjudged", "its motion is not judged yet, and nothing goes before it is", {})
    newest_ms = max(one.stored_ms for one in there)
    yield from (reasons.left(one, newest_ms) for one in decisions if one.state == "ordered")
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
        stays = _stays(config.depth_ms, config.keep_ms, age_ms, _is_locked(known, at_ms))
        yield Reason("keep", f"older than the {depth} that the camera keeps; {stays}", told)
    elif not is_said:
        yield Reason(
            "waiting", f"older than the {depth} that the camera keeps, and nothing has expired it yet: {_SLOW}", told
        )


def _stays(depth_ms: int, keep_ms: int | None, age_ms: int, is_locked: bool) -> str:
    """How long what is held stays."""
    if is_locked:
        return "nothing evicts it while a lock or an export holds it"
    if keep_ms is None:
        return "what is held stays while there is room"
    left_ms = depth_ms + keep_ms - age_ms
    if left_ms > 0:
        return f"what is held stays for {words.length(left_ms)} more, while there is room"
    return f"the {words.length(keep_ms)} that what is held stays beyond it are over, and nothing has expired it yet"


def _is_locked(known: Known, at_ms: int) -> bool:
    holds = [hold for one in known.ranges if one.start_ms <= at_ms < one.end_ms for hold in one.holds]
    return any(one.kind != "episode" for one in holds)


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
        yield from _went(known, [decision] if decision else [], is_gone=True)
        yield reasons.deleted(one, decision is not None)
    yield from _holds(known, at_ms, "would keep it, but nothing is left of it")


def _went(known: Known, decisions: list[StoredExpiration], is_gone: bool) -> Iterator[Reason]:
    for one in decisions:
        yield reasons.expired(one)
        if one.ordered_ms is not None:
            yield reasons.ordered(one, None if is_gone else known.now_ms - one.ordered_ms)


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
