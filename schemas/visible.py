"""Which footage somebody may look at, as one value that every question about footage carries. Pure."""

from msgspec import Struct

from schemas.intervals import Span


class Shown(Struct, frozen=True):
    """Some cameras, and the time of which somebody may look at them."""

    media: frozenset[str] | None = None
    """None: every camera."""
    from_ms: int = 0
    to_ms: int | None = None
    """None: without end."""

    def holds(self, media: str, start_ms: int, end_ms: int) -> bool:
        """True when the camera is one of these and the stretch, or the moment, lies wholly inside the time."""
        is_before_end = self.to_ms is None or (start_ms < self.to_ms and end_ms <= self.to_ms)
        return self.has(media) and start_ms >= self.from_ms and is_before_end

    def meets(self, media: str, span: Span) -> bool:
        """True when the camera is one of these and some of the stretch lies inside the time."""
        return self.has(media) and span.end_ms > self.from_ms and (self.to_ms is None or span.start_ms < self.to_ms)

    def has(self, media: str) -> bool:
        """True when the camera is one of these."""
        return self.media is None or media in self.media


Visible = tuple[Shown, ...] | None
"""What somebody may look at: the union of these; None: everything."""


def holds(visible: Visible, media: str, start_ms: int, end_ms: int) -> bool:
    """True when what lies there may be shown whole."""
    return visible is None or any(one.holds(media, start_ms, end_ms) for one in visible)


def meets(visible: Visible, media: str, span: Span) -> bool:
    """True when some of what lies there may be shown."""
    return visible is None or any(one.meets(media, span) for one in visible)


def has(visible: Visible, media: str) -> bool:
    """True when something of the camera may be shown."""
    return visible is None or any(one.has(media) for one in visible)
