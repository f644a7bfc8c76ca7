"""Mails of real makes with what their manifests say of them, as one list that can be sent over the wire."""

import json
import re
from dataclasses import dataclass
from datetime import datetime
from itertools import cycle
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tests.integration.camera_wire import Habit
from tests.integration.whole import ROOT

OURS = ROOT / "tests" / "mails"
SHARED = ROOT.parent / "shared" / "eml"
"""There where the project is built, and nowhere else."""
ZONE = "Europe/Warsaw"
"""Of the clocks of our mails that name none."""
HABITS = (
    Habit("EHLO"),
    Habit("HELO", "LOGIN"),
    Habit("EHLO", "login", "LF"),
    Habit("EHLO", "PLAIN"),
    Habit("HELO", eol="LF"),
)


@dataclass(frozen=True)
class Mail:
    """One mail to one camera."""

    path: Path
    habit: Habit
    media: str
    sender: str
    recipients: list[str]
    expected: dict[str, Any]
    """Fields of the alarm; empty where it becomes a letter."""
    catch: tuple[str, ...] = ("motion",)
    error: str = ""
    zone: str = "UTC"

    @property
    def name(self) -> str:
        return self.path.stem

    @property
    def raw(self) -> bytes:
        return self.path.read_bytes()


def corpora_of_mails() -> list[Mail]:
    """Every mail that can be sent to a camera that it shares with no other camera of its manifest."""
    return [*_ours(), *_shared()]


def _ours() -> list[Mail]:
    """Each with a camera of its own, named like the file: the manifest gives one name many catch words."""
    found = []
    habits = cycle(HABITS)
    for about in _manifest(OURS):
        cameras, path = about["cameras"], OURS / about["file"]
        names = {re.split("[+@]", address)[0].lower() for address in about["rcpt_to"]}
        if len(cameras) != 1 or names != {cameras[0]["media"]} or about["login"] or len(about["expected"]) > 1:
            continue
        media = path.stem.replace("_", "-")
        expected = {name: _plain(name, value) for told in about["expected"] for name, value in told.items()}
        expected = {"claimed_ms" if name == "claimed" else name: value for name, value in expected.items()}
        if expected:
            expected |= {"media": media, "pictures": about["jpegs"]}
        recipients = [re.sub(r"^[^+@]*", media, address) for address in about["rcpt_to"]]
        catch = tuple(cameras[0].get("catch", ("motion",)))
        found.append(
            Mail(path, next(habits), media, about["mail_from"], recipients, expected, catch, about["error"], ZONE)
        )
    return found


def _shared() -> list[Mail]:
    found = []
    for about in _manifest(SHARED):
        wire, envelope, is_alarm = about["wire"], about["envelope"], about["is_alarm"]
        is_letter = is_alarm and not about["match_word_motion"]
        expected = {"media": about["expected_camera"], "pictures": about["jpegs"]}
        if is_alarm:
            expected |= {"kind": "start", "matched": "motion"}
        if told := about.get("expected_event_time"):
            zone = re.search(r"[+-]\d{4}", about["time_basis"] or "")
            expected["claimed_ms"] = _ms(told + (zone[0] if zone and "+" not in told[10:] else ""))
        habit = Habit(wire["hello"], wire["auth"], wire["eol"])
        mail = Mail(
            SHARED / about["file"], habit, about["expected_camera"], envelope["mail_from"], envelope["rcpt_to"],
            {} if is_letter else expected, error="no_match" if is_letter else "",
        )  # fmt: skip
        found.append(mail)
    return found


def _manifest(folder: Path) -> list[dict[str, Any]]:
    path = folder / "manifest.json"
    return list(json.loads(path.read_text("utf-8"))["mails"]) if path.is_file() else []


def _plain(name: str, value: Any) -> Any:
    return _ms(value, ZONE) if name == "claimed" and value else value


def _ms(told: str, zone: str = "UTC") -> int:
    """UTC ms of a time in ISO 8601, of this zone where it names none."""
    at = datetime.fromisoformat(told)
    return round((at if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone))).timestamp() * 1000)
