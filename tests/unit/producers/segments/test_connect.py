import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from infra.clock import monotonic_s
from infra.settings import load
from producers.segments.connect import connect
from producers.segments.paced import HeldBack
from producers.segments.samples import Sample
from producers.segments.source import SourceFailed, advice
from tests.integration import clips


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def web(tmp_path: Path) -> Iterator[str]:
    """The address of a web server that serves a folder with one clip."""
    clips.make(tmp_path / "clip.ts", seconds=2)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=tmp_path))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def test_a_file_on_a_web_server_is_read_no_faster_than_time_goes_by(web: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(HeldBack, "LEAD_S", 0.2)
    source = connect(f"{web}/clip.ts", audio=False, settings=load())
    began_s = monotonic_s()
    pictures = [item for item in source.items() if isinstance(item, Sample)]
    assert len(pictures) == 50
    assert monotonic_s() - began_s > 1.5
    source.close()


def test_what_is_not_there_is_told_with_what_to_do(web: str, tmp_path: Path) -> None:
    with pytest.raises(SourceFailed, match="404") as missing:
        connect(f"{web}/none.ts", audio=False, settings=load())
    assert advice(str(missing.value)) == "check the path of the address"
    with pytest.raises(SourceFailed, match="no such file") as missing:
        connect(str(tmp_path / "none.mp4"), audio=False, settings=load())
    assert "check the path" in advice(str(missing.value))
