"""Alerts in words: one message for all that is told at once."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from api.alarms.alerts import Thing
from api.alarms.health import Standing
from api.retention import words
from api.times import iso
from projections.storage.reads import StoredExhaustion

_MOST_LINES = 50
_HOUR_MS, _DAY_MS = 3_600_000, 86_400_000


class Message(NamedTuple):
    """What people read."""

    title: str
    body: str
    is_warning: bool = True
    """False: only good news."""


def message(
    things: Sequence[Thing], standings: Mapping[str, Standing], now_ms: int,
    exhaustions: Mapping[str, StoredExhaustion] = MappingProxyType({}),
) -> Message:  # fmt: skip
    """All of ``things``, none left out of the counts; ``standings`` has every camera, ``exhaustions`` every store."""
    stores = [one for one in things if one.is_of_store]
    silent = [one for one in things if one.alert == "silent"]
    heard = [one for one in things if one.alert == "heard"]
    lines = [_of_store(one, exhaustions[one.subject]) for one in stores]
    lines += [_silent(standings[one.subject], now_ms) for one in silent] + [_heard(one, standings) for one in heard]
    shown = lines[:_MOST_LINES] + ([f"... and {len(lines) - _MOST_LINES} more"] if len(lines) > _MOST_LINES else [])
    body = "\n".join([*shown, *_hint(silent, standings)])
    titles = [*(_title_of_store(one) for one in stores), *_titles(silent, heard)]
    is_warning = any(one.alert in ("silent", "exhausted") for one in things)
    return Message("; ".join(titles), body, is_warning)


def _title_of_store(thing: Thing) -> str:
    return (
        f"{thing.subject} has no room left to make" if thing.alert == "exhausted" else f"{thing.subject} has room again"
    )


def _of_store(thing: Thing, said: StoredExhaustion) -> str:
    level = f"{100 * said.used_bytes / said.capacity_bytes:.0f} % of {words.size(said.capacity_bytes)}"
    if thing.alert == "room":
        return f"{thing.subject}: {level} at {iso(said.observed_ms)}; had no room left since {iso(thing.since_ms)}"
    locked = f"{words.size(said.locked_bytes)} are under locks" if said.locked_bytes else "nothing is under a lock"
    return (
        f"{thing.subject}: {level} at {iso(said.observed_ms)}, and all that may go beyond the depth of cameras is gone;"
        f" footage within depth goes now, oldest first, and {locked}. Add room, shorten depths or give locks back"
    )


def _titles(silent: Sequence[Thing], heard: Sequence[Thing]) -> list[str]:
    told = []
    if silent:
        told.append(f"{_counted(silent)} mails no longer" if len(silent) == 1 else f"{_counted(silent)} mail no longer")
    if heard:
        told.append(f"{_counted(heard)} mails again" if len(heard) == 1 else f"{_counted(heard)} mail again")
    return told


def _counted(things: Sequence[Thing]) -> str:
    return things[0].subject if len(things) == 1 else f"{len(things)} cameras"


def _silent(standing: Standing, now_ms: int) -> str:
    last_ms, patience_ms = standing.camera.last_ms or 0, standing.patience_ms or 0
    return (
        f"{standing.camera.media}: last mail {iso(last_ms)}, {length(now_ms - last_ms)} ago;"
        f" more than {length(patience_ms)} is not its habit"
    )


def _heard(thing: Thing, standings: Mapping[str, Standing]) -> str:
    last_ms = standings[thing.subject].camera.last_ms or 0
    return f"{thing.subject}: mails again since at latest {iso(last_ms)}, was silent since {iso(thing.since_ms)}"


def _hint(silent: Sequence[Thing], standings: Mapping[str, Standing]) -> list[str]:
    """Where every camera with a habit falls silent, the cameras are not to blame."""
    mailing = [one for one in standings.values() if one.camera.last_ms is not None and one.state != "silent"]
    return ["No camera mails any more: look at the listener and the network first."] if silent and not mailing else []


def length(ms: int) -> str:
    """``3 d 5 h`` or ``7 h``."""
    days, hours = ms // _DAY_MS, ms % _DAY_MS // _HOUR_MS
    return f"{days} d {hours} h" if days else f"{hours} h"
