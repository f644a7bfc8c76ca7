"""``sightlog schemas`` and ``sightlog topics`` without a broker."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from cli.commands import schemas as command
from cli.commands import topics as topics_command
from schemas import publish, topics

FROZEN = Path(__file__).parents[4] / "schemas" / "frozen"


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> typer.Typer:
    monkeypatch.setenv("SIGHTLOG_DATA", str(tmp_path))
    monkeypatch.delenv("SIGHTLOG_KAFKA", raising=False)
    built = typer.Typer()
    built.command()(command.schemas)
    built.command()(topics_command.topics)
    return built


def test_the_schema_of_one_topic_is_printed_as_frozen(app: typer.Typer) -> None:
    answer = CliRunner().invoke(app, ["schemas", "episodes"])
    assert answer.output == (FROZEN / "episodes.v1.schema.json").read_text("utf-8")


def test_all_schemas_are_one_object_by_file_name(app: typer.Typer) -> None:
    printed = json.loads(CliRunner().invoke(app, ["schemas"]).output)
    assert list(printed) == [publish.file_name(topic) for topic in topics.ALL]


def test_the_asyncapi_document_speaks_of_the_settings_in_force(
    app: typer.Typer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIGHTLOG_KAFKA", "broker-1:9092,broker-2:9092")
    monkeypatch.setenv("SIGHTLOG_PARTITIONS", "12")
    printed = json.loads(CliRunner().invoke(app, ["schemas", "--asyncapi"]).output)
    assert printed["servers"]["broker"]["host"] == "broker-1:9092"
    assert printed["channels"]["segments"]["bindings"]["kafka"]["partitions"] == 12


def test_files_are_written_into_a_folder_that_need_not_exist(app: typer.Typer, tmp_path: Path) -> None:
    CliRunner().invoke(app, ["schemas", "--out", str(tmp_path / "a" / "b")])
    assert {path.name for path in (tmp_path / "a" / "b").iterdir()} == {path.name for path in FROZEN.iterdir()} | {
        "asyncapi.json"
    }


def test_an_unknown_topic_is_answered_with_those_there_are(app: typer.Typer) -> None:
    answer = CliRunner().invoke(app, ["schemas", "rumours"])
    assert answer.exit_code == 2
    assert "dead-letters" in answer.output


def test_freezing_anew_refuses_what_readers_would_stumble_over(
    app: typer.Typer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "FROZEN", tmp_path)
    assert CliRunner().invoke(app, ["schemas", "--write"]).exit_code == 0
    frozen = tmp_path / "storage.v1.schema.json"
    yesterday = json.loads(frozen.read_text("utf-8"))
    yesterday["$defs"]["StorageMeasured"]["properties"]["inodes"] = {"type": "integer"}
    frozen.write_text(json.dumps(yesterday), "utf-8")
    answer = CliRunner().invoke(app, ["schemas", "--write"])
    assert answer.exit_code == 2
    assert "StorageMeasured.inodes is gone" in " ".join(answer.output.replace("│", " ").split())
    assert json.loads(frozen.read_text("utf-8")) == yesterday


def test_topics_are_listed_with_what_who_and_how_long_without_a_broker(app: typer.Typer) -> None:
    rows = json.loads(CliRunner().invoke(app, ["topics", "--json"]).output)
    assert [row["name"] for row in rows] == list(topics.BY_NAME)
    kept = {row["name"]: row["kept"] for row in rows}
    assert (kept["media"], kept["storage"], kept["segments"]) == ("last per key", "7 d", "for ever")
    assert all("records" not in row for row in rows)


def test_the_table_says_that_no_broker_is_running(app: typer.Typer) -> None:
    output = CliRunner().invoke(app, ["topics"]).output
    assert "SegmentRecorded" in output
    assert "sightlog up" in output
