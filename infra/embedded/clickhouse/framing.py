"""ClickHouse's own block framing, asked for with ``compress=1`` and ``decompress=1``.

A block is: CityHash128 (16 bytes, over all that follows) | method (1) | size with this 9-byte head (4, little-endian) |
plain size (4) | data.
"""

import struct
from collections.abc import AsyncIterator

import cramjam

from infra.embedded.clickhouse.cityhash import cityhash128
from infra.embedded.clickhouse.errors import CANNOT_DECOMPRESS, refusal

_HEAD = struct.Struct("<BII")
_CHECKSUM_BYTES = 16
_NONE, _LZ4, _ZSTD = 0x02, 0x82, 0x90
_PLAIN_BYTES = 1 << 16
_MOST_BYTES = 1 << 30


def pack(plain: bytes) -> bytes:
    """``plain`` as LZ4 blocks."""
    return b"".join(
        _block(plain[start : start + _PLAIN_BYTES]) for start in range(0, len(plain), _PLAIN_BYTES)
    )


async def unpack(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The plain bytes of a stream of blocks. Raises EngineError when a block is broken or cut."""
    held = bytearray()
    async for chunk in chunks:
        held += chunk
        while (size := _block_bytes(held)) and len(held) >= size:
            yield _plain(bytes(held[:size]))
            del held[:size]
    if held:
        raise _broken("the last block is cut short")


def _block(plain: bytes) -> bytes:
    data = bytes(cramjam.lz4.compress_block(plain, store_size=False))
    body = _HEAD.pack(_LZ4, _HEAD.size + len(data), len(plain)) + data
    return cityhash128(body) + body


def _block_bytes(held: bytearray) -> int:
    """Size of the block ``held`` starts with; 0 while its head is not there yet."""
    if len(held) < _CHECKSUM_BYTES + _HEAD.size:
        return 0
    _, size, plain_size = _HEAD.unpack_from(held, _CHECKSUM_BYTES)
    if not _HEAD.size <= size <= _MOST_BYTES or plain_size > _MOST_BYTES:
        raise _broken("impossible size; was the body really compressed block by block?")
    return int(_CHECKSUM_BYTES + size)


def _plain(block: bytes) -> bytes:
    body = block[_CHECKSUM_BYTES:]
    if cityhash128(body) != block[:_CHECKSUM_BYTES]:
        raise _broken("checksum differs")
    method, _, plain_size = _HEAD.unpack_from(body)
    data = body[_HEAD.size :]
    try:
        if method == _LZ4:
            return bytes(cramjam.lz4.decompress_block(data, output_len=plain_size))
        if method == _ZSTD:
            return bytes(cramjam.zstd.decompress(data))
    except (cramjam.DecompressionError, OSError, ValueError) as error:
        raise _broken(str(error)) from None
    if method != _NONE:
        raise _broken(f"unknown method {method:#x}")
    return data


def _broken(why: str) -> Exception:
    return refusal(CANNOT_DECOMPRESS, "CANNOT_DECOMPRESS", f"Cannot decompress the body (decompress=1): {why}")
