"""RTSP over TCP, read by ourselves, because libav reads every RTP packet with several system calls.

A camera sends some 300 packets a second; we let the kernel gather them (``SO_RCVLOWAT``) and read once or twice a
second. What we do not speak (UDP, TLS, other codecs) is left to libav: ``NotOurs``.
"""

import select
import socket
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import SplitResult, unquote, urlsplit, urlunsplit

from infra.clock import monotonic_s
from producers.segments import rtp, rtsp_messages, sdp
from producers.segments.rtp import Depacketizer, Unit
from producers.segments.rtsp_messages import Reply
from producers.segments.sdp import Described
from producers.segments.source import SourceFailed

_PORT = 554
_GATHER_BYTES = 256 << 10
_GATHER_MS = 1000
_READ_BYTES = 64 << 10
_MOST_REPLY_BYTES = 1 << 20
_SESSION_S = 60.0
_DOLLAR = 0x24
_NOT_RTSP = "the camera answers nothing that is RTSP"
_BAD_ADDRESS = "the address makes no sense; in a password, / and @ are written %2F and %40"
_REASONS = {401: "the camera refuses the login or password", 403: "the camera forbids it", 404: "no such stream"}


class NotOurs(Exception):
    """The server speaks RTSP in a way that is left to libav. The message says which."""


@dataclass
class Channel:
    """One track being received."""

    described: Described
    depacketizer: Depacketizer
    first_rtp: int | None = None
    """RTP time that the server says its answer to PLAY begins at."""
    sequence: int | None = field(default=None)


class RtspClient:
    """A playing session. Used by one thread."""

    def __init__(self, address: str, *, audio: bool, timeout_s: float) -> None:
        self._timeout_s = timeout_s
        self._sequence, self._session = 0, ""
        self._challenges: tuple[str, ...] = ()
        self._buffer = b""
        try:
            parts = urlsplit(address)
            self._login = unquote(parts.username or ""), unquote(parts.password or "")
            self._url = _without_login(parts)
            self._socket = socket.create_connection((parts.hostname or "", parts.port or _PORT), timeout_s)
        except ValueError:  # its text may hold a piece of the password
            raise SourceFailed(_BAD_ADDRESS, "source_unreadable") from None
        except OSError as error:
            raise SourceFailed(error.strerror or "no connection in time") from None
        try:
            self.channels = self._play(audio)
        except OSError as error:
            self._socket.close()
            raise SourceFailed(error.strerror or "no answer in time") from None
        except (SourceFailed, NotOurs):
            self._socket.close()
            raise
        except ValueError:  # numbers and URLs that are none, wherever a server may put them
            self._socket.close()
            raise SourceFailed(_NOT_RTSP) from None

    def units(self) -> Iterator[tuple[Channel, Unit]]:
        """Units as they arrive. Ends when the server closes; raises SourceFailed when it breaks or falls silent."""
        self._gather()
        poller = select.poll()
        poller.register(self._socket, select.POLLIN)
        self._heard_s = told_s = monotonic_s()
        yield from self._parsed()
        while (data := self._read()) != b"":
            self._buffer += data or b""
            yield from self._parsed()
            now_s = monotonic_s()
            if now_s - self._heard_s > self._timeout_s:
                raise SourceFailed(f"silent for {self._timeout_s:g} s")
            if now_s - told_s > self._keep_alive_s:
                told_s = now_s
                self._keep_alive()
            if data is None:
                poller.poll(_GATHER_MS)

    def close(self) -> None:
        """End the session and the connection."""
        with suppress(OSError):
            self._send("TEARDOWN", self._url)
        self._socket.close()

    def _keep_alive(self) -> None:
        try:
            self._send("GET_PARAMETER", self._url)
        except OSError as error:
            raise SourceFailed(error.strerror or "connection broken") from None

    def _gather(self) -> None:
        """From here on the kernel wakes us for a lot of bytes, or we look after a while."""
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, _GATHER_BYTES)
        self._socket.setblocking(False)

    def _read(self) -> bytes | None:
        """What the kernel holds, at most ``_READ_BYTES``; None when that is nothing, empty when the server closed."""
        try:
            return self._socket.recv(_READ_BYTES)
        except BlockingIOError:
            return None
        except OSError as error:
            raise SourceFailed(error.strerror or "connection broken") from None

    def _parsed(self) -> Iterator[tuple[Channel, Unit]]:
        """Everything whole in the buffer."""
        data, at, size = self._buffer, 0, len(self._buffer)
        while size - at >= 4:
            if data[at] == _DOLLAR:
                end = at + 4 + (data[at + 2] << 8 | data[at + 3])
                if end > size:
                    break
                channel = self.channels.get(data[at + 1])
                if channel is not None and end - at > 16 and _is_of(channel, data, at + 4):
                    for unit in _unpacked(channel, data, at + 4, end):
                        yield channel, unit
                    self._heard_s = monotonic_s()  # after the units: time that their taker needs is no silence
                at = end
            elif data[at : at + 4] == b"RTSP":
                length = rtsp_messages.reply_size(data, at)
                if length is None and size - at < _MOST_REPLY_BYTES:
                    break
                at = at + length if length else _resync(data, at + 1)  # the answer to a keep-alive, or rubbish
            else:
                at = _resync(data, at + 1)
        self._buffer = data[at:]

    def _play(self, audio: bool) -> dict[int, Channel]:
        """Channels by interleaved number, playing."""
        described = self._ask("DESCRIBE", self._url, {"Accept": "application/sdp"})
        base = described.headers.get("content-base") or described.headers.get("content-location") or self._url
        tracks = sdp.parse(described.body.decode("utf-8", "replace"), base)
        chosen = [next((track for track in tracks if track.kind == "video"), None)]
        if audio:
            chosen.append(next((track for track in tracks if track.kind == "audio"), None))
        wanted = [track for track in chosen if track]
        if not wanted or wanted[0].kind != "video":
            raise SourceFailed("the camera offers no pictures", "source_unreadable")
        channels: dict[int, Channel] = {}
        for number, track in enumerate(wanted):
            channel = Channel(track, _depacketizer(track))
            channels[self._setup(track, 2 * number)] = channel
        url = base if "://" in base else self._url
        played = self._ask("PLAY", url, {"Range": "npt=0.000-"})
        for channel in channels.values():
            channel.first_rtp = _rtp_time(played.headers.get("rtp-info", ""), channel.described.control)
        return channels

    def _setup(self, track: Described, number: int) -> int:
        asked = f"RTP/AVP/TCP;unicast;interleaved={number}-{number + 1}"
        reply = self._ask("SETUP", track.control, {"Transport": asked})
        session, _, options = reply.headers.get("session", "").partition(";")
        self._session = session.strip()
        timeout = options.strip().removeprefix("timeout=")
        self._keep_alive_s = max(5.0, (float(timeout) if timeout.isdecimal() else _SESSION_S) / 2)
        given = reply.headers.get("transport", "").replace(" ", "").split("interleaved=")
        return int(given[1].split("-")[0]) if len(given) > 1 and given[1].split("-")[0].isdecimal() else number

    def _ask(self, method: str, url: str, headers: dict[str, str]) -> Reply:
        """A good answer. Raises SourceFailed, or NotOurs for a transport that is refused."""
        self._send(method, url, headers)
        reply = self._receive()
        if reply.status == 401 and reply.challenges and self._login[0]:
            self._challenges = reply.challenges
            self._send(method, url, headers)
            reply = self._receive()
        if reply.status == 461:
            raise NotOurs("the server refuses TCP")
        if not 200 <= reply.status < 300:
            detail = _REASONS.get(reply.status, f"the camera answers {method} with {reply.status}")
            raise SourceFailed(detail, "source_unreadable" if reply.status in _REASONS else "source_lost")
        return reply

    def _send(self, method: str, url: str, headers: dict[str, str] | None = None) -> None:
        self._sequence += 1
        more = dict(headers or {})
        if self._session:
            more["Session"] = self._session
        if answer := rtsp_messages.authorization(self._challenges, *self._login, method, url):
            more["Authorization"] = answer
        self._socket.sendall(rtsp_messages.request(method, url, self._sequence, more))

    def _receive(self) -> Reply:
        deadline = monotonic_s() + self._timeout_s
        while True:
            start = self._buffer.find(b"RTSP/")
            size = rtsp_messages.reply_size(self._buffer, start) if start >= 0 else None
            if size is not None:
                message = self._buffer[start : start + size]
                self._buffer = self._buffer[start + size :]
                return rtsp_messages.parse_reply(message)
            data = self._socket.recv(_READ_BYTES)
            if not data or monotonic_s() > deadline or len(self._buffer) > _MOST_REPLY_BYTES:
                raise SourceFailed(_NOT_RTSP)
            self._buffer += data


