"""Codec details read from bytes: RFC 6381 names, NAL units, parameter sets, ADTS. Pure."""

from collections.abc import Iterable

_START_CODE = b"\0\0\1"
_PARAMETER_SETS = {"h264": frozenset({7, 8}), "hevc": frozenset({32, 33, 34})}


def avc_name(fourcc: str, avcc: bytes) -> str:
    """``avc1.PPCCLL`` from the body of avcC (RFC 6381, 3.3)."""
    return f"{fourcc}.{avcc[1:4].hex()}"


def hevc_name(fourcc: str, hvcc: bytes) -> str:
    """``hvc1.<profile>.<compatibility>.<tier level>.<constraints>`` from the body of hvcC (ISO 14496-15, annex E)."""
    space = ("", "A", "B", "C")[hvcc[1] >> 6]
    tier = "H" if hvcc[1] & 0x20 else "L"
    compatibility = int(f"{int.from_bytes(hvcc[2:6], 'big'):032b}"[::-1], 2)
    constraints = hvcc[6:12].rstrip(b"\0")
    tail = "".join(f".{byte:X}" for byte in constraints)
    return f"{fourcc}.{space}{hvcc[1] & 0x1F}.{compatibility:X}.{tier}{hvcc[12]}{tail}"


def av1_name(av1c: bytes) -> str:
    """``av01.P.LLT.DD`` from the body of av1C (AV1 in ISOBMFF, 5)."""
    profile, level = av1c[1] >> 5, av1c[1] & 0x1F
    tier = "H" if av1c[2] & 0x80 else "M"
    depth = 8 if not av1c[2] & 0x40 else 12 if av1c[2] & 0x20 else 10
    return f"av01.{profile}.{level:02d}{tier}.{depth:02d}"


def vp9_name(vpcc: bytes) -> str:
    """``vp09.PP.LL.DD`` from the body of vpcC, after its version and flags."""
    return f"vp09.{vpcc[4]:02d}.{vpcc[5]:02d}.{vpcc[6] >> 4:02d}"


def nal_units(annexb: bytes) -> list[bytes]:
    """The NAL units between start codes, without the zero bytes that pad them."""
    units = annexb.split(_START_CODE)[1:]
    return [unit for unit in (*(unit.rstrip(b"\0") for unit in units[:-1]), *units[-1:]) if unit]


def length_prefixed(units: Iterable[bytes]) -> bytes:
    """NAL units as MP4 stores them: each after its length in four bytes."""
    return b"".join([part for unit in units for part in (len(unit).to_bytes(4, "big"), unit)])


def split_length_prefixed(data: bytes) -> list[bytes]:
    """The NAL units of a sample as MP4 stores it; a torn end is left out."""
    units, at = [], 0
    while at + 4 < len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        units.append(data[at + 4 : at + 4 + size])
        at += 4 + size
    return units


def annexb(units: Iterable[bytes]) -> bytes:
    """NAL units after start codes, as raw streams carry them."""
    return b"".join([part for unit in units for part in (b"\0" + _START_CODE, unit)])


def parameter_sets(codec: str, units: Iterable[bytes]) -> tuple[bytes, ...]:
    """The SPS and PPS (and VPS) among NAL units, in order; empty for codecs without NAL units."""
    kinds = _PARAMETER_SETS.get(codec, frozenset())
    return tuple(unit for unit in units if nal_kind(codec, unit) in kinds)


def nal_kind(codec: str, unit: bytes) -> int:
    """``nal_unit_type`` of a NAL unit."""
    return unit[0] >> 1 & 0x3F if codec == "hevc" else unit[0] & 0x1F


def is_annexb(codec: str, extradata: bytes) -> bool:
    """True when the samples of such a stream come after start codes instead of lengths."""
    return codec in _PARAMETER_SETS and not (len(extradata) > 6 and extradata[0] == 1)


def without_adts(frame: bytes) -> bytes:
    """An AAC frame without the ADTS header it may begin with."""
    if len(frame) > 7 and frame[0] == 0xFF and frame[1] & 0xF6 == 0xF0:
        return frame[7 if frame[1] & 1 else 9 :]
    return frame
