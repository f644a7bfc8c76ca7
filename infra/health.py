"""Health of one of our own processes: it is well while its main loop beats."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from infra.clock import monotonic_s


class Beat:
    """The pulse of a main loop. Thread-safe."""

    def __init__(self) -> None:
        self._last_s = monotonic_s()

    def touch(self) -> None:
        """Say that the main loop has just gone round."""
        self._last_s = monotonic_s()

    def age_s(self) -> float:
        """Seconds since the last touch."""
        return monotonic_s() - self._last_s


def serve(port: int, beat: Beat, stalled_after_s: float = 30.0, host: str = "127.0.0.1") -> None:
    """Answer ``/healthz`` (200 while the beat is younger than ``stalled_after_s``, else 503) and ``/metrics``.

    Serves from a daemon thread until the process ends. Port 0: no server. Raises OSError when the port is taken.
    """
    if not port:
        return

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/metrics":
                self._answer(200, generate_latest(), CONTENT_TYPE_LATEST)
            elif self.path == "/healthz":
                age = beat.age_s()
                self._answer(200 if age < stalled_after_s else 503, f"last beat {age:.1f} s ago\n".encode())
            else:
                self._answer(404, b"try /healthz or /metrics\n")

        def _answer(self, status: int, body: bytes, kind: str = "text/plain; charset=utf-8") -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Probes every second are not worth a line."""

    server = ThreadingHTTPServer((host, port), Handler)
    threading.Thread(target=server.serve_forever, name="health", daemon=True).start()
