"""Alerts in words: one message for all that is told at once."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from api.alarms.alerts import Thing
from api.alarms.health import Standing
from api.times import iso

_MOST_LINES = 50
_HOUR_MS, _DAY_MS = 3_600_000, 86_400_000


class Message(NamedTuple):
    """What people read."""

    title: str
    body: str
    is_warning: bool = True
    """False: only good news."""


def message(things: Sequence[Thing], standings: Mapping[str, Standing], now_ms: int) -> Message:
    """All of ``things``, none left out of the counts; ``standings`` has every camera."""
    silent = [one for one in things if one.alert == "silent"]
    heard = [one for one in things if one.alert == "heard"]
    lines = [_silent(standings[one.media], now_ms) for one in silent] + [_heard(one, standings) for one in heard]
    shown = lines[:_MOST_LINES] + ([f"... and {len(lines) - _MOST_LINES} more"] if len(lines) > _MOST_LINES else [])
    body = "\n".join([*shown, *_hint(silent, standings)])
    return Message("; ".join(_titles(silent, heard)), body, is_warning=bool(silent))


def _titles(silent: Sequence[Thing], heard: Sequence[Thing]) -> list[str]:
    told = []
    if silent:
        told.append(f"{_counted(silent)} mails no longer" if len(silent) == 1 else f"{_counted(silent)} mail no longer")
    if heard:
        told.append(f"{_counted(heard)} mails again" if len(heard) == 1 else f"{_counted(heard)} mail again")
    return told


def _counted(things: Sequence[Thing]) -> str:
    return things[0].media if len(things) == 1 else f"{len(things)} cameras"


def _silent(standing: Standing, now_ms: int) -> str:
    last_ms, patience_ms = standing.camera.last_ms or 0, standing.patience_ms or 0
    return (
        f"{standing.camera.media}: last mail {iso(last_ms)}, {length(now_ms - last_ms)} ago;"
        f" more than {length(patience_ms)} is not its habit"
    )


def _heard(thing: Thing, standings: Mapping[str, Standing]) -> str:
    last_ms = standings[thing.media].camera.last_ms or 0
    return f"{thing.media}: mails again since at latest {iso(last_ms)}, was silent since {iso(thing.since_ms)}"


def _hint(silent: Sequence[Thing], standings: Mapping[str, Standing]) -> list[str]:
    """Where every camera with a habit falls silent, the cameras are not to blame."""
    mailing = [one for one in standings.values() if one.camera.last_ms is not None and one.state != "silent"]
    return ["No camera mails any more: look at the listener and the network first."] if silent and not mailing else []


def length(ms: int) -> str:
    """``3 d 5 h`` or ``7 h``."""
    days, hours = ms // _DAY_MS, ms % _DAY_MS // _HOUR_MS
    return f"{days} d {hours} h" if days else f"{hours} h"
