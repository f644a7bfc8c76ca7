"""The archive page over footage whose every frame tells its number: no servers but two small ones of ours."""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request, Response

from infra.settings import Settings
from schemas.facts import MediaConfigured
from tests.fakes import FakeStore
from tests.footage import Footage, Shape, record
from tests.integration.served import listening
from tests.unit.api.client import TOKEN, World

FRAME_MS = 40
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
  const look = () => {
    if (window.watching !== mine) return;
    seen.push({wall: performance.now(), number: read(), at: null, place: video.currentTime});
    const one = seen.at(-1);
    queueMicrotask(() => queueMicrotask(() => { one.at = Number(video.dataset.at) }));
    video.requestVideoFrameCallback(look);
  };
  video.requestVideoFrameCallback(look);
};
"""
"""What tests put into the page: ``read()`` is the number of the frame on the screen, ``settled()`` the one that stays
there (a screen is drawn a moment after the video is ready), ``watch()`` fills ``seen``.
"""


def runs(media: str = "gate") -> list[Footage]:
    """The three runs; frames are numbered in each from 0."""
    first = Shape(media=media, start_ms=FIRST_MS, seconds=28, gop=50)
    second = Shape(media=media, start_ms=SECOND_MS, seconds=14, gop=50, b_frames=2, run="run2", colour=1)
    third = Shape(media=media, start_ms=THIRD_MS, seconds=10, gop=50, run="run3", colour=2)
    return [*record(first), *record(second), *record(third)]


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

    def add(self, media: str, footage: Iterable[Footage], **config: Any) -> None:
        """A camera with footage, as if the projections had it."""
        self.world.log.append(MediaConfigured(media=media, observed_ms=1, **config))
        self.world.keep(footage)


@contextmanager
def watched(browser: Any, built: Path, monkeypatch: Any) -> Iterator[Watched]:
    """A page whose journal has to stay empty and that asks nobody but its own two servers."""
    from api.routes import page as routes

    monkeypatch.setattr(routes, "DIST", built)
    store = FakeStore()
    with listening(_objects(store)) as objects:
        world = World(settings=Settings(api_key=TOKEN, s3=objects))
        world.store.objects = store.objects
        monkeypatch.setattr(world.store, "presign", lambda key, *_: f"{objects}/{key}", raising=False)
        with listening(world.app) as address:
            contexts: list[Any] = []
            problems: list[str] = []
            yield Watched(
                world,
                address,
                lambda path, **more: _opened(browser, (address, objects), path, (contexts, problems), more),
            )
            for one in contexts:
                one.close()
            world.app.state.feed.close()
        world.access.close()
        world.registry.close()
        world.audit.close()
    assert problems == []


def _opened(
    browser: Any, own: tuple[str, str], path: str, kept: tuple[list[Any], list[str]], more: dict[str, Any]
) -> Any:
    contexts, problems = kept
    context = browser.new_context(
        **{"viewport": {"width": 1280, "height": 800}, "locale": "en-GB", "timezone_id": ZONE} | more
    )
    contexts.append(context)
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.add_init_script(EYES)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on(
        "console",
        lambda one: (
            problems.append(one.text) if one.type == "error" and "Failed to load resource" not in one.text else None
        ),
    )
    page.on(
        "request",
        lambda one: None if one.url.startswith((*own, "blob:", "data:")) else problems.append(f"asked {one.url}"),
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
