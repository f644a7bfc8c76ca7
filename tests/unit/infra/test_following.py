"""Topics that are followed: what counts, what is passed over, and a broker that comes late."""

from collections.abc import Mapping

import pytest
from structlog.testing import capture_logs

from infra import following
from infra.following import Following, usable
from infra.log import LogUnavailable, Record
from schemas import codec
from schemas.facts import MediaConfigured

GATE = MediaConfigured(media="gate", observed_ms=1)


def record(offset: int, value: bytes | None) -> Record:
    return Record("media", 0, offset, b"gate", value, 0)


class Told:
    """A source of the given batches; closed when asked."""

    def __init__(self, *batches: list[Record]) -> None:
        self.batches, self.is_closed = list(batches), False

    @property
    def caught_up(self) -> bool:
        return not self.batches

    def has_read(self, ends: Mapping[int, int]) -> bool:
        return not self.batches

    def poll(self, timeout_s: float) -> list[Record]:
        return self.batches.pop(0) if self.batches else []

    def close(self) -> None:
        self.is_closed = True


def test_a_bad_fact_is_passed_over_with_a_line_that_says_where_it_stands() -> None:
    good = record(4, codec.encode(GATE))
    with capture_logs() as lines:
        assert list(usable([record(3, b"junk"), good, record(5, None)], "tests")) == [(good, GATE)]
    assert [(line["log_level"], line["topic"], line["offset"]) for line in lines] == [
        ("warning", "media", 3),
        ("warning", "media", 5),
    ]


def test_a_broker_that_is_away_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "_AGAIN_S", 0)
    source, failures = Told([record(0, codec.encode(GATE))]), [LogUnavailable("away"), LogUnavailable("away")]

    def opened() -> Told:
        if failures:
            raise failures.pop()
        return source

    followed = Following(opened, "tests")
    for _ in range(2):
        assert followed.poll(0) == []
        assert not followed.caught_up
        assert not followed.has_read({})
    assert followed.poll(0) == [GATE]
    assert followed.caught_up
    assert followed.has_read({0: 1})
    followed.close()
    assert source.is_closed
