"""How verdicts and runs look in answers."""

from typing import Any

import msgspec

from projections.motion.reads import StoredScan
from projections.reprocess.reads import Progress, StoredRun

_ALIKE = (
    "start_ms", "end_ms", "from_ms", "verdict", "reason", "level", "run", "score", "motion_ms", "begins_run",
    "baseline_from_ms", "preview_ms", "observed_ms",
)  # fmt: skip


def scan(one: StoredScan, looks: bool) -> dict[str, Any]:
    """One verdict; with ``looks`` all that was seen, and in a search of a region what was seen there."""
    told: dict[str, Any] = {name: getattr(one, name) for name in _ALIKE}
    told |= {"detector": f"{one.detector}@{one.version}", "spans": msgspec.to_builtins(one.spans)}
    told |= {"preview_key": one.preview_key or None, "parameters": msgspec.Raw(one.parameters.encode())}
    told |= {"looks": _looks(one)} if looks else {}
    return told | ({"seen": _seen(one)} if one.seen else {})


def _looks(one: StoredScan) -> list[dict[str, Any]]:
    each = zip(one.look_ms, one.look_score, one.look_level, one.grids, strict=True)
    return [{"at_ms": at, "score": score, "level": level, "grid": grid} for at, score, level, grid in each]


def _seen(one: StoredScan) -> list[dict[str, int]]:
    """The moments at which the region had any energy."""
    return [{"at_ms": at, "energy": energy} for at, energy in zip(one.look_ms, one.seen, strict=True) if energy]


def run(one: StoredRun, progress: Progress | None) -> dict[str, Any]:
    """One run: what was asked for, what was decided, and how far it is."""
    told = msgspec.structs.asdict(one)
    del told["stretches"], told["topic"]
    told |= {"media": list(one.media), "settings": msgspec.json.decode(one.settings)}
    return told | {"progress": _progress(progress)}


def _progress(progress: Progress | None) -> dict[str, Any]:
    """Records looked at, of how many; the share of a run that is about nothing is 1."""
    records, done = progress or Progress(0, 0)
    share = 0.0 if progress is None else done / records if records else 1.0
    return {"records": records, "done": done, "share": round(share, 4)}
