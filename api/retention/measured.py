"""What retention achieved: one line for each camera, from its hours. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from api.retention.what_if import saving
from projections.footage.reads import Waiting
from schemas.what_if import Held, Hours, share_since

_NEVER = 1 << 60


class Achieved(Struct, frozen=True, kw_only=True):
    """What is stored of one camera, and what a recorder that keeps everything would hold instead."""

    media: str
    continuous_ms: int
    """How far back everything recorded is stored; 0 where nothing is."""
    oldest_ms: int | None
    """Start of the oldest footage; None: there is none."""
    oldest_protected_ms: int | None
    """Start of the oldest footage that something protects."""
    newest_ms: int | None
    """End of the newest footage ever recorded."""
    stored_bytes: int
    recorded_bytes: int
    """Everything recorded in the window, what is gone included."""
    plain_bytes: int
    """What a plain recorder would hold from ``oldest_ms`` on."""
    saving: float | None
    locked_bytes: int
    """Of ``stored_bytes``, under locks: estimated where a lock covers a part of an hour."""
    waiting_expirations: int
    waiting_bytes: int
    """Decided to go, and still there."""


def achieved(
    names: Sequence[str], hours: Hours, held: Held, waiting: Mapping[str, Waiting], now_ms: int
) -> list[Achieved]:
    """One for each camera. A camera's number in ``hours`` and ``held`` is its place in ``names``."""
    count, camera = len(names), hours["camera"]
    stored = hours[hours["stored_bytes"] > 0]
    oldest = _lowest(stored["camera"], stored["first_stored_ms"], count)
    newest = _highest(camera, hours["last_ms"], count)
    whole = np.maximum(_highest(camera, hours["last_deleted_ms"], count), _lowest(camera, hours["first_ms"], count))
    plain = np.bincount(camera, hours["size_bytes"] * share_since(hours, oldest[camera]), count)
    sums = [np.bincount(camera, hours[name], count) for name in ("stored_bytes", "size_bytes")]
    locked = np.bincount(camera, _locked_bytes(hours, held), count)
    protected = _oldest_protected(stored, held, count)
    return [
        Achieved(
            media=name, continuous_ms=_length(whole[at], oldest[at], now_ms), oldest_ms=_moment(oldest[at]),
            oldest_protected_ms=_moment(protected[at]), newest_ms=int(newest[at]) or None,
            stored_bytes=int(sums[0][at]), recorded_bytes=int(sums[1][at]), plain_bytes=round(plain[at]),
            saving=saving(int(sums[0][at]), round(plain[at])), locked_bytes=round(locked[at]),
            waiting_expirations=waiting.get(name, _NOTHING).expirations,
            waiting_bytes=waiting.get(name, _NOTHING).size_bytes,
        )
        for at, name in enumerate(names)
    ]  # fmt: skip


def total(cameras: Sequence[Achieved]) -> dict[str, Any]:
    """All cameras together; times are those of the camera that has least."""
    told: dict[str, Any] = {name: sum(getattr(one, name) for one in cameras) for name in _SUMS}
    with_footage = [one for one in cameras if one.oldest_ms is not None]
    protected = [one.oldest_protected_ms for one in cameras if one.oldest_protected_ms is not None]
    return {"cameras": len(cameras)} | told | {
        "saving": saving(told["stored_bytes"], told["plain_bytes"]),
        "continuous_ms": min((one.continuous_ms for one in with_footage), default=0),
        "oldest_ms": min((one.oldest_ms for one in with_footage if one.oldest_ms is not None), default=None),
        "oldest_protected_ms": min(protected, default=None),
    }  # fmt: skip


_NOTHING = Waiting(0, 0)
_SUMS = (
    "stored_bytes", "recorded_bytes", "plain_bytes", "locked_bytes", "waiting_expirations", "waiting_bytes",
)  # fmt: skip


def _length(whole_ms: np.int64, oldest_ms: np.int64, now_ms: int) -> int:
    """From where everything is stored to now."""
    return 0 if _moment(oldest_ms) is None else max(0, now_ms - int(whole_ms))


def _lowest(camera: NDArray[np.int64], values: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    found = np.full(count, _NEVER, np.int64)
    np.minimum.at(found, camera, values)
    return found


def _highest(camera: NDArray[np.int64], values: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    found = np.zeros(count, np.int64)
    np.maximum.at(found, camera, values)
    return found


def _oldest_protected(stored: Hours, held: Held, count: int) -> NDArray[np.int64]:
    """The start of the oldest stored footage of each camera that something protects, to the segment or the hour."""
    found = np.full(count, _NEVER, np.int64)
    for camera in np.unique(held["camera"]):
        hours, marks = stored[stored["camera"] == camera], held[held["camera"] == camera]
        at = np.searchsorted(hours["last_ms"], marks["start_ms"], "right")
        inside = at < len(hours)
        first = np.maximum(hours["first_stored_ms"][np.where(inside, at, 0)], marks["start_ms"]) if len(hours) else at
        reaches = inside & (first < marks["end_ms"])
        found[camera] = min(first[reaches], default=_NEVER)
    return found


def _locked_bytes(hours: Hours, held: Held) -> NDArray[np.float64]:
    """Bytes of each hour under locks: its stored bytes, as far as locks cover it."""
    found = np.zeros(len(hours))
    for camera, start_ms, end_ms, _ in held[held["is_locked"] == 1].tolist():
        first = np.searchsorted(hours["camera"], camera, "left")
        mine = hours[first : np.searchsorted(hours["camera"], camera, "right")]
        overlap = np.minimum(mine["last_ms"], end_ms) - np.maximum(mine["first_ms"], start_ms)
        share = np.clip(overlap / np.maximum(mine["stored_ms"], 1), 0, 1)
        found[first : first + len(mine)] += share * mine["stored_bytes"]
    bounded: NDArray[np.float64] = np.minimum(found, hours["stored_bytes"])
    return bounded


def _moment(ms: np.int64) -> int | None:
    return None if ms >= _NEVER or ms <= 0 else int(ms)
