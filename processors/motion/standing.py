"""One open episode of motion, as it is remembered between two verdicts. Pure."""

from msgspec import Struct, structs

from processors.motion.parts import Kind, Part, Stretch


class Episode(Struct, frozen=True, kw_only=True, array_like=True):
    """An open episode. Its mark is ``[started_ms, until_ms)``. New fields go last, with a default."""

    kind: Kind
    maker: str
    """Detector and version that opened it."""
    reason: str
    """Why its first segment could not be read."""
    started_ms: int
    until_ms: int
    heard_ms: int
    """When the last news came."""
    length_ms: int
    """Of its longest segment: the next verdict is as long in coming."""
    join_ms: int
    min_ms: int
    segments: int
    """How many it was seen in."""
    last_ms: int
    """Start of the one counted last."""
    zones: tuple[str, ...]
    """Sorted."""
    score: float
    peak_ms: int
    """Its strongest moment, the earliest of several."""
    preview_key: str | None = None
    preview_ms: int = 0
    preview_score: float = 0
    opened_at: int = 0
    """Its name for ever; 0: too short so far to be told."""
    updated_at: int = 0
    """Of the version told last."""
    said_from_ms: int = 0
    said_until_ms: int = 0
    said_zones: tuple[str, ...] = ()
    """The mark as that version has it."""

    @property
    def is_told(self) -> bool:
        """True when a version of it stands."""
        return self.opened_at > 0

    @property
    def is_episode(self) -> bool:
        """True once it is as long as its camera's owner wants episodes to be; what nobody could see always is."""
        return self.kind == "unreadable" or self.until_ms - self.started_ms >= self.min_ms

    @property
    def news_ms(self) -> int:
        """How far the mark reaches beyond what the last version says of it, at its worse end."""
        return max(self.said_from_ms - self.started_ms, self.until_ms - self.said_until_ms)

    def quiet_ms(self, wait_ms: int) -> int:
        """From when on nothing joins it, though what lies behind it may never be known."""
        return self.heard_ms + self.join_ms + self.length_ms + wait_ms

    def grown(self, stretch: Stretch, part: Part) -> "Episode":
        """With one more stretch. What it has already changes nothing, not even when it was heard of."""
        is_counted = part.segment_ms > self.last_ms
        now = structs.replace(
            self, started_ms=min(self.started_ms, stretch.start_ms), until_ms=max(self.until_ms, stretch.end_ms),
            segments=self.segments + is_counted, last_ms=max(self.last_ms, part.segment_ms),
            zones=tuple(sorted({*self.zones, *stretch.zones})),
        )._peaked(stretch)  # fmt: skip
        if now == self:
            return self
        return structs.replace(
            now, heard_ms=max(self.heard_ms, part.came_ms), length_ms=max(self.length_ms, part.length_ms),
            join_ms=part.join_ms, min_ms=part.min_ms,
        )  # fmt: skip

    def said(self, now_ms: int) -> "Episode":
        """As a version tells it now: each later than the one before, none later than the news in it demands."""
        return structs.replace(
            self, updated_at=max(now_ms, self.updated_at + 1), said_from_ms=self.started_ms,
            said_until_ms=self.until_ms, said_zones=self.zones,
        )  # fmt: skip

    def _peaked(self, stretch: Stretch) -> "Episode":
        """With the stretch's strongest moment, and its picture, where they are stronger."""
        now = self
        if (stretch.score, -stretch.peak_ms) > (now.score, -now.peak_ms):
            now = structs.replace(now, score=stretch.score, peak_ms=stretch.peak_ms)
        if stretch.preview_key and (
            now.preview_key is None or (stretch.score, -stretch.preview_ms) > (now.preview_score, -now.preview_ms)
        ):
            now = structs.replace(
                now, preview_key=stretch.preview_key, preview_ms=stretch.preview_ms, preview_score=stretch.score
            )
        return now


def opened(stretch: Stretch, part: Part) -> Episode:
    """The episode that begins with this stretch; nothing of it is told yet."""
    return Episode(
        kind=part.kind, maker=part.maker, reason=part.reason, started_ms=stretch.start_ms, until_ms=stretch.end_ms,
        heard_ms=part.came_ms, length_ms=part.length_ms, join_ms=part.join_ms, min_ms=part.min_ms, segments=1,
        last_ms=part.segment_ms, zones=tuple(sorted(set(stretch.zones))), score=stretch.score, peak_ms=stretch.peak_ms,
        preview_key=stretch.preview_key, preview_ms=stretch.preview_ms,
        preview_score=stretch.score if stretch.preview_key else 0,
    )  # fmt: skip
