"""Protection: what keeps footage, as holds come in (`holds`) and as ranges that must survive (`protections`)."""

from typing import Annotated, ClassVar, Literal

from msgspec import Meta, Struct

from schemas import ids
from schemas.fact import Count, Fact, Id, Length, Ms, SpanFact, Text

HoldKind = Literal["episode", "lock", "export"]
TypeName = Annotated[str, Meta(min_length=1, max_length=20)]


class ProtectConfig(Struct, frozen=True, kw_only=True):
    """Which episodes of a camera keep their footage, and how much around it."""

    enabled: bool = True
    """False: no episode keeps footage; locks and exports do."""
    types: tuple[TypeName, ...] = ()
    """Only episodes of these types; empty: of every type."""
    before_ms: Annotated[int, Meta(ge=0, le=3_600_000)] = 5000
    """Kept before an episode's start. Marks of alarms bring their own margins."""
    after_ms: Annotated[int, Meta(ge=0, le=3_600_000)] = 5000
    """Kept after its end."""


class Hold(Struct, frozen=True, kw_only=True):
    """One reason why a range is protected."""

    kind: HoldKind
    id: Id

    def __post_init__(self) -> None:
        ids.parse(self.id)


# topic `protections`


class RangeProtected(SpanFact, frozen=True, kw_only=True, tag="range-protected"):
    """From now on these holds cover this range, and it must survive.

    Ranges never overlap, and touch only where their holds differ. What a later fact says of a stretch replaces what an
    earlier one said of it, and of nothing else. Where a change makes several facts, those that protect come first.
    """

    identity: ClassVar[tuple[str, ...]] = ("media", "start_ms", "end_ms", "observed_ms")

    holds: Annotated[tuple[Hold, ...], Meta(min_length=1)]
    """In order of kind and id. Of each kind at most the 16 that began first; all of them count."""
    policy_version: Annotated[str, Meta(max_length=64)] = ""
    replaces: tuple[Ms, ...] = ()
    """Starts of ranges told before, other than this one's, that end with this fact: for tables keyed by start."""


class RangeReleased(SpanFact, frozen=True, kw_only=True, tag="range-released"):
    """No hold covers this range any more."""

    identity: ClassVar[tuple[str, ...]] = ("media", "start_ms", "end_ms", "observed_ms")

    policy_version: Annotated[str, Meta(max_length=64)] = ""
    replaces: tuple[Ms, ...] = ()
    """Starts of ranges told before that end with this fact."""


class LockRequested(SpanFact, frozen=True, kw_only=True, tag="lock-requested"):
    """A person asked to keep a range by hand, or an export began to read it."""

    identity: ClassVar[tuple[str, ...]] = ("media", "lock_id")
    id_fields: ClassVar[tuple[str, ...]] = ("lock_id",)

    lock_id: Id
    reason: Text
    requested_by: Annotated[str, Meta(max_length=256)]
    until_ms: Ms | None = None
    """It is given back by itself then; None: never."""
    kind: Literal["lock", "export"] = "lock"
    """export: the program itself asked, for as long as it reads."""


class LockReleased(Fact, frozen=True, kw_only=True, tag="lock-released"):
    """A person gave a lock back, or its time passed."""

    identity: ClassVar[tuple[str, ...]] = ("media", "lock_id")
    id_fields: ClassVar[tuple[str, ...]] = ("lock_id",)

    lock_id: Id
    released_by: Annotated[str, Meta(max_length=256)]


# topic `holds`: what the rules of protection see, translated from other topics


class HoldPlaced(Fact, frozen=True, kw_only=True, tag="hold-placed"):
    """A hold as it stands now: an episode's version or a lock. The highest ``rev`` of a hold wins, in any order."""

    identity: ClassVar[tuple[str, ...]] = ("media", "hold", "rev")

    hold: Hold
    rev: Count
    """Of the episode's version; a lock has 1, and 2 once it was given back."""
    opened_ms: Ms | None = None
    """Of an episode: ``opened_at``, which no version changes and by which the hold is found again; None: start_ms."""
    start_ms: Ms
    """Where the mark or the lock starts, without margins."""
    end_ms: Ms | None
    """Where it ends; None: an episode that is open and whose source does not say how far it reaches."""
    heard_ms: Ms
    """``updated_at`` of the version; of a lock, when it was asked for."""
    until_ms: Ms | None = None
    """Of a lock: when it is given back by itself."""
    episode_type: Annotated[str, Meta(max_length=64)] = ""
    source: Annotated[str, Meta(max_length=64)] = ""
    """Of the episode's originator."""
    is_void: bool = False
    """It keeps nothing: a lock that was given back, an episode that another run superseded."""


class ProtectionConfigured(Fact, frozen=True, kw_only=True, tag="protection-configured"):
    """How this camera's episodes keep footage, from now on and for the holds that stand."""

    protect: ProtectConfig


class FootageDeleted(SpanFact, frozen=True, kw_only=True, tag="footage-deleted"):
    """This footage was deleted: holds that keep nothing else may be forgotten."""

    identity: ClassVar[tuple[str, ...]] = ("media", "start_ms", "end_ms", "observed_ms")


class HoldsTicked(Struct, frozen=True, kw_only=True, tag_field="type", tag="holds-ticked"):
    """Time passed on one partition of ``holds``: what locks and silent episodes end by."""

    identity: ClassVar[tuple[str, ...]] = ("partition", "observed_ms")
    keyed_by: ClassVar[str] = "partition"

    partition: Annotated[int, Meta(ge=0)]
    observed_ms: Ms
    boot_id: Annotated[str, Meta(max_length=64)] = ""
    """Of the machine; see ``schemas/elapsed.py``."""
    uptime_ms: Length = 0
    v: Literal[1] = 1
