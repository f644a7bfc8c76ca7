"""What the doctor says of protection and retention."""

from collections.abc import Iterator

import pytest
from prometheus_client import CollectorRegistry, Gauge, start_http_server

from cli import groups, keeping
from cli.findings import Level
from cli.groups import Behind, watched
from cli.services import SERVICES
from infra.log import LogUnavailable
from infra.settings import Settings
from projections.storage.reads import StoredLevel
from tests.unit.infra.test_health import free_port

SETTINGS = Settings(settle_ms=60_000)


def said(unsettled_s: float) -> list[tuple[Level, str]]:
    """What is said of a worker whose page has this figure."""
    registry = CollectorRegistry()
    Gauge("sightlog_retention_unsettled_seconds", "Since then", registry=registry).set(unsettled_s)
    server, thread = start_http_server(0, "127.0.0.1", registry)
    try:
        return [(one.level, one.what) for one in keeping.settled(SETTINGS, server.server_port)]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_what_has_not_been_settled_for_long_is_said_and_what_has_is_not() -> None:
    assert said(359) == []
    assert said(720) == [(Level.WARN, "nothing has been settled for 12 min: nothing is deleted")]
    assert list(keeping.settled(SETTINGS, free_port())) == []


def test_a_group_that_lags_or_has_no_worker_names_the_service_to_run(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [
        Behind("processor-motion-entry", 2, 5000), Behind("processor-protection-v1", 0, 0),
        Behind("effect-expire-objects", 1, 999),
    ]  # fmt: skip
    monkeypatch.setattr(groups, "behind", lambda _settings: found)
    assert [(one.level, one.what, one.advice.split(";")[0]) for one in keeping.lagging(SETTINGS)] == [
        (Level.WARN, "processor-motion-entry is 5000 records behind", "sightlog run processor:motion"),
        (
            Level.WARN,
            "processor-protection-v1 is 0 records behind, and nobody works for it",
            "sightlog run processor:protection",
        ),
    ]
    monkeypatch.setattr(groups, "behind", lambda _settings: found[2:])
    assert [(one.level, one.what) for one in keeping.lagging(SETTINGS)] == [(Level.OK, "1 groups are up to date")]


def test_a_broker_that_is_away_is_a_finding_and_no_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(_settings: Settings) -> Iterator[Behind]:
        raise LogUnavailable("no broker")

    monkeypatch.setattr(groups, "behind", away)
    assert [one.level for one in keeping.lagging(SETTINGS)] == [Level.WARN]


@pytest.mark.parametrize(
    ("used", "size", "expected"),
    [
        (512 << 20, 1 << 30, (Level.OK, "disk: 50% of 1.0 GiB in use")),
        (973 << 20, 1 << 30, (Level.WARN, "disk: 95% of 1.0 GiB in use")),
        (0, 1 << 60, (Level.WARN, "disk: nothing says how large it is, so no room is ever made")),
    ],
)
def test_a_store_that_is_full_or_of_unknown_size_is_said(
    monkeypatch: pytest.MonkeyPatch, used: int, size: int, expected: tuple[Level, str]
) -> None:
    now_ms = 1_790_000_000_000
    stored = StoredLevel(store="disk", observed_ms=now_ms, used_bytes=used, capacity_bytes=size)
    monkeypatch.setattr(keeping.StorageReads, "latest", lambda _self: [stored])
    monkeypatch.setattr(keeping, "now_ms", lambda: now_ms + 60_000)
    assert [(one.level, one.what) for one in keeping.level(SETTINGS)] == [expected]
    monkeypatch.setattr(keeping, "now_ms", lambda: now_ms + 600_000)
    assert [one.what for one in keeping.level(SETTINGS)] == ["nobody measures the store: nothing is deleted"]


def test_every_group_is_of_a_service_that_can_be_run() -> None:
    services = {Behind(hop.group, 0, 0).service for hop in watched()}
    assert services <= SERVICES.keys() | {"processor:protection", "processor:retention", "effects"}
    assert len(services) == 6
