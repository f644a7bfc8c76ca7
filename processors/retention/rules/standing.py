"""What is known of one camera between two facts: its policy, its ranges, where its footage is, and what is going. Pure.

Segments are kept in two kinds of states. The tail has those stored last; leaves have the others, some hundred each, so
that storing a segment writes little and judging reads only what may be due. The head says what each leaf holds.
"""

from typing import Any, TypeAlias

import numpy as np
from msgspec import Struct, structs
from numpy.typing import NDArray

from processors.retention.rules.footage import NEVER, Ints, Rows, among, ints, one_of, packed
from processors.retention.rules.order import Policy
from processors.retention.rules.ranges import Ranges, covered, ranges_of
from schemas.retention import ExpiryReason

Leaves: TypeAlias = NDArray[Any]
"""Of ``LEAF``, in no order."""

LEAF = np.dtype([
    ("number", "<i8"), ("first_ms", "<i8"), ("last_ms", "<i8"), ("end_ms", "<i8"), ("segments", "<i8"),
    ("size_bytes", "<i8"), ("locked_bytes", "<i8"), ("free_ms", "<i8"), ("held_ms", "<i8"),
])  # fmt: skip
"""What a leaf holds. ``first_ms``, ``last_ms``: its earliest and latest start. ``size_bytes``: of what is not going.
``free_ms``, ``held_ms``: when the oldest was stored that is protected by nothing, or by episodes alone; or NEVER."""
NO_LEAVES: Leaves = np.empty(0, LEAF)


class Going(Struct, frozen=True, kw_only=True, array_like=True):
    """A decision that stands: what will go, or was ordered and is not gone yet."""

    expiration_id: int
    reason: ExpiryReason
    start_ms: int
    end_ms: int
    until_ms: int
    """When the grace has elapsed."""
    youngest_ms: int
    """When the last of it was stored."""
    is_held: bool
    """It goes though episodes protect it: only a lock saves it."""
    policy_version: str
    starts: bytes
    sizes: bytes
    """Of each of ``starts``."""
    is_ordered: bool = False

    @property
    def size_bytes(self) -> int:
        """Of all of it."""
        return int(ints(self.sizes).sum())

    def without(self, starts: Ints) -> "Going":
        """What is left of it once these are gone."""
        left = ~one_of(ints(self.starts), starts)
        return structs.replace(self, starts=packed(ints(self.starts)[left]), sizes=packed(ints(self.sizes)[left]))


class Anew(Struct, frozen=True, array_like=True):
    """Footage that a person took back: what begins in this stretch counts as stored then."""

    start_ms: int
    end_ms: int
    stored_ms: int


class Head(Struct, frozen=True, kw_only=True, array_like=True):
    """One camera. New fields go last, with a default."""

    at: int = -1
    """Offset of the last fact folded into this state."""
    partition: int = -1
    """Of topic ``segments``: who has its say on what is judged. -1: no footage yet."""
    put_away: int = -1
    """Offset, on its topic, of the last segment that went from the tail into a leaf."""
    protections: int = -1
    media: int = -1
    expirations: int = -1
    """Offset of the last fact taken of these topics."""
    policy: Policy = Policy()
    ranges: bytes = b""
    leaves: bytes = b""
    going: tuple[Going, ...] = ()
    anew: tuple[Anew, ...] = ()
    newest: int = -1
    """The leaf that was put into last."""
    tail_ms: int = NEVER
    """When the first segment of the tail was stored."""
    looked_ms: int | None = None
    """When its quota was looked at last, by its own clock."""
    gone_bytes: int = 0
    gone_at: int = -1
    """What was removed last of what had been ordered, and offset of the last fact that said so."""

    @property
    def index(self) -> Leaves:
        """Its leaves."""
        return np.frombuffer(self.leaves, LEAF)

    @property
    def protected(self) -> Ranges:
        """Its ranges."""
        return ranges_of(self.ranges)

    @property
    def starts_going(self) -> Ints:
        """Starts of all that is going."""
        return ints(b"".join(one.starts for one in self.going))


def as_stored(rows: Rows, anew: tuple[Anew, ...]) -> Rows:
    """The rows with the time that their age counts from."""
    if not anew or not len(rows):
        return rows
    rows = rows.copy()
    for one in anew:
        inside = (rows["start_ms"] >= one.start_ms) & (rows["start_ms"] < one.end_ms)
        rows["stored_ms"][inside] = np.maximum(rows["stored_ms"][inside], one.stored_ms)
    return rows


def leaf(number: int, rows: Rows, head: Head) -> Leaves:
    """What the head says of a leaf with these rows; nothing of an empty one."""
    if not len(rows):
        return NO_LEAVES
    rows = as_stored(rows, head.anew)
    is_going = among(rows, head.starts_going)
    is_held, is_locked = covered(rows, head.protected)
    stored_ms, size_bytes = rows["stored_ms"], rows["size_bytes"]
    entry = (
        number, rows["start_ms"][0], rows["start_ms"][-1], rows["end_ms"].max(), len(rows),
        size_bytes[~is_going].sum(), size_bytes[is_locked].sum(),
        stored_ms[~is_going & ~is_held].min(initial=NEVER),
        stored_ms[~is_going & is_held & ~is_locked].min(initial=NEVER),
    )  # fmt: skip
    return np.array([entry], LEAF)


def overlapping(leaves: Leaves, start_ms: int, end_ms: int) -> list[int]:
    """Numbers of the leaves that hold something of a stretch, or begin in it."""
    found = (leaves["first_ms"] < end_ms) & (leaves["end_ms"] > start_ms)
    return [int(number) for number in leaves["number"][found]]


def holding(leaves: Leaves, starts: Ints) -> list[int]:
    """Numbers of the leaves that may hold segments of these starts."""
    if not len(starts):
        return []
    found = (leaves["first_ms"][:, None] <= starts) & (leaves["last_ms"][:, None] >= starts)
    return [int(number) for number in leaves["number"][found.any(axis=1)]]


def free_number(leaves: Leaves) -> int:
    """A number that no leaf has."""
    taken = set(leaves["number"].tolist())
    return next(number for number in range(len(taken) + 1) if number not in taken)


def lag_ms(policy: Policy, settle_ms: int) -> int:
    """How old, by its camera's clock, footage must be to go by its depth."""
    return max(policy.depth_ms, settle_ms)


def keep_lag_ms(policy: Policy, settle_ms: int) -> int:
    """The same of protected footage and ``keep``."""
    return NEVER if policy.keep_ms is None else max(policy.depth_ms + policy.keep_ms, settle_ms)


def overdue_ms(head: Head, settle_ms: int) -> int:
    """From when on, by its clock, some of its footage may go by depth or keep; NEVER: nothing will."""
    free, held = (int(head.index[name].min(initial=NEVER)) for name in ("free_ms", "held_ms"))
    lag, keep = lag_ms(head.policy, settle_ms), keep_lag_ms(head.policy, settle_ms)
    return min(free + lag, held + keep, head.tail_ms + lag, NEVER)


def look_ms(head: Head, settle_ms: int, batch_ms: int) -> int:
    """When, by its clock, a camera must be looked at; NEVER: nothing is due."""
    due = overdue_ms(head, settle_ms) + batch_ms
    graces = (one.until_ms for one in head.going if not one.is_ordered)
    has_quota = head.policy.quota_bytes is not None and (len(head.leaves) or head.tail_ms < NEVER)
    quota = (-1 if head.looked_ms is None else head.looked_ms + max(1, batch_ms)) if has_quota else NEVER
    return min(due, quota, *graces, NEVER) if head.going else min(due, quota, NEVER)
