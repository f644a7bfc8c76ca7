"""What somebody sends to look at the past again → ReprocessRequested; every wrong field is named."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from api import camera_motion, times
from api.errors import FieldError, bad_field
from api.motion.asked import LIVE
from api.storable import wrong_time
from projections.reprocess.reads import StoredRun
from schemas import media as media_names
from schemas.motion import DETECTORS, ReprocessRequested

FIELDS = ("run", "media", "from_ms", "to_ms", "detector", "evidence", "settings")
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}", re.ASCII)
_EVIDENCE = ("footage", "looks")
_NOT_OF_A_RUN = {
    "enabled": "is no setting of a run: it looks wherever it is told to",
    "detector": "is a field of its own, beside settings",
}
_MOST_CAMERAS = 10_000


class BadRun(ValueError):
    """Some fields are wrong; ``errors`` names each."""

    def __init__(self, errors: list[FieldError]) -> None:
        super().__init__("; ".join(f"{error['field']}: {error['rule']}" for error in errors))
        self.errors = errors


def requested(values: Mapping[str, Any], now_ms: int, by: str) -> ReprocessRequested:
    """The fact that ``values`` make, fields left out at their defaults. Raises BadRun."""
    values = {name: value for name, value in values.items() if value is not None}
    errors = [error for name, value in values.items() for error in _wrong(name, value)]
    errors += [bad_field(name, "is missing", "body") for name in ("run", "from_ms", "to_ms") if name not in values]
    if errors:
        raise BadRun(errors)
    told = dict(values) | {name: times.parse(str(values[name])) for name in ("from_ms", "to_ms")}
    if told["from_ms"] >= told["to_ms"]:
        raise BadRun([bad_field("from_ms", "must be before to_ms", "body")])
    if told.get("evidence") == "looks" and "detector" in told:
        rule = "stored looks are of whichever detector took them; leave it out, or look at the footage"
        raise BadRun([bad_field("detector", rule, "body")])
    told["media"] = tuple(sorted({media_names.normalise(name) for name in values.get("media", ())}))
    return ReprocessRequested(observed_ms=now_ms, by=by, **told)


def stored(fact: ReprocessRequested) -> StoredRun:
    """The run as it will be shown once the fact is in the tables."""
    return StoredRun(
        run=fact.run, state="requested", media=fact.media, from_ms=fact.from_ms, to_ms=fact.to_ms,
        detector=fact.detector, evidence=fact.evidence, settings=msgspec.json.encode(fact.settings).decode(),
        requested_ms=fact.observed_ms, requested_by=fact.by, begun_ms=None, topic="", stretches=(), looked_ms=None,
        promoted_ms=None, promoted_by="", applied_ms=None, dropped_ms=None, dropped_by="",
    )  # fmt: skip


def _wrong(name: str, value: Any) -> Iterator[FieldError]:
    if name not in FIELDS:
        yield bad_field(name, f"not a field of a run; known: {', '.join(FIELDS)}", "body")
    elif name == "settings":
        yield from _settings(value)
    elif rule := _RULES[name](value):
        yield bad_field(name, rule, "body")


def _run(value: Any) -> str | None:
    if not isinstance(value, str) or not _NAME.fullmatch(value):
        return "must be 1 to 64 of a-z, 0-9 and -, and not begin with -"
    return "is what the verdicts of no run are called" if value == LIVE else None


def _cameras(value: Any) -> str | None:
    if not isinstance(value, list) or len(value) > _MOST_CAMERAS or not all(isinstance(one, str) for one in value):
        return f"must be a list of at most {_MOST_CAMERAS} names of cameras; leave it out for every camera"
    if not value:
        return "names no camera; leave it out for every camera"
    for name in value:
        try:
            media_names.normalise(name)
        except media_names.BadMediaName as error:
            return str(error)
    return None


def _detector(value: Any) -> str | None:
    return None if value in DETECTORS else f"is not known; known: {', '.join(DETECTORS)}"


def _evidence(value: Any) -> str | None:
    return None if value in _EVIDENCE else f"must be one of {', '.join(_EVIDENCE)}"


def _settings(value: Any) -> Iterator[FieldError]:
    faults = camera_motion.faults(value, "settings")
    yield from faults
    if not faults:
        yield from (
            bad_field(f"settings.{name}", rule, "body") for name, rule in _NOT_OF_A_RUN.items() if name in value
        )


_RULES = {
    "run": _run, "media": _cameras, "from_ms": wrong_time, "to_ms": wrong_time, "detector": _detector,
    "evidence": _evidence,
}  # fmt: skip
