"""The ClickHouse door as a part."""

import sys
from functools import partial
from pathlib import Path

from infra.embedded.parts import Part
from infra.embedded.probes import http_ok


def part(folder: Path, port: int, public: str) -> Part:
    """The one process that owns the engine on ``folder`` and serves ClickHouse's HTTP protocol.

    ``public``: the database that its user ``reader`` may read.
    """
    folder.mkdir(parents=True, exist_ok=True)
    module = (sys.executable, "-m", "infra.embedded.clickhouse")
    argv = (*module, "--path", str(folder), "--port", str(port), "--public", public)
    return Part("clickhouse", argv, partial(http_ok, port, "/ping"), grace_s=30)
