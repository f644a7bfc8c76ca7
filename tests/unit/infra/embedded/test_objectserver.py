"""The object server's login and command line."""

import tomllib
from pathlib import Path

import pytest

from infra.embedded import objectserver

PORTS = {name: 21_000 + number for number, name in enumerate(objectserver.DOORS)}


def test_the_login_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    first = objectserver.login(tmp_path / "objects")
    assert objectserver.login(tmp_path / "objects") == first
    assert len(first.secret) >= 40
    assert (tmp_path / "objects" / "identities.json").stat().st_mode & 0o777 == 0o600


def test_every_port_it_opens_is_ours_and_on_loopback(tmp_path: Path) -> None:
    argv = objectserver.part(tmp_path, PORTS).argv
    assert "-ip.bind=127.0.0.1" in argv
    for port in PORTS.values():
        assert any(word.endswith(f"={port}") for word in argv)


def test_it_calls_nobody_home(tmp_path: Path) -> None:
    assert "-master.telemetry=false" in objectserver.part(tmp_path, PORTS).argv


@pytest.mark.parametrize(
    ("disk_mb", "reserve_mb"),
    [(10, 1), (10_000, 500), (60_000, 2048), (150_000, 2048), (4_000_000, 40_000)],
)
def test_room_to_delete_and_to_sweep_in_is_never_filled(disk_mb: int, reserve_mb: int, tmp_path: Path) -> None:
    assert objectserver.reserve_mb(disk_mb) == reserve_mb
    assert any(word.startswith("-volume.minFreeSpace=") for word in objectserver.part(tmp_path, PORTS).argv)


def test_its_secrets_are_not_on_its_command_line(tmp_path: Path) -> None:
    login = objectserver.login(tmp_path)
    words = " ".join(objectserver.part(tmp_path, PORTS).argv)
    assert login.secret not in words
    assert login.key not in words


def test_the_inner_doors_are_locked_with_keys_of_their_own(tmp_path: Path) -> None:
    objectserver.part(tmp_path, PORTS)
    keys = [line for line in (tmp_path / "security.toml").read_text().splitlines() if line.startswith("key")]
    assert len(set(keys)) == 4
    assert (tmp_path / "security.toml").stat().st_mode & 0o777 == 0o600


def test_names_are_on_disk_before_an_object_is_acknowledged(tmp_path: Path) -> None:
    objectserver.part(tmp_path, PORTS)
    names = tomllib.loads((tmp_path / "filer.toml").read_text())
    assert list(names) == ["sqlite"]
    assert names["sqlite"]["enabled"]
    assert "synchronous(FULL)" in names["sqlite"]["dbFile"]


def test_a_folder_whose_names_lie_elsewhere_keeps_them(tmp_path: Path) -> None:
    (tmp_path / "volumes" / "filerldb2").mkdir(parents=True)
    objectserver.part(tmp_path, PORTS)
    assert not (tmp_path / "filer.toml").exists()


def test_a_missing_binary_is_named_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(objectserver.sys, "executable", "/nowhere/python")
    monkeypatch.setattr(objectserver.shutil, "which", lambda _name: None)
    with pytest.raises(objectserver.StackError, match="make setup"):
        objectserver.binary()
