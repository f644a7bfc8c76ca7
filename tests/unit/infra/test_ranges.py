"""Parts of objects: what is read at once, and what a store's answers mean."""

import itertools
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.objects import ObjectMissing, StoreRefused, StoreUnavailable
from infra.ranges import Ranges, joined
from infra.settings import load

CONTENT = bytes(range(256)) * 40


class OddStore(BaseHTTPRequestHandler):
    """Answers as stores do on bad days; which one is the object's name."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        name = self.path.partition("?")[0].rpartition("/")[2]
        if name == "whole":
            self._say(200, CONTENT)
        elif name == "torn":
            self.send_response(206)
            self.send_header("Content-Length", "500")
            self.end_headers()
            self.wfile.write(CONTENT[:100])
            self.close_connection = True
        else:
            self._say(int(name), f"<Error><Code>{self.server.code}</Code></Error>".encode())  # type: ignore[attr-defined]

    def _say(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *told: object) -> None:
        """Nobody reads it."""


@pytest.fixture
def odd() -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), OddStore)
    server.code = "SomeCode"  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def ranges(odd: ThreadingHTTPServer) -> Iterator[Ranges]:
    made = Ranges(load(s3=f"http://127.0.0.1:{odd.server_port}"), gap_bytes=10)
    yield made
    made.close()


def test_a_store_that_ignores_ranges_is_understood(ranges: Ranges) -> None:
    assert ranges.ranges("whole", [(100, 20), (9000, 30), (5, 5)]) == [
        CONTENT[100:120], CONTENT[9000:9030], CONTENT[5:10],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("status", "meaning"),
    [(500, StoreUnavailable), (503, StoreUnavailable), (429, StoreUnavailable), (403, StoreRefused),
     (400, StoreRefused), (301, StoreRefused), (404, ObjectMissing)],
)  # fmt: skip
def test_what_a_store_says_is_told_in_our_three_words(ranges: Ranges, status: int, meaning: type[Exception]) -> None:
    with pytest.raises(meaning, match=str(status)):
        ranges.ranges(str(status), [(0, 9), (100, 9)])


def test_no_bucket_is_an_operators_matter(ranges: Ranges, odd: ThreadingHTTPServer) -> None:
    odd.code = "NoSuchBucket"  # type: ignore[attr-defined]
    with pytest.raises(StoreRefused, match="404 NoSuchBucket"):
        ranges.ranges("404", [(0, 9)])


def test_an_answer_torn_off_is_the_store_being_away_and_not_a_short_object(ranges: Ranges) -> None:
    with pytest.raises(StoreUnavailable):
        ranges.ranges("torn", [(0, 500)])


part = st.tuples(st.integers(0, 500), st.integers(1, 60))


@given(st.lists(part, max_size=8), st.integers(0, 80))
def test_stretches_hold_every_part_and_lie_further_apart_than_the_gap(parts: list[tuple[int, int]], gap: int) -> None:
    found = joined(parts, gap)
    for offset, size in parts:
        assert any(one.start <= offset and offset + size <= one.end for one in found)
    assert all(after.start - before.end > gap for before, after in itertools.pairwise(found))
    wanted = {at for offset, size in parts for at in range(offset, offset + size)}
    extra = sum(one.end - one.start for one in found) - len(wanted)
    assert extra <= gap * max(0, len(parts) - 1)
