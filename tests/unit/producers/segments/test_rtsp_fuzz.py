"""Whatever a server sends, reading ends, or fails as SourceFailed: never otherwise, and never with memory growing."""

import random
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from producers.segments import rtp, rtsp, rtsp_messages, sdp
from producers.segments.rtsp import Channel, NotOurs, RtspClient
from producers.segments.source import SourceFailed

SDP = "v=0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=control:track0\r\n"
UNIT = b"\x65picture"
WAIT_S = 60.0


def reply(body: str = "", **headers: str) -> bytes:
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(["RTSP/1.0 200 OK", *lines, f"Content-Length: {len(body)}", "", body]).encode()


def packet(sequence: int, payload: bytes = UNIT, *, first: int = 0x80, second: int = 0x80 | 96) -> bytes:
    body = bytes((first, second)) + sequence.to_bytes(2, "big") + (sequence * 3600).to_bytes(4, "big") + bytes(4)
    return b"$\0" + (len(body) + len(payload)).to_bytes(2, "big") + body + payload


GOOD = (reply(SDP), reply(Session="1"), reply())
"""Answers to DESCRIBE, SETUP and PLAY."""


@contextmanager
def server(answers: Iterable[bytes], then: Callable[[socket.socket], None]) -> Iterator[str]:
    """A server that answers each request with the next of ``answers``, does ``then``, and closes. Its address."""
    listening = socket.create_server(("127.0.0.1", 0))

    def talk() -> None:
        with suppress(OSError), listening.accept()[0] as client:
            for answer in answers:
                client.recv(65_536)
                client.sendall(answer)
            then(client)

    thread = threading.Thread(target=talk, daemon=True)
    thread.start()
    try:
        yield f"rtsp://127.0.0.1:{listening.getsockname()[1]}/cam"
    finally:
        listening.close()
        thread.join(WAIT_S)
        assert not thread.is_alive()


def read(
    answers: Iterable[bytes], sent: bytes | Callable[[socket.socket], None] = b"", silent_s: float = WAIT_S
) -> int:
    """How many units come; raises what the client raises. ``silent_s``: how long it bears silence once it plays."""
    with server(answers, sent if callable(sent) else lambda client: client.sendall(sent)) as address:
        client = RtspClient(address, audio=True, timeout_s=WAIT_S)
        client._timeout_s = silent_s
        try:
            return sum(1 for _ in client.units())
        finally:
            client.close()


def offline(data: bytes) -> tuple[RtspClient, int]:
    """A client that has received this, and how many units came of it: no network, for many tries."""
    client = object.__new__(RtspClient)
    video = sdp.Described("video", 96, "H264")
    sound = sdp.Described("audio", 97, "MPEG4-GENERIC")
    client.channels = {0: Channel(video, rtp.Nals(hevc=False)), 2: Channel(sound, rtp.Aac())}
    client._buffer = data
    return client, sum(1 for _ in client._parsed())


@st.composite
def almost_rtp(draw: st.DrawFn) -> bytes:
    """Framed packets whose inside is anything."""
    parts = []
    for inside in draw(st.lists(st.binary(max_size=40), max_size=5)):
        kind = draw(st.sampled_from((96, 97, 96 | 0x80)))
        head = bytes((draw(st.integers(0x80, 0xBF)), kind))
        parts.append(
            b"$" + draw(st.sampled_from((b"\0", b"\2", b"\7"))) + len(head + inside).to_bytes(2, "big") + head + inside
        )
        parts.append(draw(st.sampled_from((b"", b"", b"$", b"RTSP/1.0 200 OK\r\n\r\n", b"rubbish", b"\r\n\r\n"))))
    return b"".join(parts)


@given(almost_rtp() | st.binary(max_size=120))
def test_malformed_packets_raise_nothing(data: bytes) -> None:
    offline(data)


def test_header_extensions_and_padding_are_left_out_and_may_not_reach_outside() -> None:
    extension = b"\xbe\xde\0\1abcd"
    for first, payload, units in (
        (0x90, extension + UNIT, 1),
        (0xA0, UNIT + b"\0\0\3", 1),
        (0x90, b"\xbe\xde\xff\xff" + UNIT, 0),
        (0xA0, UNIT + b"\xff", 0),
        (0x8F, UNIT, 0),
    ):
        data = packet(2, payload, first=first)
        assert offline(data)[1] == units
        assert offline(packet(1) + data + packet(3))[1] >= 2


def test_rubbish_between_packets_costs_only_itself() -> None:
    assert offline(packet(1) + b"rubbish" + packet(2) + b"RTSP/1.0 200 OK\r\nCSeq: 9\r\n\r\n" + packet(3))[1] == 3


@pytest.mark.parametrize(
    "rubbish", [b"RTSP/1.0 200 OK\r\nX: ", b"RTSP/1.0 200 OK\r\nContent-Length: 999999999\r\n\r\n"]
)
def test_an_endless_message_between_packets_is_passed_over_in_bounded_memory(rubbish: bytes) -> None:
    client, _ = offline(rubbish)
    for _ in range(40):
        client._buffer += b"x" * (64 << 10)
        list(client._parsed())
        assert len(client._buffer) <= (1 << 20) + (128 << 10)
    client._buffer += packet(1)
    assert len(list(client._parsed())) == 1


