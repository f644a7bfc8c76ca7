"""Session descriptions (RFC 8866) as RTSP cameras send them. Pure."""

import binascii
from base64 import b64decode
from dataclasses import dataclass, field
from urllib.parse import urljoin

_STATIC = {0: ("PCMU", 8000, 1), 8: ("PCMA", 8000, 1), 26: ("JPEG", 90000, 1), 14: ("MPA", 90000, 1)}


@dataclass
class Described:
    """One track that a server offers."""

    kind: str
    """video, audio, application …"""
    payload_type: int
    encoding: str = ""
    """Upper case: H264, H265, MPEG4-GENERIC, PCMU …"""
    clock_hz: int = 90_000
    channels: int = 1
    control: str = ""
    """Absolute URL to SETUP."""
    format: dict[str, str] = field(default_factory=dict)
    """Parameters of ``a=fmtp``, names in lower case."""


def parse(text: str, base: str) -> list[Described]:
    """The tracks, in order. ``base``: the URL that relative controls belong to. Odd lines are skipped."""
    tracks: list[Described] = []
    for line in text.splitlines():
        name, _, value = line.strip().partition("=")
        if name == "m":
            tracks.append(_track(value.split(), base))
        elif name == "a" and tracks:
            _attribute(tracks[-1], value, base)
    return tracks


def parameter_sets(track: Described) -> tuple[bytes, ...]:
    """The VPS, SPS and PPS in ``a=fmtp``, in the order a decoder wants them; empty where there are none."""
    names = ("sprop-vps", "sprop-sps", "sprop-pps", "sprop-parameter-sets")
    texts = [part for name in names for part in track.format.get(name, "").split(",") if part]
    try:
        return tuple(b64decode(text) for text in texts)
    except (binascii.Error, ValueError):
        return ()


def audio_config(track: Described) -> bytes:
    """The AudioSpecificConfig in ``a=fmtp``; empty when there is none."""
    try:
        return bytes.fromhex(track.format.get("config", ""))
    except ValueError:
        return b""


def _track(words: list[str], base: str) -> Described:
    kind = words[0] if words else ""
    told = _number(words[3]) if len(words) > 3 else None
    number = -1 if told is None else told
    encoding, clock_hz, channels = _STATIC.get(number, ("", 90_000, 1))
    return Described(kind, number, encoding, clock_hz, channels, base)


def _attribute(track: Described, value: str, base: str) -> None:
    name, _, rest = value.partition(":")
    number, _, details = rest.strip().partition(" ")
    if name == "control":
        track.control = rest if "://" in rest else urljoin(base.rstrip("/") + "/", rest) if rest != "*" else base
    elif name == "rtpmap" and number == str(track.payload_type):
        words = details.split("/")
        track.encoding = words[0].strip().upper()
        track.clock_hz = _number(words[1]) or track.clock_hz if len(words) > 1 else track.clock_hz
        track.channels = _number(words[2]) or 1 if len(words) > 2 else 1
    elif name == "fmtp" and number == str(track.payload_type):
        pairs = (pair.partition("=") for pair in details.split(";"))
        track.format = {key.strip().lower(): text.strip() for key, _, text in pairs if key.strip()}


def _number(text: str) -> int | None:
    """The number in digits that are not absurdly many; None for anything else."""
    return int(text) if text.isdecimal() and len(text) < 10 else None