def _depacketizer(track: Described) -> Depacketizer:
    if track.encoding in ("H264", "H265"):
        return rtp.Nals(hevc=track.encoding == "H265")
    if track.encoding in ("PCMU", "PCMA"):
        return rtp.Plain()
    config = sdp.audio_config(track)
    if track.encoding == "MPEG4-GENERIC" and track.format.get("sizelength") == "13" and config and config[0] >> 3 == 2:
        return rtp.Aac()
    raise NotOurs(f"{track.kind} in {track.encoding or 'an unnamed encoding'}")


def _is_of(channel: Channel, data: bytes, start: int) -> bool:
    """True when an RTP packet of this track begins at ``start``."""
    return data[start] >> 6 == 2 and data[start + 1] & 0x7F == channel.described.payload_type


def _unpacked(channel: Channel, data: bytes, start: int, end: int) -> list[Unit]:
    """The units that the RTP packet in ``data[start:end]`` completes."""
    first, second = data[start], data[start + 1]
    sequence = data[start + 2] << 8 | data[start + 3]
    if channel.sequence is not None and sequence != channel.sequence + 1 & 0xFFFF:
        channel.depacketizer.tear()
    channel.sequence = sequence
    timestamp = int.from_bytes(data[start + 4 : start + 8], "big")
    body = start + 12 + 4 * (first & 0x0F)
    if first & 0x10:
        body += 4 + 4 * int.from_bytes(data[body + 2 : body + 4], "big")
    if first & 0x20:
        end = max(start, end - data[end - 1])
    return channel.depacketizer.push(timestamp, second > 0x7F, data[body:end])


def _resync(data: bytes, at: int) -> int:
    """The next place that may begin a packet or a message, after rubbish."""
    found = [place for place in (data.find(b"$", at), data.find(b"RTSP/", at)) if place >= 0]
    return min(found, default=len(data))


def _rtp_time(info: str, control: str) -> int | None:
    """``rtptime`` that an RTP-Info header gives for a track; None when it says nothing of it."""
    for entry in info.split(","):
        fields = dict(part.strip().partition("=")[::2] for part in entry.split(";"))
        url, time = fields.get("url", ""), fields.get("rtptime", "")
        if time.isdecimal() and url and (url == control or control.endswith("/" + url.rsplit("/", 1)[-1])):
            return int(time)
    return None


def _without_login(parts: SplitResult) -> str:
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    netloc = f"{host}:{parts.port}" if parts.port else host
    return urlunsplit((parts.scheme, netloc, parts.path or "/", parts.query, ""))
