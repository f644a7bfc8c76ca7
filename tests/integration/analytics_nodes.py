"""Analytics nodes for tests: a real little HTTP server on loopback, well behaved or not."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

PATH = "/vision/api/v3/episodes"
Answer = tuple[int, dict[str, str], bytes]
NOW_MS = 1_700_000_000_000


def episode(number: int, at_ms: int, **more: Any) -> dict[str, Any]:
    return {"episode_id": number, "media": "gate-1", "opened_at": at_ms, "updated_at": at_ms} | more


class Node:
    """Keeps episodes in the order of ``updated_at`` and answers in pages, waiting for news as it is asked to."""

    def __init__(self, page: int = 100, has_cursor: bool = False) -> None:
        self.episodes: list[dict[str, Any]] = []
        self.asked: list[tuple[dict[str, str], dict[str, str]]] = []
        """(parameters, headers) of every request."""
        self.misbehave: Callable[[dict[str, str]], Answer | None] = lambda asked: None
        self._page, self._has_cursor = page, has_cursor
        self._news = threading.Condition()
        self._stopping = False

    def add(self, *episodes: dict[str, Any]) -> None:
        with self._news:
            self.episodes += episodes
            self._news.notify_all()

    def stop(self) -> None:
        with self._news:
            self._stopping = True
            self._news.notify_all()

    def answer(self, asked: dict[str, str], headers: dict[str, str]) -> Answer:
        self.asked.append((asked, headers))
        if (other := self.misbehave(asked)) is not None:
            return other
        deadline = time.monotonic() + float(asked.get("poll_timeout", 0))
        with self._news:
            while not (new := self._new(asked)) and not self._stopping and time.monotonic() < deadline:
                self._news.wait(deadline - time.monotonic())
        page = new[: self._page]
        told: dict[str, Any] = {"episodes": [each for _, each in page], "estimated_count": len(new)}
        if self._has_cursor:
            told["next"] = str(page[-1][0] + 1 if page else int(asked.get("cursor", 0)))
        return 200, {"Content-Type": "application/json"}, json.dumps(told).encode()

    def _new(self, asked: dict[str, str]) -> list[tuple[int, dict[str, Any]]]:
        since_ms, start = int(asked.get("updated_at_gt", 0)), int(asked.get("cursor", 0))
        places = enumerate(self.episodes)
        return [(place, each) for place, each in places if each["updated_at"] > since_ms and place >= start]


@contextmanager
def serving(node: Node) -> Iterator[str]:
    """The node behind an address of its own."""

    class Door(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            asked = {name: values[-1] for name, values in parse_qs(parts.query).items()}
            status, headers, body = node.answer(asked, {name.lower(): value for name, value in self.headers.items()})
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *arguments: object) -> None:
            """Clients that are killed leave broken pipes."""

    server = Server(("127.0.0.1", 0), Door)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}{PATH}"
    finally:
        node.stop()
        server.shutdown()
        server.server_close()
        thread.join(5)
