"""The detectors by the names that cameras and runs choose them by."""

from collections.abc import Callable, Mapping

from processors.motion.detector import Detector
from processors.motion.detectors.cascade import Cascade
from processors.motion.detectors.mog2 import Mog2
from processors.motion.frames.reader import Limits


class UnknownDetector(ValueError):
    """Nobody here is called so; the message lists who is."""


def _cascade(limits: Limits, memory_bytes: int) -> Detector:
    return Cascade(limits, memory_bytes)


def _mog2(limits: Limits, memory_bytes: int) -> Detector:
    return Mog2(limits, memory_bytes)


KNOWN: Mapping[str, Callable[[Limits, int], Detector]] = {"cascade@1": _cascade, "mog2@1": _mog2}
"""name@version → one of them, for one process."""


def detector(
    name_at_version: str, limits: Limits = Limits(), memory_bytes: int = 64 << 20  # noqa: B008
) -> Detector:  # fmt: skip
    """A detector of its own for this process. ``memory_bytes``: for what it remembers of cameras.

    Raises UnknownDetector.
    """
    make = KNOWN.get(name_at_version)
    if make is None:
        raise UnknownDetector(f"no detector is called {name_at_version!r}; there are {', '.join(sorted(KNOWN))}")
    return make(limits, memory_bytes)
