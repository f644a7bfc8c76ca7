"""One conversation with a camera: aiosmtpd's SMTP with a life of its own.

What aiosmtpd decides of commands stays (``commands.py`` widens it to what cameras send). Ours is the rest: how bytes
come in, how a mail is taken in pieces instead of lines, how long a peer may take, and how a connection ends.
"""

import asyncio
import ssl
from asyncio import sslproto
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from aiosmtpd.smtp import MISSING, TLSSetupException, syntax

from producers.alarms.commands import TolerantCommands
from producers.alarms.endofdata import MailText
from producers.alarms.limits import Held, Seats

_PROGRESS_BYTES = 16 << 10
"""Inside a mail, so many bytes are progress like a command."""
_THROWN_AWAY_BYTES = 64 << 20
"""So much of an oversize mail is read to its end, for an answer in its place; a larger one is cut off."""
_LINGER_S = 5
"""A peer that does not take its last answer is cut off after this long."""
_HANDSHAKE_S = 20


@dataclass(frozen=True)
class Shares:
    """What all conversations share: the room they have together, and how long each may take."""

    seats: Seats
    held: Held
    session_s: float = 86_400.0


class _Tls(sslproto.SSLProtocol):
    """The stock one with a smaller buffer: it is allocated for each connection."""

    max_size = 32 << 10


class _Coming:
    """A mail that is coming in."""

    def __init__(self, text: MailText, whole: "asyncio.Future[bool]") -> None:
        self.text = text
        self.whole = whole
        """Resolves to True with the end of the mail, to False when the peer went before."""
        self.gave_way = False
        self.unaccounted = 0
        """Bytes since the last progress."""


