"""Errors keep the engine's number and get the server's status."""

import pytest

from infra.embedded.clickhouse import errors
from infra.embedded.clickhouse.answer import content_type


@pytest.mark.parametrize(("code", "status"), [(62, 400), (60, 404), (164, 500), (241, 500), (48, 501), (159, 408)])
def test_an_error_has_the_status_of_a_server(code: int, status: int) -> None:
    assert errors.from_engine(RuntimeError(f"Code: {code}. DB::Exception: no. (X)")).status == status


def test_an_error_without_a_number_still_looks_like_one() -> None:
    error = errors.from_engine(RuntimeError("engine gone"))
    assert (error.code, str(error)) == (1002, "Code: 1002. DB::Exception: engine gone")


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("JSONEachRow", "application/x-ndjson; charset=UTF-8"),
        ("JSONCompact", "application/json; charset=UTF-8"),
        ("TSVWithNames", "text/tab-separated-values; charset=UTF-8"),
        ("RowBinaryWithNames", "application/octet-stream"),
        ("Pretty", "text/plain; charset=UTF-8"),
    ],
)
def test_every_format_has_a_media_type(name: str, media_type: str) -> None:
    assert content_type(name) == media_type
