"""Motion: what a person sets per camera, what a detector says of a segment, and runs that look at the past again."""

from typing import Annotated, Any, ClassVar, Literal

from msgspec import Meta, Struct

from schemas import media as media_names
from schemas.fact import Count, Key, Ms, Ratio, SpanFact, Text

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
TimeOfDay = Annotated[str, Meta(pattern=r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)\Z")]
"""``HH:MM`` by the camera's own clock."""
DetectorName = Annotated[str, Meta(min_length=3, max_length=96, pattern=r"^[a-z][a-z0-9-]*@[a-z0-9][a-z0-9.-]*\Z")]
"""``name@version``."""
DETECTORS = ("cascade@1", "mog2@1")
"""What a camera may ask for, the usual one first; ``processors/motion/detectors`` has them."""
RunName = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[a-z0-9][a-z0-9-]*\Z")]
Point = Annotated[tuple[Ratio, ...], Meta(min_length=2, max_length=2)]
"""x from the left edge, y from the top edge, as shares of the picture."""
MOST_POINTS, MOST_ZONES = 64, 32


class Zone(Struct, frozen=True, kw_only=True):
    """A region of the picture. Where a camera has ``watch`` zones only they count; a ``mask`` never counts."""

    name: Annotated[str, Meta(min_length=1, max_length=64)]
    """Becomes a label of the episodes that touch it."""
    polygon: Annotated[tuple[Point, ...], Meta(min_length=3, max_length=MOST_POINTS)]
    kind: Literal["watch", "mask"] = "watch"
    sensitivity: Annotated[int, Meta(ge=0, le=100)] | None = None
    """Of this zone alone; None: the camera's."""
    min_area: Ratio | None = None
    """Of this zone alone; None: the camera's."""


class Hours(Struct, frozen=True, kw_only=True):
    """A part of the week, by the camera's own clock. ``ends`` before ``starts``: through midnight."""

    days: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    """The days on which it starts."""
    starts: TimeOfDay = "00:00"
    ends: TimeOfDay = "24:00"


class MotionConfig(Struct, frozen=True, kw_only=True):
    """How motion is sought in one camera's footage."""

    enabled: bool = True
    """False: nothing is looked at, and no footage is kept for motion."""
    profile: Literal["coarse", "standard", "thorough"] = "standard"
    """coarse: key frames only. standard: key frames, then all frames around what moved. thorough: all frames."""
    detector: DetectorName = "cascade@1"
    sensitivity: Annotated[int, Meta(ge=0, le=100)] = 50
    """0: only what is plain to see; 100: all that is above the picture's own noise."""
    min_area: Ratio = 0.001
    """Least size of an object, as a share of the picture."""
    min_ms: Annotated[int, Meta(ge=0, le=600_000)] = 0
    """Shorter motion is no episode."""
    join_ms: Annotated[int, Meta(ge=0, le=600_000)] = 3000
    """Motion no further apart is one episode."""
    zones: Annotated[tuple[Zone, ...], Meta(max_length=MOST_ZONES)] = ()
    schedule: Annotated[tuple[Hours, ...], Meta(max_length=32)] = ()
    """When motion counts; empty: always."""


class MotionSpan(Struct, frozen=True, kw_only=True):
    """A stretch of motion inside one segment, ``[start_ms, end_ms)``."""

    start_ms: Ms
    end_ms: Ms
    score: Ratio
    peak_ms: Ms | None = None
    """Its strongest moment."""
    zones: tuple[str, ...] = ()
    """Names of the watch zones that it touched."""


class Look(Struct, frozen=True, kw_only=True):
    """What the detector saw at one moment."""

    at_ms: Ms
    score: Ratio
    grid: Annotated[bytes, Meta(max_length=144)] = b""
    """Block energies, 16 columns x 9 rows, row-major, 0..255 (base64 in JSON). They know no zone, no sensitivity and no
    least size, so that these can be changed for the past. Empty: all zero."""
    level: Literal["keyframes", "borders", "all"] = "keyframes"
    """Which level looked."""


class SegmentScanned(SpanFact, frozen=True, kw_only=True, tag="segment-scanned"):
    """The motion processor's one verdict on one segment for one detector version."""

    identity: ClassVar[tuple[str, ...]] = ("media", "start_ms", "detector", "version", "run")

    verdict: Literal["motion", "still", "unreadable"]
    reason: Text = ""
    """Why it is unreadable, or why nothing was looked at."""
    level: Literal["none", "keyframes", "borders", "all"]
    """The cheapest look that decided; none: nobody wanted to know (motion is off, or off at this hour)."""
    spans: tuple[MotionSpan, ...] = ()
    looks: tuple[Look, ...] = ()
    """Ascending."""
    detector: Annotated[str, Meta(min_length=1, max_length=64)]
    version: Annotated[str, Meta(min_length=1, max_length=32)]
    parameters: dict[str, Any] = {}  # noqa: RUF012 - msgspec copies it
    run: Annotated[str, Meta(max_length=64)] = ""
    """Empty: live. Else the reprocess run."""
    begins_run: bool = False
    """The segment is the first of a recording: nothing before it belongs to it."""
    baseline_from_ms: Ms | None = None
    """Start of the first of the segments before it, without a hole, that the baseline was learned from. None: of its
    own pictures alone."""
    preview_key: Key | None = None
    """The picture of its strongest moment, where it moved."""
    preview_ms: Ms | None = None

    @property
    def from_ms(self) -> int:
        """From when on it speaks. Earlier than ``start_ms`` where only this segment's first picture told what became of
        the end of the one before: what it says of that time counts instead of what that one's verdict said."""
        return min(self.start_ms, self.looks[0].at_ms) if self.looks else self.start_ms


class MotionTicked(Struct, frozen=True, kw_only=True, tag_field="type", tag="motion-ticked"):
    """Time passed on one partition of ``motion``: how episodes that nothing joins any more come to be closed."""

    identity: ClassVar[tuple[str, ...]] = ("partition", "observed_ms")
    keyed_by: ClassVar[str] = "partition"

    partition: Annotated[int, Meta(ge=0)]
    observed_ms: Ms
    v: Literal[1] = 1


class RunFact(Struct, frozen=True, kw_only=True, tag_field="type"):
    """What every fact about a reprocess run carries."""

    identity: ClassVar[tuple[str, ...]] = ("run", "observed_ms")
    keyed_by: ClassVar[str] = "run"

    run: RunName
    observed_ms: Ms
    by: Annotated[str, Meta(max_length=256)] = ""
    """Who asked."""
    v: Literal[1] = 1


class ReprocessRequested(RunFact, frozen=True, kw_only=True, tag="reprocess-requested"):
    """Somebody wants footage looked at again, beside the live verdicts: ``[from_ms, to_ms)`` of these cameras."""

    media: tuple[media_names.MediaName, ...] = ()
    """Empty: every camera."""
    from_ms: Ms
    to_ms: Ms
    detector: DetectorName = "cascade@1"
    evidence: Literal["footage", "looks"] = "footage"
    """looks: the stored looks are judged anew and no footage is read, for other zones, sensitivity or sizes."""
    settings: dict[str, Any] = {}
    """Fields of ``MotionConfig`` in which the run differs from each camera's own."""

    def __post_init__(self) -> None:
        for name in self.media:
            media_names.require(name)
        if self.to_ms <= self.from_ms:
            raise ValueError(f"to_ms {self.to_ms} must be after from_ms {self.from_ms}")


class ReprocessPromoted(RunFact, frozen=True, kw_only=True, tag="reprocess-promoted"):
    """The run's verdicts are to count instead of the live ones, for the cameras and the time it looked at."""


class ReprocessDropped(RunFact, frozen=True, kw_only=True, tag="reprocess-dropped"):
    """The run is not wanted any more: nobody goes on with it, and its verdicts are not shown."""


class Stretch(Struct, frozen=True, kw_only=True):
    """Records of one partition: ``[begin, end)``."""

    partition: Annotated[int, Meta(ge=0)]
    begin: Count
    end: Count


class ReprocessStarted(RunFact, frozen=True, kw_only=True, tag="reprocess-started"):
    """A worker took a run up and noted which records it is about. Of several the first counts, for all workers."""

    identity: ClassVar[tuple[str, ...]] = ("run",)

    topic: Literal["segments", "motion"]
    """Where these records are: footage on ``segments``, stored looks on ``motion``."""
    stretches: tuple[Stretch, ...]
    """One per partition. Done so far: what the consumer group ``motion-run-<run>`` has committed."""


class ReprocessCompleted(RunFact, frozen=True, kw_only=True, tag="reprocess-completed"):
    """A worker did the last of what was wanted of a run; nobody begins it again, whatever Kafka remembers."""

    identity: ClassVar[tuple[str, ...]] = ("run", "step")

    step: Literal["looked", "promoted"]
    """looked: every verdict of it is told. promoted: so are the saves by which they count."""
