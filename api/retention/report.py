"""The report: what retention achieved, camera by camera, and when the store fills up."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from api.retention.forecast import DAY_MS, Flow, Forecast, forecast
from api.retention.measured import Achieved, achieved, total
from api.retention.past import Chosen, Footage, parts
from api.retention.store import Levels
from projections.footage.reads import LAST_MS
from schemas.intervals import Span
from schemas.what_if import Hours, share_since


class Reports:
    """Makes reports. Blocks; raises DatabaseUnavailable."""

    def __init__(self, footage: Footage, levels: Levels, high: float) -> None:
        self._footage = footage
        self._levels = levels
        self._high = high

    def told(self, cameras: Sequence[Chosen], span: Span, is_all: bool) -> dict[str, Any]:
        """The body of a good answer; the forecast is told when all cameras are asked about (``is_all``)."""
        span = Span(span.start_ms, min(span.end_ms, LAST_MS))
        found: list[Achieved] = []
        day = _Day(max(span.start_ms, span.end_ms - DAY_MS), span.end_ms)
        for some in parts(cameras):
            names, depths_ms = [one.media for one in some], [one.config.depth_ms for one in some]
            hours = self._footage.hours(names, span)
            held = self._footage.held(names, span)
            part = achieved(names, hours, held, self._footage.waiting(names), span.end_ms)
            found += part
            day = day.after(hours, self._footage.freed(names, day.span), _is_young(part, depths_ms))
        told = {"from_ms": span.start_ms, "to_ms": span.end_ms, "total": total(found), "media": found}
        return told | {"forecast": self._forecasts(day) if is_all else []}

    def _forecasts(self, day: "_Day") -> list[Forecast]:
        return [forecast(level, day.flow(), self._high, day.is_young) for level in self._levels.latest()[:1]]


class _Day(NamedTuple):
    """The last day, as far as it is counted."""

    from_ms: int
    to_ms: int
    stored_bytes: float = 0
    freed_bytes: int = 0
    first_ms: int | None = None
    """When recording began; None: not yet."""
    is_young: bool = False

    @property
    def span(self) -> Span:
        """From when to when."""
        return Span(self.from_ms, self.to_ms)

    def after(self, hours: Hours, freed_bytes: int, is_young: bool) -> "_Day":
        """The same with some more cameras."""
        since = np.full(len(hours), self.from_ms)
        stored_bytes = float(np.sum(hours["size_bytes"] * share_since(hours, since)))
        first = [one for one in (self.first_ms, *hours["first_ms"].tolist()) if one is not None]
        return self._replace(
            stored_bytes=self.stored_bytes + stored_bytes, freed_bytes=self.freed_bytes + freed_bytes,
            first_ms=min(first, default=None), is_young=self.is_young or is_young,
        )  # fmt: skip

    def flow(self) -> Flow:
        """What came and went, over as much of the day as something was recorded in."""
        since_ms = self.to_ms if self.first_ms is None else max(self.from_ms, self.first_ms)
        return Flow(round(self.stored_bytes), self.freed_bytes, self.to_ms - since_ms)


def _is_young(found: Sequence[Achieved], depths_ms: Sequence[int]) -> bool:
    """Whether a camera with footage has less than its depth of it."""
    pairs = zip(found, depths_ms, strict=True)
    return any(one.oldest_ms is not None and one.continuous_ms < depth_ms for one, depth_ms in pairs)
