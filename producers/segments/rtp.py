"""RTP payloads put together again: H.264 (RFC 6184), H.265 (RFC 7798), AAC (RFC 3640), G.711 (RFC 3551). Pure."""

from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

_AAC_FRAME = 1024


class Unit(NamedTuple):
    """One picture, or one piece of sound, with its RTP time unwrapped to count on for ever."""

    timestamp: int
    key: bool
    data: bytes
    """NAL units each after its length; or plain sound."""


class Depacketizer(Protocol):
    """Turns the payloads of one track, in order, into units."""

    def push(self, timestamp: int, marker: bool, payload: bytes) -> list[Unit]:
        """The units that this payload completes."""

    def tear(self) -> None:
        """Packets are missing: what is half together is worth nothing."""


class Unwrapped:
    """32-bit RTP timestamps as numbers that never wrap."""

    def __init__(self) -> None:
        self._last: int | None = None

    def at(self, timestamp: int) -> int:
        """The timestamp nearest to the one before; the first one as it is."""
        if self._last is None:
            self._last = timestamp
        else:
            self._last += (timestamp - self._last + 0x8000_0000 & 0xFFFF_FFFF) - 0x8000_0000
        return self._last


@dataclass
class _Picture:
    timestamp: int = 0
    parts: list[bytes] = field(default_factory=list)
    key: bool = False


class Nals:
    """Pictures of H.264 or H.265."""

    def __init__(self, hevc: bool) -> None:
        self._hevc = hevc
        self._clock = Unwrapped()
        self._picture = _Picture()
        self._fragment: list[bytes] = []
        self._raw_timestamp = -1
        self._torn = self._lost = False

    def push(self, timestamp: int, marker: bool, payload: bytes) -> list[Unit]:
        """See Depacketizer.push."""
        done: list[Unit] = []
        if timestamp != self._raw_timestamp:
            done += self._finish()  # some cameras set no marker
            self._raw_timestamp = timestamp
            self._picture.timestamp = self._clock.at(timestamp)
            self._torn = self._lost  # what is missing may be how this picture begins
        self._lost = False
        if len(payload) > 2:
            (self._push_hevc if self._hevc else self._push_avc)(payload)
        return done + self._finish() if marker else done

    def tear(self) -> None:
        """See Depacketizer.tear."""
        self._torn = self._lost = True
        self._fragment = []

    def _push_avc(self, payload: bytes) -> None:
        kind = payload[0] & 0x1F
        if kind == 28:  # FU-A
            header = payload[1]
            if header & 0x80:
                self._fragment = [bytes((payload[0] & 0xE0 | header & 0x1F,))]
            self._push_fragment(payload[2:], bool(header & 0x40))
        elif kind == 24:  # STAP-A
            self._push_several(payload, 1)
        elif kind < 24:
            self._add([payload])

    def _push_hevc(self, payload: bytes) -> None:
        kind = payload[0] >> 1 & 0x3F
        if kind == 49:  # fragmentation unit
            header = payload[2]
            if header & 0x80:
                self._fragment = [bytes((payload[0] & 0x81 | (header & 0x3F) << 1, payload[1]))]
            self._push_fragment(payload[3:], bool(header & 0x40))
        elif kind == 48:  # aggregation packet
            self._push_several(payload, 2)
        elif kind < 48:
            self._add([payload])

    def _push_fragment(self, rest: bytes, last: bool) -> None:
        if self._fragment:
            self._fragment.append(rest)
            if last:
                self._add(self._fragment)
                self._fragment = []

    def _push_several(self, payload: bytes, at: int) -> None:
        while at + 2 < len(payload):
            size = payload[at] << 8 | payload[at + 1]
            at += 2 + size
            if at <= len(payload):
                self._add([payload[at - size : at]])

    def _add(self, parts: list[bytes]) -> None:
        """One whole NAL unit, in pieces."""
        size = sum(map(len, parts))
        if not size:
            return
        first = parts[0][0]
        kind = first >> 1 & 0x3F if self._hevc else first & 0x1F
        self._picture.key = self._picture.key or (16 <= kind <= 23 if self._hevc else kind == 5)
        self._picture.parts += (size.to_bytes(4, "big"), *parts)

    def _finish(self) -> list[Unit]:
        picture, torn = self._picture, self._torn
        self._picture, self._torn, self._fragment = _Picture(picture.timestamp), False, []
        if not picture.parts or torn:
            return []
        return [Unit(picture.timestamp, picture.key, b"".join(picture.parts))]


class Aac:
    """AAC frames in ``AAC-hbr`` mode: 13 bits of size and 3 of index per frame, frames not split over packets."""

    def __init__(self) -> None:
        self._clock = Unwrapped()

    def push(self, timestamp: int, marker: bool, payload: bytes) -> list[Unit]:
        """See Depacketizer.push."""
        at, units = self._clock.at(timestamp), []
        headers = (payload[0] << 8 | payload[1]) // 16 if len(payload) > 2 else 0
        offset = 2 + 2 * headers
        for number in range(headers if offset <= len(payload) else 0):
            size = (payload[2 + 2 * number] << 8 | payload[3 + 2 * number]) >> 3
            if 0 < size <= len(payload) - offset:
                units.append(Unit(at + number * _AAC_FRAME, True, payload[offset : offset + size]))
            offset += size
        return units

    def tear(self) -> None:
        """See Depacketizer.tear. Frames do not depend on each other."""


class Plain:
    """Sound that is its own payload: G.711."""

    def __init__(self) -> None:
        self._clock = Unwrapped()

    def push(self, timestamp: int, marker: bool, payload: bytes) -> list[Unit]:
        """See Depacketizer.push."""
        return [Unit(self._clock.at(timestamp), True, payload)] if payload else []

    def tear(self) -> None:
        """See Depacketizer.tear. Samples do not depend on each other."""
