"""What a frame of the page's timeline costs: ``python -m bench.timeline``. Debian's Chromium, no graphics card.

Episodes of ninety days on one camera, zoomed through all of them and panned at three zooms. A frame's script is told as
the browser's clock has it (median, 95 of 100, longest) and as processor time of the page's thread, everything in it:
listening, drawing, loading tiles, the hint at the pointer. The first is what people feel, the second does not depend on
who else uses this machine, and is judged.
"""

import statistics
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from bench import ledger
from tests import timeline_page

SIZES = (1_000, 10_000, 50_000)
DAYS = {"90 days": 90, "a day": 1, "an hour": 1 / 24}
"""How much is seen while panning."""
FRAMES = 120
MOST_MS = 4.0
"""Wanted: processor time of the script of a frame, at the largest size."""


class Cost(NamedTuple):
    """One way of moving: ms of script of each frame by the clock, and of processor time on average."""

    ms: Sequence[float]
    cpu_ms: float

    def __str__(self) -> str:
        """As the page of figures has it."""
        ordered = sorted(self.ms)
        late = ordered[int(len(ordered) * 0.95)]
        return (
            f"{self.cpu_ms:.1f} ms CPU a frame; by the clock {statistics.median(ordered):.1f} ms,"
            f" 95 of 100 within {late:.1f} ms, longest {ordered[-1]:.1f} ms"
        )


def main() -> None:
    """Measure and tell."""
    book = ledger.Ledger.of(ledger.parser(__doc__).parse_args())
    if lacking := timeline_page.missing():
        raise SystemExit(lacking)
    with tempfile.TemporaryDirectory() as folder:
        timeline_page.build(Path(folder))
        with timeline_page.served(Path(folder)) as address, timeline_page.browsing() as browser:
            for size in SIZES:
                report(browser, address, size, book)


def report(browser: Any, address: str, size: int, book: ledger.Ledger) -> None:
    """The lines of one size."""
    page = browser.new_page(viewport={"width": 1920, "height": 520})
    costs: list[float] = []
    timeline_page.show(page, address, f"marks={size}&days=90")
    zoomed = cost(page, [f"wheel({FRAMES}, {{dy: -60}})", f"wheel({FRAMES}, {{dy: 60}})"])
    costs.append(zoomed.cpu_ms)
    book.tell(f"timeline, {size:,} episodes, zooming from 90 days to 10 s and back", str(zoomed))
    for name, days in DAYS.items():
        timeline_page.show(page, address, f"marks={size}&days={days}")
        panned = cost(page, [f"drag({FRAMES})"])
        costs.append(panned.cpu_ms)
        book.tell(f"timeline, {size:,} episodes, panning over {name}", str(panned))
    page.close()
    if size == SIZES[-1]:
        worst = max(costs)
        figure = f"{worst:.1f} ms CPU at worst"
        book.tell(f"timeline, {size:,} episodes, script of a frame", figure, f"<= {MOST_MS:g} ms", worst <= MOST_MS)


def cost(page: Any, ways: Sequence[str]) -> Cost:
    """What moving costs; the browser is measured from outside of the page."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    before, ms = script_s(session), []
    for way in ways:
        ms += page.evaluate(f"measured.{way}")["ms"]
    spent_s = script_s(session) - before
    session.detach()
    return Cost(ms, spent_s * 1000 / len(ms))


def script_s(session: Any) -> float:
    """Processor time that scripts of the page took so far."""
    told = session.send("Performance.getMetrics")["metrics"]
    return float(next(one["value"] for one in told if one["name"] == "ScriptDuration"))


if __name__ == "__main__":
    main()
