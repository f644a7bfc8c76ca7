"""Old shapes of facts, lifted one version at a time to the shape of today.

``STEPS[(tag, v)]`` turns the JSON object of version ``v`` into that of ``v + 1``. Empty while every fact is at 1:
the first change adds a step, a frozen schema of the new version and an example of the old one.
"""

from collections.abc import Callable, Mapping
from typing import Any

Step = Callable[[dict[str, Any]], dict[str, Any]]
STEPS: Mapping[tuple[str, int], Step] = {}


def lift(raw: dict[str, Any], steps: Mapping[tuple[str, int], Step] = STEPS) -> dict[str, Any]:
    """``raw`` in the newest version that ``steps`` reach; unchanged where no step fits. Never loops: v only grows."""
    while step := steps.get((str(raw.get("type", "")), _version(raw))):
        raw = step(dict(raw)) | {"v": _version(raw) + 1}
    return raw


def _version(raw: dict[str, Any]) -> int:
    version = raw.get("v", 1)
    return version if type(version) is int else 0  # not isinstance: true would pass for 1
