"""Retention: how full the store is (`storage`), what the rules see (`retention-inputs`), what they say (`expirations`).

``retention-inputs`` has one partition: all cameras share one store, so one order decides which footage goes first.
Everything on it is translated from a record of another topic and says which, so that one that is told again is known.
"""

from typing import Annotated, ClassVar, Literal

from msgspec import Meta, Struct

from schemas import ids
from schemas.fact import Count, Fact, Id, Length, Ms, Size, SpanFact, Text
from schemas.protection import HoldKind

PolicyVersion = Annotated[str, Meta(min_length=1, max_length=64)]
ExpiryReason = Literal["depth", "keep", "room", "quota", "hard_cap"]
UNKNOWN_BYTES = 1 << 60
"""The capacity of a store of which nobody knows how large it is: it is never full."""
Starts = tuple[Ms, ...]
"""``start_ms`` of segments, ascending."""


# topic `storage`


class StorageMeasured(Struct, frozen=True, kw_only=True, tag_field="type", tag="storage-measured"):
    """How full a store is, and what time it is: the clock and the disk of every retention rule."""

    identity: ClassVar[tuple[str, ...]] = ("store", "observed_ms")

    store: Annotated[str, Meta(min_length=1, max_length=128)]
    observed_ms: Ms
    used_bytes: Count
    capacity_bytes: Size
    boot_id: Annotated[str, Meta(max_length=64)] = ""
    """Which start of which machine ``uptime_ms`` counts from; empty: unknown. See ``schemas/elapsed.py``."""
    uptime_ms: Length = 0
    """Since that start, sleep included; no clock that is set can move it."""
    v: Literal[1] = 1


class StorageExhausted(Struct, frozen=True, kw_only=True, tag_field="type", tag="storage-exhausted"):
    """The store is past its high mark and what may go is gone: people must act. Told once per such time."""

    identity: ClassVar[tuple[str, ...]] = ("store", "observed_ms")

    store: Annotated[str, Meta(min_length=1, max_length=128)]
    observed_ms: Ms
    used_bytes: Count
    capacity_bytes: Size
    locked_bytes: Count = 0
    """Of footage under manual locks, which never go."""
    is_over: bool = False
    """True: the level is below the high mark again."""
    v: Literal[1] = 1


# topic `alerts`


class _RoomAlert(Struct, frozen=True, kw_only=True, tag_field="type"):
    """What both say."""

    keyed_by: ClassVar[str] = "subject"

    subject: Annotated[str, Meta(pattern="^store/.", max_length=160)]
    """``store/`` and its name, which is no name of a camera."""
    alert: Literal["exhausted", "room"]
    """No room is left to make; there is room again."""
    since_ms: Ms
    """``observed_ms`` of the StorageExhausted that it began with: which time it is."""
    process: Annotated[str, Meta(min_length=1, max_length=64)]
    """Made anew by each process."""
    observed_ms: Ms
    v: Literal[1] = 1


class RoomAlertClaimed(_RoomAlert, frozen=True, kw_only=True, tag="room-alert-claimed"):
    """A process is about to tell people about a store. Of several claims to one thing the first counts."""

    identity: ClassVar[tuple[str, ...]] = ("subject", "alert", "since_ms", "process", "observed_ms")


class RoomAlertDelivered(_RoomAlert, frozen=True, kw_only=True, tag="room-alert-delivered"):
    """People were told about a store: nobody tells the same thing again."""

    identity: ClassVar[tuple[str, ...]] = ("subject", "alert", "since_ms")


# topic `expirations`


class RangeExpired(SpanFact, frozen=True, kw_only=True, tag="range-expired"):
    """Retention decided that a range will go, why, and from when."""

    identity: ClassVar[tuple[str, ...]] = ("media", "expiration_id")
    id_fields: ClassVar[tuple[str, ...]] = ("expiration_id",)

    expiration_id: Id
    reason: ExpiryReason
    policy_version: PolicyVersion
    delete_after_ms: Ms
    """observed_ms + grace: until then RangeRestored takes it back."""
    size_bytes: Count = 0
    segments: Count = 0
    """How many will go: those that lie inside the range."""
    detail: Text = ""
    """The rule and its values, for people: ``older than depth 6 h``."""


class RangeRestored(SpanFact, frozen=True, kw_only=True, tag="range-restored"):
    """A decision to delete was taken back within the grace; no DeletionOrdered of this id follows."""

    identity: ClassVar[tuple[str, ...]] = ("media", "expiration_id", "observed_ms")
    id_fields: ClassVar[tuple[str, ...]] = ("expiration_id",)

    expiration_id: Id
    restored_by: Annotated[str, Meta(max_length=256)]
    """Who asked for it, or ``protection``: a hold came."""


