"""Clocks: what nobody can set, and whose it is."""

import subprocess
import sys
from pathlib import Path

import pytest

from infra import clock


def test_uptime_never_falls_and_grows_as_the_monotonic_clock_does() -> None:
    began_s, first_ms = clock.monotonic_s(), clock.uptime_ms()
    clock.sleep_s(0.02)
    grown_ms = clock.uptime_ms() - first_ms
    assert 19 <= grown_ms <= (clock.monotonic_s() - began_s) * 1000 + 5


def test_two_processes_of_one_start_of_a_machine_agree_on_it() -> None:
    code = "from infra.clock import boot_id; print(boot_id())"
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert other.stdout.strip() == clock.boot_id()
    assert 0 < len(clock.boot_id()) <= 64


def test_a_machine_that_does_not_say_gives_each_process_its_own_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "_BOOT_ID", Path("/nowhere"))
    clock.boot_id.cache_clear()
    try:
        own = clock.boot_id()
        assert len(own) == 32
        assert clock.boot_id() == own
        clock.boot_id.cache_clear()
        assert clock.boot_id() != own
    finally:
        clock.boot_id.cache_clear()
