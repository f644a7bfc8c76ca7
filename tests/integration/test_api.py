"""The API on real servers: what was appended is answered, what was recorded comes out again."""

import re
import secrets
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest

from api.stored import StoredArchive
from infra import clock
from infra.clickhouse import Database
from infra.kafka import Follower, KafkaLog, ensure_topics
from infra.objects import S3Store
from infra.settings import Settings, child_environment
from producers.segments.ingest import DirectArchive, store_file
from schemas.facts import RecordingGap
from tests.footage import Shape, frames, record
from tests.integration.clips import make
from tests.integration.ports import free_port
from tests.integration.recording import wait_for
from tests.integration.served import TOKEN, patient, served
from tests.integration.test_projection import running as projecting

START = Shape().start_ms
SECRET = "rtsp://admin:geh%40im@10.0.0.5/stream?user=u&password=p"
SERVICE = """
import sys
from infra.settings import BadSettings, Settings
from api import server
from processors.retention.what_if.question import make
from tests.memory_machine import StillMachine
try:
    server.run(Settings.model_validate_json(sys.stdin.read()), make, StillMachine())
except BadSettings as error:
    sys.exit(str(error))
"""


class System(NamedTuple):
    """One API over real servers, and what feeds it."""

    api: httpx.Client
    log: KafkaLog
    store: S3Store
    settings: Settings

    def ranges(self, media: str) -> list[dict[str, int]]:
        answer = self.api.get(f"media/{media}/ranges", params={"from_ms": 0, "to_ms": 9_999_999_999_999})
        return answer.json()["recorded"] if answer.status_code == 200 else []


@pytest.fixture(scope="module")
def system(stack: Settings) -> Iterator[System]:
    mark = secrets.token_hex(3)
    own = {"topic_prefix": f"a{mark}.", "database": f"a{mark}", "flush_ms": 50}
    settings = stack.model_copy(update=own)
    ensure_topics(settings)
    log, store = KafkaLog(settings, "test"), S3Store(settings)
    store.ensure_bucket()
    archive = StoredArchive(settings, Database(settings))
    with (
        patient(),
        projecting(settings, log),
        served(settings, store, archive, log, lambda: Follower(settings, "media")) as api,
    ):
        wait_for(lambda: api.get("media").status_code == 200, 60)
        yield System(api, log, store, settings)
    log.close()


def feed(system: System, shape: Shape) -> None:
    for fact, data in record(shape):
        system.store.put(fact.object_key, data, "video/mp4")
        system.log.append(fact).result(60)


def test_a_camera_is_read_as_soon_as_it_is_set(system: System) -> None:
    answer = system.api.put("media/tył-1", json={"source": SECRET, "title": "Tył", "labels": ["yard"]})
    assert answer.status_code == 200, answer.text
    read = system.api.get("media/tył-1")
    assert read.json() == answer.json()
    assert read.json()["status"] == "never"
    assert "geh" not in read.text
    assert "=p" not in read.text
    listed = system.api.get("media", params={"q": "yard"}).json()
    assert [one["media"] for one in listed["media"]] == ["tył-1"]


def test_the_password_survives_an_answer_sent_back(system: System) -> None:
    system.api.put("media/kept", json={"source": SECRET})
    shown = system.api.get("media/kept").json()["source"]
    assert system.api.put("media/kept", json={"source": shown, "title": "New"}).status_code == 200
    follower = Follower(system.settings, "media")
    try:
        sources = []
        wait_for(lambda: sources.extend(one.value for one in follower.poll(0.2)) or follower.caught_up)
    finally:
        follower.close()
    last = [value for value in sources if value and b'"kept"' in value][-1]
    assert SECRET.encode() in last
    assert b'"New"' in last


def test_cameras_are_imported_and_removed(system: System) -> None:
    answer = system.api.post("media/import", content="media,title,depth\nimp1,One,6h\nimp2,Two,2d\n")
    assert answer.json() == {"created": 2, "updated": 0}
    assert system.api.get("media/imp2").json()["depth_ms"] == 172_800_000
    assert system.api.post("media/import", content="media,title\nimp2,Zwei\n").json() == {"created": 0, "updated": 1}
    assert system.api.get("media/imp2").json()["depth_ms"] == 172_800_000
    assert system.api.delete("media/imp1").status_code == 204
    assert system.api.get("media/imp1").status_code == 404


def test_cameras_are_found_by_folder_group_and_whether_they_record(system: System) -> None:
    assert system.api.put("groups/yard", json={}).status_code == 200
    told = {"gate": ("yard", "site/north"), "door": ("yard", "site"), "lift": ("", "sites")}
    lines = [f"{name},{group},{folder}" for name, (group, folder) in told.items()]
    assert system.api.post("media/import", content="\n".join(["media,groups,folder", *lines])).json()["created"] == 3
    feed(system, Shape(media="door", seconds=2))
    feed(system, Shape(media="lift", seconds=2, start_ms=clock.now_ms() + 60_000))  # however late it is shown

    def found(**query: str) -> list[str]:
        listed = system.api.get("media", params=query).json()["media"]
        return [one["media"] for one in listed if one["media"] in told]

    wait_for(lambda: found(status="never") == ["gate"])
    assert (found(status="lost"), found(status="recording")) == (["door"], ["lift"])
    assert (found(group="yard"), found(folder="site"), found(folder="site/north")) == (
        ["door", "gate"], ["door", "gate"], ["gate"],
    )  # fmt: skip
    assert found(folder="site", status="lost", q="OO") == ["door"]
    assert system.api.get("media/gate").json()["groups"] == ["yard"]


