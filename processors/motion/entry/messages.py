"""What the scanner and its eyes say to each other. Pure."""

from msgspec import Struct, msgpack

from schemas.motion import Look, MotionConfig, MotionSpan

OUT_OF_MEMORY = 3
"""What an eye exits with then."""


class Order(Struct, frozen=True, array_like=True):
    """One segment to be judged."""

    number: int
    detector: str
    config: MotionConfig
    media: str
    start_ms: int
    before: tuple[int, ...]
    """Starts of the segments its baseline is learned from, ascending."""
    facts: tuple[bytes, ...]
    """Of these and of itself, those that the eye was not given yet. It forgets all others of the camera."""


class Window(Struct, frozen=True, array_like=True):
    """How far back a detector learns; see ``Detector``."""

    epoch_ms: int
    warm_ms: int


class Ready(Struct, frozen=True, array_like=True, tag=True):
    """The eye is open."""

    windows: dict[str, Window]
    """By detector."""


class Reading(Struct, frozen=True, array_like=True, tag=True):
    """It now reads the segment that starts there: if it ends, that is the one that ended it."""

    start_ms: int


class Judged(Struct, frozen=True, array_like=True, tag=True):
    """A verdict: ``Found``, its picture in the store."""

    number: int
    verdict: str
    level: str
    reason: str = ""
    spans: tuple[MotionSpan, ...] = ()
    looks: tuple[Look, ...] = ()
    baseline_from_ms: int | None = None
    preview_key: str | None = None
    preview_ms: int | None = None
    bytes_read: int = 0
    cpu_s: float = 0.0


class Absent(Struct, frozen=True, array_like=True, tag=True):
    """The segment's footage is not in the store."""

    number: int


class Away(Struct, frozen=True, array_like=True, tag=True):
    """The store cannot be read or written now."""

    number: int
    reason: str


Answer = Ready | Reading | Judged | Absent | Away

orders = msgpack.Decoder(Order)
answers: "msgpack.Decoder[Answer]" = msgpack.Decoder(Answer)
encode = msgpack.Encoder().encode
