"""Questions that tell a serving process from one that merely holds its port open.

``python -m infra.embedded.probes PORT PATH`` exits with 0 when ``GET PATH`` answers 200: a container's health check.
"""

import http
import http.client
import socket
import struct
import sys

TIMEOUT_S = 2.0
_METADATA, _V1, _CORRELATION = 3, 1, 7


def http_get(port: int, path: str) -> bytes | None:
    """The body that ``GET path`` on this loopback port answers with 200; None for anything else, or too late."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_S)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read()
        return body if answer.status == http.HTTPStatus.OK else None
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def http_ok(port: int, path: str) -> bool:
    """True when ``GET path`` on this loopback port answers 200 in time."""
    return http_get(port, path) is not None


def kafka_ok(port: int) -> bool:
    """True when a broker on this loopback port lists at least one live broker.

    A plain TCP connect is not enough: the kernel accepts for a frozen process too, and a broker takes
    connections before it is unfenced. Spoken by hand because a client would keep threads and retries.
    """
    body = struct.pack(">hhih", _METADATA, _V1, _CORRELATION, -1) + struct.pack(">i", 0)
    try:
        with socket.create_connection(("127.0.0.1", port), TIMEOUT_S) as connection:
            connection.sendall(struct.pack(">i", len(body)) + body)
            with connection.makefile("rb") as answer:
                (size,) = struct.unpack(">i", answer.read(4))
                correlation, brokers = struct.unpack_from(">ii", answer.read(size))
    except (OSError, struct.error):
        return False
    return bool(correlation == _CORRELATION and brokers >= 1)


if __name__ == "__main__":
    sys.exit(not http_ok(int(sys.argv[1]), sys.argv[2]))
