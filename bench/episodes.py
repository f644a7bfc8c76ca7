"""The projection of episodes against the engine's own file reader, and fact to answer: ``python -m bench.episodes``.

Measured as ``bench.projection`` says. Both sides fill the same tables from the same facts: versions, and by the engine
itself the current state, the positions and the ids.
"""

import hashlib
import random

from bench.projection import START_MS, Case, measure
from projections import registry
from projections.episodes.rows import VersionRow
from schemas.episode import EpisodeRecord, Originator
from schemas.facts import EpisodeAccepted

RECORD = (
    "episode_id UInt64, media String, opened_at Int64, updated_at Int64, started_at Nullable(Int64),"
    " closed_at Nullable(Int64), close_reason Nullable(String), episode_type Nullable(String),"
    " title Nullable(String), payload Nullable(String), detections Nullable(String), labels Array(String),"
    " score Nullable(Float64), preview_timestamp Nullable(Int64), originator Tuple(source String, hostname String),"
    " license_plate_text Nullable(String), match_score Nullable(Float64)"
)
FACT = (
    f"media String, observed_ms Int64, episode_id UInt64, rev UInt32, save_id UInt64, record Tuple({RECORD}),"
    " preview_key Nullable(String), frame_preview_key Nullable(String), preview_dropped String"
)
_START = "ifNull(record.started_at, record.opened_at)"
OF_FACT = {
    "version": "rev", "opened_ms": "record.opened_at", "updated_ms": "record.updated_at",
    "closed_ms": "record.closed_at", "start_ms": _START,
    "end_ms": f"greatest(ifNull(record.closed_at, record.updated_at), {_START})", "accepted_ms": "observed_ms",
    "preview_ms": "record.preview_timestamp", "episode_type": "ifNull(record.episode_type, 'generic')",
    "source": "record.originator.source", "hostname": "record.originator.hostname", "labels": "record.labels",
    "score": "record.score", "match_score": "record.match_score", "preview_key": "ifNull(preview_key, '')",
    "frame_preview_key": "ifNull(frame_preview_key, '')",
    "given": "multiIf(record.title IS NOT NULL, 4, 0) + 8 + 16 + multiIf(record.license_plate_text IS NOT NULL, 32, 0)",
    "src_partition": "0", "src_offset": "rowNumberInAllBlocks()",
} | {
    name: f"ifNull(record.{name}, '')"
    for name in ("close_reason", "title", "license_plate_text", "payload", "detections")
}  # fmt: skip


def fact(number: int, chance: random.Random) -> EpisodeAccepted:
    """A mark as an analytics node makes it: closed, labelled, with a payload; one in four has a picture."""
    media, opened = f"camera-{number % 50}", START_MS + number * 700
    closed = opened + chance.randrange(60_000)
    record = EpisodeRecord(
        episode_id=chance.getrandbits(64), media=media, opened_at=opened, updated_at=closed, closed_at=closed,
        episode_type=chance.choice(("face", "vehicle", "human")), title=None if number % 3 else "Person at the gate",
        labels=tuple(chance.sample(("north", "gate", "night", "person"), 1 + number % 3)),
        score=round(chance.random(), 3), license_plate_text=None if number % 6 else f"SL{chance.randrange(100_000)}",
        payload={"track": chance.randrange(100_000), "speed": chance.randrange(1000) / 10, "zone": f"z{number % 9}"},
        originator=Originator(source="inference", hostname=f"node-{number % 5}"),
    )  # fmt: skip
    picture = f"previews/{hashlib.sha256(b'%d' % number).hexdigest()}.jpg"
    return EpisodeAccepted(
        media=media, observed_ms=closed + 200, episode_id=int(record.episode_id), rev=1,
        save_id=chance.getrandbits(64), record=record, preview_key=None if number % 4 else picture,
    )  # fmt: skip


def answer(number: int, _: random.Random) -> EpisodeAccepted:
    """A mark of the one camera that is watched; its id is its number."""
    opened = START_MS + number
    record = EpisodeRecord(episode_id=number, media="answers", opened_at=opened, updated_at=opened)
    return EpisodeAccepted(
        media="answers", observed_ms=opened, episode_id=number, rev=1, save_id=number, record=record
    )  # fmt: skip


EPISODES = Case(
    projection=registry.EPISODES, row=VersionRow, fact=fact, shape=FACT, of_fact=OF_FACT, answer=answer, target=0.8,
    shown="SELECT episode_id FROM {public}.episodes WHERE media = 'answers'",
)  # fmt: skip

if __name__ == "__main__":
    measure(EPISODES, __doc__, "episode to answer")
