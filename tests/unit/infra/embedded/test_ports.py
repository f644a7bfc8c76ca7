"""Which ports a data folder gets, and what is said when one is taken."""

import json
import socket
from pathlib import Path

import pytest

from infra.embedded import ports
from infra.embedded.parts import StackError


def test_a_restart_keeps_its_ports(tmp_path: Path) -> None:
    wanted = {"kafka": 0, "s3": 0, "api": 0}
    first = ports.settle(tmp_path / "ports.json", wanted)
    assert len(set(first.values())) == 3
    assert ports.settle(tmp_path / "ports.json", wanted) == first


def test_a_remembered_port_that_was_taken_is_replaced(tmp_path: Path) -> None:
    first = ports.settle(tmp_path / "ports.json", {"kafka": 0, "s3": 0})
    with socket.socket() as thief:
        thief.bind(("127.0.0.1", first["kafka"]))
        thief.listen()
        second = ports.settle(tmp_path / "ports.json", {"kafka": 0, "s3": 0})
    assert second["kafka"] != first["kafka"]
    assert second["s3"] == first["s3"]


def test_a_wanted_port_in_use_is_named_with_what_to_do(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(StackError, match=rf"port {port} \(api\) is in use.*SIGHTLOG_API_PORT.*0 picks"):
            ports.settle(tmp_path / "ports.json", {"api": port})


@pytest.mark.parametrize("content", ["", "[]", '{"kafka": "x"}', "{"], ids=["empty", "list", "word", "cut off"])
def test_a_damaged_memory_is_forgotten(tmp_path: Path, content: str) -> None:
    (tmp_path / "ports.json").write_text(content)
    chosen = ports.settle(tmp_path / "ports.json", {"kafka": 0})
    assert json.loads((tmp_path / "ports.json").read_text()) == chosen


def test_a_port_that_another_name_asks_for_is_not_handed_out_again(tmp_path: Path) -> None:
    first = ports.settle(tmp_path / "ports.json", {"kafka": 0})
    second = ports.settle(tmp_path / "ports.json", {"kafka": 0, "api": first["kafka"]})
    assert second["api"] == first["kafka"]
    assert second["kafka"] != first["kafka"]


def test_a_liked_port_is_taken_where_it_is_free_and_then_kept(tmp_path: Path) -> None:
    liked = ports.settle(tmp_path / "liked.json", {"smtp": 0})  # where no outgoing connection may sit meanwhile
    with socket.socket() as other:
        other.bind(("127.0.0.1", liked["smtp"]))
        other.listen()
        first = ports.settle(tmp_path / "one.json", {"smtp": 0}, liked)
    assert first["smtp"] in ports.RANGE
    assert first != liked
    assert ports.settle(tmp_path / "one.json", {"smtp": 0}, liked) == first
    assert ports.settle(tmp_path / "two.json", {"smtp": 0}, liked) == liked


def test_a_port_that_only_root_may_open_is_said_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "is_free", lambda _port: False)
    with pytest.raises(StackError, match=r"port 465 \(smtp_tls\) .*only for root.*SIGHTLOG_SMTP_TLS_PORT"):
        ports.settle(tmp_path / "ports.json", {"smtp_tls": 465})