class RestoreRequested(Fact, frozen=True, kw_only=True, tag="restore-requested"):
    """A person asked for RangeRestored. The rules answer with it, or it came too late and they say nothing."""

    identity: ClassVar[tuple[str, ...]] = ("media", "expiration_id", "observed_ms")
    id_fields: ClassVar[tuple[str, ...]] = ("expiration_id",)

    expiration_id: Id
    requested_by: Annotated[str, Meta(max_length=256)]


class DeletionOrdered(SpanFact, frozen=True, kw_only=True, tag="deletion-ordered"):
    """The grace is over and no hold came: these segments go. Final; no RangeRestored of this id follows."""

    identity: ClassVar[tuple[str, ...]] = ("media", "expiration_id")
    id_fields: ClassVar[tuple[str, ...]] = ("expiration_id",)

    expiration_id: Id
    segment_starts_ms: Annotated[Starts, Meta(min_length=1)]
    size_bytes: Count
    policy_version: PolicyVersion


# topic `retention-inputs`


class _Noted(Fact, frozen=True, kw_only=True):
    """What everything about a camera carries: where its record stands on its own topic."""

    identity: ClassVar[tuple[str, ...]] = ("src_partition", "src_offset")

    src_partition: Count
    src_offset: Count


class _NotedSpan(SpanFact, frozen=True, kw_only=True):
    """The same of something about a span."""

    identity: ClassVar[tuple[str, ...]] = ("src_partition", "src_offset")

    src_partition: Count
    src_offset: Count


class FootageStored(_NotedSpan, frozen=True, kw_only=True, tag="footage-stored"):
    """A segment was recorded (topic ``segments``)."""

    size_bytes: Count


class FootageRemoved(_Noted, frozen=True, kw_only=True, tag="footage-removed"):
    """Segments were deleted (topic ``segments``)."""

    segment_starts_ms: Starts


class ProtectionNoted(_NotedSpan, frozen=True, kw_only=True, tag="protection-noted"):
    """A range is protected by holds of these kinds, or by none any more (topic ``protections``)."""

    kinds: tuple[HoldKind, ...]
    """Each once; empty: released."""


class PolicyNoted(_Noted, frozen=True, kw_only=True, tag="policy-noted"):
    """How a camera's footage is kept (topic ``media``). A camera that was removed keeps its last policy."""

    depth_ms: Length
    keep_ms: Length | None
    quota_bytes: Count | None


class RestoreNoted(_Noted, frozen=True, kw_only=True, tag="restore-noted"):
    """A restore was asked for (topic ``expirations``)."""

    id_fields: ClassVar[tuple[str, ...]] = ("expiration_id",)

    expiration_id: Id
    requested_by: Annotated[str, Meta(max_length=256)]


class LevelNoted(Struct, frozen=True, kw_only=True, tag_field="type", tag="level-noted"):
    """A measurement (topic ``storage``): the level, and how much time has passed."""

    identity: ClassVar[tuple[str, ...]] = ("src_partition", "src_offset")
    keyed_by: ClassVar[str] = "store"

    store: Annotated[str, Meta(min_length=1, max_length=128)]
    observed_ms: Ms
    used_bytes: Count
    capacity_bytes: Size
    boot_id: Annotated[str, Meta(max_length=64)] = ""
    uptime_ms: Length = 0
    src_partition: Count
    src_offset: Count
    v: Literal[1] = 1


class SettlingStarted(Struct, frozen=True, kw_only=True, tag_field="type", tag="settling-started"):
    """The ends of all topics are noted now; ``Settled`` follows once everything before them has been judged."""

    identity: ClassVar[tuple[str, ...]] = ("settle_id",)
    keyed_by: ClassVar[str] = "settle_id"

    settle_id: Id
    observed_ms: Ms
    v: Literal[1] = 1

    def __post_init__(self) -> None:
        ids.parse(self.settle_id, "settle_id")


class Settled(Struct, frozen=True, kw_only=True, tag_field="type", tag="settled"):
    """What stood on the topics when ``SettlingStarted`` of this id was told has been judged, and what came of it stands
    before this record: mails as alarms, footage as verdicts, both as episodes, episodes and locks as protected ranges.
    """

    identity: ClassVar[tuple[str, ...]] = ("settle_id",)
    keyed_by: ClassVar[str] = "settle_id"

    settle_id: Id
    observed_ms: Ms
    segment_ends: tuple[Annotated[int, Meta(ge=-1)], ...]
    """By partition of ``segments``: footage at smaller offsets is judged. -1: this partition was not done in time,
    and nothing is said of its cameras."""
    v: Literal[1] = 1

    def __post_init__(self) -> None:
        ids.parse(self.settle_id, "settle_id")
