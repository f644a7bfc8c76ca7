"""GET over connections that stay open: the standard library's client and a list of idle ones.

A request costs half of what it costs through urllib3, and motion makes one for every key frame of every camera.
"""

import ssl
from collections import deque
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import NamedTuple
from urllib.parse import urlsplit

_CONNECT_S = 5.0


class Answer(NamedTuple):
    """A whole one."""

    status: int
    body: bytes


class Unanswered(Exception):
    """Nobody answered, or not to the end; the message says how."""


class Connections:
    """To one server. Thread-safe: each request has a connection to itself."""

    def __init__(self, url: str, timeout_s: float) -> None:
        parts = urlsplit(url)
        self._server, self._timeout_s = parts.netloc, timeout_s
        self._tls = ssl.create_default_context() if parts.scheme == "https" else None
        self._idle: deque[HTTPConnection] = deque()

    def get(self, path: str, headers: Mapping[str, str]) -> Answer:
        """What the server answers; redirects are answers. Raises Unanswered."""
        try:
            while self._idle:
                answer = self._over_idle(path, headers)
                if answer is not None:
                    return answer
            return self._ask(self._connected(), path, headers)
        except (OSError, HTTPException) as error:
            raise Unanswered(type(error).__name__) from None

    def close(self) -> None:
        """Let go of every idle connection."""
        while self._idle:
            self._idle.pop().close()

    def _over_idle(self, path: str, headers: Mapping[str, str]) -> Answer | None:
        """The same over a connection that was used before; None: the server had closed it, so it read nothing."""
        try:
            connection = self._idle.pop()
        except IndexError:  # another thread was first
            return None
        try:
            return self._ask(connection, path, headers)
        except ConnectionError:
            return None

    def _ask(self, connection: HTTPConnection, path: str, headers: Mapping[str, str]) -> Answer:
        try:
            connection.request("GET", path, headers=dict(headers))
            response = connection.getresponse()
            answer = Answer(response.status, response.read())
        except BaseException:
            connection.close()
            raise
        if response.will_close:
            connection.close()
        else:
            self._idle.append(connection)
        return answer

    def _connected(self) -> HTTPConnection:
        if self._tls is None:
            connection = HTTPConnection(self._server, timeout=_CONNECT_S)
        else:
            connection = HTTPSConnection(self._server, timeout=_CONNECT_S, context=self._tls)
        connection.connect()
        connection.sock.settimeout(self._timeout_s)
        return connection
