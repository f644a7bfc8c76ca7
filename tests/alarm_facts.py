"""Facts of mail for tests: alarms as the reader of mails tells them, refusals as the listener does."""

import random
from hashlib import sha256
from typing import Any

from schemas import ids
from schemas.codec import AnyFact
from schemas.facts import AlarmReceived, AlarmsTicked, MailReceived, MailRefused
from tests.footage_facts import START_MS

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS


def alarm(number: int = 1, media: str = "gate", received_ms: int = START_MS, **fields: Any) -> AlarmReceived:
    """Mail ``number`` of a camera; the same number is the same mail."""
    told = {"kind": "start", "matched": "motion", "subject": f"Motion {number}", "mail_key": f"mails/{number:064x}.eml"}
    return AlarmReceived(
        media=media, observed_ms=received_ms, received_ms=received_ms, alarm_id=ids.derived("alarm", media, number),
        **(told | fields),
    )  # fmt: skip


def refusal(media: str = "gate", observed_ms: int = START_MS, reason: str = "login", **fields: Any) -> MailRefused:
    told: dict[str, Any] = {"route": media or "10.0.0.9", "peer": "10.0.0.9", "login": media}
    return MailRefused(media=media, observed_ms=observed_ms, reason=reason, **(told | fields))  # type: ignore[arg-type]


def mail(raw: bytes, observed_ms: int = START_MS, route: str = "gate", **fields: Any) -> MailReceived:
    told = {"sha256": sha256(raw).hexdigest(), "size_bytes": len(raw), "raw": raw, "mail_from": f"{route}@x"}
    return MailReceived(route=route, observed_ms=observed_ms, **(told | fields))


def history(count: int, seed: int = 1, cameras: int = 3) -> list[AnyFact]:
    """A life of a few cameras: mails, some of which come again at once or a month later, with and without a clock."""
    chance = random.Random(seed)
    facts: list[AnyFact] = []
    told: list[AlarmReceived] = []
    while len(facts) < count:
        at_ms = START_MS + len(facts) * 7_000_000
        kind = chance.random()
        if kind < 0.1:
            facts.append(AlarmsTicked(partition=chance.randrange(2), observed_ms=at_ms))
        elif kind < 0.25 and told:
            again = chance.choice(told)
            number = int(again.subject.rpartition(" ")[2])
            later_ms = again.received_ms + chance.choice((0, 5000, 31 * DAY_MS))
            facts.append(alarm(number, again.media, later_ms, kind=chance.choice(("start", "stop"))))
        else:
            media = f"cam{chance.randrange(cameras)}"
            claimed_ms = chance.choice((None, at_ms - 400, at_ms + 3 * HOUR_MS))
            told.append(alarm(len(facts), media, at_ms, claimed_ms=claimed_ms, pictures=chance.randrange(3)))
            facts.append(told[-1])
    return facts
