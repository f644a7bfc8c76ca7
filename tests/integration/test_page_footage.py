"""Sound and pictures of other sizes play on the page, although much of hls.js is left out of it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from api.routes import page as routes
from tests.footage import Footage, Shape, record
from tests.integration.paged import browser
from tests.integration.watched import FIRST_MS, Watched, since, watched

pytestmark = pytest.mark.alone
__all__ = ["browser"]

VIDEO = "document.querySelector('[data-test=video]')"
HEARD = f"{VIDEO}.webkitAudioDecodedByteCount"
RUN_MS = 6_000


@pytest.fixture(scope="module")
def shown(browser: Any, request: pytest.FixtureRequest) -> Iterator[Watched]:
    built: Path = request.config.getoption("--page") or routes.DIST
    if not (built / "index.html").is_file():
        pytest.skip("the page is not built (cd web && npm ci && npm run build)")
    with pytest.MonkeyPatch.context() as patch, watched(browser, built, patch) as made:
        made.add("talk", talk())
        yield made


def talk() -> list[Footage]:
    """With sound, and larger after six seconds."""
    first = Shape(media="talk", start_ms=FIRST_MS, seconds=6, sound=True)
    larger = replace(first, start_ms=FIRST_MS + RUN_MS, run="run2", width=640, height=360)
    return [*record(first), *record(larger)]


def plays(page: Any, until: int) -> None:
    """Wait until a moment is shown while it plays."""
    page.wait_for_function(f"() => Number({VIDEO}?.dataset.at) >= {until}")


def test_sound_is_heard_and_pictures_may_change_their_size(shown: Watched) -> None:
    page = shown.go(f"/archive/talk?t={FIRST_MS + 200}")
    plays(page, FIRST_MS + 3_000)
    heard = page.evaluate(HEARD)
    plays(page, FIRST_MS + RUN_MS + 3_000)
    assert 0 < heard < page.evaluate(HEARD)
    assert page.evaluate(f"{VIDEO}.videoWidth") == 640
    page.wait_for_selector("[data-test=over]")
    assert page.evaluate(f"{VIDEO}.error") is None
    shown.close(page)


def test_live_with_sound_plays_near_the_edge(shown: Watched) -> None:
    shown.add("loud", since(record(Shape(media="loud", seconds=24, sound=True)), 24_000))
    page = shown.go("/archive/loud")
    page.wait_for_selector("[data-test=live-now]")
    page.wait_for_function(f"() => {VIDEO}?.currentTime > 0 && !{VIDEO}.paused")
    begun = page.evaluate(f"{VIDEO}.currentTime")
    page.wait_for_function(f"() => {VIDEO}.currentTime > {begun} + 2")
    assert page.evaluate(HEARD) > 0
    shown.close(page)
