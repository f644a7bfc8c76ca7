"""Bodies in every encoding."""

import asyncio
import gzip
import zlib
from collections.abc import AsyncIterator, Callable

import cramjam
import pytest

from infra.embedded.clickhouse import body, form
from infra.embedded.clickhouse.errors import EngineError

PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "zstd": lambda data: bytes(cramjam.zstd.compress(data)),
    "lz4": lambda data: bytes(cramjam.lz4.compress(data)),
    "br": lambda data: bytes(cramjam.brotli.compress(data)),
}


@pytest.mark.parametrize("name", PACKERS)
@pytest.mark.parametrize("step", [1, 7, 100_000])
def test_an_encoded_body_comes_out_however_it_is_cut(name: str, step: int) -> None:
    plain = b"row " * 500
    assert _decoded(PACKERS[name](plain), step, name) == plain


@pytest.mark.parametrize("name", ["gzip", "zstd", "lz4"])
def test_frames_may_follow_one_another(name: str) -> None:
    assert _decoded(PACKERS[name](b"one ") + PACKERS[name](b"two"), 5, name) == b"one two"


def test_two_encodings_come_off_in_reverse() -> None:
    assert _decoded(gzip.compress(PACKERS["zstd"](b"x")), 3, "zstd", "gzip") == b"x"


@pytest.mark.parametrize("name", PACKERS)
def test_a_broken_or_cut_body_is_an_error(name: str) -> None:
    for data in (b"this was never compressed", PACKERS[name](b"row " * 500)[:-5]):
        with pytest.raises(EngineError) as caught:
            _decoded(data, 100, name)
        assert caught.value.code == 271


def test_an_unknown_encoding_names_the_known_ones() -> None:
    with pytest.raises(EngineError, match="send gzip"):
        _decoded(b"", 1, "compress")


def test_a_form_gives_fields_and_files() -> None:
    data = (
        b'--B\r\nContent-Disposition: form-data; name="query"\r\n\r\nSELECT 1\r\n'
        b'--B\r\nContent-Disposition: form-data; name="ids"; filename="x"\r\n'
        b"Content-Type: text/csv\r\n\r\n1\r\n2\r\n\r\n"
        b"--B--\r\n"
    )
    assert form.boundary('multipart/form-data; boundary="B"') == b"B"
    assert form.parse(data, b"B") == ({"query": "SELECT 1"}, {"ids": b"1\r\n2\r\n"})


@pytest.mark.parametrize("data", [b"", b"--B\r\n\r\nx", b"--B\r\nno-name: 1\r\n\r\nx\r\n--B--"])
def test_a_cut_form_is_an_error(data: bytes) -> None:
    with pytest.raises(EngineError):
        form.parse(data, b"B")


def test_other_bodies_are_no_forms() -> None:
    assert form.boundary("text/plain") == b""
    assert form.boundary("") == b""


def _decoded(data: bytes, step: int, *encodings: str) -> bytes:
    async def chunks() -> AsyncIterator[bytes]:
        for start in range(0, len(data), step):
            yield data[start : start + step]

    async def joined() -> bytes:
        return b"".join([piece async for piece in body.decoded(chunks(), encodings, packed=False)])

    return asyncio.run(joined())
