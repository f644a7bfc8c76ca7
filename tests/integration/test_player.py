"""Playlists judged by hls.js in a real browser, and by hls-parser in strict mode."""

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import pytest

from infra import clock
from infra.objects import S3Store
from infra.settings import Settings
from tests.accepted_facts import accepted
from tests.footage import Footage, Shape, record
from tests.integration.served import TOKEN, served
from tests.memory_archive import MemoryArchive
from tests.memory_episodes import MemoryEpisodes

pytestmark = pytest.mark.alone

WEB = Path(__file__).parents[2] / "web"
HLS_JS = WEB / "node_modules" / "hls.js" / "dist" / "hls.light.min.js"
CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--autoplay-policy=no-user-gesture-required",
    "--disable-features=LocalNetworkAccessChecks",  # the player page is made here, so it has no address of its own
]  # fmt: skip
START = 1_790_000_000_000
PATIENCE_MS = 180_000
"""Longest that ten seconds of footage may take on a busy machine."""

PLAYER = """<!doctype html><video id=v muted width=320></video><script src=/hls.js></script><script>
const v = document.getElementById('v'), seen = [], errors = [];
window.result = null;
const hls = new Hls({xhrSetup: (x, u) => {
  if (new URL(u, location).origin === location.origin) x.setRequestHeader('Authorization', 'Bearer ' + TOKEN) },
  liveSyncDurationCount: 2, maxBufferLength: 60});
hls.on(Hls.Events.ERROR, (_, e) => errors.push(e.type + ' ' + e.details + ' ' + e.fatal + ' ' + (e.error || '')));
const note = () => { const d = hls.playingDate; if (d) seen.push([v.currentTime, +d]); return d };
const look = () => { note(); v.requestVideoFrameCallback(look) };
const begin = () => {  // not before the first frame has its date: it may come late, and is not to be missed
  if (!note()) return requestAnimationFrame(begin);
  v.requestVideoFrameCallback(look); v.playbackRate = RATE; v.play() };
v.addEventListener('loadeddata', begin, {once: true});
let at = 0, since = Date.now();
window.stuck = () => {
  if (v.currentTime !== at) { at = v.currentTime; since = Date.now() }
  return Date.now() - since > 45000 };
window.isShown = ms => seen.length > 0 && seen.at(-1)[1] > ms;
window.state = () => ({seen, errors, ended: v.ended, time: v.currentTime, duration: v.duration,
  buffered: [...Array(v.buffered.length).keys()].map(i => [v.buffered.start(i), v.buffered.end(i)]),
  frames: v.getVideoPlaybackQuality().totalVideoFrames, size: [v.videoWidth, v.videoHeight]});
hls.loadSource(URL_); hls.attachMedia(v);
</script>"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api")
    if not Path(CHROMIUM).exists():
        pytest.skip("Chromium is not installed (Debian: chromium)")
    if not HLS_JS.is_file():
        pytest.skip("hls.js is not installed (cd web && npm ci)")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def store(stack: Settings) -> S3Store:
    made = S3Store(stack)
    made.ensure_bucket()
    return made


@pytest.fixture
def archive() -> MemoryArchive:
    return MemoryArchive()


@pytest.fixture
def marks() -> MemoryEpisodes:
    return MemoryEpisodes()


@pytest.fixture
def api(stack: Settings, store: S3Store, archive: MemoryArchive, marks: MemoryEpisodes) -> Iterator[httpx.Client]:
    with served(stack, store, archive, episodes=marks) as client:
        yield client


@pytest.fixture
def keep(store: S3Store, archive: MemoryArchive) -> Callable[[list[Footage]], None]:
    def put(footage: list[Footage]) -> None:
        for fact, data in footage:
            store.put(fact.object_key, data, "video/mp4")
            archive.facts.append(fact)

    return put


def plain() -> list[Footage]:
    return record(Shape(seconds=8, sound=True, b_frames=2))


def with_a_gap() -> list[Footage]:
    return record(Shape(seconds=4)) + record(Shape(seconds=4, start_ms=START + 64_000, run="run2", colour=1))


def overlapping() -> list[Footage]:
    """Two recordings at once for a while, neither on the other's grid."""
    return record(Shape(seconds=8)) + record(Shape(seconds=8, start_ms=START + 5_300, run="run2", colour=1))


def with_another_codec() -> list[Footage]:
    later = Shape(seconds=4, start_ms=START + 4_000, run="run2", width=640, height=360, b_frames=2, sound=True)
    return record(Shape(seconds=4, sound=True)) + record(later)


CASES = [plain, with_a_gap, overlapping, with_another_codec]


