import socket
import urllib.error
import urllib.request

import pytest

from infra.health import Beat, serve


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def status(port: int, path: str) -> int:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}") as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def test_a_beating_loop_is_well_and_a_silent_one_is_not() -> None:
    well, silent = free_port(), free_port()
    serve(well, Beat(), stalled_after_s=30)
    serve(silent, Beat(), stalled_after_s=0)
    assert status(well, "/healthz") == 200
    assert status(silent, "/healthz") == 503
    assert status(well, "/metrics") == 200
    assert status(well, "/else") == 404


def test_port_zero_serves_nothing() -> None:
    serve(0, Beat())


def test_a_taken_port_is_an_error() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        with pytest.raises(OSError, match="in use"):
            serve(listener.getsockname()[1], Beat())
