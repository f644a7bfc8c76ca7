"""Messages to a process and back, however they are cut, and whatever becomes of the process."""

import io
import signal
import sys

import pytest

from infra import piped
from infra.clock import monotonic_s
from infra.piped import BadMessage, Piped, framed, messages, name_of, turn

ECHO = "import sys\nwhile data := sys.stdin.buffer.read1():\n    sys.stdout.buffer.write(data)\n    sys.stdout.flush()"
WAIT_S = 30


def child(code: str) -> Piped:
    return Piped((sys.executable, "-S", "-c", code), {})


def heard(one: Piped, count: int) -> list[bytes]:
    """So many messages; fewer when it ended before."""
    found: list[bytes] = []
    deadline_s = monotonic_s() + WAIT_S
    while len(found) < count and one.ended_with is None:
        assert monotonic_s() < deadline_s
        turn([one], 0.1)
        found += one.received()
    return found


def test_messages_come_back_whole_however_long_they_are() -> None:
    """Longer than any pipe holds, to a process that answers while we still write."""
    sent = [b"", b"a", b"b" * 3_000_000, b"c" * 70_000]
    one = child(ECHO)
    for message in sent:
        one.send(message)
    assert heard(one, len(sent)) == sent
    one.kill()


def test_a_process_that_takes_nothing_holds_up_nobody() -> None:
    one = child("import time; time.sleep(60)")
    one.send(b"x" * 5_000_000)
    turn([one], 0)
    one.kill()
    assert one.ended_with == -signal.SIGKILL


@pytest.mark.parametrize(
    ("code", "how"),
    [("raise SystemExit(3)", "exit 3"), ("import os; os.kill(os.getpid(), 11)", "SIGSEGV"), ("", "exit 0")],
)
def test_it_is_known_how_a_process_ended(code: str, how: str) -> None:
    one = child(code)
    assert heard(one, 1) == []
    assert one.ended_with is not None
    assert name_of(one.ended_with) == how
    one.send(b"too late")


def test_what_it_said_before_it_ended_is_heard() -> None:
    one = child(f"import sys; sys.stdout.buffer.write({framed(b'last words')!r})")
    deadline_s = monotonic_s() + WAIT_S
    while one.ended_with is None:
        assert monotonic_s() < deadline_s
        turn([one], 0.1)
    assert list(one.received()) == [b"last words"]


def test_a_process_sees_the_messages_and_the_end() -> None:
    source = io.BytesIO(framed(b"one") + framed(b"two") + framed(b"cut off")[:-1])
    assert list(messages(source)) == [b"one", b"two"]


def test_what_is_no_message_is_refused_before_memory_is_taken() -> None:
    with pytest.raises(BadMessage):
        list(messages(io.BytesIO(b"\xff\xff\xff\xff")))


def test_its_processor_time_is_known() -> None:
    one = child("while True: pass")
    deadline_s = monotonic_s() + WAIT_S
    while one.cpu_s() == 0:
        assert monotonic_s() < deadline_s
        turn([one], 0.05)
    one.kill()
    assert one.cpu_s() == 0
    assert piped.name_of(-200) == "signal 200"
