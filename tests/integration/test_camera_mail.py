"""A camera's mail from the wire to its mark, black box: real listener, log, processors, tables and API."""

import base64
import hashlib
import re
import secrets
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli.main import build
from infra.settings import Settings
from tests.integration import whole
from tests.integration.camera_corpora import Mail, corpora_of_mails
from tests.integration.camera_wire import Habit, sent, stored
from tests.integration.recording import wait_for
from tests.integration.whole import ROOT, Whole

SERVERS = (
    "kafka", "clickhouse", "s3", "s3_key", "s3_secret", "topic_prefix", "database", "s3_bucket",
    "partitions",
)  # fmt: skip
BEFORE_MS, AFTER_MS = 10_000, 30_000
MAILS = corpora_of_mails()
MARK = secrets.token_hex(3)


class Archive:
    """The running system as an operator asks it."""

    def __init__(self, system: Whole) -> None:
        self.system = system
        self.port = system.settings().smtp_port

    def get(self, path: str, **asked: Any) -> dict[str, Any]:
        answer = self.system.api("GET", f"/api/v1/{path}", params=asked)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def alarms(self, media: str) -> list[dict[str, Any]]:
        return list(self.get("alarms", media=media, limit=1000)["alarms"])

    def alarm(self, media: str, raw: bytes, eol: str = "CRLF") -> dict[str, Any]:
        """The alarm that a mail became, once it is there."""
        return dict(wait_for(lambda: next(iter(self.found(media, raw, eol)), None), 30))

    def found(self, media: str, raw: bytes, eol: str = "CRLF") -> list[dict[str, Any]]:
        return [one for one in self.alarms(media) if one["mail_key"] == key(raw, eol)]

    def letter(self, raw: bytes, eol: str = "CRLF") -> dict[str, Any]:
        """The letter that a mail became, once it is there."""

        def look() -> dict[str, Any] | None:
            letters = self.get("dead-letters", topic="mails", limit=1000)["letters"]
            return next((one for one in letters if one["mail_key"] == key(raw, eol)), None)

        return dict(wait_for(look, 30))

    def lost(self, word: str) -> str:
        """Where the mail stands whose letter gives a reason with ``word``, once there is one."""

        def look() -> str | None:
            letters = self.get("dead-letters", topic="mails", limit=1000)["letters"]
            return next((str(one["place"]) for one in letters if word in one["reason"]), None)

        return str(wait_for(look, 30))

    def marks(self, media: str) -> list[dict[str, Any]]:
        return list(self.get("episodes", media=media, source="alarm")["episodes"])

    def mark(self, media: str, is_closed: bool = False) -> dict[str, Any]:
        """The newest mark of a camera, once there is one."""

        def look() -> dict[str, Any] | None:
            return next((one for one in self.marks(media) if one["closed_at"] or not is_closed), None)

        return dict(wait_for(look, 30))

    def marked(self, alarm: dict[str, Any]) -> bool:
        """Is its stretch marked? Mails that follow within a second are told with the next version."""
        begin_ms, end_ms = alarm["received_ms"] - BEFORE_MS, alarm["received_ms"] + AFTER_MS - 1000
        spans = [(one.get("started_at") or one["opened_at"], until_ms(one)) for one in self.marks(alarm["media"])]
        return any(begins_ms <= begin_ms and ends_ms >= end_ms for begins_ms, ends_ms in spans)

    def add(self, media: str, **config: Any) -> str:
        self.system.add(media, **config)
        return media

    def mail(self, media: str, raw: bytes, habit: Habit | None = None) -> str:
        return sent(self.port, raw, f"{media}@example.com", [f"{media}@example.com"], habit)


def key(raw: bytes, eol: str) -> str:
    return f"mails/{hashlib.sha256(stored(raw, eol)).hexdigest()}.eml"


def until_ms(mark: dict[str, Any]) -> int:
    return int(mark["closed_at"] or mark["payload"]["until_ms"])


def motion(number: int = 0, subject: str = "Motion Detected", text: str = "something moved") -> bytes:
    """A mail that nobody has sent before, unless of the same number."""
    return f"Subject: {subject}\nMessage-ID: <{subject}-{number}@camera>\n\n{text}\n".encode()


