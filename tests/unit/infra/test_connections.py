"""Connections that stay open."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from infra.connections import Answer, Connections, Unanswered


class Counting(BaseHTTPRequestHandler):
    """Says which connection it is; closes it after or inside an answer where the path says so."""

    protocol_version = "HTTP/1.1"

    def setup(self) -> None:
        super().setup()
        self.server.opened += 1  # type: ignore[attr-defined]
        self.number = self.server.opened  # type: ignore[attr-defined]

    def do_GET(self) -> None:
        body = str(self.number).encode()
        self.send_response(302 if self.path == "/elsewhere" else 200)
        self.send_header("Location", "/other")
        self.send_header("Content-Length", str(len(body) + (self.path == "/torn")))
        if self.path == "/told":
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = self.path in ("/closes", "/told", "/torn")

    def log_message(self, *told: object) -> None:
        """Nobody reads it."""


@pytest.fixture
def server() -> Iterator[ThreadingHTTPServer]:
    made = ThreadingHTTPServer(("127.0.0.1", 0), Counting)
    made.opened = 0  # type: ignore[attr-defined]
    threading.Thread(target=made.serve_forever, args=(0.01,), daemon=True).start()
    yield made
    made.shutdown()
    made.server_close()


@pytest.fixture
def connections(server: ThreadingHTTPServer) -> Iterator[Connections]:
    made = Connections(f"http://127.0.0.1:{server.server_port}", 60)
    yield made
    made.close()


def test_one_connection_serves_one_request_after_the_other(connections: Connections) -> None:
    assert [connections.get("/", {}) for _ in range(3)] == [Answer(200, b"1")] * 3


@pytest.mark.parametrize("path", ["/closes", "/told"])
def test_a_connection_that_the_server_closed_is_opened_again(connections: Connections, path: str) -> None:
    assert connections.get(path, {}) == Answer(200, b"1")
    assert connections.get("/", {}) == Answer(200, b"2")
    assert connections.get("/", {}) == Answer(200, b"2")


def test_an_answer_torn_off_is_none_and_the_next_is_whole(connections: Connections) -> None:
    with pytest.raises(Unanswered, match="IncompleteRead"):
        connections.get("/torn", {})
    assert connections.get("/", {}) == Answer(200, b"2")


def test_a_redirect_is_an_answer(connections: Connections) -> None:
    assert connections.get("/elsewhere", {}).status == 302


def test_requests_at_once_have_a_connection_each_and_keep_it(
    connections: Connections, server: ThreadingHTTPServer
) -> None:
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda _: connections.get("/", {}), range(60)))
    assert all(answer.status == 200 for answer in answers)
    assert server.opened <= 4  # type: ignore[attr-defined]


def test_nobody_there_is_unanswered() -> None:
    with pytest.raises(Unanswered, match="ConnectionRefusedError"):
        Connections("http://127.0.0.1:9", 1).get("/", {})
