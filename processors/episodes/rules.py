"""The lifecycle of one episode: its state and a save → its state and what is accepted or refused. Pure, total.

A save is compared with the version that stands by three signs; ``TABLE`` says what becomes of every combination.
Time is only ever the fact's own ``observed_ms``.
"""

from collections.abc import Mapping
from enum import Enum, auto
from hashlib import blake2b
from itertools import product
from typing import NamedTuple

import msgspec
from msgspec import Struct, structs

from schemas import codec, ids, topics
from schemas.episode import FIRST_MS, LAST_MS, EpisodeRecord
from schemas.facts import EpisodeAccepted, EpisodeRefused, EpisodeSaved

INTERNAL = frozenset({"motion_detector", "alarm"})
"""Sources that are our own: their episodes are closed when they fall silent (rule 1.11)."""
WATCHED_BYTES = 128 << 10
"""Of a save that is kept to be closed in silence. Ours are far smaller; a stranger who says it is us stays open."""
PATIENCE = 288
"""An episode that says how far its mark reaches (``payload.until_ms``) is closed by the processor that told it. Silence
stands in for a processor that has been gone for so many timeouts (a day): closed earlier, the mark could not grow any
more when its processor comes back and goes on where it was."""

_canonical = msgspec.json.Encoder(order="sorted")

Told = list[EpisodeAccepted | EpisodeRefused]


class Seen(NamedTuple):
    """How far one partition of topic ``episodes`` has been taken for one episode."""

    offset: int
    """Of the last save taken."""
    until_ms: int
    """The latest time of a save taken; clocks may step back, so not always that of the last."""
    before_ms: int = 0
    """Everything up to here is of an earlier topic of the same name, whose offsets mean nothing now."""

    def has(self, saved: EpisodeSaved) -> bool:
        """True when the save was taken before: it is told to us again."""
        at_ms = saved.observed_ms
        return at_ms <= self.before_ms or (saved.src_offset <= self.offset and at_ms <= self.until_ms)

    def after(self, saved: EpisodeSaved) -> "Seen":
        """With one more save taken. An old offset at a new time: the topic was made anew."""
        if saved.src_offset > self.offset:
            return Seen(saved.src_offset, max(self.until_ms, saved.observed_ms), self.before_ms)
        return Seen(saved.src_offset, saved.observed_ms, self.until_ms)


class EpisodeState(Struct, frozen=True, kw_only=True, array_like=True):
    """What must be known of an episode to judge its next save. New fields go last, with a default."""

    rev: int = 0
    """Versions accepted so far; 0: its saves have all been refused."""
    opened_at: int = 0
    updated_at: int = 0
    closed_at: int | None = None
    digest: bytes = b""
    """Of the version that stands, with its pictures."""
    seen: dict[int, Seen] = {}
    """By partition of topic ``episodes``."""
    heard_ms: int = 0
    """When the last news came, never earlier than any before it."""
    open_save: bytes | None = None
    """JSON of the save that made the version that stands, while it can be closed by silence."""
    until_ms: int = 0
    """Where its mark ends, when that version says so."""


class Start(Enum):
    """``opened_at`` of a save, beside the version that stands."""

    KEPT = auto()
    MOVED = auto()


class End(Enum):
    """``closed_at`` of a save: as it may be, before its own ``opened_at``, or other than the one that stands."""

    SOUND = auto()
    BACKWARDS = auto()
    ALTERED = auto()


class Order(Enum):
    """``updated_at`` of a save; where it is equal, the whole content tells a repeat from a rival."""

    NEWER = auto()
    REPEAT = auto()
    RIVAL = auto()
    OLDER = auto()


class Verdict(Enum):
    """What becomes of a save. The value of a refusal is its ``reason``."""

    ACCEPTED = "accepted"
    DROPPED = "dropped"
    OPENED_AT_CHANGED = "opened_at_changed"
    CLOSED_BEFORE_OPENED = "closed_before_opened"
    CLOSED_AT_CHANGED = "closed_at_changed"
    STALE = "stale"


