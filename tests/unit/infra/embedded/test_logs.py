"""A part's log stays below its size and keeps the newest lines."""

from pathlib import Path

from infra.embedded.logs import LogFile


def test_a_small_log_is_left_alone(tmp_path: Path) -> None:
    log = LogFile(tmp_path / "kafka.log", limit_bytes=100)
    log.path.write_text("one\n")
    log.rotate()
    assert log.path.read_text() == "one\n"


def test_a_large_log_moves_on_and_the_oldest_goes(tmp_path: Path) -> None:
    log = LogFile(tmp_path / "kafka.log", limit_bytes=3)
    for text in ("one", "two", "three", "four"):
        log.path.write_text(text)
        log.rotate()
    assert log.path.read_text() == ""
    assert [(tmp_path / f"kafka.log.{n}").read_text() for n in (1, 2, 3)] == ["four", "three", "two"]


def test_a_writer_goes_on_in_the_emptied_file(tmp_path: Path) -> None:
    log = LogFile(tmp_path / "kafka.log", limit_bytes=3)
    with log.open() as writer:
        writer.write(b"before")
        writer.flush()
        log.rotate()
        writer.write(b"after")
    assert log.path.read_bytes() == b"after"


def test_the_tail_is_the_last_lines_that_say_something(tmp_path: Path) -> None:
    log = LogFile(tmp_path / "kafka.log")
    assert log.tail() == []
    log.path.write_text("one\ntwo\n\nthree\n\n")
    assert log.tail(2) == ["two", "three"]
