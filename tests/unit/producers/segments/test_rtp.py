"""Pictures and sound survive any packetizing, and a lost packet costs whole pictures, never parts of them."""

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from producers.segments.codecs import length_prefixed
from producers.segments.rtp import Aac, Depacketizer, Nals, Plain, Unit, Unwrapped

WRAP = 1 << 32


class Packet(NamedTuple):
    """One RTP packet, and which picture it belongs to."""

    picture: int
    timestamp: int
    marker: bool
    payload: bytes


def avc_units(kinds: tuple[int, ...]) -> st.SearchStrategy[bytes]:
    bodies = st.binary(min_size=3, max_size=60)
    return st.builds(lambda kind, body: bytes((0x60 | kind,)) + body, st.sampled_from(kinds), bodies)


def hevc_units(kinds: tuple[int, ...]) -> st.SearchStrategy[bytes]:
    bodies = st.binary(min_size=3, max_size=60)
    return st.builds(lambda kind, body: bytes((kind << 1, 1)) + body, st.sampled_from(kinds), bodies)


CODECS = {False: avc_units((1, 5, 6, 7, 8)), True: hevc_units((1, 19, 21, 32, 33, 34, 39))}


@st.composite
def streams(draw: st.DrawFn) -> tuple[bool, int, list[list[bytes]], list[int]]:
    """(is H.265, MTU, NAL units of each picture, 32-bit time of each picture)."""
    hevc = draw(st.booleans())
    pictures = draw(st.lists(st.lists(CODECS[hevc], min_size=1, max_size=4), min_size=1, max_size=6))
    first = draw(st.one_of(st.integers(0, WRAP - 1), st.integers(WRAP - 10_000, WRAP - 1)))
    steps = draw(st.lists(st.integers(1, 9000), min_size=len(pictures), max_size=len(pictures)))
    times = [(first + sum(steps[:index])) % WRAP for index in range(len(pictures))]
    return hevc, draw(st.integers(6, 80)), pictures, times


def packets(hevc: bool, mtu: int, pictures: list[list[bytes]], times: list[int], *, markers: bool) -> list[Packet]:
    made = []
    for index, (units, time) in enumerate(zip(pictures, times, strict=True)):
        payloads = list(payloads_of(hevc, mtu, units))
        for number, payload in enumerate(payloads):
            made.append(Packet(index, time, markers and number == len(payloads) - 1, payload))
    return made


def payloads_of(hevc: bool, mtu: int, units: list[bytes]) -> Iterator[bytes]:
    """Small neighbours together in one packet, large ones in fragments, the rest alone."""
    waiting: list[bytes] = []
    for unit in [*units, b""]:
        together = [*waiting, unit]
        if unit and sum(len(one) + 2 for one in together) + 2 <= mtu:
            waiting = together
            continue
        if waiting:
            yield waiting[0] if len(waiting) == 1 else several(hevc, waiting)
        waiting = []
        if len(unit) > mtu:
            yield from fragments(hevc, mtu, unit)
        elif unit:
            waiting = [unit]


def several(hevc: bool, units: list[bytes]) -> bytes:
    return (bytes((48 << 1, 1)) if hevc else b"\x78") + b"".join(len(one).to_bytes(2, "big") + one for one in units)


def fragments(hevc: bool, mtu: int, unit: bytes) -> Iterator[bytes]:
    head, room = (2, mtu - 3) if hevc else (1, mtu - 2)
    pieces = [unit[at : at + room] for at in range(head, len(unit), room)]
    for number, piece in enumerate(pieces):
        edges = (number == 0) << 7 | (number == len(pieces) - 1) << 6
        if hevc:
            yield bytes((unit[0] & 0x81 | 49 << 1, unit[1], edges | unit[0] >> 1 & 0x3F)) + piece
        else:
            yield bytes((unit[0] & 0xE0 | 28, edges | unit[0] & 0x1F)) + piece


def received(depacketizer: Depacketizer, sent: list[Packet], lost: frozenset[int] = frozenset()) -> list[Unit]:
    """What comes out when the packets with these numbers never arrive."""
    units: list[Unit] = []
    missing = False
    for number, packet in enumerate(sent):
        if number in lost:
            missing = True
            continue
        if missing and number > min(set(range(len(sent))) - lost):
            depacketizer.tear()
        missing = False
        units += depacketizer.push(packet.timestamp, packet.marker, packet.payload)
    return units


