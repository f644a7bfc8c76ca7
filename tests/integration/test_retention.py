"""Protection and retention on a whole running system, black box: what stays, what goes, and why. Hours are seconds."""

import smtplib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from api.times import iso
from cli.commands import check
from infra.kafka import read_topic
from infra.objects import S3Store
from schemas import codec
from schemas.facts import DeletionOrdered
from schemas.intervals import Span
from tests.integration import whole
from tests.integration.operating import Operator, blocks, commands
from tests.integration.recording import wait_for
from tests.integration.scanning import clip
from tests.integration.whole import Whole

SECONDS, SHORTER = 100, 10
"""Of the films."""
MOVES_S = ((74.0, 80.0),)
MAIL_S = 35
"""Where in the footage of ``gate`` its mail comes."""
LOCK_S, LOCKED = (20, 30), "police, file 17"
DEPTH_MS = 6_000
"""Six hours, in this system."""
GRACE_MS = 8_000
"""So long people have, and a busy machine takes its time to show them what is decided."""
MARGIN_MS = 5_000
BEFORE_MS, AFTER_MS = 10_000, 30_000
ROOM = 4.6
"""How many such films the store holds."""
HIGH, LOW = 0.9, 0.8
QUICK = {
    "SIGHTLOG_FLUSH_MS": "100", "SIGHTLOG_TICK_MS": "500", "SIGHTLOG_MOTION_WAIT_MS": "500",
    "SIGHTLOG_STORAGE_MS": "200", "SIGHTLOG_SETTLE_MS": "1000", "SIGHTLOG_GRACE_MS": str(GRACE_MS),
    "SIGHTLOG_EXPIRE_MS": "1000", "SIGHTLOG_STORAGE_HIGH": str(HIGH), "SIGHTLOG_STORAGE_LOW": str(LOW),
    "SIGHTLOG_SEGMENT_MS": "2000", "SIGHTLOG_SQL_SECONDS": "30",
}  # fmt: skip
SOON_S = 60
GUIDE_MS = 1_795_197_600_000
"""2026-11-20T18:00:00Z, as the guide has it."""


