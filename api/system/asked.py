"""The questions about the system, over what the API has at hand."""

from collections.abc import Mapping
from typing import Any

import msgspec

from api.access.scope import Scope
from api.deps import Deps
from api.motion import shapes as motion
from api.retention.past import chosen
from api.retention.report import Reports
from api.system.asks import Ask
from infra import clock
from infra.settings import Settings
from projections.reprocess.reads import State
from schemas.intervals import Span

SLOW_MS = 30_000
"""What costs more is asked more seldom."""
_RUNS = 20
_UNDER_WAY: tuple[State, ...] = ("requested", "running", "promoting")


def asks(deps: Deps, settings: Settings) -> Mapping[str, Ask]:
    """Name of a member of the answer → how it is asked."""
    return {
        "parts": Ask(deps.machine.parts),
        "groups": Ask(deps.machine.groups, 2000),
        "projections": Ask(lambda: _projections(deps), 2000),
        "letters": Ask(deps.machine.letters, 5000),
        "rebuilds": Ask(deps.machine.rebuilds),
        "runs": Ask(lambda: _runs(deps)),
        "stores": Ask(lambda: _stores(deps, settings), SLOW_MS),
        "warnings": Ask(deps.machine.warnings, SLOW_MS),
        "versions": Ask(deps.machine.versions, SLOW_MS),
    }


def _projections(deps: Deps) -> list[dict[str, Any]]:
    """How far the tables are behind each topic."""
    now_ms = clock.now_ms()
    return [
        one._asdict() | {"age_ms": None if one.watermark_ms is None else max(0, now_ms - one.watermark_ms)}
        for one in deps.archive.lags()
    ]


def _runs(deps: Deps) -> list[dict[str, Any]]:
    """Runs that look at the past again and are not over."""
    found = [run for state in _UNDER_WAY for run in deps.runs.page(_RUNS, None, state)]
    return [motion.run(one, deps.runs.progress(one)) for one in found]


def _stores(deps: Deps, settings: Settings) -> list[dict[str, Any]]:
    """How full each store is, and when it fills up."""
    names = chosen(deps.archive, deps.footage, Scope(), None)
    told = Reports(deps.footage, deps.levels, settings.storage_high).told(names, Span(0, clock.now_ms()), True)
    found: list[dict[str, Any]] = msgspec.to_builtins(told["forecast"])
    return found