Signs = tuple[Start, End, Order]


class Row(NamedTuple):
    """One line of the table; a sign that is None may be anything."""

    rule: str
    start: Start | None
    end: End | None
    order: Order | None
    verdict: Verdict

    def fits(self, signs: Signs) -> bool:
        """True when this line speaks of such a save."""
        wanted = (self.start, self.end, self.order)
        return all(one in (None, sign) for one, sign in zip(wanted, signs, strict=True))


TABLE = (
    # first line that fits: what is wrong with a save in itself, then its place in the order, then what it changes
    Row("1.3", Start.MOVED, None, None, Verdict.OPENED_AT_CHANGED),
    Row("1.5", None, End.BACKWARDS, None, Verdict.CLOSED_BEFORE_OPENED),
    Row("1.4", None, None, Order.REPEAT, Verdict.DROPPED),
    Row("1.4", None, None, Order.RIVAL, Verdict.STALE),
    Row("1.4", None, None, Order.OLDER, Verdict.STALE),
    Row("1.5", None, End.ALTERED, Order.NEWER, Verdict.CLOSED_AT_CHANGED),
    Row("1.6", Start.KEPT, End.SOUND, Order.NEWER, Verdict.ACCEPTED),
)
VERDICTS: Mapping[Signs, Verdict] = {
    signs: next(row.verdict for row in TABLE if row.fits(signs)) for signs in product(Start, End, Order)
}
"""The table spelled out: every combination of signs has a verdict, or this module cannot be imported."""

_DETAILS = {
    Verdict.OPENED_AT_CHANGED: "rule 1.3: opened_at is {was.opened_at} since the first version, the save says"
    " {save.opened_at}",
    Verdict.CLOSED_BEFORE_OPENED: "rule 1.5: closed_at {save.closed_at} is before opened_at {save.opened_at}",
    Verdict.CLOSED_AT_CHANGED: "rule 1.5: closed_at is {was.closed_at} for good, the save says {save.closed_at}",
    Verdict.STALE: "rule 1.4: updated_at must grow beyond {was.updated_at}, that of version {was.rev}; the save says"
    " {save.updated_at}",
}


def key(media: str, episode_id: int) -> bytes:
    """The key of an episode's state: no two episodes share it, for a media name holds no slash."""
    return f"{media}/{episode_id}".encode()


def step(state: EpisodeState | None, saved: EpisodeSaved) -> tuple[EpisodeState, Told]:
    """The state after a save, and the one fact it makes: none for a repeat, by its publisher or by ourselves."""
    was = state or EpisodeState()
    seen = was.seen.get(saved.src_partition)
    if seen and seen.has(saved):
        return was, []
    taken = seen.after(saved) if seen else Seen(saved.src_offset, saved.observed_ms)
    was = structs.replace(was, seen={**was.seen, saved.src_partition: taken})
    verdict = VERDICTS[signs(was, saved)]
    if verdict is Verdict.DROPPED:
        return was, []
    if verdict is Verdict.ACCEPTED:
        return _stand(was, saved), [_accepted(was.rev + 1, saved)]
    return was, [_refused(was, saved, verdict)]


def close_silent(state: EpisodeState, ticked_ms: int, timeout_ms: int) -> tuple[EpisodeState, list[EpisodeAccepted]]:
    """The state once time has come to ``ticked_ms``: an internal episode without news for ``timeout_ms`` is closed.

    It ends where its last version ended, or where its mark does; that version is told again with an end and the reason
    ``timeout``. With a mark the silence is longer: ``PATIENCE``.
    """
    if state.open_save is None or ticked_ms < silent_ms(state, timeout_ms):
        return state, []
    last: EpisodeSaved = codec.decode(topics.EPISODE_SAVES.name, state.open_save)
    record = structs.replace(
        last.record,
        closed_at=max(state.opened_at, state.updated_at, state.until_ms),
        updated_at=state.updated_at + 1,
        close_reason="timeout",
    )
    save_id = ids.derived("timeout", last.media, _id(record), state.rev + 1)
    closing = structs.replace(last, record=record, save_id=save_id, observed_ms=ticked_ms)
    return _stand(state, closing), [_accepted(state.rev + 1, closing)]


