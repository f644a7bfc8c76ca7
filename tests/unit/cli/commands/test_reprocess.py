"""``sightlog reprocess``: waiting for a run."""

import httpx
import pytest
import typer

from cli.commands import reprocess

SEEN = {"run": "softer", "state": "done", "progress": {"share": 1.0}}


def api(replies: list[httpx.Response]) -> httpx.Client:
    """An API that gives these answers, one after the other."""
    waiting = iter(replies)
    return httpx.Client(transport=httpx.MockTransport(lambda _: next(waiting)), base_url="http://sightlog")


def test_a_run_that_was_accepted_and_is_not_in_the_tables_yet_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reprocess, "_LOOK_S", 0.0)
    missing = httpx.Response(404, json={"type": "about:no-such-run", "title": "no run is called 'softer'"})
    with api([missing, missing, httpx.Response(200, json=SEEN)]) as asked:
        assert reprocess._waited(asked, "softer") == SEEN


def test_a_run_that_never_appears_ends_with_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reprocess, "_SHOWN_S", 0.0)
    with api([httpx.Response(404)]) as asked, pytest.raises(typer.Exit) as ended:
        reprocess._waited(asked, "softer")
    assert ended.value.exit_code == 2