@given(streams(), st.booleans())
def test_every_picture_comes_out_as_it_went_in(
    stream: tuple[bool, int, list[list[bytes]], list[int]], markers: bool
) -> None:
    hevc, mtu, pictures, times = stream
    sent = packets(hevc, mtu, pictures, times, markers=markers)
    flush = [] if markers else [Packet(-1, (times[-1] + 1) % WRAP, False, b"")]
    units = received(Nals(hevc), sent + flush)
    assert [unit.data for unit in units] == [length_prefixed(picture) for picture in pictures]
    assert [unit.timestamp % WRAP for unit in units] == times
    assert all(earlier.timestamp < later.timestamp for earlier, later in pairwise(units))


@given(streams(), st.booleans(), st.data())
def test_whatever_is_lost_no_torn_picture_comes_out(
    stream: tuple[bool, int, list[list[bytes]], list[int]], markers: bool, data: st.DataObject
) -> None:
    hevc, mtu, pictures, times = stream
    sent = packets(hevc, mtu, pictures, times, markers=markers)
    first_whole = sum(packet.picture == 0 for packet in sent)
    lost = data.draw(st.frozensets(st.integers(first_whole, len(sent)), max_size=len(sent)))
    whole = {length_prefixed(picture) for picture in pictures}
    assert {unit.data for unit in received(Nals(hevc), sent, lost)} <= whole


@given(streams(), st.data())
def test_a_loss_costs_only_the_pictures_beside_it(
    stream: tuple[bool, int, list[list[bytes]], list[int]], data: st.DataObject
) -> None:
    hevc, mtu, pictures, times = stream
    sent = packets(hevc, mtu, pictures, times, markers=True)
    lost = data.draw(st.integers(1, len(sent)))
    harmed = {packet.picture for packet in sent[lost : lost + 2]}
    expected = [length_prefixed(picture) for index, picture in enumerate(pictures) if index not in harmed]
    given_out = [unit.data for unit in received(Nals(hevc), sent, frozenset({lost}))]
    assert [unit for unit in given_out if unit in expected] == expected


@pytest.mark.parametrize(
    ("hevc", "unit", "key"),
    [
        (False, b"\x65abc", True),
        (False, b"\x61abc", False),
        (True, b"\x26\x01abc", True),
        (True, b"\x02\x01abc", False),
    ],
)
def test_a_picture_is_a_key_frame_when_a_decoder_can_start_there(hevc: bool, unit: bytes, key: bool) -> None:
    assert [one.key for one in Nals(hevc).push(0, True, unit)] == [key]


@given(st.booleans(), st.lists(st.tuples(st.integers(0, 3), st.booleans(), st.binary(max_size=20)), max_size=20))
def test_rubbish_in_payloads_raises_nothing(hevc: bool, sent: list[tuple[int, bool, bytes]]) -> None:
    for depacketizer in (Nals(hevc), Aac(), Plain()):
        for timestamp, marker, payload in sent:
            depacketizer.push(timestamp, marker, payload)


def test_a_unit_longer_than_its_aggregate_is_left_out() -> None:
    units = Nals(hevc=False).push(0, True, b"\x78" + b"\0\x03\x65ab" + b"\0\x09\x61ab")
    assert [unit.data for unit in units] == [length_prefixed([b"\x65ab"])]


@given(st.lists(st.binary(min_size=1, max_size=50), min_size=1, max_size=8), st.integers(0, WRAP - 1))
def test_aac_frames_come_out_1024_samples_apart(frames: list[bytes], timestamp: int) -> None:
    headers = b"".join((len(frame) << 3).to_bytes(2, "big") for frame in frames)
    payload = (16 * len(frames)).to_bytes(2, "big") + headers + b"".join(frames)
    units = Aac().push(timestamp, True, payload)
    assert [unit.data for unit in units] == frames
    assert [unit.timestamp - timestamp for unit in units] == [1024 * number for number in range(len(frames))]


@given(st.lists(st.integers(-(1 << 31), (1 << 31) - 1), max_size=20), st.integers(0, WRAP - 1))
def test_unwrapped_times_keep_every_step(steps: list[int], first: int) -> None:
    clock = Unwrapped()
    expected = [first + sum(steps[:index]) for index in range(len(steps) + 1)]
    assert [clock.at(time % WRAP) for time in expected] == expected


def test_plain_sound_is_its_payload() -> None:
    plain = Plain()
    assert plain.push(WRAP - 80, False, b"x" * 160) == [Unit(WRAP - 80, True, b"x" * 160)]
    assert plain.push(80, False, b"y") == [Unit(WRAP + 80, True, b"y")]
    assert plain.push(81, False, b"") == []
