"""The archive page over footage whose every frame tells its number: no servers but two small ones of ours."""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request, Response
from msgspec import structs

from api import shapes
from api.routes import hls
from infra import clock
from infra.settings import Settings
from schemas.facts import MediaConfigured, SegmentRecorded
from schemas.media import segment_key
from tests.fakes import FakeStore
from tests.footage import Footage, Shape, record
from tests.integration.paged import PATIENCE_MS
from tests.integration.served import listening
from tests.unit.api.client import TOKEN, World

FRAME_MS = 40
PATIENT_MS = 600_000
"""So long after its last footage a camera counts as recording here: longer than any of these tests."""
ZONE = "Europe/Warsaw"
CHANGE_MS = 1_792_890_000_000
"""2026-10-25 01:00 UTC: Poland's clocks go back an hour."""
FIRST_MS = CHANGE_MS - 14_000
"""Three runs: over the change of clocks; after a hole, with B-frames; right behind it, without a hole."""
SECOND_MS = FIRST_MS + 28_000 + 17_000
THIRD_MS = SECOND_MS + 14_000
END_MS = THIRD_MS + 10_000

EYES = """
window.read = () => {
  const video = document.querySelector('[data-test=video]');
  const pen = (window.eye ??= Object.assign(document.createElement('canvas'), {width: 320, height: 180}))
    .getContext('2d', {willReadFrequently: true});
  pen.drawImage(video, 0, 0, 320, 180);
  let number = 0;
  for (let bit = 0; bit < 16; bit++) if (pen.getImageData(bit * 20 + 10, 40, 1, 1).data[0] > 128) number |= 1 << bit;
  return number;
};
window.settled = async () => {
  let [last, same] = [null, 0];
  while (same < 3) {
    await new Promise(requestAnimationFrame);
    const now = document.querySelector('[data-test=video]').seeking ? null : read();
    [last, same] = [now, now !== null && now === last ? same + 1 : 0];
  }
  return last;
};
window.seen = [];
window.watch = () => {
  const video = document.querySelector('[data-test=video]');
  window.seen = [];
  const mine = window.watching = {};
  let painted = 0;
  const paint = () => window.watching === mine && (painted += 1, requestAnimationFrame(paint));
  const look = () => {
    if (window.watching !== mine) return;
    seen.push({wall: performance.now(), number: read(), at: null, place: video.currentTime, painted});
    const one = seen.at(-1);
    queueMicrotask(() => queueMicrotask(() => { one.at = Number(video.dataset.at) }));
    video.requestVideoFrameCallback(look);
  };
  requestAnimationFrame(paint);
  video.requestVideoFrameCallback(look);
};
"""
"""What tests put into the page: ``read()`` is the number of the frame on the screen, ``settled()`` the one that stays
there (a screen is drawn a moment after the video is ready), ``watch()`` fills ``seen``. ``painted`` counts what the
page painted since, 60 a second on a machine that has time: so a video that stalls is told from a machine that does.
"""


def runs(media: str = "gate") -> list[Footage]:
    """The three runs; frames are numbered in each from 0."""
    first = Shape(media=media, start_ms=FIRST_MS, seconds=28, gop=50)
    second = Shape(media=media, start_ms=SECOND_MS, seconds=14, gop=50, b_frames=2, run="run2", colour=1)
    third = Shape(media=media, start_ms=THIRD_MS, seconds=10, gop=50, run="run3", colour=2)
    return [*record(first), *record(second), *record(third)]


def since(recorded: list[Footage], ago_ms: int) -> list[Footage]:
    """The same footage as if it had begun ``ago_ms`` ago: how long it took to be made does not count."""
    by_ms = clock.now_ms() - ago_ms - recorded[0].fact.start_ms
    return [Footage(_moved(one.fact, by_ms), one.data) for one in recorded]


def _moved(fact: SegmentRecorded, by_ms: int) -> SegmentRecorded:
    start_ms = fact.start_ms + by_ms
    keys = tuple(structs.replace(one, at_ms=one.at_ms + by_ms) for one in fact.keyframes)
    times = {"start_ms": start_ms, "end_ms": fact.end_ms + by_ms, "observed_ms": fact.observed_ms + by_ms}
    return structs.replace(fact, object_key=segment_key(fact.media, start_ms), keyframes=keys, **times)