@pytest.mark.parametrize("master", ["", "&master=1"], ids=["media", "multivariant"])
@pytest.mark.parametrize("footage", CASES)
def test_hls_js_plays_every_archive_to_its_end_and_dates_never_go_back(
    footage: Callable[[], list[Footage]], master: str, keep: Any, api: httpx.Client, browser: Any
) -> None:
    shown = footage()
    keep(shown)
    last_ms = max(one.fact.end_ms for one in shown) - 500
    page = opened(browser, api, f"media/cam/archive.m3u8?from_ms={START}&to_ms={START + 600_000}{master}", rate=4)
    try:
        page.wait_for_function(
            f"(state().ended && isShown({last_ms})) || stuck() || state().errors.some(e => e.includes('true'))",
            timeout=PATIENCE_MS,
        )
        state = page.evaluate("state()")
    finally:
        page.close()
    assert state["ended"], state
    assert not [error for error in state["errors"] if "true" in error], state["errors"]
    dates = [date for _, date in state["seen"]]
    assert not backwards(dates)
    assert dates[0] < START + 500
    assert dates[-1] > last_ms


@pytest.mark.parametrize("footage", CASES)
def test_hls_parser_accepts_every_archive_in_strict_mode(
    footage: Callable[[], list[Footage]], keep: Any, api: httpx.Client, hls_parser: Callable[[str], Any]
) -> None:
    keep(footage())
    window = f"from_ms={START}&to_ms={START + 600_000}"
    parsed = hls_parser(api.get(f"media/cam/archive.m3u8?{window}").text)
    assert parsed["endlist"]
    assert len(parsed["segments"]) >= 4
    assert all(one["programDateTime"] and one["map"] for one in parsed["segments"])
    assert hls_parser(api.get(f"media/cam/archive.m3u8?{window}&master=1").text)["isMasterPlaylist"]


def test_hls_parser_reads_marks_with_every_digit_of_their_ids(
    keep: Any, api: httpx.Client, marks: MemoryEpisodes, hls_parser: Callable[[str], Any]
) -> None:
    keep(plain())
    fields = {"media": "cam", "opened_at": START + 1000, "updated_at": START + 1000}
    titles = {(1 << 64) - 1: 'A "quoted",\r\n#EXT-X-ENDLIST title\x00\x85', 7: "Ż", 8: ""}
    for number, title in titles.items():
        marks.accept(
            accepted(episode_id=number, title=title, closed_at=START + 1000 if number == 7 else None, **fields)
        )
    parsed = hls_parser(api.get(f"media/cam/archive.m3u8?from_ms={START}&to_ms={START + 600_000}").text)
    assert parsed["endlist"]
    assert len(parsed["segments"]) >= 4
    assert "18446744073709551615" in json.dumps(parsed)


def test_the_live_playlist_keeps_playing_while_segments_arrive(keep: Any, api: httpx.Client, browser: Any) -> None:
    began = clock.now_ms() - 10_000
    recorded = record(Shape(seconds=24, segment_ms=1000, start_ms=began))
    keep(recorded[:10])
    page = opened(browser, api, "media/cam/live.m3u8", rate=1)
    try:
        for number in range(10, 24):
            page.wait_for_function(
                f"state().time > {number - 10} * 0.8 || state().errors.some(e => e.includes('true'))",
                timeout=PATIENCE_MS,
            )
            keep(recorded[number : number + 1])
        page.wait_for_function(
            f"isShown({began + 14_000}) || state().errors.some(e => e.includes('true'))", timeout=PATIENCE_MS
        )
        state = page.evaluate("state()")
    finally:
        page.close()
    assert not [error for error in state["errors"] if "true" in error], state["errors"]
    dates = [date for _, date in state["seen"]]
    assert not backwards(dates)
    assert dates[-1] > began + 14_000


def backwards(dates: list[float]) -> list[tuple[float, float]]:
    """Where the date went back by more than a frame (hls.js corrects its clock by less when sound leads pictures)."""
    return [(before, after) for before, after in pairwise(dates) if after < before - 40]


@pytest.fixture(scope="session")
def hls_parser(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Any]:
    if not shutil.which("npm"):
        pytest.skip("npm is not installed")
    folder = tmp_path_factory.mktemp("hls-parser")
    done = subprocess.run(
        ["npm", "install", "--no-audit", "--no-fund", "hls-parser@0.16.1"], cwd=folder, capture_output=True
    )
    if done.returncode:
        pytest.skip("hls-parser could not be installed")
    script = (
        "const p = require('hls-parser'); p.setOptions({strictMode: true});"
        "console.log(JSON.stringify(p.parse(require('fs').readFileSync(0, 'utf8'))))"
    )

    def parse(text: str) -> Any:
        done = subprocess.run(["node", "-e", script], input=text, capture_output=True, text=True, cwd=folder)
        assert done.returncode == 0, done.stderr + text
        return json.loads(done.stdout)

    return parse


def opened(browser: Any, api: httpx.Client, path: str, rate: int) -> Any:
    """A page on the API's own origin that plays ``path``."""
    origin = str(api.base_url).removesuffix("/api/v1/")
    values = f"const TOKEN = {TOKEN!r}, RATE = {rate}, URL_ = '/api/v1/{path}';"
    page = browser.new_page()
    text = PLAYER.replace("<script>", f"<script>{values}", 1)
    page.route(f"{origin}/player", lambda one: one.fulfill(body=text, content_type="text/html"))
    page.route(f"{origin}/hls.js", lambda one: one.fulfill(path=HLS_JS, content_type="text/javascript"))
    page.goto(f"{origin}/player")
    return page
