"""What takes a decision back: a hold that came, a policy that keeps longer, a person."""

from collections.abc import Callable

from processors.retention import clock
from processors.retention.camera import Camera
from processors.retention.rules import ranges, told
from processors.retention.rules.order import Policy
from processors.retention.rules.standing import Going
from processors.retention.rules.terms import Terms
from processors.spec import States
from schemas.facts import PolicyNoted, ProtectionNoted, RangeRestored, RestoreNoted

LOCKING = frozenset({"lock", "export"})


def protect(fact: ProtectionNoted, states: States, terms: Terms) -> list[RangeRestored]:
    """A range is protected from now on, or by nothing any more.

    A hold that comes while a decision is pending takes it back, whole; what it does not cover is decided anew. A hold
    of an episode takes nothing back that goes though episodes protect it. One that comes later changes nothing.
    """
    camera = Camera(states, fact.media, terms)
    if camera.is_ahead or fact.src_offset <= camera.head.protections:
        return []
    is_locked = not LOCKING.isdisjoint(fact.kinds)
    now = ranges.noted(camera.head.protected, fact.start_ms, fact.end_ms, is_kept=bool(fact.kinds), is_locked=is_locked)
    camera.change(protections=fact.src_offset, ranges=now.tobytes())
    camera.refresh(fact.start_ms, fact.end_ms)

    def is_saved(one: Going) -> bool:
        overlaps = one.start_ms < fact.end_ms and fact.start_ms < one.end_ms
        return bool(fact.kinds) and overlaps and (is_locked or not one.is_held)

    back = _taken_back(camera, is_saved, "protection", fact.observed_ms)
    camera.keep()
    return back


def configure(fact: PolicyNoted, states: States, terms: Terms) -> list[RangeRestored]:
    """How a camera is kept from now on; decisions that the new policy would not make are taken back."""
    camera = Camera(states, fact.media, terms)
    if camera.is_ahead or fact.src_offset <= camera.head.media:
        return []
    policy = Policy(fact.depth_ms, fact.keep_ms, fact.quota_bytes)
    was, now_ms = camera.head.policy, clock.elapsed_ms(states)
    camera.change(media=fact.src_offset, policy=policy)

    def is_over(one: Going) -> bool:
        if one.reason == "quota":
            return policy.quota_bytes is None or policy.quota_bytes > (was.quota_bytes or 0)
        keep_ms = policy.keep_ms if one.reason == "keep" else 0
        is_young = keep_ms is None or one.youngest_ms + policy.depth_ms + keep_ms > now_ms
        return one.reason in ("depth", "keep") and is_young

    back = _taken_back(camera, is_over, "policy", fact.observed_ms)
    camera.keep()
    return back


def restore(fact: RestoreNoted, states: States, terms: Terms) -> list[RangeRestored]:
    """A person takes a decision back: its footage counts as stored now. Too late or unknown: nothing is said."""
    camera = Camera(states, fact.media, terms)
    if camera.is_ahead or fact.src_offset <= camera.head.expirations:
        return []
    camera.change(expirations=fact.src_offset)
    back = _taken_back(
        camera, lambda one: one.expiration_id == fact.expiration_id, fact.requested_by, fact.observed_ms,
        clock.elapsed_ms(states),
    )  # fmt: skip
    camera.keep()
    return back


def _taken_back(
    camera: Camera, is_over: Callable[[Going], bool], restored_by: str, observed_ms: int, stored_ms: int | None = None
) -> list[RangeRestored]:
    """Take back what is pending and over."""
    over = [one for one in camera.head.going if not one.is_ordered and is_over(one)]
    for one in over:
        camera.take_back(one, stored_ms)
    return [told.restored(camera.media, one, restored_by, observed_ms) for one in over]
