"""Every answer that is not a success says which rule was broken."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from infra.clickhouse import DatabaseError, DatabaseUnavailable
from infra.log import LogUnavailable
from infra.objects import StoreRefused, StoreUnavailable
from tests.accepted_facts import accepted, refused
from tests.footage import Shape, record
from tests.unit.api.client import World

BAD = {
    "no times": ("media/cam/ranges", {}, ["from_ms", "to_ms"]),
    "a time that is no number": ("media/cam/ranges", {"from_ms": "soon", "to_ms": "5"}, ["from_ms"]),
    "a time with a sign": ("media/cam/ranges", {"from_ms": "-1", "to_ms": "5"}, ["from_ms"]),
    "a time with a fraction": ("media/cam/ranges", {"from_ms": "1.5", "to_ms": "5"}, ["from_ms"]),
    "a time with other digits": ("media/cam/ranges", {"from_ms": "١٢٣", "to_ms": "5"}, ["from_ms"]),
    "a time beyond 9999": ("media/cam/ranges", {"from_ms": "1", "to_ms": "999999999999999"}, ["to_ms"]),
    "a time without a zone": ("media/cam/ranges", {"from_ms": "2026-01-01T00:00:00", "to_ms": "5"}, ["from_ms"]),
    "an empty window": ("media/cam/ranges", {"from_ms": "5", "to_ms": "5"}, ["from_ms"]),
    "a window backwards": ("media/cam/archive.mp4", {"from_ms": "6", "to_ms": "5"}, ["from_ms"]),
    "an unknown parameter": ("media/cam/ranges", {"from_ms": "1", "to_ms": "5", "form": "x"}, ["form"]),
    "a parameter where none is known": ("media/cam/days", {"x": "1"}, ["x"]),
    "a step of nothing": ("media/cam/activity", {"from_ms": "1", "to_ms": "5", "step_ms": "0"}, ["step_ms"]),
    "too many steps": ("media/cam/activity", {"from_ms": "1", "to_ms": "99999999", "step_ms": "1"}, ["step_ms"]),
    "a width of nothing": ("media/cam/preview.jpg", {"at_ms": "1", "width": "0"}, ["width"]),
    "an unknown choice": ("media/cam/archive.mp4", {"from_ms": "1", "to_ms": "5", "gaps": "no"}, ["gaps"]),
    "a page of nothing": ("media", {"limit": "0"}, ["limit"]),
    "a cursor we did not make": ("media", {"cursor": "%%%"}, ["cursor"]),
    "a name that is no name": ("media/-x/days", {}, ["media"]),
}


@pytest.mark.parametrize(("path", "query", "fields"), BAD.values(), ids=BAD.keys())
def test_a_wrong_request_is_a_400_naming_the_field_and_the_rule(
    path: str, query: dict[str, str], fields: list[str], world: World
) -> None:
    answer = world.get(path, **query)
    told = answer.json()
    assert answer.status_code == told["status"] == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert [error["field"] for error in told["errors"]] == fields
    assert all(error["rule"] for error in told["errors"])
    assert told["type"].startswith("urn:sightlog:problem:")


def test_a_parameter_given_twice_is_refused(world: World) -> None:
    answer = world.ask("GET", "/api/v1/media/cam/ranges?from_ms=1&to_ms=5&to_ms=6")
    assert answer.status_code == 400
    assert answer.json()["errors"][0] == {"field": "to_ms", "in": "query", "rule": "given more than once"}


def test_times_may_be_iso_8601_with_a_zone(world: World) -> None:
    world.keep(record(Shape(seconds=2)))
    told = world.get("media/cam/ranges", from_ms="2026-09-21T16:13:20+02:00", to_ms="2026-09-21T14:13:21Z").json()
    assert told["recorded"] == [{"start_ms": 1_790_000_000_000, "end_ms": 1_790_000_001_000}]


def test_an_unknown_camera_is_a_404(world: World) -> None:
    for path in ("media/nobody", "media/nobody/days"):
        assert world.get(path).json()["type"] == "urn:sightlog:problem:no-such-media"
    assert world.get("media/nobody/ranges", from_ms=1, to_ms=2).status_code == 404


@pytest.mark.parametrize("route", ["archive.m3u8", "archive.mp4"])
def test_a_window_without_footage_names_the_nearest(route: str, world: World) -> None:
    world.keep(record(Shape(seconds=2)))
    answer = world.get(f"media/cam/{route}", from_ms=1_000, to_ms=2_000)
    assert (answer.status_code, answer.json()["type"]) == (404, "urn:sightlog:problem:nothing-recorded")
    assert answer.json()["nearest"] == [{"start_ms": 1_790_000_000_000, "end_ms": 1_790_000_002_000}]


def test_an_unknown_route_and_a_wrong_method_are_problems(world: World) -> None:
    assert world.get("nowhere").json()["type"] == "urn:sightlog:problem:no-such-route"
    answer = world.ask("POST", "/api/v1/media/cam")
    assert (answer.status_code, answer.json()["type"]) == (405, "urn:sightlog:problem:method-not-allowed")
    assert "PUT" in answer.headers["allow"] or "GET" in answer.headers["allow"]


LOST = [
    (DatabaseUnavailable("x"), 503, "database-unavailable"),
    (DatabaseError("no table", 60), 503, "no-tables-yet"),
    (DatabaseError("syntax", 62), 502, "database-refused"),
    (StoreUnavailable("x"), 503, "store-unavailable"),
    (StoreRefused("x"), 502, "store-refused"),
    (LogUnavailable("x"), 503, "log-unavailable"),
    (ZeroDivisionError("our mistake, password=secret"), 500, "unexpected"),
]


@pytest.mark.parametrize(("error", "status", "name"), LOST, ids=[one[2] for one in LOST])
def test_what_goes_wrong_behind_us_is_told_without_its_details(
    error: Exception, status: int, name: str, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(*_: object) -> None:
        raise error

    monkeypatch.setattr(world.archive, "extent", lost)
    answer = world.get("media/cam/days")
    assert (answer.status_code, answer.json()["type"]) == (status, f"urn:sightlog:problem:{name}")
    assert "secret" not in answer.text


def test_readiness_names_each_server(world: World) -> None:
    def down() -> None:
        raise OSError("connection to http://user:geheim@host refused")

    told = World(checks={"log": lambda: None, "store": down}).ask("GET", "/readyz", token=None)
    assert told.status_code == 503
    assert told.json()["checks"]["log"] == "ok"
    assert "refused" in told.json()["checks"]["store"]
    assert "geheim" not in told.text
    assert World(checks={"log": lambda: None}).ask("GET", "/readyz").status_code == 200


def test_metrics_name_routes_and_no_cameras(world: World) -> None:
    world.get("media/secret-cam/days")
    text = world.ask("GET", "/metrics", token=None).text
    assert "secret-cam" not in text
    assert "sightlog_http_seconds_count" in text
    assert 'sightlog_projection_lag_records{projection="segments",topic="segments"} 0.0' in text


WORDS = st.one_of(
    st.integers(-10, 2**70).map(str), st.floats().map(str), st.text(max_size=12),
    st.sampled_from(["1790000000000", "1790000003000", "2026-01-01", "2026-01-01T00:00:00Z", "keep", "true", "1"]),
)  # fmt: skip
PATHS = st.sampled_from([
    "media", "media/cam", "media/cam/ranges", "media/cam/days", "media/cam/activity", "media/cam/archive.m3u8",
    "media/cam/live.m3u8", "media/cam/archive.mp4", "media/cam/preview.jpg", "media/cam/cut.m4s", "media/ty%C5%82/days",
    "episodes", "episodes/7", "episodes/8", "episodes/x", "episodes/7/versions", "episodes/7/preview.jpg",
    "episodes/refusals", "episodes?poll_timeout=0",
])  # fmt: skip
NAMES = st.sampled_from([
    "from_ms", "to_ms", "at_ms", "step_ms", "width", "limit", "cursor", "q", "gaps", "master", "start_ms", "end_ms",
    "expires_ms", "signature", "x", "media", "episode_type", "source", "label", "opened_at_gte", "opened_at_lt",
    "overlaps_from", "overlaps_to", "updated_at_gt", "sort", "version", "picture", "episode_id", "reason",
])  # fmt: skip
FUZZED = World()
FUZZED.keep(record(Shape(seconds=2)))
FUZZED.episodes.accept(accepted())
FUZZED.episodes.refuse(refused(1))


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(PATHS, st.dictionaries(NAMES, WORDS, max_size=5))
def test_no_query_makes_a_server_error(path: str, query: dict[str, str]) -> None:
    route, _, feed = path.partition("?poll_timeout=")
    answer = FUZZED.get(route, **query | ({"poll_timeout": feed} if feed else {}))
    assert answer.status_code < 500, (path, query, answer.text)
    if answer.status_code >= 400:
        assert answer.headers["content-type"] == "application/problem+json"


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=40))
def test_no_name_makes_a_server_error(name: str) -> None:
    from urllib.parse import quote

    answer = FUZZED.ask("GET", f"/api/v1/media/{quote(name, safe='', errors='replace')}/days")
    assert answer.status_code in (200, 400, 404, 405), (name, answer.text)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(st.binary(max_size=60), st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["source", "title", "depth_ms", "catch", "labels", "audio", "x"]), inner, max_size=4),
    max_leaves=8,
)))  # fmt: skip
def test_no_body_makes_a_server_error(body: object) -> None:
    more = {"content": body} if isinstance(body, bytes) else {"json": body}
    answer = FUZZED.ask("PUT", "/api/v1/media/fuzzed", **more)
    assert answer.status_code in (200, 400, 422), answer.text
    answer = FUZZED.ask("POST", "/api/v1/media/import", content=str(body).encode())
    assert answer.status_code in (200, 422), answer.text