def silent_ms(state: EpisodeState, timeout_ms: int) -> int:
    """From when on an episode counts as silent."""
    return state.heard_ms + timeout_ms * (PATIENCE if state.until_ms else 1)


def mark_end_ms(record: EpisodeRecord) -> int:
    """Where the mark of an episode ends, as its source says; 0: it does not say, or not as a time."""
    until_ms = (record.payload or {}).get("until_ms")
    return until_ms if type(until_ms) is int and FIRST_MS <= until_ms <= LAST_MS else 0


def signs(was: EpisodeState, saved: EpisodeSaved) -> Signs:
    """How a save compares with the version that stands; before the first version everything is new."""
    record = saved.record
    moved = was.rev > 0 and record.opened_at != was.opened_at
    return (Start.MOVED if moved else Start.KEPT, _end(was, record), _order(was, saved))


def _end(was: EpisodeState, record: EpisodeRecord) -> End:
    if record.closed_at is not None and record.closed_at < record.opened_at:
        return End.BACKWARDS
    return End.SOUND if was.closed_at in (None, record.closed_at) else End.ALTERED


def _order(was: EpisodeState, saved: EpisodeSaved) -> Order:
    if not was.rev or saved.record.updated_at > was.updated_at:
        return Order.NEWER
    if saved.record.updated_at < was.updated_at:
        return Order.OLDER
    return Order.REPEAT if _digest(saved) == was.digest else Order.RIVAL


def _stand(was: EpisodeState, saved: EpisodeSaved) -> EpisodeState:
    """The state once this save is the version that stands."""
    record = saved.record
    return EpisodeState(
        rev=was.rev + 1, opened_at=record.opened_at, updated_at=record.updated_at, closed_at=record.closed_at,
        digest=_digest(saved), seen=was.seen, heard_ms=max(was.heard_ms, saved.observed_ms), open_save=_watched(saved),
        until_ms=mark_end_ms(record),
    )  # fmt: skip


def _watched(saved: EpisodeSaved) -> bytes | None:
    """The save as it must be kept to be closed by silence; None where silence closes nothing."""
    record = saved.record
    is_internal = record.originator is not None and record.originator.source in INTERNAL
    if not is_internal or record.closed_at is not None or record.updated_at >= LAST_MS:
        return None
    kept = _canonical.encode(saved)
    return kept if len(kept) <= WATCHED_BYTES else None


def _digest(saved: EpisodeSaved) -> bytes:
    """16 bytes that are equal for equal content, in whatever order its objects name their fields."""
    content = (saved.record, saved.preview_key, saved.frame_preview_key)
    return blake2b(_canonical.encode(content), digest_size=16).digest()


def _accepted(rev: int, saved: EpisodeSaved) -> EpisodeAccepted:
    return EpisodeAccepted(
        media=saved.media, observed_ms=saved.observed_ms, episode_id=_id(saved.record), rev=rev,
        save_id=saved.save_id, record=saved.record, preview_key=saved.preview_key,
        frame_preview_key=saved.frame_preview_key, preview_dropped=saved.preview_dropped,
    )  # fmt: skip


def _refused(was: EpisodeState, saved: EpisodeSaved, verdict: Verdict) -> EpisodeRefused:
    return EpisodeRefused(
        media=saved.media, observed_ms=saved.observed_ms, episode_id=_id(saved.record), save_id=saved.save_id,
        reason=verdict.value, detail=_DETAILS[verdict].format(was=was, save=saved.record), record=saved.record,
        preview_key=saved.preview_key, frame_preview_key=saved.frame_preview_key,
        preview_dropped=saved.preview_dropped,
    )  # fmt: skip


def _id(record: EpisodeRecord) -> int:
    """The record's id, which is always a number once decoded."""
    return ids.parse(record.episode_id, "episode_id")
