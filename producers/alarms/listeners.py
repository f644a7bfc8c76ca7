"""The doors that cameras knock at: one port each, one kind of encryption each, all into one Door."""

import asyncio
import logging
import os
from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from infra.settings import BadSettings, Settings
from producers.alarms import tls
from producers.alarms.door import Door
from producers.alarms.limits import Held, Seats
from producers.alarms.protocol import CameraSMTP, Shares

_WAITING = 1_024
"""Connections that the system holds for us."""
_AT_ONCE = 40
"""Of them, taken before those that are there already get their turn: a storm of newcomers must not crowd out a mail."""
_COMMANDS = {"*": 1_000, "AUTH": 10, "STARTTLS": 5}
"""How often a command may come before a mail does."""
_FINISH_S = 5.0


class Listener(NamedTuple):
    """One port. ``name``: plain, tls, legacy, legacy_tls."""

    name: str
    port: int
    """0 picks a free one."""
    is_tls: bool
    is_legacy: bool


class Listeners:
    """The open ports, and what their connections share."""

    def __init__(self, settings: Settings, door: Door) -> None:
        self._settings, self._door = settings, door
        self._seats = Seats(settings.smtp_connections, settings.smtp_peer_connections)
        self._held = Held(settings.smtp_held_bytes)
        self._servers: list[asyncio.Server] = []
        self.ports: dict[str, int] = {}
        """Name → port that is listened on."""

    @property
    def connections(self) -> int:
        """Connections now."""
        return len(self._seats)

    @property
    def held_bytes(self) -> int:
        """Bytes of mails in memory."""
        return self._held.total

    async def open(self) -> None:
        """Listen. Raises BadSettings when a port or the certificate cannot be had."""
        logging.getLogger("mail.log").disabled = True  # aiosmtpd writes commands there, and logins are commands
        for listener in wanted(self._settings):
            self._servers.append(await self._listen(listener))
            self.ports[listener.name] = self._servers[-1].sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Take no new connections, let mails in hand end, then hang up."""
        for server in self._servers:
            server.close()
        for session in self._sessions():
            if not session.has_mail:
                session.hang_up("421 4.3.2 shutting down, try again")
        waited_s = 0.0
        while self._held.is_busy and waited_s < _FINISH_S:
            await asyncio.sleep(0.05)
            waited_s += 0.05
        for session in self._sessions():
            session.hang_up("421 4.3.2 shutting down, try again")

    def _sessions(self) -> Iterator[CameraSMTP]:
        return (session for session in list(self._seats) if isinstance(session, CameraSMTP))

    async def _listen(self, listener: Listener) -> asyncio.Server:
        settings = self._settings
        make = partial(
            CameraSMTP, self._door,
            shares=Shares(self._seats, self._held, settings.smtp_session_s),
            listener=listener.name, is_tls=listener.is_tls,
            tls_context=tls.context(settings, listener.is_legacy),
            data_size_limit=settings.smtp_mail_bytes, enable_SMTPUTF8=True, timeout=settings.smtp_idle_s,
            hostname=tls.name(settings), ident="ESMTP Sightlog", auth_require_tls=False,
            authenticator=self._door.authenticator, command_call_limit=_COMMANDS,
            loop=asyncio.get_running_loop(),
        )  # fmt: skip
        loop = asyncio.get_running_loop()
        try:
            server = await loop.create_server(make, settings.smtp_host, listener.port, backlog=_AT_ONCE)
        except OSError as error:
            why = os.strerror(error.errno) if error.errno else str(error)
            raise BadSettings(f"{settings.smtp_host}:{listener.port} cannot be listened on: {why}") from None
        for found in server.sockets:
            with found.dup() as same:
                same.listen(_WAITING)
        return server


def wanted(settings: Settings) -> list[Listener]:
    """The listeners that the settings ask for."""
    others = (
        Listener("tls", settings.smtp_tls_port, is_tls=True, is_legacy=False),
        Listener("legacy", settings.smtp_legacy_port, is_tls=False, is_legacy=True),
        Listener("legacy_tls", settings.smtp_legacy_tls_port, is_tls=True, is_legacy=True),
    )
    plain = Listener("plain", settings.smtp_port, is_tls=False, is_legacy=False)
    return [plain, *(listener for listener in others if listener.port)]
