import signal
import urllib.request
from collections.abc import Iterator

import pytest

from infra import program
from infra.settings import Settings
from tests.unit.infra.test_health import free_port


@pytest.fixture(autouse=True)
def signals() -> Iterator[None]:
    """Signals mean afterwards what they meant before."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, meaning in before.items():
        signal.signal(number, meaning)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_program_that_has_begun_hears_signals_and_shows_its_pulse(number: signal.Signals) -> None:
    port = free_port()
    stopping, beat = program.begin(Settings(health_port=port))
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz") as answer:
        assert answer.status == 200
    assert beat.age_s() < 30
    assert not stopping.is_set()
    signal.raise_signal(number)
    assert stopping.is_set()
