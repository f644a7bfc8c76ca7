"""Old shapes are lifted step by step; nothing loops."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import codec, upcast
from schemas.errors import BadFact
from tests.unit.schemas.strategies import json_values

OLD = {"type": "media-removed", "v": 0, "camera": "gate-1", "observed_ms": 7}


def renamed(raw: dict[str, Any]) -> dict[str, Any]:
    """A made-up step from version 0: ``camera`` became ``media``."""
    raw["media"] = raw.pop("camera")
    return raw


def test_a_made_up_older_version_is_lifted_by_the_codec(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upcast.lift, "__defaults__", ({("media-removed", 0): renamed},))
    assert codec.decode("media", msgspec.json.encode(OLD)).media == "gate-1"


def test_an_old_shape_that_its_own_step_cannot_read_is_a_bad_fact(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upcast.lift, "__defaults__", ({("media-removed", 0): renamed},))
    with pytest.raises(BadFact, match="as an older version: KeyError 'camera'"):
        codec.decode("media", msgspec.json.encode({"type": "media-removed", "v": 0}))


def test_versions_are_climbed_one_step_at_a_time() -> None:
    steps = {("a", n): lambda raw: raw | {"seen": [*raw.get("seen", []), raw["v"]]} for n in (1, 2, 3)}
    assert upcast.lift({"type": "a"} | {"v": 1}, steps) == {"type": "a", "v": 4, "seen": [1, 2, 3]}


def test_lifting_leaves_the_given_object_alone() -> None:
    given_object = dict(OLD)
    upcast.lift(given_object, {("media-removed", 0): renamed})
    assert given_object == OLD


@given(st.dictionaries(st.sampled_from(["type", "v", "x"]), json_values | st.sampled_from(["a", 1, 2, True])))
def test_a_step_that_sets_the_version_back_cannot_loop(raw: dict[str, Any]) -> None:
    calls: list[int] = []

    def rewinds(found: dict[str, Any]) -> dict[str, Any]:
        calls.append(1)
        return found | {"v": 0}

    upcast.lift(raw, {("a", n): rewinds for n in (0, 1, 2)})
    assert len(calls) <= 3


def test_no_step_fits_today() -> None:
    assert upcast.lift(OLD) is OLD
