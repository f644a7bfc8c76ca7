"""ClickHouse's block framing and its checksum."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.embedded.clickhouse import framing
from infra.embedded.clickhouse.cityhash import cityhash128
from infra.embedded.clickhouse.errors import EngineError


@pytest.mark.parametrize(
    ("size", "digest"),
    [
        (0, "2b9ac064fc9df03d291ee592c340b53c"),
        (3, "c20a85b02619dc106f0edd5cad0dc280"),
        (7, "162bcb0c29db38aada57521ac2344a68"),
        (12, "3f87120e38602718c20c93712b6ca989"),
        (40, "abdca2f867361920f3ed11ac71746928"),
        (130, "847e3a9b57a04fcbf94a6f1a4ba3b69b"),
        (512, "cba838989416d3a9b1bb00a34bb755b6"),
    ],
)
def test_the_checksum_is_the_one_frozen_into_the_protocol(size: int, digest: str) -> None:
    # Reference digests come from the C++ library (and 704 lengths were compared once).
    assert cityhash128((bytes(range(256)) * 2)[:size]).hex() == digest


@given(st.binary(max_size=200_000), st.integers(1, 5000))
def test_what_is_packed_comes_out_however_it_is_cut(plain: bytes, step: int) -> None:
    assert _unpacked(framing.pack(plain), step) == plain


@pytest.mark.parametrize("spoil", [lambda b: b[:-1], lambda b: b[:20], lambda b: b"x" * 40, lambda b: b[:-1] + b"\0"])
def test_a_broken_block_is_an_error(spoil) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(EngineError) as caught:
        _unpacked(spoil(framing.pack(b"hello hello hello hello!")), 1000)
    assert caught.value.code == 271


def _unpacked(packed: bytes, step: int) -> bytes:
    async def chunks() -> AsyncIterator[bytes]:
        for start in range(0, len(packed), step):
            yield packed[start : start + step]

    async def joined() -> bytes:
        return b"".join([piece async for piece in framing.unpack(chunks())])

    return asyncio.run(joined())
