"""What of the footage a caller may look at, as of one moment."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

from api.access.scope import Grant, Scope, not_allowed
from schemas.access import Right
from schemas.intervals import Span
from schemas.visible import Shown, Visible

ALWAYS = Span(0, 9_999_999_999_999)
NOW_MS = 120_000
"""What is so young is live: what a player that keeps up has on its screen and before it."""


@dataclass(frozen=True)
class Reach:
    """By what one of ``rights`` lets the caller do: any of them is enough."""

    scope: Scope
    now_ms: int
    rights: tuple[Right, ...] = ("archive",)

    @property
    def is_everything(self) -> bool:
        """True when nothing is kept from the caller."""
        scope = self.scope
        return scope.grants is None and scope.window is None and self._span(scope.everywhere) == ALWAYS

    @cached_property
    def visible(self) -> Visible:
        """The same as a value that questions carry: cameras together that may be looked at equally far back."""
        if self.scope.grants is None:
            span = self._span(self.scope.everywhere)
            return None if self.is_everything else (_shown(None, span),) if span else ()
        names: dict[Grant, set[str]] = {}
        for media, grant in self.scope.grants.items():
            names.setdefault(grant, set()).add(media)
        spans: dict[Span, set[str]] = {}
        for grant, cameras in names.items():
            if span := self._span(grant):
                spans.setdefault(span, set()).update(cameras)
        return tuple(_shown(frozenset(spans[span]), span) for span in sorted(spans))

    @property
    def cameras(self) -> frozenset[str] | None:
        """Cameras of which the caller may look at anything, however little; None: all."""
        if self.visible is None or any(one.media is None for one in self.visible):
            return None
        return frozenset().union(*(one.media or () for one in self.visible))

    def span(self, media: str) -> Span | None:
        """The time of a camera that may be looked at; None: none of it."""
        return self._span(self.scope.grant(media))

    def shown(self, media: str, asked: Span) -> Span | None:
        """The part of a window that may be looked at; None: nothing of it."""
        span = self.span(media)
        return None if span is None else cut(asked, span)

    def may_all(self, names: Collection[str]) -> bool:
        """True when all footage of these cameras may be looked at."""
        return all(self.span(one) == ALWAYS for one in names)

    def require_whole(self, media: str, stretch: Span, verb: str) -> None:
        """Pass where all of a stretch may be looked at; else 403, and nothing is told of what lies there."""
        span = self.span(media)
        if span is None or not _shown(None, span).holds(media, *stretch):
            raise not_allowed(f"you may not {verb} this: some of it lies beyond what you may see of {media}")

    def since_ms(self, media: str) -> int:
        """Where the caller's depth begins, whatever window a link has besides; 0: no limit."""
        return self._since_ms(self.scope.grant(media))

    def _span(self, grant: Grant) -> Span | None:
        if grant.rights.isdisjoint(self.rights):
            return None
        return cut(ALWAYS._replace(start_ms=self._since_ms(grant)), self.scope.window or ALWAYS)

    def _since_ms(self, grant: Grant) -> int:
        held = grant.rights.intersection(self.rights)
        depths = [NOW_MS] if "live" in held else []
        if held - {"live"}:
            depths.append(self.now_ms if grant.depth_ms is None else grant.depth_ms)
        return max(0, self.now_ms - max(depths, default=0))


def cut(asked: Span, span: Span) -> Span | None:
    """What both cover; None: nothing."""
    found = Span(max(asked.start_ms, span.start_ms), min(asked.end_ms, span.end_ms))
    return found if found.length_ms else None


def _shown(media: frozenset[str] | None, span: Span) -> Shown:
    return Shown(media, span.start_ms, None if span.end_ms == ALWAYS.end_ms else span.end_ms)
