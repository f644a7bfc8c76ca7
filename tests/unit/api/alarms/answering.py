"""A mail listener that says what it is told to say."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def listener(*answers: str) -> Iterator[int]:
    """The port of a listener that gives these answers, one per line it is told."""

    class Told(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            for answer in answers:
                self.wfile.write(answer.encode() + b"\r\n")
                if not self.rfile.readline():
                    return

    with socketserver.TCPServer(("127.0.0.1", 0), Told) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
