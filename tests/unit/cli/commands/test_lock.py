"""``sightlog lock``: what is asked of the API, and what a person sees."""

import json
from collections.abc import Callable
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from cli import endings
from cli.commands import lock
from cli.main import build

LOCK = {
    "lock_id": "71", "media": "tył", "from_ms": 1_795_197_600_000, "to_ms": 1_795_197_660_000, "reason": "police",
    "until_ms": None, "requested_ms": 1_795_200_000_000, "requested_by": "api", "state": "held", "released_ms": None,
    "released_by": "", "receipt": [
        {"from_ms": 1_795_197_600_000, "to_ms": 1_795_197_660_000, "status": "covered", "because": "stored"},
    ],
}  # fmt: skip
Run = Callable[..., Any]


@pytest.fixture
def asked() -> list[httpx.Request]:
    return []


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, asked: list[httpx.Request]) -> Run:
    """Run the command against an API that gives these answers by path."""

    def answering(answers: dict[str, Any]) -> Callable[..., Any]:
        def answer(request: httpx.Request) -> httpx.Response:
            asked.append(request)
            found = answers[request.url.path]
            return httpx.Response(204) if found is None else httpx.Response(200, json=found)

        @contextmanager
        def connected(_settings: object) -> Any:
            with httpx.Client(transport=httpx.MockTransport(answer), base_url="http://sightlog") as api:
                yield api

        return connected

    def invoke(answers: dict[str, Any], *words: str) -> Any:
        monkeypatch.setattr(lock, "connected", answering(answers))
        return CliRunner().invoke(build(), ["lock", *words])

    return invoke


def test_times_are_read_as_people_write_them_and_the_receipt_is_shown(run: Run, asked: list[httpx.Request]) -> None:
    words = ("tył", "2026-11-20T18:00Z", "2026-11-20 18:01", "--reason", "police", "--until", "2099-01-01")
    done = run({"/media/tył/locks": LOCK}, "add", *words)
    assert json.loads(asked[0].content) == {
        "from_ms": 1_795_197_600_000, "to_ms": 1_795_197_660_000, "reason": "police", "until_ms": 4_070_908_800_000,
    }  # fmt: skip
    assert done.stdout.splitlines() == [
        "tył is locked: 71",
        "  covered  2026-11-20T18:00:00.000Z to 2026-11-20T18:01:00.000Z  stored",
    ]


def test_an_end_may_be_said_as_a_length_from_now(
    run: Run, asked: list[httpx.Request], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(endings, "now_ms", lambda: 1000)
    run({"/media/gate/locks": LOCK}, "add", "gate", "1", "2", "--reason", "x", "--until", "30d")
    assert json.loads(asked[0].content)["until_ms"] == 1000 + 30 * 86_400_000


def test_what_is_no_time_ends_the_command_with_one_sentence(run: Run, asked: list[httpx.Request]) -> None:
    done = run({}, "add", "gate", "yesterday", "2", "--reason", "x")
    assert done.exit_code == 2
    assert "'yesterday' is not a time" in done.output
    assert run({}, "add", "gate", "1", "2", "--reason", "x", "--until", "soon").exit_code == 2
    assert asked == []


def test_a_note_of_the_answer_is_told(run: Run) -> None:
    done = run({"/media/gate/locks": LOCK | {"note": "wait a little"}}, "add", "gate", "1", "2", "--reason", "x")
    assert "sightlog: wait a little" in done.stderr


def test_locks_that_stand_are_listed_and_all_on_request(run: Run) -> None:
    page = {"locks": [LOCK, LOCK | {"lock_id": "72", "state": "ended"}], "next": None}
    assert [one["lock_id"] for one in json.loads(run({"/locks": page}, "list", "--json").stdout)] == ["71"]
    shown = json.loads(run({"/media/tył/locks": page}, "list", "tył", "--all", "--json").stdout)
    assert [one["lock_id"] for one in shown] == ["71", "72"]
    assert "police" in run({"/locks": page}, "list").stdout
    assert "no locks" in run({"/locks": {"locks": [], "next": None}}, "list").stderr


def test_one_lock_is_shown_with_its_receipt_of_now(run: Run) -> None:
    shown = run({"/locks/71": LOCK}, "show", "71").stdout
    assert "police" in shown
    assert "ends: never" in shown
    assert "covered" in shown
    back = LOCK | {"state": "released", "released_ms": 1_795_200_000_000, "released_by": "api", "receipt": []}
    assert "released, 2026-11-20T18:40:00.000Z by api" in run({"/locks/71": back}, "show", "71").stdout
    assert json.loads(run({"/locks/71": LOCK}, "show", "71", "--json").stdout) == LOCK


def test_a_lock_is_given_back(run: Run, asked: list[httpx.Request]) -> None:
    assert run({"/locks/71": None}, "release", "71").stdout == "71 is given back\n"
    assert asked[0].method == "DELETE"