class CameraSMTP(TolerantCommands):
    """A conversation. The handler's hooks decide what is taken, as with aiosmtpd."""

    line_length_limit = 16 << 10
    """Of a command; RFC 4954 wants 12,288 for AUTH. Lines of mails have no limit."""

    def __init__(
        self, handler: Any, *, shares: Shares | None = None, listener: str = "", is_tls: bool = False, **stock: Any
    ) -> None:
        super().__init__(handler, **stock)
        self._shares = shares or Shares(Seats(1_000, 1_000), Held(1 << 30))
        self.listener = listener
        self._is_tls_first = is_tls
        self._coming: _Coming | None = None
        self._is_leaving = self._is_in_hand = False
        self._is_bare = False
        self._born_s = self._seen_s = self.loop.time()

    @property
    def peer(self) -> str:
        """IP address of the peer."""
        address = self.session.peer if self.session else None
        return str(address[0])[:64] if isinstance(address, tuple) else ""

    @property
    def has_mail(self) -> bool:
        """True while a mail is coming in or being kept."""
        return self._is_in_hand or self._coming is not None

    @property
    def is_encrypted(self) -> bool:
        """True once the connection is inside TLS."""
        return self._tls_protocol is not None

    # how a connection begins and ends

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A peer is there (again, once TLS is up): it gets a seat, and who must leave for it leaves."""
        is_new = self._original_transport is None
        super().connection_made(transport)
        if is_new:
            for crowded_out in self._shares.seats.take(self, self.peer):
                assert isinstance(crowded_out, CameraSMTP)
                crowded_out.hang_up("421 4.7.0 too many connections, this one was idle longest; try again")
            assert self._handler_coroutine is not None
            self._handler_coroutine.add_done_callback(lambda _: self._leave())

    def data_received(self, data: bytes) -> None:
        """Bytes of a mail go straight to it; everything else waits to be read as lines."""
        rest = data if self._coming is None else self._take(data)
        if rest:
            super().data_received(rest)

    def eof_received(self) -> bool | None:
        """The peer says no more. What it said before is still answered."""
        self._cut_short()
        asyncio.StreamReaderProtocol.eof_received(self)
        return not self.is_encrypted

    def connection_lost(self, error: Exception | None) -> None:
        """The peer is gone. A whole mail in hand is kept all the same; commands already here are read to their end."""
        if self.transport is None:
            return
        self.transport = None
        if self._timeout_handle is not None:
            self._timeout_handle.cancel()
        if self._original_transport is not None:
            self._original_transport.close()
        asyncio.StreamReaderProtocol.connection_lost(self, None)  # an error would hide what came before it
        self._cut_short()
        self._leave()

    def hang_up(self, reply: str = "") -> None:
        """Close, with a last word if there is one; a peer that does not listen is cut off a little later."""
        if self._is_leaving:
            return
        self._is_leaving = True
        self._leave()
        if reply and self.transport is not None:
            self._writer.write(f"{reply}\r\n".encode())
        self._writer.close()
        if self.transport is None:
            return
        if self._timeout_handle is not None:
            self._timeout_handle.cancel()
        self._timeout_handle = self.loop.call_later(_LINGER_S, self._cut_off)

    def _cut_off(self) -> None:
        for transport in (self._original_transport, self.transport):
            if isinstance(transport, asyncio.WriteTransport):
                transport.abort()

    def _leave(self) -> None:
        self._shares.seats.free(self)

    def _cut_short(self) -> None:
        """No more bytes come; a mail that has not ended never will."""
        if self._coming is not None:
            self._end_mail(is_whole=False)

    # how long a peer may take

    def _reset_timeout(self, duration: float | None = None) -> None:
        """Progress: a whole command, or a good piece of a mail. The timer itself stays; it looks again when due."""
        self._seen_s = self.loop.time()
        self._shares.seats.progress(self)
        if self._timeout_handle is None:
            self._timeout_handle = self.loop.call_later(self._timeout_duration, self._timeout_cb)

    def _timeout_cb(self) -> None:
        now_s, end_s = self.loop.time(), self._born_s + self._shares.session_s
        due_s = min(self._seen_s + self._timeout_duration, end_s)
        if self._is_in_hand:  # it is we who take long
            due_s = now_s + self._timeout_duration
        if now_s < due_s - 0.001:
            self._timeout_handle = self.loop.call_at(due_s, self._timeout_cb)
        elif end_s <= now_s:
            self.hang_up("421 4.4.2 this connection has lasted as long as one may")
        else:
            self.hang_up("421 4.4.2 nothing came for too long")

    # what is said

    async def push(self, status: str | bytes) -> None:
        """Send one reply, of one or more lines, in one piece. A peer that is gone hears nothing."""
        if self.transport is None or self._is_leaving:
            return
        reply = status if isinstance(status, bytes) else status.encode()
        if self._corked is not None:
            self._corked.append(reply)
            return
        self._writer.write(reply + b"\r\n")
        with suppress(ConnectionError):  # what it said before it went is still read to its end
            await self._writer.drain()

    async def _handle_client(self) -> None:
        """Greet, then obey until the peer leaves."""
        try:
            if self._is_tls_first:
                await self._secure()
            await self.push(f"220 {self.hostname} {self.__ident__}")
            while not self._is_leaving and (line := await self._line()) is not None:
                await self._obey(line)
        except TLSSetupException as error:
            await self._refused("tls", str(error.__cause__))
        except ConnectionError:
            pass  # nobody is there to be told
        finally:
            self.hang_up()

    async def _line(self) -> bytes | None:
        """The next line without its end; None when the peer says no more. Too long a line is passed over."""
        thrown_away = 0
        while True:
            try:
                line = await self._reader.readuntil(b"\n")
            except asyncio.IncompleteReadError:
                return None
            except asyncio.LimitOverrunError as error:
                thrown_away += len(await self._reader.read(max(error.consumed, 1)))
                if thrown_away > _THROWN_AWAY_BYTES >> 6:
                    self.hang_up("421 4.7.0 a command has no end")
                    return None
                continue
            if thrown_away:
                thrown_away = 0
                await self._bad("500 Command line too long")
                continue
            self._is_bare = not line.endswith(b"\r\n")
            return line.rstrip(b"\r\n")

    # a mail

    @syntax("DATA")
    async def smtp_DATA(self, arg: str | None) -> None:
        """Take a mail, and say what became of it."""
        if await self.check_helo_needed() or await self.check_auth_needed("DATA"):
            return
        assert self.envelope is not None
        if not self.envelope.rcpt_tos:
            await self.push("503 Error: need RCPT command")
            return
        if arg:
            await self.push("501 Syntax: DATA")
            return
        coming = await self._begin_mail()
        await self.push("354 End data with <CR><LF>.<CR><LF>")
        if not await coming.whole:
            raise ConnectionResetError("the peer went in the middle of its mail")
        self._is_in_hand = True
        self._shares.held.settle(self)
        try:
            status = await self._status_of(coming)
        finally:
            self._is_in_hand = False
            self._shares.held.end(self)
            self._set_post_data_state()  # type: ignore[no-untyped-call]
        self._reset_timeout()
        await self.push(status)

    async def _status_of(self, coming: _Coming) -> str:
        """What the handler says to the mail, unless there is none to show it."""
        if coming.text.is_oversize:
            return await self._refused("oversize", "552 Error: Too much mail data")
        if coming.gave_way:
            return await self._refused("crowded", "452 4.3.1 too many mails are coming in, try again")
        assert self.envelope is not None
        content = coming.text.content()
        self.envelope.original_content = content
        self.envelope.content = content.decode("utf-8", "surrogateescape") if self._decode_data else content
        status = await self._call_handler_hook("DATA")
        self.forgive()
        return "250 OK" if status is MISSING else str(status)

    async def _begin_mail(self) -> _Coming:
        """From here on bytes are the mail's; those that came before they were asked for as well."""
        coming = _Coming(MailText(self.data_size_limit, self._is_bare), self.loop.create_future())
        self._shares.held.begin(self, self._give_way)
        waiting: bytearray = self._reader._buffer  # type: ignore[attr-defined]
        early = await self._reader.read(len(waiting)) if waiting else b""
        self._coming = coming
        if early:
            waiting.extend(self._take(early))  # not fed: the peer may be gone, and no more may be fed then
        if self._reader.at_eof():
            self._cut_short()
        return coming

    def _take(self, data: bytes) -> bytes:
        """The next bytes of the mail; what a peer that does not wait for answers sent behind its end."""
        coming = self._coming
        assert coming is not None
        used = coming.text.feed(data)
        if not coming.text.is_dropped:
            self._shares.held.add(self, len(data))
        elif not coming.gave_way:
            self._shares.held.end(self)
        if used is not None:
            self._end_mail(is_whole=True)
            return data[used:]
        coming.unaccounted += len(data)
        if coming.unaccounted >= _PROGRESS_BYTES:
            coming.unaccounted = 0
            self._reset_timeout()
        if coming.text.size > (self.data_size_limit or 0) + _THROWN_AWAY_BYTES and coming.text.is_dropped:
            self.hang_up("552 5.3.4 far too large a mail")
            self._cut_short()
        return b""

    def _end_mail(self, is_whole: bool) -> None:
        coming, self._coming = self._coming, None
        if not is_whole:
            self._shares.held.end(self)
        if coming is not None and not coming.whole.done():
            coming.whole.set_result(is_whole)

    def _give_way(self) -> None:
        """The room is needed for other mails: this one is thrown away and answered 452 at its end."""
        if self._coming is not None:
            self._coming.gave_way = True
            self._coming.text.drop()

    # TLS

    @syntax("STARTTLS", when="tls_context")
    async def smtp_STARTTLS(self, arg: str | None) -> None:
        """Begin TLS; everything said before is forgotten (RFC 3207)."""
        if arg:
            await self.push("501 Syntax: STARTTLS")
        elif not self.tls_context:
            await self.push("454 TLS not available")
        elif self.is_encrypted:
            await self.push("503 5.5.1 this connection is encrypted already")
        else:
            await self.push("220 Ready to start TLS")
            await self._secure()

    async def _secure(self) -> None:
        """Shake hands. ``connection_made`` is called again, by the TLS layer, the moment that is done."""
        waiter = self.loop.create_future()
        plain = self.transport
        assert isinstance(plain, asyncio.Transport)
        assert self.tls_context is not None
        self._original_transport = plain
        self._tls_protocol = _Tls(
            self.loop, self, self.tls_context, waiter, server_side=True,
            ssl_handshake_timeout=_HANDSHAKE_S, ssl_shutdown_timeout=_LINGER_S,
        )  # fmt: skip
        plain.set_protocol(self._tls_protocol)
        self.transport = self._tls_protocol._app_transport
        self._tls_protocol.connection_made(plain)
        try:
            await waiter
        except (OSError, ssl.SSLError) as error:
            plain.abort()
            self.connection_lost(error)
            raise TLSSetupException from error
