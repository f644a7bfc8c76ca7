"""`sightlog check` on real servers: deletions in play, and the repair of what crashes and lost disks leave behind."""

import secrets
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from msgspec.structs import replace
from typer.testing import CliRunner

from cli.commands import check
from cli.main import build
from infra import kafka
from infra.clock import now_ms
from infra.kafka import KafkaLog, ensure_topics
from infra.objects import S3Store
from infra.settings import Settings
from projections.effects.rules import Outcome, deleted
from schemas import codec
from schemas.facts import RangeProtected, SegmentsDeleted
from schemas.protection import Hold
from tests.footage_facts import segment
from tests.integration.test_projection import log, running
from tests.order_facts import key_of, order, run_of

__all__ = ["log"]

STARTS = run_of(10)
Check = Callable[..., tuple[int, str]]


@pytest.fixture
def own(stack: Settings) -> Settings:
    mark = f"c{secrets.token_hex(3)}"
    settings = stack.model_copy(
        update={"topic_prefix": f"{mark}.", "database": mark, "s3_bucket": mark, "flush_ms": 100}
    )
    ensure_topics(settings)
    S3Store(settings).ensure_bucket()
    return settings


@pytest.fixture
def shown(own: Settings, log: KafkaLog) -> Iterator[None]:
    """The projections run."""
    with running(own, log):
        yield


@pytest.fixture
def run(own: Settings, monkeypatch: pytest.MonkeyPatch) -> Check:
    """The command: its exit code and all it says."""
    for name, value in own.as_environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(check, "_PATIENCE_S", 60.0)

    def invoked(*words: str) -> tuple[int, str]:
        done = CliRunner().invoke(build(), ["check", "--grace-s", "0", *words])
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done.exit_code, done.output

    return invoked


@pytest.fixture
def store(own: Settings, log: KafkaLog) -> S3Store:
    """Ten segments of one camera, stored and told."""
    made = S3Store(own)
    for start_ms in STARTS:
        fact = replace(segment("cam1", start_ms), object_key=key_of(start_ms))
        made.put(fact.object_key, b"x" * fact.size_bytes)
        log.append(fact).result(60)
    return made


@pytest.mark.usefixtures("shown")
def test_what_an_order_deletes_leaves_nothing_behind_and_is_no_fault_meanwhile(
    own: Settings, log: KafkaLog, store: S3Store, run: Check
) -> None:
    hold = Hold(kind="lock", id=1)
    log.append(RangeProtected(media="cam1", observed_ms=1, start_ms=STARTS[0], end_ms=STARTS[1], holds=(hold,))).result(
        10
    )
    code, said = run()
    assert (code, said.splitlines()[-1]) == (0, "facts, rows and objects agree"), said
    assert "10 segments by facts, 10 rows, 10 objects" in said
    assert "1 protected ranges by facts, 1 rows" in said
    ordered = order(STARTS[:4], observed_ms=now_ms())
    log.append(ordered).result(60)
    store.delete([key_of(start_ms) for start_ms in STARTS[:2]])  # as far as the effect has come
    audit = check.run(own, grace_ms=60_000)
    assert (audit.is_whole, audit.going) == (True, 2)
    assert check.run(own, grace_ms=-60_000).ghosts == [("cam1", start_ms) for start_ms in STARTS[:2]]
    store.delete([key_of(start_ms) for start_ms in STARTS[2:4]])
    for fact in deleted(Outcome(ordered, {}), now_ms()):
        log.append(fact).result(60)
    code, said = run()
    assert (code, "6 segments by facts, 6 rows, 6 objects" in said) == (0, True), said


@pytest.mark.usefixtures("shown")
def test_a_repair_deletes_orphans_and_tells_what_the_store_has_lost(own: Settings, store: S3Store, run: Check) -> None:
    store.delete([key_of(STARTS[0]), key_of(STARTS[1])])
    store.put(key_of(STARTS[2]), b"short")
    store.put(key_of(STARTS[-1] + 6000), b"orphan")
    code, said = run()
    assert code == 1
    assert "2 segments whose object is missing" in said
    assert "1 segments whose object has another size" in said
    assert "1 objects that no fact names" in said
    code, said = run("--repair")
    assert (code, "--yes" in said) == (2, True)
    assert len(list(store.list("segments/"))) == 9
    code, said = run("--repair", "--yes")
    assert (code, "1 objects deleted, 2 segments told as gone" in said) == (1, True), said  # one is still cut short
    (told,) = [fact for fact in told_on(own) if isinstance(fact, SegmentsDeleted)]
    assert (told.segment_starts_ms, told.expiration_id, told.size_bytes) == (tuple(STARTS[:2]), 0, 2 * 9000)
    store.put(key_of(STARTS[2]), b"x" * 9000)
    code, said = run("--repair", "--yes")
    assert (code, said.splitlines()[-1]) == (0, "facts, rows and objects agree"), said


@pytest.mark.usefixtures("shown")
def test_a_repair_is_refused_when_more_than_half_would_go(own: Settings, store: S3Store, run: Check) -> None:
    store.delete([key_of(start_ms) for start_ms in STARTS[:6]])
    code, said = run("--repair", "--yes")
    assert (code, "6 of 10 segments have no object" in said) == (2, True), said
    assert not any(isinstance(fact, SegmentsDeleted) for fact in told_on(own))
    code, said = run("--repair", "--yes", "--more-than-half")
    assert (code, "6 segments told as gone" in said) == (0, True), said


def told_on(settings: Settings) -> list[Any]:
    return [codec.decode("segments", record.value) for record in kafka.read_topic(settings, "segments")]
