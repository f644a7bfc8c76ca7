"""Facts of topic ``episode-changes`` for tests of projections, and the way back from a row to what was saved."""

import random
from collections.abc import Mapping
from typing import Any

import msgspec
from hypothesis import strategies as st

from projections.columns import LAST_MS
from projections.episodes.rows import GIVEN
from schemas import ids
from schemas.codec import AnyFact
from schemas.episode import EpisodeRecord, Originator
from schemas.facts import EpisodeAccepted, EpisodeRefused
from tests.footage_facts import START_MS
from tests.unit.schemas.strategies import of_type

TOPIC = "episode-changes"


def accepted(
    episode_id: int = 7, version: int = 1, media: str = "cam1", opened_at: int = START_MS, **fields: Any
) -> EpisodeAccepted:
    """A version of an episode, updated a second after the one before unless ``fields`` of the record say otherwise."""
    times = {"opened_at": opened_at, "updated_at": opened_at + 1000 * version}
    record = EpisodeRecord(episode_id=episode_id, media=media, **(times | fields))
    return EpisodeAccepted(
        media=media, observed_ms=record.updated_at % LAST_MS + 50, episode_id=episode_id, rev=version, record=record,
        save_id=ids.derived("save", media, episode_id, version),
    )  # fmt: skip


def refused(
    episode_id: int = 7, save: int = 1, media: str = "cam1", observed_ms: int = START_MS, **fields: Any
) -> EpisodeRefused:
    """A save that was refused as stale."""
    record = EpisodeRecord(episode_id=episode_id, media=media, opened_at=START_MS, updated_at=START_MS, **fields)
    return EpisodeRefused(
        media=media, observed_ms=observed_ms, episode_id=episode_id, save_id=ids.derived("refused", media, save),
        reason="stale", detail="too late", record=record,
    )  # fmt: skip


def history(count: int, seed: int = 1, cameras: int = 3) -> list[AnyFact]:
    """A life of a few cameras: episodes that open, grow, shrink and close, in odd years too, and refusals."""
    chance = random.Random(seed)
    alive: dict[tuple[str, int], EpisodeAccepted] = {}
    facts: list[AnyFact] = []
    while len(facts) < count:
        media = f"cam{chance.randrange(cameras)}"
        if alive and chance.random() < 0.55:
            facts.append(alive[(name := chance.choice(sorted(alive)))])
            facts[-1] = alive[name] = following(alive[name], chance)
        elif chance.random() < 0.2:
            facts.append(refused(chance.randrange(1 << 64), len(facts), media, START_MS + len(facts)))
        else:
            opened_at = START_MS + chance.randrange(10**9)
            opened_at = chance.choice((opened_at,) * 9 + (1_000_000_000_000, 9_999_999_000_000))
            first = accepted(chance.randrange(1 << 64), 1, media, opened_at, **some_fields(chance))
            facts.append(first)
            alive[media, first.episode_id] = first
    return facts


def following(last: EpisodeAccepted, chance: random.Random) -> EpisodeAccepted:
    """The next version: later, with other fields; once closed it stays so."""
    before = last.record
    updated_at = before.updated_at + chance.randrange(1, 100)
    closed_at = before.closed_at
    if closed_at is None and chance.random() < 0.4:
        closed_at = before.opened_at + chance.randrange(updated_at - before.opened_at + 1)
    fields = some_fields(chance) | {"updated_at": updated_at, "closed_at": closed_at}
    return accepted(last.episode_id, last.rev + 1, last.media, before.opened_at, **fields)


def some_fields(chance: random.Random) -> dict[str, Any]:
    """Optional fields of a record, each there or left out."""
    return {
        "title": chance.choice((None, "", "Человек у ворот")),
        "labels": chance.choice((None, (), ("north", 'a"\n'))),
        "score": chance.choice((None, chance.random())),
        "payload": chance.choice((None, {}, {"speed": chance.random(), "_extra": {"x": [1, None]}})),
        "episode_type": chance.choice(("generic", "face")),
        "originator": chance.choice((None, Originator(), Originator(source="inference", hostname="n1"))),
    }


def moment(low: int = 1_000_000_000_000, high: int = 9_999_999_999_999) -> st.SearchStrategy[int]:
    return st.integers(low, high)


@st.composite
def any_accepted(draw: st.DrawFn) -> EpisodeAccepted:
    """Every legal version, whatever its source says: odd times, ids to 2^64-1, any text, any payload."""
    fact = draw(of_type(EpisodeAccepted))
    record = draw(of_type(EpisodeRecord))
    given = {"media": fact.media, "episode_id": fact.episode_id, "preview": None, "frame_preview": None}
    odd = {"payload": {"_extra": {"ähm": [1.5, None, {"x": 1e-320}]}, "big": (1 << 64) - 1}}
    record = msgspec.structs.replace(record, **given | draw(st.sampled_from(({}, odd))))
    limits = {"rev": draw(st.integers(1, (1 << 32) - 1)), "observed_ms": draw(st.integers(0, LAST_MS))}
    keys = {"preview_key": fact.preview_key or None, "frame_preview_key": fact.frame_preview_key or None}
    return msgspec.structs.replace(fact, record=record, **limits | keys)


def accepted_of(row: Mapping[str, Any]) -> EpisodeAccepted:
    """The fact that made a row of ``versions`` or of the public views; times are the columns ``*_ms``."""
    has = {name: bool(row["given"] & bit) for name, bit in GIVEN.items()}
    maker = Originator(source=row["source"], hostname=row["hostname"]) if has["originator"] else None
    record = EpisodeRecord(
        episode_id=row["episode_id"], media=row["media"], opened_at=row["opened_ms"], updated_at=row["updated_ms"],
        started_at=row["start_ms"] if has["started_at"] else None, closed_at=row["closed_ms"],
        close_reason=row["close_reason"] if has["close_reason"] else None, episode_type=row["episode_type"],
        title=row["title"] if has["title"] else None, labels=tuple(row["labels"]) if has["labels"] else None,
        payload=msgspec.json.decode(row["payload"]) if row["payload"] else None,
        detections=msgspec.json.decode(row["detections"], type=tuple) if row["detections"] else None,
        score=row["score"], match_score=row["match_score"], preview_timestamp=row["preview_ms"], originator=maker,
        license_plate_text=row["license_plate_text"] if has["license_plate_text"] else None,
    )  # fmt: skip
    return EpisodeAccepted(
        media=row["media"], observed_ms=row["accepted_ms"], episode_id=row["episode_id"], rev=row["version"],
        save_id=row["save_id"], record=record, preview_key=row["preview_key"] or None,
        frame_preview_key=row["frame_preview_key"] or None, preview_dropped=row["preview_dropped"],
    )  # fmt: skip