class Archive(Operator):
    """The running system, and the films that its cameras have."""

    def __init__(self, system: Whole, film: Path, shorter: Path, room_bytes: int) -> None:
        super().__init__(system)
        self.film, self.shorter, self.room_bytes = film, shorter, room_bytes
        self.segment_bytes = film.stat().st_size // (SECONDS // 2)
        self.start_ms = 0
        """Of the footage of all cameras that have one clip."""
        self.deep_until_ms = 0
        self.taken_back: list[str] = []
        self.settings = system.settings()
        self.store = S3Store(self.settings)

    def camera(self, media: str, is_watched: bool = False) -> None:
        self.system.add(media, depth_ms=DEPTH_MS, motion={"enabled": is_watched})

    def bring(self, media: str, film: Path | None = None, start_ms: int | None = None) -> None:
        """Footage of the camera, all of which is in the tables then."""
        count = len(self.segments(media, is_all=True)) + (SECONDS if film is None else SHORTER) // 2
        self.ingest(media, film or self.film, self.start_ms if start_ms is None else start_ms)
        wait_for(lambda: len(self.segments(media, is_all=True)) == count, SOON_S)

    def fill_deep(self, films: int) -> None:
        """So many more films of ``deep``, each behind the one before; all are marked."""
        self.camera("deep")
        if not self.deep_until_ms:
            self.deep_until_ms = self.start_ms
            whole_ms = {"opened_at": self.start_ms, "closed_at": self.start_ms + 10_000 * SECONDS}
            mark = {"media": "deep", "updated_at": whole_ms["closed_at"], "title": "all of it"} | whole_ms
            answer = self.system.api("PUT", "/api/v1/episodes/77", json=mark)
            assert answer.status_code == 200, answer.text
        for _ in range(films):
            self.bring("deep", start_ms=self.deep_until_ms)
            self.deep_until_ms += 1000 * SECONDS

    def used_bytes(self) -> int:
        """Of all footage in the store."""
        return sum(one.size_bytes for one in self.store.list("segments/"))

    def segments(self, media: str, is_all: bool = False) -> list[Span]:
        """What stands; with ``is_all`` also what is gone, as it was."""
        where = "" if is_all else "AND is_deleted = 0"
        rows = self.sql(f"SELECT start_ms, end_ms FROM footage_history WHERE media = '{media}' {where} ORDER BY 1")
        return [Span(int(row["start_ms"]), int(row["end_ms"])) for row in rows]

    def objects(self, media: str) -> list[int]:
        """Starts of the segments whose objects stand in the store."""
        keys = (one.key for one in self.store.list(f"segments/{media}/"))
        return sorted(int(key.rpartition("/")[2].removesuffix(".mp4")) for key in keys)

    def kept(self, media: str, spans: Sequence[Span]) -> list[Span]:
        """Its segments that touch ``spans``: what must be left of it."""
        return [
            one
            for one in self.segments(media, is_all=True)
            if any(one.start_ms < span.end_ms and span.start_ms < one.end_ms for span in spans)
        ]

    def is_left(self, media: str, segments: Sequence[Span]) -> bool:
        """True when exactly these stand: in the tables and in the store."""
        if self.segments(media) != list(segments):
            return False
        return self.objects(media) == [one.start_ms for one in segments]

    def upcoming(self, media: str) -> list[dict[str, Any]]:
        """Decisions to delete that can still be taken back."""
        return list(self.get("expirations", media=media, state="expired")["expirations"])

    def is_ordered(self, media: str) -> bool:
        """True once any of it is to be deleted for good, as the log says."""
        facts = (codec.decode("expirations", one.value) for one in read_topic(self.settings, "expirations"))
        return any(isinstance(fact, DeletionOrdered) and fact.media == media for fact in facts)

    def explained(self, media: str, at_ms: int) -> tuple[str, str]:
        """(state, every reason)."""
        told = self.get(f"media/{media}/explain", at_ms=at_ms)
        return told["state"], "; ".join(one["text"] for one in told["because"])

    def mail(self, media: str) -> None:
        """The camera has seen something."""
        with smtplib.SMTP("127.0.0.1", self.system.settings().smtp_port, timeout=90) as client:
            client.sendmail(f"{media}@x.org", [f"{media}@x.org"], b"Subject: Motion detected\r\n\r\n")

    def mailed_ms(self) -> int:
        """When the mail came."""
        (alarm,) = wait_for(lambda: self.get("alarms")["alarms"], SOON_S)
        return int(alarm["received_ms"])

    def lock(self, media: str, from_s: int, to_s: int) -> None:
        """These seconds of its clip."""
        said = self.run(
            "lock", "add", media, *(iso(self.start_ms + 1000 * s) for s in (from_s, to_s)), "--reason", LOCKED
        )
        assert "covered" in said

    def take_back(self, media: str) -> None:
        """All that is decided of it, as soon as it is decided."""
        waiting = wait_for(lambda: self.upcoming(media), SOON_S)
        self.taken_back = [one["expiration_id"] for one in waiting]
        self.run("retention", "restore", *self.taken_back)
        self.run("media", "add", media, "--depth", "6h")


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """Everything of one box, with a store that holds few films. Three cameras have one each, and people act."""
    folder = tmp_path_factory.mktemp("retention")
    film = clip(folder / "film.mp4", SECONDS, MOVES_S)
    shorter = clip(folder / "shorter.mp4", SHORTER, ())
    room_bytes = round(ROOM * film.stat().st_size)
    with whole.up(folder / "data", **QUICK, SIGHTLOG_STORAGE_BYTES=str(room_bytes)) as system:
        made = Archive(system, film, shorter, room_bytes)
        for media in ("gate", "lobby", "yard"):
            made.camera(media, is_watched=media == "gate")
        made.mail("gate")
        made.start_ms = made.mailed_ms() - 1000 * MAIL_S
        made.bring("gate")
        made.bring("lobby")
        made.lock("lobby", *LOCK_S)
        made.bring("yard")
        made.take_back("yard")
        yield made


def test_what_a_mail_and_motion_mark_is_left_to_the_segment_and_the_rest_goes_at_depth(archive: Archive) -> None:
    at_ms = archive.mailed_ms()
    (moved,) = wait_for(lambda: closed(archive, "gate"), SOON_S)
    mail = Span(at_ms - BEFORE_MS, at_ms + AFTER_MS)
    motion = Span(moved.start_ms - MARGIN_MS, moved.end_ms + MARGIN_MS)
    everything = Span(archive.start_ms, archive.start_ms + 1000 * SECONDS)
    assert everything.start_ms < mail.start_ms < mail.end_ms < motion.start_ms < motion.end_ms < everything.end_ms
    left = archive.kept("gate", [mail, motion])
    wait_for(lambda: archive.is_left("gate", left), SOON_S)
    state, why = archive.explained("gate", at_ms)
    assert (state, "alarm" in why) == ("kept", True), why
    state, why = archive.explained("gate", archive.start_ms)
    assert (state, "depth" in why) == ("gone", True), why


