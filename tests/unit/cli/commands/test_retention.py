"""``sightlog retention`` and ``sightlog explain``: what a person reads, and the exit code."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner, Result

from api.times import iso
from cli.commands import explain, retention
from cli.main import build
from infra.clock import now_ms
from infra.settings import Settings
from tests.footage_facts import START_MS

ONE = {
    "expiration_id": "12", "media": "gate", "start_ms": START_MS, "end_ms": START_MS + 300_000, "size_bytes": 4_500_000,
    "delete_after_ms": START_MS + 900_000, "detail": "older than depth 6 h", "reason": "depth", "state": "restored",
}  # fmt: skip


class Asked:
    """An API that answers by path, and what it was asked."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.answers: dict[str, tuple[int, dict[str, Any]]] = {}
        self.requests: list[httpx.Request] = []

        @contextmanager
        def connected(_: Settings) -> Iterator[httpx.Client]:
            with httpx.Client(transport=httpx.MockTransport(self._answer), base_url="http://x/api/v1") as client:
                yield client

        for command in (explain, retention):
            monkeypatch.setattr(command, "connected", connected)

    def run(self, *arguments: str) -> Result:
        return CliRunner().invoke(build(), list(arguments), env={"COLUMNS": "200"})

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        status, body = self.answers[request.url.path.removeprefix("/api/v1")]
        kind = "application/json" if status < 400 else "application/problem+json"
        return httpx.Response(status, content=json.dumps(body), headers={"Content-Type": kind})


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Asked:
    return Asked(monkeypatch)


def test_what_goes_next_is_a_line_each(api: Asked) -> None:
    api.answers["/expirations"] = 200, {"expirations": [ONE], "next": None}
    shown = api.run("retention", "upcoming", "gate", "--limit", "7")
    assert shown.exit_code == 0
    assert dict(api.requests[0].url.params) == {"state": "expired", "limit": "7", "media": "gate"}
    (line,) = [line.split() for line in shown.stdout.splitlines() if "gate" in line]
    assert line[:4] == ["gate", iso(START_MS), iso(START_MS + 300_000), "4.5"]
    assert line[-1] == "12"


def test_nothing_that_goes_is_said_and_is_an_empty_list_for_programs(api: Asked) -> None:
    api.answers["/expirations"] = 200, {"expirations": [], "next": None}
    assert "nothing waits" in api.run("retention", "upcoming").stderr
    assert json.loads(api.run("retention", "upcoming", "--json").stdout) == []


def test_each_decision_says_what_became_of_it_and_one_too_late_is_exit_code_1(api: Asked) -> None:
    api.answers["/expirations/12/restore"] = 200, ONE
    api.answers["/expirations/13/restore"] = 409, {"detail": "too late: its deletion was ordered"}
    api.answers["/expirations/14/restore"] = 202, ONE | {"state": "requested"}
    shown = api.run("retention", "restore", "13", "14", "12", "--media", "gate")
    assert shown.exit_code == 1
    assert shown.stderr == "13: too late: its deletion was ordered\n"
    span = f"gate, {iso(START_MS)} to {iso(START_MS + 300_000)}"
    assert shown.stdout.splitlines() == [f"14: asked for, not answered yet: {span}", f"12: stays: {span}"]
    assert [one.url.params["media"] for one in api.requests] == ["gate"] * 3
    assert api.run("retention", "restore", "12").exit_code == 0


def test_a_decision_that_is_not_known_ends_the_command(api: Asked) -> None:
    api.answers["/expirations/5/restore"] = 404, {"detail": "no decision to delete has the id 5"}
    shown = api.run("retention", "restore", "5")
    assert (shown.exit_code, shown.stderr) == (2, "sightlog: no decision to delete has the id 5\n")


REASONS = [{"kind": "stored", "text": "recorded"}, {"kind": "hold", "text": "an episode keeps it"}]


def test_a_moment_is_a_headline_and_every_reason(api: Asked) -> None:
    body = {"media": "gate", "at_ms": START_MS, "state": "kept", "because": REASONS, "as_of_ms": now_ms()}
    api.answers["/media/gate/explain"] = 200, body
    shown = api.run("explain", "gate", "2026-01-01T00:00:00Z")
    assert shown.stdout.splitlines() == [f"gate, {iso(START_MS)}: kept", "  recorded", "  an episode keeps it"]
    assert shown.stderr == ""
    assert dict(api.requests[0].url.params) == {"at_ms": str(START_MS)}


def test_a_window_is_a_line_a_stretch(api: Asked) -> None:
    never = {"start_ms": START_MS, "end_ms": START_MS + 60_000, "state": "never", "because": [REASONS[0]]}
    kept = never | {"start_ms": START_MS + 60_000, "end_ms": START_MS + 90_000, "state": "kept", "because": REASONS * 2}
    api.answers["/media/gate/explain"] = 200, {"media": "gate", "stretches": [never, kept], "as_of_ms": now_ms()}
    shown = api.run("explain", "gate", "2026-01-01", "2026-01-02")
    assert shown.stdout.splitlines() == [
        f"{iso(START_MS)}  {iso(START_MS + 60_000)}  never  recorded",
        f"{iso(START_MS + 60_000)}  {iso(START_MS + 90_000)}  kept   an episode keeps it (and 1 more)",
    ]


@pytest.mark.parametrize(
    ("as_of_ms", "said"),
    [(START_MS, f"what happened after {iso(START_MS)} is missing"), (None, "the log does not answer")],
)
def test_an_answer_from_tables_that_are_behind_says_so(api: Asked, as_of_ms: int | None, said: str) -> None:
    body = {"media": "gate", "at_ms": START_MS, "state": "kept", "because": REASONS, "as_of_ms": as_of_ms}
    api.answers["/media/gate/explain"] = 200, body
    assert said in api.run("explain", "gate", str(START_MS)).stderr


def test_a_time_that_is_none_is_named(api: Asked) -> None:
    shown = api.run("explain", "gate", "yesterday")
    assert shown.exit_code == 2
    assert "is not a time" in shown.stderr
    assert api.requests == []


def test_a_name_that_no_camera_can_have_is_named(api: Asked) -> None:
    shown = api.run("retention", "restore", "12", "--media", "a/b")
    assert shown.exit_code == 2
    assert "holds '/'" in shown.stderr
    assert api.requests == []
