"""What the API is told of the machine: what runs, by its own figures."""

import json
from pathlib import Path

from prometheus_client import CollectorRegistry, ProcessCollector, start_http_server

from cli.machine import OurMachine
from infra.settings import Settings


def machine(folder: Path, ports: dict[str, int]) -> OurMachine:
    (folder / "ports.json").write_text(json.dumps(ports))
    return OurMachine(Settings(data=folder, api_key="k", clickhouse="http://127.0.0.1:9"))


def test_a_program_says_itself_since_when_it_runs_and_how_large_it_is(tmp_path: Path) -> None:
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    server, thread = start_http_server(0, "127.0.0.1", registry)
    try:
        (smtp,) = machine(tmp_path, {"smtp_health": server.server_port, "kafka": 1}).parts()
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    assert (smtp.name, smtp.is_well) == ("smtp", True)
    assert smtp.since_ms is not None
    assert smtp.since_ms > 1_700_000_000_000
    assert smtp.memory_bytes is not None
    assert smtp.memory_bytes > 1 << 20


def test_a_program_that_does_not_answer_is_not_well_and_the_api_asks_itself(tmp_path: Path) -> None:
    found = {one.name: one for one in machine(tmp_path, {"effects_health": 9, "api_health": 9}).parts()}
    assert (found["effects"].is_well, found["effects"].since_ms) == (False, None)
    assert found["api"].is_well
    assert found["api"].memory_bytes


def test_where_nobody_supervises_nothing_is_known_of_programs(tmp_path: Path) -> None:
    assert OurMachine(Settings(data=tmp_path, api_key="k", clickhouse="http://127.0.0.1:9")).parts() == []
