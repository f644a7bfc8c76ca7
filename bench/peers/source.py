"""Rows of a SELECT as a stream of text or a Parquet file: how the peers get what the archive says."""

import http.client
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

_PIECE = 1 << 20
_ROWS = 50_000
"""Of a Parquet row group: the engine holds whole ones, and it has a gigabyte."""


class Source:
    """An engine that computes SELECTs and sends what comes out, in constant memory."""

    def __init__(self, url: str) -> None:
        self._address = urlsplit(url).netloc

    def stream(self, sql: str, form: str) -> Iterator[bytes]:
        """The rows in a format of the engine's."""
        connection = http.client.HTTPConnection(self._address, timeout=600)
        try:
            connection.request("POST", f"/?query={quote(f'{sql} FORMAT {form}')}")
            response = connection.getresponse()
            if response.status != 200:
                raise RuntimeError(response.read(2000).decode())
            while piece := response.read(_PIECE):
                yield piece
        finally:
            connection.close()

    def write(self, sql: str, path: Path) -> None:
        """The rows as a Parquet file."""
        with path.open("wb") as file:
            for piece in self.stream(sql, f"Parquet SETTINGS output_format_parquet_row_group_size = {_ROWS}"):
                file.write(piece)
