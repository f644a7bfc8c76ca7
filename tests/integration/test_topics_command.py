"""``sightlog topics`` on a real broker."""

import json

import pytest
import typer
from typer.testing import CliRunner

from cli.commands import topics as command
from infra import kafka
from infra.settings import Settings
from schemas import facts


def app() -> typer.Typer:
    built = typer.Typer()
    built.command()(command.topics)
    return built


def told() -> dict[str, dict[str, int]]:
    """Topic → its row."""
    answer = CliRunner().invoke(app(), ["--json"])
    assert not answer.stderr
    return {row["name"]: row for row in json.loads(answer.stdout)}


def test_records_are_counted_on_a_real_broker(stack: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGHTLOG_KAFKA", stack.kafka)
    monkeypatch.setenv("SIGHTLOG_TOPIC_PREFIX", stack.topic_prefix)
    kafka.ensure_topics(stack)
    before = told()["storage"]["records"]
    log = kafka.KafkaLog(stack, "test")
    log.append(facts.StorageMeasured(store="s", observed_ms=1, used_bytes=1, capacity_bytes=2)).result(60)
    log.close()
    after = told()
    assert after["storage"]["records"] == before + 1
    assert after["segments"]["partitions"] == stack.partitions


def test_a_broker_that_does_not_answer_is_said_once_and_the_list_is_still_given(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SIGHTLOG_KAFKA", "127.0.0.1:1")
    monkeypatch.setattr(kafka, "_WAIT_S", 0.5)
    answer = CliRunner().invoke(app(), [])
    assert "SegmentRecorded" in answer.stdout
    assert answer.stderr.count("cannot be counted") == 1
