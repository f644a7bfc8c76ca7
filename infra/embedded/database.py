"""The ClickHouse door as a part."""

import sys
from functools import partial
from pathlib import Path

from infra.embedded.parts import Part
from infra.embedded.probes import http_ok


def part(folder: Path, port: int) -> Part:
    """The one process that owns the engine on ``folder`` and serves ClickHouse's HTTP protocol."""
    folder.mkdir(parents=True, exist_ok=True)
    argv = (sys.executable, "-m", "infra.embedded.clickhouse", "--path", str(folder), "--port", str(port))
    return Part("clickhouse", argv, partial(http_ok, port, "/ping"), grace_s=30)
