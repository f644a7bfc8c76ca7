"""What a request asks."""

import pytest

from infra.embedded.clickhouse import request
from infra.embedded.clickhouse.errors import EngineError


def test_parameters_settings_and_protocol_words_are_told_apart() -> None:
    ask = request.read(
        "POST", b"query=SELECT+1&param_a=b%5Cn&max_threads=2&database=db&session_id=s&wait_end_of_query=1", {}
    )
    assert ask.query == "SELECT 1"
    assert ask.parameters == {"a": "b\\n"}
    assert ask.settings == {"max_threads": "2"}
    assert (ask.database, ask.session_id, ask.waits_for_end) == ("db", "s", True)


def test_a_link_may_only_read() -> None:
    assert request.read("GET", b"query=DROP+TABLE+t", {}).readonly == 2
    assert request.read("GET", b"query=x&readonly=1", {}).readonly == 1
    assert request.read("POST", b"query=x", {}).readonly == 0


def test_headers_name_database_and_format_where_the_url_does_not() -> None:
    headers = {"x-clickhouse-database": "h", "x-clickhouse-format": "CSV"}
    assert request.read("POST", b"", headers).database == "h"
    assert request.read("POST", b"database=u", headers).database == "u"
    assert request.read("POST", b"", headers).default_format == "CSV"


@pytest.mark.parametrize("header", ["Basic %", "Basic \xe9"])
def test_a_basic_header_that_cannot_be_read_is_refused(header: str) -> None:
    with pytest.raises(EngineError, match="not valid Basic"):
        request.read("POST", b"", {"authorization": header})


@pytest.mark.parametrize(
    ("url", "accepted", "encoding"),
    [
        (b"enable_http_compression=1", "gzip, deflate, zstd", "zstd"),
        (b"enable_http_compression=1", "br;q=1.0, gzip", "gzip"),
        (b"enable_http_compression=1", "identity", ""),
        (b"", "gzip", ""),
        (b"enable_http_compression=0", "gzip", ""),
    ],
)
def test_answers_are_compressed_only_when_both_sides_say_so(url: bytes, accepted: str, encoding: str) -> None:
    assert request.read("POST", url, {"accept-encoding": accepted}).encoding == encoding


def test_external_tables_are_no_settings() -> None:
    ask = request.read("POST", b"ids_structure=id+UInt64&ids_format=CSV&max_threads=1", {})
    assert ask.tables == {"ids": {"structure": "id UInt64", "format": "CSV"}}
    assert ask.settings == {"max_threads": "1"}


@pytest.mark.parametrize("url", [b"a%20b=1", b"x%27%3B=1", b"session_timeout=abc", b"session_timeout=99999"])
def test_impossible_parameters_are_refused(url: bytes) -> None:
    with pytest.raises(EngineError):
        request.read("POST", url, {})
