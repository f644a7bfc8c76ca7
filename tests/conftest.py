"""Real servers for the tests that need them.

``stack`` starts a fresh broker, database and object server once per pytest process; with xdist every worker has its
own (about 450 MB each: use few workers). ``pytest --stack DIR`` uses the servers that
``python -m infra.embedded --data DIR`` runs already, which saves their start while writing a test.
"""

import secrets
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import anyio
import hypothesis
import pytest
import structlog

from infra.settings import Settings, load

for name in dir(anyio):  # loaded at first use and, as a plugin, rewritten by pytest: in a thread that may fail
    getattr(anyio, name)  # (CPython 3.11, gh-106905)
hypothesis.settings.register_profile("busy", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("busy")  # a machine that does two things at once is no slow strategy, nor slow code
PARTITIONS = 4


def pytest_configure() -> None:
    """Tracebacks as they are: drawn with the values of all variables, one takes half a minute."""
    plain = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[*structlog.get_config()["processors"][:-1], plain])


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--kills", type=int, default=6, help="how often the chaos test kills a process")
    parser.addoption("--histories", type=int, default=60, help="how many random histories of episodes are compared")
    parser.addoption("--expiries", type=int, default=40, help="how many random histories of retention are compared")
    parser.addoption("--cuts", type=int, default=1, help="how often the power-cut test pulls the plug")
    parser.addoption("--saves", type=int, default=4000, help="how many saves arrive while lifecycle workers are killed")
    parser.addoption(
        "--mails", type=int, default=500, help="how many mails are acknowledged while listeners are killed"
    )
    parser.addoption("--hostile", type=int, default=250, help="how many peers besiege the mail listener")
    parser.addoption("--full-disk", action="store_true", help="also fill the disk of an object server")
    parser.addoption("--outage-s", type=float, default=10, help="how long the chaos test keeps a server away")
    parser.addoption("--stack", type=Path, default=None, metavar="DIR", help="use the servers that run on DIR")
    parser.addoption("--page", type=Path, default=None, metavar="DIR", help="the built page, instead of web/dist")


@pytest.fixture(autouse=True)
def _journal_as_it_was() -> Iterator[None]:
    """A test that sets up a journal, for itself or by running a command, does so for itself alone."""
    config = structlog.get_config()
    yield
    structlog.configure(**config)


@pytest.fixture(scope="session")
def stack(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Settings of running servers, with topics, database and bucket that no other session uses."""
    running: Path | None = request.config.getoption("--stack")
    if running:
        yield _alone_on(running)
        return
    data = tmp_path_factory.mktemp("stack")
    with (data / "output.log").open("wb") as output:
        server = subprocess.Popen(
            [sys.executable, "-m", "infra.embedded", "--data", str(data)],
            cwd=request.config.rootpath, stdout=subprocess.PIPE, stderr=output,
        )  # fmt: skip
        try:
            assert server.stdout
            assert server.stdout.readline().startswith(b"ready:"), (data / "output.log").read_text()
            yield _alone_on(data)
        finally:
            server.send_signal(signal.SIGINT)
            server.communicate(timeout=300)


def _alone_on(data: Path) -> Settings:
    mark = secrets.token_hex(3)
    alone = {"topic_prefix": f"t{mark}.", "database": f"t{mark}", "s3_bucket": f"t{mark}"}
    return load(data=data, partitions=PARTITIONS, **alone)
