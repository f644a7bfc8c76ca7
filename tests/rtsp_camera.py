"""A camera for tests: one H.264 or H.265 file over RTSP/TCP in real time, over and over, to any number of clients.

``python -m tests.rtsp_camera FILE`` prints its URL. In a test: ``with RtspCamera(path) as camera``, then
``camera.url``, ``camera.drop()`` (break every connection), ``camera.mute = True`` (stay connected, send nothing).
"""

import base64
import contextlib
import hashlib
import socket
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import av
from av.bitstream import BitStreamFilterContext

REALM, NONCE = "camera", "5f3a"
MTU = 1400
TICKS = 90_000


@dataclass
class Picture:
    """One access unit, ready to send: when, and its RTP payloads."""

    decode_s: float
    ticks: int
    payloads: list[bytes]


class RtspCamera:
    """Streams ``path`` on a free port of the loopback. ``login``: ask for it with Digest."""

    def __init__(self, path: Path, login: tuple[str, str] | None = None, loops: int = 1 << 30) -> None:
        self.mute = False
        self._login, self._loops = login, loops
        self._pictures, self._sets, self._codec, self._length_s = _read(path)
        self._server = socket.create_server(("127.0.0.1", 0))
        self._clients: list[socket.socket] = []
        self._closed = threading.Event()
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        user = f"{self._login[0]}:{self._login[1]}@" if self._login else ""
        return f"rtsp://{user}127.0.0.1:{self._server.getsockname()[1]}/cam1"

    def drop(self) -> None:
        for client in self._clients:
            with contextlib.suppress(OSError):
                client.shutdown(socket.SHUT_RDWR)
        self._clients.clear()

    def __enter__(self) -> "RtspCamera":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._closed.set()
        self._server.close()
        self.drop()

    def _accept(self) -> None:
        while not self._closed.is_set():
            try:
                client, _ = self._server.accept()
            except OSError:
                return
            self._clients.append(client)
            threading.Thread(target=self._talk, args=(client,), daemon=True).start()

    def _talk(self, client: socket.socket) -> None:
        buffer = b""
        with contextlib.suppress(OSError), client:
            while data := client.recv(65536):
                buffer += data
                while b"\r\n\r\n" in buffer:
                    message, _, buffer = buffer.partition(b"\r\n\r\n")
                    self._answer(client, message.decode())

    def _answer(self, client: socket.socket, message: str) -> None:
        method, url, _ = message.split("\r\n", maxsplit=1)[0].split()
        headers = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in message.split("\r\n")[1:])}
        more, body, status = "", "", "200 OK"
        if self._login and not _proves(headers.get("authorization", ""), self._login, method):
            status, more = "401 Unauthorized", f'WWW-Authenticate: Digest realm="{REALM}", nonce="{NONCE}"\r\n'
        elif method == "DESCRIBE":
            body = self._describe()
            more = f"Content-Base: {url}/\r\nContent-Type: application/sdp\r\n"
        elif method == "SETUP":
            more = f"Transport: {headers['transport']};ssrc=1\r\nSession: 7;timeout=60\r\n"
        elif method == "PLAY":
            more = f"Session: 7\r\nRTP-Info: url={url}/track0;seq=0;rtptime=0\r\n"
        length = f"Content-Length: {len(body)}\r\n" if body else ""
        client.sendall(f"RTSP/1.0 {status}\r\nCSeq: {headers['cseq']}\r\n{more}{length}\r\n{body}".encode())
        if method == "PLAY" and status.startswith("200"):
            threading.Thread(target=self._stream, args=(client,), daemon=True).start()

    def _describe(self) -> str:
        sets = [base64.b64encode(unit).decode() for unit in self._sets]
        if self._codec == "hevc":
            names = ("sprop-vps", "sprop-sps", "sprop-pps")
            format_, encoding = ";".join(f"{n}={s}" for n, s in zip(names, sets, strict=False)), "H265"
        else:
            format_, encoding = f"packetization-mode=1;sprop-parameter-sets={','.join(sets)}", "H264"
        return (
            "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=test\r\nt=0 0\r\na=control:*\r\nm=video 0 RTP/AVP 96\r\n"
            f"a=rtpmap:96 {encoding}/90000\r\na=fmtp:96 {format_}\r\na=control:track0\r\n"
        )

    def _stream(self, client: socket.socket) -> None:
        sequence, began_s = 0, time.monotonic()
        with contextlib.suppress(OSError):
            for loop in range(self._loops):
                offset_s = loop * self._length_s
                for picture in self._pictures:
                    wait_s = began_s + offset_s + picture.decode_s - time.monotonic()
                    if self._closed.wait(max(0.0, wait_s)):
                        return
                    if not self.mute:
                        ticks = picture.ticks + round(offset_s * TICKS) & 0xFFFF_FFFF
                        client.sendall(_packets(picture, ticks, sequence))
                    sequence += len(picture.payloads)