def shown_at(ms: float) -> int:
    """The number of the frame that is the picture of a moment, or of the next footage after it."""
    for start_ms, end_ms in ((FIRST_MS, FIRST_MS + 28_000), (SECOND_MS, THIRD_MS), (THIRD_MS, END_MS)):
        if ms < end_ms:
            return int(max(0, ms - start_ms) // FRAME_MS)
    raise ValueError("nothing is recorded so late")


@dataclass
class Watched:
    """One page, its world, and ways to look at it."""

    world: World
    address: str
    go: Callable[..., Any]
    left: set[Any]
    """Pages that are closed: what such a page says amid its loading is no fault of it."""

    def add(self, media: str, footage: Iterable[Footage], **config: Any) -> None:
        """A camera with footage, as if the projections had it."""
        self.world.log.append(MediaConfigured(media=media, observed_ms=1, **config))
        self.world.keep(footage)

    def close(self, page: Any) -> None:
        """Close a page with its browser context."""
        self.left.add(page)
        page.context.close()


@contextmanager
def watched(browser: Any, built: Path, monkeypatch: Any) -> Iterator[Watched]:
    """A page whose journal has to stay empty and that asks nobody but its own two servers."""
    from api.routes import page as routes

    monkeypatch.setattr(routes, "DIST", built)
    monkeypatch.setattr(shapes, "RECORDING_MS", PATIENT_MS)
    monkeypatch.setattr(hls, "STALE_MS", PATIENT_MS)
    store = FakeStore()
    with listening(_objects(store)) as objects:
        world = World(settings=Settings(api_key=TOKEN, s3=objects))
        world.store.objects = store.objects
        monkeypatch.setattr(world.store, "presign", lambda key, *_: f"{objects}/{key}", raising=False)
        with listening(world.app) as address:
            pages: list[Any] = []
            problems: list[str] = []
            left: set[Any] = set()

            def said(page: Any, what: str) -> None:
                if page not in left:
                    problems.append(f"{page.url}: {what}")

            def go(path: str, **more: Any) -> Any:
                pages.append(_opened(browser, (address, objects), path, said, more))
                return pages[-1]

            found = Watched(world, address, go, left)
            yield found
            for page in pages:
                found.close(page)
            world.app.state.feed.close()
        world.access.close()
        world.registry.close()
        world.audit.close()
    assert not problems, problems


def _opened(
    browser: Any, own: tuple[str, str], path: str, said: Callable[[Any, str], None], more: dict[str, Any]
) -> Any:
    context = browser.new_context(
        **{"viewport": {"width": 1280, "height": 800}, "locale": "en-GB", "timezone_id": ZONE} | more
    )
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.add_init_script(EYES)
    page.on("pageerror", lambda error: said(page, str(error)))
    page.on(
        "console",
        lambda one: (
            said(page, one.text) if one.type == "error" and "Failed to load resource" not in one.text else None
        ),
    )
    page.on(
        "request",
        lambda one: None if one.url.startswith((*own, "blob:", "data:")) else said(page, f"asked {one.url}"),
    )
    page.goto(f"{own[0]}{path}" + ("" if "#" in path else f"#token={TOKEN}"))
    return page


def _objects(store: FakeStore) -> FastAPI:
    """An object store that answers ranges, as far as browsers need it."""
    app = FastAPI(openapi_url=None)

    @app.get("/{key:path}")
    def read(key: str, request: Request) -> Response:
        if key not in store.objects:
            return Response(status_code=404, headers=_CORS)
        data = store.objects[key][0]
        found = re.fullmatch(r"bytes=(\d+)-(\d+)", request.headers.get("range", ""))
        if not found:
            return Response(data, media_type="video/mp4", headers=_CORS)
        first, last = int(found[1]), min(int(found[2]), len(data) - 1)
        told = {"Content-Range": f"bytes {first}-{last}/{len(data)}"}
        return Response(data[first : last + 1], 206, _CORS | told, "video/mp4")

    @app.options("/{key:path}")
    def leave(key: str) -> Response:
        return Response(headers=_CORS)

    return app


_CORS = {"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "range"}
