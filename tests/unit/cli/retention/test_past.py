"""``sightlog retention report`` and ``what-if``, as people read them, over the real app with footage in memory."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner, Result

from cli.main import build
from cli.retention import report, what_if
from infra.settings import Settings
from projections.storage.reads import StoredLevel
from schemas.facts import MediaConfigured
from schemas.what_if import HOUR_MS
from tests.unit.api.client import World

NOW_MS = 1_767_225_600_000
TO = "2026-01-01T00:00:00Z"
GB = 10**9


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    """Two cameras that recorded a gigabyte an hour for ten hours and have four of them."""
    world = World()
    for name in ("gate", "yard"):
        world.archive.show(MediaConfigured(media=name, observed_ms=1, depth_ms=4 * HOUR_MS))
        for hour in range(10, 0, -1):
            world.footage.record(name, NOW_MS - hour * HOUR_MS, GB, stored=float(hour <= 4))

    def through(request: httpx.Request) -> httpx.Response:
        path, query = request.url.raw_path.decode().partition("?")[::2]
        kept = {"Accept": request.headers.get("accept", "")}
        found = world.ask(request.method, f"{path}?{query}", content=request.content, headers=kept)
        return httpx.Response(found.status_code, content=found.content, headers=found.headers)

    @contextmanager
    def connected(_: Settings) -> Iterator[httpx.Client]:
        with httpx.Client(transport=httpx.MockTransport(through), base_url="http://x/api/v1") as client:
            yield client

    for command in (report, what_if):
        monkeypatch.setattr(command, "connected", connected)
    return world


def run(*words: str) -> Result:
    return CliRunner().invoke(build(), ["retention", *words], env={"COLUMNS": "200"})


def printed(shown: Result) -> dict[str, Any]:
    """The JSON that was printed, behind what the app's own journal says."""
    told: dict[str, Any] = json.loads(shown.stdout[shown.stdout.index("\n{\n") :])
    return told


def line(shown: Result, beginning: str) -> list[str]:
    found = [one.split() for one in shown.stdout.splitlines() if one.strip().startswith(beginning)]
    return found[0]


def test_another_policy_is_a_line_for_each_camera_and_what_would_go(world: World) -> None:
    shown = run("what-if", "--depth", "1h", "--to", TO, "--limit", "1")
    assert shown.exit_code == 0, shown.output
    assert line(shown, "gate") == ["gate", "4.0", "GB", "1.0", "GB", "1", "h", "-", "1.0", "GB", "0.0", "%"]
    assert line(shown, "2 cameras")[2:6] == ["8.0", "GB", "2.0", "GB"]
    assert "Of what is stored 6.0 GB would go at once" in shown.stdout
    gone = [one.split() for one in shown.stdout.splitlines() if one.rstrip().endswith("at once")]
    assert gone == [["gate", "2025-12-31", "20:00:00", "2025-12-31", "23:00:00", "3.0", "GB", "depth", "at", "once"]]
    assert "Room: as much as it takes" in shown.stdout


def test_what_is_asked_is_what_the_options_say(world: World) -> None:
    world.footage.by_protect["gate"] = [(NOW_MS - 9 * HOUR_MS, NOW_MS - 8 * HOUR_MS, 0)]
    words = ("--keep", "none", "--quota", "none", "--types", "face, qr", "--before", "2s", "--after", "1min")
    shown = run("what-if", *words, "--media", "gate", "--capacity", "1T", "--from", "0", "--to", TO, "--json")
    assert shown.exit_code == 0, shown.output
    told = printed(shown)
    assert told["room"] == {"source": "asked", "capacity_bytes": 10**12, "other_bytes": 0}
    assert [(one["media"], one["keep_ms"], one["quota_bytes"]) for one in told["media"]] == [("gate", None, None)]
    (protect,) = world.footage.asked
    assert (protect.types, protect.before_ms, protect.after_ms) == (("face", "qr"), 2000, 60_000)


def test_a_keep_and_a_quota_are_lengths_and_sizes(world: World) -> None:
    told = printed(run("what-if", "--keep", "30d", "--quota", "2G", "--to", TO, "--json"))
    assert [(one["keep_ms"], one["quota_bytes"]) for one in told["media"]] == [(30 * 86_400_000, 2 * GB)] * 2
    assert told["total"]["kept_bytes"] == pytest.approx(4 * GB, rel=0.001)


def test_a_question_that_is_refused_ends_with_its_line(world: World) -> None:
    shown = run("what-if", "--media", "nobody")
    assert (shown.exit_code, "no camera is called 'nobody'" in shown.stderr) == (2, True)
    assert run("what-if", "--depth", "long").exit_code == 2


def test_an_answer_that_is_cut_short_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def connected(_: Settings) -> Iterator[httpx.Client]:
        cut = httpx.MockTransport(lambda _: httpx.Response(200, text='{"progress":{"done":1,"cameras":2}}\n'))
        with httpx.Client(transport=cut, base_url="http://x/api/v1") as client:
            yield client

    monkeypatch.setattr(what_if, "connected", connected)
    shown = run("what-if")
    assert (shown.exit_code, "cut short" in shown.stderr) == (2, True)


def test_the_report_says_what_is_saved_and_when_the_store_fills_up(world: World) -> None:
    world.footage.record("yard", NOW_MS - 12 * HOUR_MS, GB)
    world.levels.levels = [StoredLevel(store="s3", observed_ms=NOW_MS, used_bytes=20 * GB, capacity_bytes=400 * GB)]
    shown = run("report")
    assert shown.exit_code == 0, shown.output
    assert line(shown, "gate")[1:3] == ["4.0", "GB"]
    assert line(shown, "yard")[-4:] == ["11.0", "GB", "54.5", "%"]
    assert "s3: 5.0 % of 400.0 GB in use" in shown.stdout


def test_the_report_shows_the_largest_cameras_and_says_that_there_are_more(world: World) -> None:
    shown = run("report", "--most", "1")
    assert "1 smaller cameras are not shown" in shown.stderr
    told = printed(run("report", "gate", "--from", "0", "--json"))
    assert [one["media"] for one in told["media"]] == ["gate"]


@pytest.mark.parametrize(
    "words",
    [
        "what-if --depth 12h --keep 30d",
        "what-if --depth 2h --media gate,yard --json",
        "what-if --keep none --capacity 4T",
        "report",
        "report gate --json",
    ],
)
def test_what_the_documents_show_works(world: World, words: str) -> None:
    shown = run(*words.split())
    assert (shown.exit_code, "gate" in shown.stdout) == (0, True), shown.output