def test_recorded_footage_is_answered_by_every_route(system: System) -> None:
    feed(system, Shape(media="all", seconds=8))
    feed(system, Shape(media="all", seconds=4, start_ms=START + 20_000, run="run2"))
    gap = RecordingGap(
        media="all", observed_ms=START + 20_000, start_ms=START + 8_000, end_ms=START + 20_000, reason="source_lost"
    )
    system.log.append(gap).result(60)
    wait_for(lambda: len(system.ranges("all")) == 2 and system.ranges("all")[1]["end_ms"] == START + 24_000)
    window = {"from_ms": START, "to_ms": START + 60_000}
    told = wait_for(lambda: (found := system.api.get("media/all/ranges", params=window).json())["gaps"] and found)
    assert told == {
        "recorded": [
            {"start_ms": START, "end_ms": START + 8_000}, {"start_ms": START + 20_000, "end_ms": START + 24_000},
        ],
        "protected": [],
        "gaps": [{"start_ms": START + 8_000, "end_ms": START + 20_000, "reason": "source_lost"}],
    }  # fmt: skip
    assert system.api.get("media/all/days").json()["days"][0] == {
        "day": "2026-09-21", "recorded_ms": 12_000, "episodes": 0,
    }  # fmt: skip
    steps = system.api.get("media/all/activity", params=window | {"step_ms": 10_000}).json()["recorded_ms"]
    assert steps == [8_000, 0, 4_000, 0, 0, 0]
    picture = system.api.get("media/all/preview.jpg", params={"at_ms": START + 21_400})
    assert picture.headers["x-at-ms"] == str(START + 21_000)
    assert picture.content[:2] == b"\xff\xd8"


def test_a_player_needs_no_token_for_the_bytes(system: System) -> None:
    feed(system, Shape(media="bytes", seconds=4))
    wait_for(lambda: system.ranges("bytes") == [{"start_ms": START, "end_ms": START + 4_000}])
    text = system.api.get("media/bytes/archive.m3u8", params={"from_ms": START, "to_ms": START + 4_000}).text
    init = re.search(r'#EXT-X-MAP:URI="([^"]+)",BYTERANGE="(\d+)@0"', text)
    assert init
    content = ranged(init[1], 0, int(init[2]))
    for size, offset, url in re.findall(r"#EXT-X-BYTERANGE:(\d+)@(\d+)\n(\S+)", text):
        content += ranged(url, int(offset), int(size))
    assert len(frames(content)) == 100


def ranged(url: str, offset: int, size: int) -> bytes:
    answer = httpx.get(url, headers={"Range": f"bytes={offset}-{offset + size - 1}"}, timeout=60)
    assert (answer.status_code, len(answer.content)) == (206, size)
    return answer.content


@pytest.mark.parametrize("bframes", [0, 2])
def test_ingested_footage_comes_out_frame_by_frame(bframes: int, system: System, tmp_path: Path) -> None:
    source = make(tmp_path / "in.mp4", seconds=12, bframes=bframes)
    media = f"ingested{bframes}"
    direct = DirectArchive(media, system.store, system.log, lambda fact: None)
    store_file(source, START, direct, 3_000)
    direct.settle()
    wait_for(lambda: system.ranges(media) == [{"start_ms": START, "end_ms": START + 12_000}])
    answer = system.api.get(f"media/{media}/archive.mp4", params={"from_ms": START, "to_ms": START + 60_000})
    got, wanted = frames(answer.content), frames(source.read_bytes())
    assert [picture for _, picture in got] == [picture for _, picture in wanted]
    assert all(abs(at - true + wanted[0][0]) < 0.040 for (at, _), (true, _) in zip(got, wanted, strict=True))


def test_every_server_behind_the_api_is_named_by_readyz(system: System) -> None:
    answer = httpx.get(str(system.api.base_url).replace("/api/v1/", "/metrics"), timeout=60)
    assert 'sightlog_projection_lag_records{projection="segments",topic="segments"}' in answer.text


def process(settings: Settings, port: int) -> subprocess.Popen[bytes]:
    given = settings.model_copy(update={"api_port": port, "api_key": type(settings.api_key)(TOKEN)})
    text = given.model_dump_json().replace('"**********"', f'"{TOKEN}"', 1)
    running = subprocess.Popen(
        [sys.executable, "-c", SERVICE], stdin=subprocess.PIPE, stderr=subprocess.PIPE,
        env=child_environment({"SIGHTLOG_S3_SECRET": settings.s3_secret.get_secret_value()}),
    )  # fmt: skip
    assert running.stdin
    secret = settings.s3_secret.get_secret_value()
    running.stdin.write(re.sub(r'"s3_secret":"[^"]*"', f'"s3_secret":"{secret}"', text).encode())
    running.stdin.close()
    return running


def test_the_service_is_ready_and_stops_cleanly(system: System) -> None:
    port = free_port()
    running = process(system.settings, port)
    try:
        ready = wait_for(lambda: answered(f"http://127.0.0.1:{port}/readyz"))
        assert ready.json() == {"status": "ready", "checks": {"log": "ok", "database": "ok", "store": "ok"}}
        running.send_signal(signal.SIGTERM)
        assert running.wait(120) == 0
        assert TOKEN.encode() not in (running.stderr.read() if running.stderr else b"")
    finally:
        running.kill()


def answered(url: str) -> httpx.Response | None:
    try:
        answer = httpx.get(url, timeout=10)
    except httpx.TransportError:
        return None
    return answer if answer.status_code == 200 else None


def test_a_taken_port_is_one_clear_line(system: System) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        running = process(system.settings, port)
        assert running.stderr
        said = running.stderr.read().decode().strip()
        assert running.wait(120) == 1
    assert said.splitlines()[-1].startswith(f"the API cannot listen on 127.0.0.1:{port} (Address already in use)")
    assert "SIGHTLOG_API_PORT" in said
    assert "Traceback" not in said