def test_a_lock_stays_and_what_lies_around_it_goes(archive: Archive) -> None:
    (lock,) = archive.get("media/lobby/locks")["locks"]
    left = archive.kept("lobby", [Span(lock["from_ms"], lock["to_ms"])])
    assert len(left) == (lock["to_ms"] - lock["from_ms"]) // 2000
    wait_for(lambda: archive.is_left("lobby", left), SOON_S)
    assert LOCKED in archive.explained("lobby", lock["from_ms"])[1]


def test_a_decision_taken_back_within_its_grace_leaves_everything(archive: Archive) -> None:
    assert archive.taken_back
    for one in archive.taken_back:
        assert archive.get(f"expirations/{one}")["state"] == "restored"
    assert not archive.get("expirations", media="yard", state="ordered")["expirations"]
    assert archive.is_left("yard", archive.segments("yard", is_all=True))


def test_while_protection_is_stopped_nothing_is_deleted_and_then_it_goes_on_whatever_else_is_away(
    archive: Archive,
) -> None:
    """No protection: nothing is decided. No table and no store: it is ordered all the same, and done once it can be."""
    archive.fill_deep(2)
    archive.camera("late")
    with archive.system.frozen("processor:protection"):
        archive.bring("late", archive.shorter)
        everything = archive.segments("late")
        whole.pause_s((DEPTH_MS + GRACE_MS) / 1000 + 5)
        assert archive.is_left("late", everything)
        assert not archive.is_ordered("late")
    with archive.system.frozen("clickhouse"):
        with archive.system.frozen("objects"):
            wait_for(lambda: archive.is_ordered("late"), SOON_S)
        wait_for(lambda: archive.objects("late") == [], SOON_S)
    wait_for(lambda: archive.is_left("late", []), SOON_S)


def test_a_full_store_takes_the_oldest_protected_first_and_never_what_is_locked(archive: Archive) -> None:
    """``deep`` is all marked, and alone above its fair share."""
    stood = {media: archive.segments(media) for media in ("gate", "lobby", "yard")}
    archive.fill_deep(1)
    wait_for(lambda: archive.used_bytes() <= HIGH * archive.room_bytes and not archive.upcoming("deep"), SOON_S)
    assert archive.used_bytes() > LOW * archive.room_bytes - 2 * archive.segment_bytes
    wait_for(lambda: archive.is_left("deep", archive.segments("deep")), SOON_S)  # tables follow the store
    left, ever = archive.segments("deep"), archive.segments("deep", is_all=True)
    assert left == ever[-len(left) :]
    for media, spans in stood.items():
        lost = sorted(set(spans) - set(archive.segments(media)))
        assert not lost, (media, lost, [archive.explained(media, one.start_ms) for one in lost])
    assert "room" in archive.explained("deep", ever[0].start_ms)[1]


def test_what_was_saved_is_reported(archive: Archive) -> None:
    """Beside a recorder that had kept all since the first second that is left."""
    left = archive.segments("lobby")
    plain = [one for one in archive.segments("lobby", is_all=True) if one.start_ms >= left[0].start_ms]
    (lobby,) = archive.get("retention/report", media="lobby")["media"]
    assert lobby["saving"] == pytest.approx(1 - len(left) / len(plain), abs=0.02)
    assert f"{100 * lobby['saving']:.1f}" in archive.run("retention", "report", "lobby")


def test_every_command_of_the_guide_does_what_the_guide_says(archive: Archive) -> None:
    archive.camera("garage")
    archive.bring("garage", archive.shorter, GUIDE_MS)
    shown = {}
    for kind, code in blocks("retention"):
        if kind == "bash":
            shown |= {" ".join(words): archive.run(*words) for words in commands(code)}
        else:
            assert {"media", "reason", "decisions", "segments", "bytes"} == set(archive.sql(code)[0])
    said = "".join(shown.values())
    assert "covered" in said
    assert "recorded" in said


def test_in_the_end_facts_rows_and_objects_agree(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "_PATIENCE_S", 60.0)
    wait_for(lambda: not archive.get("expirations", state="expired")["expirations"], SOON_S)
    assert "facts, rows and objects agree" in archive.run("check", "--grace-s", "0")


def closed(archive: Archive, media: str) -> list[Span]:
    """What moved, once it is known to its end."""
    found = archive.get("episodes", media=media, source="motion_detector")["episodes"]
    return [
        Span(one.get("started_at") or one["opened_at"], one["closed_at"])
        for one in found
        if one["closed_at"] is not None
    ]
