"""Long text is packed; streams, footage and what has no body go as they are."""

from tests.footage import Shape, record
from tests.unit.api.client import World

START = 1_790_000_000_000
PACKED = {"Accept-Encoding": "gzip"}


def test_a_long_list_is_packed_for_whoever_takes_it_so(world: World) -> None:
    for number in range(20):
        world.put(f"media/cam-{number}", {"title": f"Camera {number}"})
    packed = world.ask("GET", "/api/v1/media", headers=PACKED)
    plain = world.ask("GET", "/api/v1/media", headers={"Accept-Encoding": "identity"})
    assert packed.json() == plain.json()
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert int(packed.headers["content-length"]) * 5 < int(plain.headers["content-length"])
    assert {"Accept-Encoding", "Cookie"} <= set(packed.headers["vary"].replace(",", "").split())


def test_a_short_answer_is_not_packed(world: World) -> None:
    assert "content-encoding" not in world.ask("GET", "/api/v1/me", headers=PACKED).headers


def test_footage_and_lines_go_as_they_are(world: World) -> None:
    world.keep(record(Shape(seconds=4, start_ms=START)))
    window = f"from_ms={START}&to_ms={START + 4_000}"
    footage = world.ask("GET", f"/api/v1/media/cam/archive.mp4?{window}", headers=PACKED)
    asked = PACKED | {"Accept": "application/x-ndjson"}
    lines = world.ask("POST", "/api/v1/retention/what-if", json={"depth_ms": 3_600_000}, headers=asked)
    assert (footage.status_code, lines.status_code) == (200, 200)
    assert len(footage.content) > 2_000
    assert "content-encoding" not in footage.headers
    assert lines.headers["content-type"] == "application/x-ndjson"
    assert "content-encoding" not in lines.headers


def test_what_has_not_changed_has_no_body(world: World) -> None:
    world.keep(record(Shape(seconds=4, start_ms=START)))
    first = world.ask("GET", f"/api/v1/media/cam/preview.jpg?at_ms={START}", headers=PACKED)
    asked = PACKED | {"If-None-Match": first.headers["etag"]}
    again = world.ask("GET", f"/api/v1/media/cam/preview.jpg?at_ms={START}", headers=asked)
    assert (again.status_code, again.content) == (304, b"")
    assert "content-encoding" not in again.headers
