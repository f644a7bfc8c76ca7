"""What is remembered of one camera: the holds of its episodes in boxes by time, its locks, its settings. Pure.

A camera may have many holds, and one of them changes at a time. So they lie in boxes that stay small: a hold inside
the quarter of a day in which its episode was opened lies in that quarter's box; one that reaches further in the box of
four days that it lies in; one that reaches beyond those in the box of all that is longer. Whatever a hold becomes, the
box of the quarter in which its episode was opened knows where it is.
"""

from typing import NamedTuple

from msgspec import Struct

from schemas.intervals import Span
from schemas.protection import HoldKind, ProtectConfig

QUARTER_MS = 21_600_000
QUARTERS = 16
SERIES_MS = QUARTERS * QUARTER_MS
QUARTER, SERIES, LONG = 0, 1, 2


class Place(NamedTuple):
    """One box: of a quarter, of a series of 16 quarters, or of all that is longer."""

    level: int
    number: int

    @property
    def series(self) -> int | None:
        """The series that a box belongs to; None: to none."""
        if self.level == LONG:
            return None
        return self.number if self.level == SERIES else self.number // QUARTERS


BEYOND = Place(LONG, 0)


class Kept(Struct, frozen=True, array_like=True, gc=False):
    """The hold of an episode. New fields go last, with a default."""

    id: int
    rev: int
    start_ms: int
    end_ms: int
    """Without margins. Of an open episode: as far as it holds."""
    episode_type: str
    has_margins: bool
    """False: the mark brings its own."""
    is_void: bool
    home: int
    """The quarter in which its episode was opened."""
    gone: tuple[Span, ...] = ()
    """Which of it was deleted; never all."""


class Away(Struct, frozen=True, array_like=True, gc=False):
    """In its home: a hold that lies in another box."""

    id: int
    rev: int
    place: Place


class Box(Struct, frozen=True, array_like=True):
    """Holds that lie in one box."""

    holds: tuple[Kept, ...] = ()
    away: tuple[Away, ...] = ()


class Hot(Struct, frozen=True, array_like=True, gc=False):
    """A box that changed lately. It is kept with its camera, so that what a fact does to several is done or is not."""

    place: Place
    box: bytes
    changed_at: int
    """Offset of the fact that changed it last."""
    copied_at: int = -1
    """Offset of the fact with which it was kept on its own as well; -1: it was not, since it changed."""


class Lock(Struct, frozen=True, array_like=True, gc=False):
    """A lock or an export that stands. New fields go last, with a default."""

    kind: HoldKind
    id: int
    start_ms: int
    end_ms: int
    until_ms: int | None = None
    due_ms: int | None = None
    """It ends when so much time has elapsed on its partition, and ``until_ms`` is over."""


class Camera(Struct, frozen=True, array_like=True):
    """What is known of a camera as a whole. New fields go last, with a default."""

    offset: int = -1
    """Of the last fact that changed anything, on its partition."""
    protect: ProtectConfig = ProtectConfig()
    series: tuple[int, ...] = ()
    """Those that boxes were ever filled in, ascending."""
    hot: tuple[Hot, ...] = ()
    locks: tuple[Lock, ...] = ()
    ended: tuple[int, ...] = ()
    """Ids of the latest locks that are over."""


def home_of(opened_ms: int) -> Place:
    """The box that always knows where the hold of an episode is."""
    return Place(QUARTER, opened_ms // QUARTER_MS)


def place_of(home: Place, span: Span) -> Place:
    """The box that a hold with this home and this span lies in."""
    first, last = span.start_ms // QUARTER_MS, (span.end_ms - 1) // QUARTER_MS
    if first == last == home.number:
        return home
    first, last = first // QUARTERS, last // QUARTERS
    return Place(SERIES, first) if first == last else BEYOND
