"""CityHash128 of version 1.0.2, the one frozen into ClickHouse's block framing; later versions give other numbers.

Plain Python: about 10-20 MB/s, which only clients that ask for ``compress=1`` ever meet. The algorithm is Google's
(Geoff Pike, Jyrki Alakuijala).
"""

import struct

_M = (1 << 64) - 1
_K0, _K1, _K2, _K3 = 0xC3A5C85C97CB3127, 0xB492B66FBE98F273, 0x9AE16A3B2F90404F, 0xC949D7C7509E6557
_MUL = 0x9DDFEA08EB382D69
_PAIR = struct.Struct("<QQ")
_STEP = struct.Struct("<8Q")


def cityhash128(data: bytes) -> bytes:
    """16 bytes: the low half first, each little-endian."""
    size = len(data)
    if size >= 16:
        low, high = _PAIR.unpack_from(data)
        return _PAIR.pack(*_seeded(data[16:], low ^ _K3, high))
    if size >= 8:
        seed0 = _at(data, 0) ^ (size * _K0 & _M)
        return _PAIR.pack(*_seeded(b"", seed0, _at(data, size - 8) ^ _K1))
    return _PAIR.pack(*_seeded(data, _K0, _K1))


def _at(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 8], "little")


def _at4(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 4], "little")


def _rotated(value: int, by: int) -> int:
    return ((value >> by) | (value << (64 - by))) & _M if by else value


def _mixed(value: int) -> int:
    return value ^ (value >> 47)


def _hash16(low: int, high: int) -> int:
    first = (low ^ high) * _MUL & _M
    first ^= first >> 47
    second = (high ^ first) * _MUL & _M
    second ^= second >> 47
    return second * _MUL & _M


def _hash_short(data: bytes) -> int:
    """Of at most 16 bytes."""
    size = len(data)
    if size > 8:
        low, high = _at(data, 0), _at(data, size - 8)
        return _hash16(low, _rotated((high + size) & _M, size)) ^ high
    if size >= 4:
        return _hash16(size + (_at4(data, 0) << 3), _at4(data, size - 4))
    if size == 0:
        return _K2
    low = data[0] + (data[size >> 1] << 8)
    high = size + (data[size - 1] << 2)
    return _mixed((low * _K2 & _M) ^ (high * _K3 & _M)) * _K2 & _M


def _weak(words: tuple[int, int, int, int], a: int, b: int) -> tuple[int, int]:
    w, x, y, z = words
    a = (a + w) & _M
    b = _rotated((b + a + z) & _M, 21)
    c = a
    a = (a + x + y) & _M
    b = (b + _rotated(a, 44)) & _M
    return (a + z) & _M, (b + c) & _M


def _murmur(data: bytes, a: int, b: int) -> tuple[int, int]:
    """Of fewer than 128 bytes."""
    size = len(data)
    if size <= 16:
        a = _mixed(a * _K1 & _M) * _K1 & _M
        c = (b * _K1 + _hash_short(data)) & _M
        d = _mixed((a + (_at(data, 0) if size >= 8 else c)) & _M)
    else:
        c = _hash16((_at(data, size - 8) + _K1) & _M, a)
        d = _hash16((b + size) & _M, (c + _at(data, size - 16)) & _M)
        a = (a + d) & _M
        for start in range(0, size - 16, 16):
            a = (a ^ (_mixed(_at(data, start) * _K1 & _M) * _K1)) * _K1 & _M
            b ^= a
            c = (c ^ (_mixed(_at(data, start + 8) * _K1 & _M) * _K1)) * _K1 & _M
            d ^= c
    a, b = _hash16(a, c), _hash16(d, b)
    return a ^ b, _hash16(b, a)


def _seeded(data: bytes, low: int, high: int) -> tuple[int, int]:
    if len(data) < 128:
        return _murmur(data, low, high)
    return _long(data, low, high)


def _long(data: bytes, x: int, y: int) -> tuple[int, int]:
    size = len(data)
    z = size * _K1 & _M
    v0 = (_rotated(y ^ _K1, 49) * _K1 + _at(data, 0)) & _M
    v = v0, (_rotated(v0, 42) * _K1 + _at(data, 8)) & _M
    w = (_rotated((y + z) & _M, 35) * _K1 + x) & _M, _rotated((x + _at(data, 88)) & _M, 53) * _K1 & _M
    at = 0
    for at in range(0, size - size % 128, 64):
        x, y, z, v, w = _step(_STEP.unpack_from(data, at), x, y, z, v, w)
    at += 64
    y = (y + _rotated(w[0], 37) * _K0 + z) & _M
    x = (x + _rotated((v[0] + z) & _M, 49) * _K0) & _M
    x, y, v, w = _tail(data, size - at, x, y, z, v, w)
    x, y = _hash16(x, v[0]), _hash16(y, w[0])
    return (_hash16((x + v[1]) & _M, w[1]) + y) & _M, _hash16((x + w[1]) & _M, (y + v[1]) & _M)


_Pair = tuple[int, int]


def _step(
    words: tuple[int, ...], x: int, y: int, z: int, v: _Pair, w: _Pair
) -> tuple[int, int, int, _Pair, _Pair]:
    d0, d1, d2, d3, d4, d5, d6, d7 = words
    x = _rotated((x + y + v[0] + d2) & _M, 37) * _K1 & _M
    y = _rotated((y + v[1] + d6) & _M, 42) * _K1 & _M
    x ^= w[1]
    y ^= v[0]
    z = _rotated(z ^ w[0], 33)
    v = _weak((d0, d1, d2, d3), v[1] * _K1 & _M, (x + w[0]) & _M)
    w = _weak((d4, d5, d6, d7), (z + w[1]) & _M, y)
    return z, y, x, v, w


def _tail(
    data: bytes, left: int, x: int, y: int, z: int, v: _Pair, w: _Pair
) -> tuple[int, int, _Pair, _Pair]:
    """The last fewer than 128 bytes in pieces of 32, counted from the end."""
    done = 0
    while done < left:
        done += 32
        start = len(data) - done
        y = (_rotated((y - x) & _M, 42) * _K0 + v[1]) & _M
        w = (w[0] + _at(data, start + 16)) & _M, w[1]
        x = (_rotated(x, 49) * _K0 + w[0]) & _M
        w = (w[0] + v[0]) & _M, w[1]
        d0, d1, d2, d3 = (_at(data, start + offset) for offset in (0, 8, 16, 24))
        v = _weak((d0, d1, d2, d3), v[0], v[1])
    return x, y, v, w