@pytest.fixture(scope="module")
def archive(stack: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """All services on the session's servers, with a camera for every mail of the corpora."""
    given = stack.model_copy(update={"topic_prefix": f"c{MARK}.", "database": f"c{MARK}"}).given()
    servers = {f"SIGHTLOG_{name.upper()}": str(given[name]) for name in SERVERS}
    quick = {"SIGHTLOG_FLUSH_MS": "100", "SIGHTLOG_TICK_MS": "500"}
    with whole.up(tmp_path_factory.mktemp("mail") / "data", **servers, **quick) as system:
        made = Archive(system)
        cameras = {mail.media: f"{mail.media},{'|'.join(mail.catch)},{mail.zone}" for mail in MAILS}
        table = "\n".join(["media,catch,time_zone", *cameras.values()])
        answer = system.api("POST", "/api/v1/media/import", content=table, headers={"Content-Type": "text/csv"})
        assert answer.json() == {"created": len(cameras), "updated": 0}
        yield made


@pytest.fixture(scope="module")
def corpora(archive: Archive) -> Archive:
    """The archive after every mail of the corpora has been sent, each in the habit of its camera."""
    for mail in MAILS:
        answer = sent(archive.port, mail.raw, mail.sender, mail.recipients, mail.habit)
        assert answer.startswith("250"), (mail.name, answer)
    return archive


@pytest.mark.parametrize("mail", MAILS, ids=lambda mail: mail.name)
def test_every_mail_of_the_corpora_is_read_as_its_manifest_says(mail: Mail, corpora: Archive) -> None:
    if mail.error:
        assert corpora.letter(mail.raw, mail.habit.eol)["error"] == mail.error
        return
    alarm = corpora.alarm(mail.media, mail.raw, mail.habit.eol)
    assert {name: alarm[name] for name in mail.expected} == mail.expected
    if alarm["kind"] == "start":
        wait_for(lambda: corpora.marked(alarm), 30)


def test_a_mark_reaches_from_10_s_before_the_mail_to_30_s_after_it(archive: Archive) -> None:
    media = archive.add("mark")
    assert archive.mail(media, motion()).startswith("250")
    at_ms = archive.alarm(media, motion())["received_ms"]
    mark = archive.mark(media)
    assert (mark["opened_at"], mark["payload"]["until_ms"]) == (at_ms - BEFORE_MS, at_ms + AFTER_MS)
    assert mark["originator"]["source"] == "alarm"


def test_a_stop_closes_the_mark_and_never_opens_one(archive: Archive) -> None:
    media = archive.add("stop")
    start, stop = (motion(subject=f"Motion Detection {word}") for word in ("Start", "Stop"))
    archive.mail(media, stop)
    assert archive.alarm(media, stop)["kind"] == "stop"
    archive.mail(media, start)
    begun = archive.mark(media)
    again = motion(1, subject="Motion Detection Stop")
    archive.mail(media, again)
    stopped_ms = archive.alarm(media, again)["received_ms"]
    (closed,) = wait_for(lambda: [one for one in archive.marks(media) if one["closed_at"]], 30)
    assert closed["episode_id"] == begun["episode_id"]
    ends_ms = begun["payload"]["until_ms"]
    assert closed["closed_at"] in (ends_ms, max(ends_ms, stopped_ms))  # it may be over before the mail is there
    assert len(archive.marks(media)) == 1


def test_tests_and_reports_of_faults_make_no_mark(archive: Archive) -> None:
    media = archive.add("quiet", catch=["*"])
    trial = motion(subject="Test mail", text="This is only a test of the e-mail alert settings.")
    fault = motion(subject="Disk Full Warning", text="EVENT TYPE: Disk Full")
    for raw in (trial, fault, motion()):
        assert archive.mail(media, raw).startswith("250")
    assert [archive.alarm(media, raw)["kind"] for raw in (trial, fault, motion())] == ["test", "other", "start"]
    mark = archive.mark(media)
    assert (len(archive.marks(media)), mark["payload"]["mails"]) == (1, 1)


def test_a_mail_of_an_unknown_camera_becomes_an_alarm_once_the_camera_is_added(archive: Archive) -> None:
    raw = motion(subject="Motion at a camera that nobody knows")
    assert archive.mail("newcomer", raw).startswith("250")
    letter = archive.letter(raw)
    assert letter["error"] == "unknown_camera"
    archive.add("newcomer")
    redrive(archive, letter)
    alarm = archive.alarm("newcomer", raw)
    assert alarm["received_ms"] <= letter["failed_ms"]
    assert archive.mark("newcomer")["opened_at"] == alarm["received_ms"] - BEFORE_MS


def test_a_mail_without_a_catch_word_becomes_an_alarm_once_the_word_is_one(archive: Archive) -> None:
    media, raw = archive.add("word"), motion(subject="Intrusion Detection", text="Tripwire")
    archive.mail(media, raw)
    letter = archive.letter(raw)
    assert letter["error"] == "no_match"
    assert media in letter["reason"]
    archive.add(media, catch=["motion", "intrusion"])
    redrive(archive, letter)
    assert archive.alarm(media, raw)["matched"] == "intrusion"


def test_a_camera_that_mails_again_because_it_heard_no_answer_is_one_alarm(archive: Archive) -> None:
    media, raw, end = archive.add("retry"), motion(), motion(subject="Motion Detection Stop")
    for each in (raw, raw, raw, motion(1), end):
        archive.mail(media, each)
    mark = archive.mark(media, is_closed=True)
    assert mark["payload"]["mails"] == 2
    assert len(archive.marks(media)) == 1
    alarms = wait_for(lambda: found if len(found := archive.alarms(media)) > 2 else None, 30)
    assert sorted(one["kind"] for one in alarms) == ["start", "start", "stop"]


def test_the_picture_of_a_mail_is_the_preview_of_its_mark(archive: Archive) -> None:
    media = archive.add("picture")
    jpeg = next(found for mail in MAILS if (found := re.search(rb"/9j/[A-Za-z0-9+/=\r\n]+", mail.raw)))[0]
    raw = (
        b"Subject: motion\nMessage-ID: <p@camera>\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nmotion\n--b\n"
        b"Content-Type: image/jpeg\nContent-Transfer-Encoding: base64\n\n" + jpeg + b"\n--b--\n"
    )
    archive.mail(media, raw)
    archive.alarm(media, raw)
    shown = archive.system.api("GET", archive.mark(media)["preview_url"])
    assert (shown.status_code, shown.content) == (200, base64.b64decode(jpeg))


def test_a_camera_with_a_login_of_its_own_is_spoken_for_by_nobody_else(archive: Archive) -> None:
    own = Habit(auth="LOGIN", login="vault-login", password="right")
    media = archive.add("vault", mail_login="vault-login", mail_password="right")
    wait_for(lambda: archive.mail(media, motion(1)).startswith("530"), 10)  # the listener follows within a moment
    assert archive.mail(media, motion(), Habit(auth="LOGIN", login="vault-login", password="wrong")).startswith("535")
    assert archive.mail(media, motion(), Habit(auth="plain", login="nobody", password="wrong")).startswith("535")
    assert archive.mail(media, motion(), own).startswith("250")
    assert archive.alarm(media, motion())["login"] == "vault-login"


def test_a_name_in_the_text_does_not_widen_what_a_login_may_touch(archive: Archive) -> None:
    victim, media = archive.add("victim"), archive.add("narrow", mail_login="narrow-login", mail_password="right")
    own = Habit(auth="LOGIN", login="narrow-login", password="right")
    raw = motion(text=f"EVENT TYPE: Motion Detected\nIPC NAME: {victim}\nCHANNEL NAME: {victim}\nCHANNEL NUMBER: 1")
    wait_for(lambda: archive.mail(media, motion()).startswith("530"), 10)
    assert sent(archive.port, raw, f"{victim}@x", [f"{victim}@x"], own)[:3] in ("250", "530", "550")
    assert archive.mail(media, motion(1), own).startswith("250")
    archive.alarm(media, motion(1))
    assert archive.alarms(victim) == []


def test_one_mail_that_names_two_channels_marks_both_cameras(archive: Archive) -> None:
    first = archive.add("channel-1", mail_aliases=["recorder#1"])
    second = archive.add("channel-2", mail_aliases=["recorder@example.com#2"])
    raw = motion(text="Motion Detected\nChannel: 2")
    archive.mail("recorder", raw)
    assert archive.alarm(second, raw)["channel"] == "2"
    assert archive.found(first, raw) == []
    both = motion(1)
    sent(archive.port, both, "recorder@example.com", [f"{first}@example.com", f"{second}@example.com"])
    assert {archive.alarm(media, both)["media"] for media in (first, second)} == {first, second}


def redrive(archive: Archive, letter: dict[str, Any]) -> None:
    answer = archive.system.api("POST", "/api/v1/dead-letters/redrive", json={"places": [letter["place"]]})
    assert (answer.status_code, answer.json()) == (200, {"redriven": 1})


def test_every_command_of_the_guide_does_what_the_guide_says(archive: Archive, tmp_path: Path) -> None:
    said = [run(archive, code, tmp_path) for language, code in blocks() if language == "bash"]
    one, words, recorder, logins, zones, _, lost, found = said
    shown = next(code for language, code in blocks() if language == "text")
    patterns = [_pattern(step) for step in _steps(shown)]
    assert [step for step, pattern in zip(_steps(one), patterns, strict=False) if not re.match(pattern, step)] == []
    assert "read as start, 'intrusion' found" in words
    assert len(re.findall("^(added|changed)", recorder, re.MULTILINE)) == 2
    assert "as nvr-6c39" in logins
    assert "gate-1" in zones
    assert "subject: motion in the shed" in lost
    assert (tmp_path / "shed.eml").read_bytes().startswith(b"From: shed@example.com")
    assert "records appended again" in found
    wait_for(lambda: [one["kind"] for one in archive.alarms("shed")] == ["start"], 30)


def test_the_statement_of_the_guide_counts_the_mails(archive: Archive) -> None:
    (statement,) = [code for language, code in blocks() if language == "sql"]
    answer = archive.system.api("POST", "/api/v1/sql", content=statement)
    assert answer.status_code == 200, answer.text
    assert {"media", "hour", "alarms", "mails"} == set(answer.json()["data"][0])


def blocks() -> list[tuple[str, str]]:
    """(language, code) of every fenced block of the guide."""
    text = (ROOT / "docs" / "guide" / "camera-mail.md").read_text("utf-8")
    return re.findall(r"^```(\w+)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def run(archive: Archive, code: str, folder: Path) -> str:
    """What a block prints; fails when it fails. Our commands run in this process: each start would cost a second."""
    lines = code.splitlines()
    if all(line.startswith("sightlog ") for line in lines):
        return "".join(_command(archive, shlex.split(line)[1:], folder) for line in lines)
    code = code.replace("127.0.0.1:2525", f"127.0.0.1:{archive.port}")
    done = subprocess.run(["bash", "-euc", code], capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, f"{code}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def _command(archive: Archive, words: list[str], folder: Path) -> str:
    meant = {"mails/0/17": lambda: archive.lost("shed@"), "shed.eml": lambda: str(folder / "shed.eml")}
    words = [meant[word]() if word in meant else word for word in words]
    done = CliRunner().invoke(build(), words, env={"SIGHTLOG_DATA": str(archive.system.data)})
    assert done.exit_code == 0, f"{words}\n{done.output}\n{done.exception}"
    return done.stdout


def _steps(said: str) -> list[str]:
    """The steps that `sightlog smtp test` tells, without their times."""
    return re.findall(r"^ *[\d.]+ s  (.*)$", said, re.MULTILINE)


def _pattern(line: str) -> str:
    """The line of an example with every number, id and clock as a pattern."""
    return re.sub(r"[0-9a-f]*\d[0-9a-f]*", "[0-9a-f]+", re.escape(line))


def test_a_mail_is_tried_over_http_marks_nothing_and_stands_in_the_audit(archive: Archive) -> None:
    media = archive.add("tried", catch=["motion", "*"], mail_login="tried", mail_password="hush-hush")
    told = archive.system.api("POST", f"/api/v1/media/{media}/smtp/test").json()
    assert (told["state"], told["kind"]) == ("arrived", "test"), told
    assert "hush-hush" not in str(told)
    (alarm,) = archive.alarms(media)
    assert (alarm["alarm_id"], alarm["kind"], alarm["login"]) == (told["alarm_id"], "test", "tried")
    assert archive.system.api("GET", f"/api/v1/alarms/{alarm['alarm_id']}/preview.jpg").content.startswith(b"\xff\xd8")
    assert archive.marks(media) == []

    def audited() -> list[dict[str, Any]]:
        return list(archive.get("audit", media=media, action="changed")["actions"])

    assert [one["detail"] for one in wait_for(lambda: audited() if len(audited()) > 1 else None, 30)] == [
        "sent a test mail", "",
    ]  # fmt: skip


def test_the_system_says_what_runs_and_how_far_it_is(archive: Archive) -> None:
    def known() -> dict[str, Any] | None:
        told = archive.get("system")
        are_well = told["parts"] and all(one["is_well"] for one in told["parts"])  # null: not answered in time
        return told if are_well and None not in told["as_of_ms"].values() else None

    told = dict(wait_for(known, 60))
    parts = {one["name"]: one for one in told["parts"]}
    assert {"recorder", "smtp", "projections", "effects", "api"} <= parts.keys()
    assert all(one["since_ms"] > 0 and one["memory_bytes"] > 1 << 20 for one in parts.values())
    assert {"processor-alarms-v1", "processor-motion-v1"} <= {one["group"] for one in told["groups"]}
    assert {"segments", "alarms", "audit", "reviews"} <= {one["projection"] for one in told["projections"]}
    assert told["rebuilds"] == told["runs"] == []
    assert set(told["versions"]) == {"sightlog", "clickhouse"}