@given(st.binary(max_size=300))
def test_any_text_is_a_reply_or_a_value_error(data: bytes) -> None:
    with suppress(ValueError):
        rtsp_messages.parse_reply(data)
    rtsp_messages.reply_size(data, 0)
    rtsp_messages.authorization((data.decode("latin-1"),), "user", "password", "PLAY", "rtsp://camera/")


LINES = st.sampled_from(
    (
        "m=video 0 RTP/AVP 96", "m=audio 0 RTP/AVP", "m=", "m=video 0 RTP/AVP " + "9" * 5000, "a=rtpmap:96 H264/0",
        "a=rtpmap:96 H264/" + "9" * 5000, "a=control:http://[", "a=fmtp:96 config=zz;=;sprop-parameter-sets=%,A",
    )
)  # fmt: skip


@given(st.lists(LINES | st.text(max_size=30), max_size=8))
def test_any_session_description_gives_tracks_with_a_clock(lines: list[str]) -> None:
    with suppress(ValueError):
        for track in sdp.parse("\r\n".join(lines), "rtsp://camera/"):
            assert 0 < track.clock_hz < 1 << 31
            assert track.channels > 0
            sdp.parameter_sets(track)
            sdp.audio_config(track)


@settings(max_examples=40, deadline=None)
@given(
    st.binary(max_size=60) | st.sampled_from((b"HTTP/1.1 200 OK\r\n\r\n", b"RTSP/1.0 OK\r\n\r\n", b"RTSP/x\r\n\r\n"))
)
def test_a_server_that_is_none_fails_as_a_source(answer: bytes) -> None:
    with pytest.raises(SourceFailed):
        read([answer])


@pytest.mark.parametrize(
    "answers",
    [
        [reply("")],
        [b"RTSP/1.0 " + b"2" * 5000 + b" OK\r\n\r\n"],
        [b"RTSP/1.0 200 OK\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n"],
        [reply(SDP, Content_Base="rtsp://[")],
        [reply(SDP), reply(Transport=f"interleaved={'1' * 5000}", Session="1")],
        [reply(SDP), reply(Session="1;timeout=" + "9" * 5000), reply(RTP_Info=f"url=track0;rtptime={'9' * 5000}")],
        [*GOOD[:2], b"RTSP/1.0 200\r\n"],
    ],
)
def test_absurd_numbers_in_answers_fail_as_a_source(answers: list[bytes]) -> None:
    with pytest.raises(SourceFailed):
        read(answers)


def pour(piece: Callable[[], bytes]) -> Callable[[socket.socket], None]:
    def send(client: socket.socket) -> None:
        while True:
            client.sendall(piece())

    return send


def test_an_endless_header_fails_before_it_fills_the_memory() -> None:
    with pytest.raises(SourceFailed, match="nothing that is RTSP"):
        read([b"RTSP/1.0 200 OK\r\n"], pour(lambda: b"x" * 65_536))


def test_rubbish_for_ever_is_silence() -> None:
    noise = random.Random(7)
    with pytest.raises(SourceFailed, match=r"silent for 0\.3 s"):
        read(GOOD, pour(lambda: noise.randbytes(4096)), silent_s=0.3)


def test_packets_of_another_track_are_silence() -> None:
    with pytest.raises(SourceFailed, match="silent"):
        read(GOOD, pour(lambda: packet(1, second=97) * 20), silent_s=0.3)


def test_a_connected_server_that_sends_nothing_is_silence() -> None:
    def listen(client: socket.socket) -> None:
        while client.recv(4096):  # until it hangs up
            pass

    with pytest.raises(SourceFailed, match="silent"):
        read(GOOD, listen, silent_s=0.3)


def test_good_packets_come_until_the_server_closes() -> None:
    assert read(GOOD, b"".join(packet(number) for number in range(1, 9))) == 8


def test_a_keep_alive_into_a_broken_connection_fails_as_a_source(monkeypatch: pytest.MonkeyPatch) -> None:
    client, _ = offline(b"")

    def broken(*_: object) -> None:
        raise BrokenPipeError(32, "Broken pipe")

    monkeypatch.setattr(client, "_send", broken)
    client._url = "rtsp://camera/"
    with pytest.raises(SourceFailed, match="Broken pipe"):
        client._keep_alive()


@pytest.mark.parametrize(
    "address", ["rtsp://u:pa/ss@127.0.0.1/", "rtsp://127.0.0.1:99999/", "rtsp://[::1/", f"rtsp://{'a' * 70}.b/"]
)
def test_an_impossible_address_is_named_without_its_password(address: str) -> None:
    with pytest.raises(SourceFailed) as failed:
        RtspClient(address, audio=False, timeout_s=0.3)
    assert "pa" not in str(failed.value).replace("password", "").replace("path", "")


@pytest.mark.parametrize(("number", "encoding"), [("26", "JPEG"), ("9" * 5000, "an unnamed encoding")])
def test_an_encoding_that_is_not_ours_is_left_to_libav(number: str, encoding: str) -> None:
    with pytest.raises(NotOurs, match=encoding):
        read([reply(f"m=video 0 RTP/AVP {number}\r\n")])


def test_resync_finds_the_next_beginning() -> None:
    assert rtsp._resync(b"xx$yRTSP/", 0) == 2
    assert rtsp._resync(b"xx$yRTSP/", 3) == 4
    assert rtsp._resync(b"xx", 0) == 2