def _packets(picture: Picture, ticks: int, sequence: int) -> bytes:
    parts = []
    last = len(picture.payloads) - 1
    for number, payload in enumerate(picture.payloads):
        marker = 0x80 if number == last else 0
        header = bytes((0x80, marker | 96)) + (sequence + number & 0xFFFF).to_bytes(2, "big")
        size = (12 + len(payload)).to_bytes(2, "big")
        parts += (b"$\0", size, header, ticks.to_bytes(4, "big"), b"\0\0\0\1", payload)
    return b"".join(parts)


def _read(path: Path) -> tuple[list[Picture], list[bytes], str, float]:
    """Pictures in decode order, parameter sets, codec, and the length of one loop."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        codec = stream.codec_context.name
        prefix = BitStreamFilterContext(f"{codec}_mp4toannexb", stream) if _is_prefixed(stream) else None
        base = float(stream.time_base)
        packets = [packet for packet in container.demux(stream) if packet.size]
        first_dts = packets[0].dts
        end = max(packet.pts + (packet.duration or 0) for packet in packets) - min(packet.pts for packet in packets)
        pictures, sets = [], []
        shift = packets[0].pts
        for packet in packets:
            dts, pts, key = packet.dts, packet.pts, packet.is_keyframe
            plain = prefix.filter(packet)[0] if prefix else packet  # takes the packet's times away
            units = [unit.rstrip(b"\0") for unit in bytes(plain).split(b"\0\0\1")[1:]]
            if key and not sets:
                sets = [unit for unit in units if _is_set(codec, unit)]
            payloads = [payload for unit in units if unit for payload in _payloads(codec, unit)]
            pictures.append(Picture((dts - first_dts) * base, round((pts - shift) * base * TICKS), payloads))
    return pictures, sets, codec, end * base


def _is_prefixed(stream: av.VideoStream) -> bool:
    extradata = stream.codec_context.extradata
    return bool(extradata) and extradata[0] == 1


def _is_set(codec: str, unit: bytes) -> bool:
    return bool(unit) and ((unit[0] >> 1 & 63) in (32, 33, 34) if codec == "hevc" else unit[0] & 31 in (7, 8))


def _payloads(codec: str, unit: bytes) -> list[bytes]:
    if len(unit) <= MTU:
        return [unit]
    head = 2 if codec == "hevc" else 1
    kind = unit[0] >> 1 & 0x3F if codec == "hevc" else unit[0] & 0x1F
    pieces = [unit[at : at + MTU] for at in range(head, len(unit), MTU)]
    made = []
    for number, piece in enumerate(pieces):
        edge = (0x80 if number == 0 else 0) | (0x40 if number == len(pieces) - 1 else 0)
        front = bytes((unit[0] & 0x81 | 49 << 1, unit[1])) if codec == "hevc" else bytes((unit[0] & 0xE0 | 28,))
        made.append(front + bytes((edge | kind,)) + piece)
    return made


def _proves(answer: str, login: tuple[str, str], method: str) -> bool:
    given = dict(part.strip().split("=", 1) for part in answer.removeprefix("Digest ").split(",") if "=" in part)
    given = {name: value.strip('"') for name, value in given.items()}

    def hashed(text: str) -> str:
        return hashlib.md5(text.encode()).hexdigest()

    secret = hashed(f"{login[0]}:{REALM}:{login[1]}")
    return given.get("response") == hashed(f"{secret}:{NONCE}:{hashed(method + ':' + given.get('uri', ''))}")


if __name__ == "__main__":
    with RtspCamera(Path(sys.argv[1])) as served:
        print(served.url, flush=True)
        threading.Event().wait()
