"""Settings: who wins, and one clear line for whatever is impossible."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import ValidationError

from infra import lock, settings
from infra.settings import BadSettings, Settings, load


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in list(os.environ):
        if name.startswith("SIGHTLOG_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("SIGHTLOG_DATA", str(tmp_path))


def config(monkeypatch: pytest.MonkeyPatch, folder: Path, text: str) -> None:
    (folder / "sightlog.toml").write_text(text)
    monkeypatch.setenv("SIGHTLOG_CONFIG", str(folder / "sightlog.toml"))


def leave_addresses(folder: Path) -> None:
    addresses = {"kafka": "127.0.0.1:19092", "api_port": 18080, "s3_secret": "made-at-start"}
    (folder / settings.STACK_FILE).write_text(json.dumps({"settings": addresses}))


@pytest.fixture
def running_stack(tmp_path: Path) -> Iterator[Path]:
    """A data folder that some process (here: this one) holds, with the addresses of its servers."""
    leave_addresses(tmp_path)
    with lock.hold(tmp_path) as taken:
        assert taken
        yield tmp_path


def test_the_environment_wins_over_the_file_and_the_file_over_the_default(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    config(monkeypatch, tmp_path, "api_port = 1111\npartitions = 7")
    monkeypatch.setenv("SIGHTLOG_API_PORT", "2222")
    found = load()
    assert (found.api_port, found.partitions, found.smtp_port) == (2222, 7, 2525)


def test_an_argument_wins_over_everything_and_none_is_no_argument(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGHTLOG_API_PORT", "2222")
    assert load(api_port=3333).api_port == 3333
    assert load(api_port=None).api_port == 2222


def test_a_running_stack_fills_in_only_what_nobody_said(monkeypatch: pytest.MonkeyPatch, running_stack: Path) -> None:
    monkeypatch.setenv("SIGHTLOG_KAFKA", "10.0.0.1:9092")
    found = load()
    assert (found.kafka, found.api_port) == ("10.0.0.1:9092", 18080)


def test_the_addresses_of_a_stack_that_has_stopped_are_not_used(tmp_path: Path) -> None:
    leave_addresses(tmp_path)
    with lock.hold(tmp_path):
        assert load().kafka == "127.0.0.1:19092"
    assert load().kafka == ""


def test_a_stack_file_that_cannot_be_read_says_what_to_do(running_stack: Path) -> None:
    (running_stack / settings.STACK_FILE).write_text("{")
    with pytest.raises(BadSettings, match="stop the stack, delete the file and start again"):
        load()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SIGHTLOG_API_PORT", "70000"),
        ("SIGHTLOG_API_PORT", "http"),
        ("SIGHTLOG_PARTITIONS", "0"),
        ("SIGHTLOG_RECORDER_SHARD", "4/4"),
        ("SIGHTLOG_RECORDER_SHARD", "0/0"),
        ("SIGHTLOG_RECORDER_SHARD", "one"),
        ("SIGHTLOG_S3_BUCKET", "No Spaces"),
        ("SIGHTLOG_DATABASE", "drop table"),
        ("SIGHTLOG_TOPIC_PREFIX", "a/b"),
        ("SIGHTLOG_LOG_LEVEL", "loud"),
        ("SIGHTLOG_LOG_JSON", "perhaps"),
        ("SIGHTLOG_SOURCE_TIMEOUT_S", "0"),
        ("SIGHTLOG_SEGMENT_MS", "6 seconds"),
        ("SIGHTLOG_KAFKA", "broker"),
        ("SIGHTLOG_KAFKA", "http://broker:9092"),
        ("SIGHTLOG_CLICKHOUSE", "127.0.0.1:8123"),
        ("SIGHTLOG_S3", "s3://bucket"),
        ("SIGHTLOG_S3_PUBLIC", "https://"),
        ("SIGHTLOG_STORAGE_BYTES", str(1 << 63)),
    ],
)
def test_an_impossible_value_is_one_line_that_names_variable_value_and_documentation(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(BadSettings) as caught:
        load()
    line = str(caught.value)
    assert line.startswith(f"{name}: ")
    assert f"(got '{value}')" in line
    assert line.endswith("; see docs/ref/settings.md")
    assert "\n" not in line


def test_two_impossible_values_are_two_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGHTLOG_API_PORT", "-1")
    monkeypatch.setenv("SIGHTLOG_PARTITIONS", "-1")
    with pytest.raises(BadSettings) as caught:
        load()
    assert [line.split(":")[0] for line in str(caught.value).splitlines()] == [
        "SIGHTLOG_API_PORT",
        "SIGHTLOG_PARTITIONS",
    ]


def test_a_password_in_a_wrong_url_is_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGHTLOG_CLICKHOUSE", "clickhouse://me:hunter2@db:9000")
    with pytest.raises(BadSettings, match="SIGHTLOG_CLICKHOUSE: ") as caught:
        load()
    assert "hunter2" not in str(caught.value)


def test_secrets_are_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGHTLOG_API_KEY", "hunter2")
    monkeypatch.setenv("SIGHTLOG_S3_SECRET", "hunter2")
    monkeypatch.setenv("SIGHTLOG_CLICKHOUSE", "http://me:hunter2@db:8123")
    assert "hunter2" not in f"{load()!r} {load()}"
    assert load().token() == "hunter2"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("api_port = ", "not TOML", id="broken TOML"),
        pytest.param("api_prot = 1", "SIGHTLOG_API_PROT: Extra inputs are not permitted", id="a name misspelt"),
        pytest.param('api_port = "many"', "SIGHTLOG_API_PORT: ", id="a wrong value"),
    ],
)
def test_a_wrong_file_is_one_clear_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str, said: str) -> None:
    config(monkeypatch, tmp_path, text)
    with pytest.raises(BadSettings, match=said) as caught:
        load()
    assert "\n" not in str(caught.value)


def test_a_config_that_is_not_there_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SIGHTLOG_CONFIG", str(tmp_path / "absent.toml"))
    with pytest.raises(BadSettings, match=r"SIGHTLOG_CONFIG names .*absent\.toml, which is not a file"):
        load()


@pytest.mark.parametrize(("text", "value"), [("False", False), ("false", False), ("0", False), ("true", True)])
def test_false_is_false(monkeypatch: pytest.MonkeyPatch, text: str, value: bool) -> None:
    monkeypatch.setenv("SIGHTLOG_LOG_JSON", text)
    assert load().log_json is value


def test_an_empty_variable_counts_as_absent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGHTLOG_API_PORT", "")
    assert load().api_port == 8080


def test_settings_cannot_be_changed_once_made() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        load().api_port = 1  # type: ignore[misc]


def test_folders_are_absolute_and_home_is_expanded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert load(data="here").data == tmp_path / "here"
    assert load(cache="~/there").cache == tmp_path / "there"


def test_the_admin_token_comes_from_the_data_folder_when_nobody_gave_one(tmp_path: Path) -> None:
    assert load().token() == ""
    (tmp_path / "admin.token").write_text("from-file\n")
    assert load().token() == "from-file"


def test_given_the_three_servers_nothing_embedded_is_needed() -> None:
    ours = {"kafka": "k:9092", "clickhouse": "http://c:8123", "s3": "http://s:9000"}
    assert not load(**ours).is_embedded
    assert load(**ours | {"s3": ""}).is_embedded


def test_the_address_of_the_api_has_no_trailing_slash() -> None:
    assert load(api_url="https://cams.example/").base_url == "https://cams.example"
    assert load(api_host="127.0.0.1", api_port=81).base_url == "http://127.0.0.1:81"


def test_a_shard_is_index_and_count() -> None:
    assert load(recorder_shard="3/4").shard == (3, 4)


def test_every_setting_has_a_description() -> None:
    assert {name for name, field in Settings.model_fields.items() if not field.description} == set()


@pytest.mark.parametrize("servers", ["a:1", "broker-1:9092,broker-2:9092", "[::1]:9092", "127.0.0.1:19092"])
def test_bootstrap_servers_are_hosts_and_ports(servers: str) -> None:
    assert load(kafka=servers).kafka == servers
