"""Which ports a stack settles, and what it tells its services of them."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.embedded import ports, stack
from infra.embedded.parts import StackError
from infra.settings import Settings


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that another program listens on."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


@pytest.fixture
def usual(monkeypatch: pytest.MonkeyPatch) -> int:
    """The usual mail port, taken: for this test alone, whatever stacks run beside it."""
    usual, real = Settings().smtp_port, ports.is_free
    monkeypatch.setattr(ports, "is_free", lambda port: port != usual and real(port))
    return usual


def settled(data: Path, **given: object) -> stack.Stack:
    """A stack without servers of its own."""
    servers = {"kafka": "127.0.0.1:1", "clickhouse": "http://127.0.0.1:1", "s3": "http://127.0.0.1:1"}
    return stack.assemble(Settings(data=data, **(servers | given)), (), print)  # type: ignore[arg-type]


def test_a_mail_port_that_was_asked_for_and_is_taken_is_named(tmp_path: Path, taken: int) -> None:
    with pytest.raises(StackError, match=rf"port {taken} \(smtp\) is in use.*SIGHTLOG_SMTP_PORT"):
        settled(tmp_path, api_port=0, smtp_port=taken)


def test_the_usual_mail_port_is_demanded_where_the_port_of_the_api_is(tmp_path: Path, usual: int) -> None:
    with pytest.raises(StackError, match=rf"port {usual} \(smtp\) is in use"):
        settled(tmp_path, api_port=ports.settle(tmp_path / "free.json", {"api": 0})["api"])


def test_a_stack_whose_api_may_be_anywhere_takes_another_mail_port(tmp_path: Path, usual: int) -> None:
    assert settled(tmp_path, api_port=0).addresses["smtp_port"] not in (0, usual)


def test_further_mail_ports_must_be_free_as_well(tmp_path: Path, taken: int) -> None:
    with pytest.raises(StackError, match=r"\(smtp_tls\).*SIGHTLOG_SMTP_TLS_PORT"):
        settled(tmp_path, api_port=0, smtp_tls_port=taken)
