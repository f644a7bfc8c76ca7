import pytest

from infra import journal
from infra.settings import load


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("rtsp://admin:p@ss/w0rd@10.0.0.1/1", "rtsp://admin:***@10.0.0.1/1"),
        ("rtsp://admin:secret@cam:554/ch1?x=1", "rtsp://admin:***@cam:554/ch1?x=1"),
        ("cannot open 'rtsp://u:p@h/a' or 'http://u:q@h/b'", "cannot open 'rtsp://u:***@h/a' or 'http://u:***@h/b'"),
        ("http://cam/snap?user=a&pwd=secret&n=1", "http://cam/snap?user=a&pwd=***&n=1"),
        ("Authorization: Bearer abc.def-123", "Authorization: Bearer ***"),
        ("GET /a?X-Amz-Signature=f00&b=1", "GET /a?X-Amz-Signature=***&b=1"),
        ("rtsp://cam.example/1", "rtsp://cam.example/1"),
        ("at 12:30 mail a@b.example", "at 12:30 mail a@b.example"),
    ],
)
def test_secrets_are_starred_out_and_the_rest_stays(said: str, shown: str) -> None:
    assert journal.redact_url(said) == shown


def test_no_line_of_the_journal_holds_a_password(capsys: pytest.CaptureFixture[str]) -> None:
    journal.setup(load(log_json=True))
    try:
        raise OSError("cannot open rtsp://u:hunter2@cam/1")
    except OSError as error:
        journal.get("test").exception("rtsp://u:hunter2@cam/1 failed", url="rtsp://u:hunter2@cam/1", error=error)
    printed = capsys.readouterr().err
    assert "hunter2" not in printed
    assert "u:***@cam" in printed


def test_a_path_that_somebody_asks_for_does_not_command_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    journal.setup(load(log_json=False))
    journal.get("api").info("answered", path="/\x1b]0;owned\x07", error=ValueError("\x9b31m"))
    printed = capsys.readouterr().err
    assert "owned" in printed
    assert not set("\x1b\x07\x9b") & set(printed)


def test_lines_below_the_level_are_not_printed(capsys: pytest.CaptureFixture[str]) -> None:
    journal.setup(load(log_level="warning"))
    journal.get("test").info("quiet")
    journal.get("test").warning("loud", media="cam1")
    printed = capsys.readouterr().err
    assert "quiet" not in printed
    assert "loud" in printed
    assert "cam1" in printed
