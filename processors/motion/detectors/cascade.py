"""cascade@1: key pictures first, then all pictures around what moved, and everywhere only where that is not enough."""

from collections.abc import Sequence

from processors.motion.detector import Bytes, Found, Task, Trace
from processors.motion.detectors import fold
from processors.motion.detectors.fold import KeyLook, Known
from processors.motion.detectors.memory import Memory, names
from processors.motion.detectors.sight import Sight
from processors.motion.frames.reader import Limits, Unreadable
from schemas.facts import SegmentRecorded

EPOCH_MS, WARM_MS = 300_000, 60_000

Chain = Sequence[SegmentRecorded]


class Cascade:
    """The detector. One per process: it remembers what it learned of cameras."""

    name, version = "cascade", "1"
    epoch_ms, warm_ms = EPOCH_MS, WARM_MS

    def __init__(self, limits: Limits = Limits(), memory_bytes: int = 64 << 20) -> None:  # noqa: B008
        self._limits = limits
        self._memory = Memory(memory_bytes)

    def scan(self, task: Task, footage: Bytes, trace: Trace | None = None) -> Found:
        """See ``Detector``."""
        anchor_ms = task.segment.start_ms // EPOCH_MS * EPOCH_MS - WARM_MS
        try:
            known = self._known(task.before, anchor_ms, footage)
            sight = Sight(task, footage, self._limits, known, trace, _begins(task.before, anchor_ms))
            self._remember((*task.before, task.segment), anchor_ms, sight.keys)
            return sight.found()
        except Unreadable as error:
            return Found("unreadable", "keyframes", reason=str(error))

    def _known(self, chain: Chain, anchor_ms: int, footage: Bytes) -> Known | None:
        """What the footage before a segment taught: remembered, else read again."""
        is_start = _begins(chain, anchor_ms)
        known, length = self._longest(names(chain, is_start))
        return fold.taught(chain[length:], known, is_start and not length, footage, self._limits)

    def _longest(self, named: Sequence[bytes]) -> tuple[Known | None, int]:
        """What is remembered of the longest beginning, and how many segments that is."""
        for length in range(len(named), 0, -1):
            known = self._memory.of(named[length - 1])
            if known is not None:
                return known, length
        return None, 0

    def _remember(self, chain: Chain, anchor_ms: int, keys: Sequence[KeyLook]) -> None:
        """Keep what is known now, and what those will know of it who begin after the next line of the epochs."""
        named = names(chain, _begins(chain, anchor_ms))
        self._keep(named, keys[-1].known)
        later = [one for one in chain if one.end_ms > anchor_ms + EPOCH_MS]
        named_later = names(later, _begins(later, anchor_ms + EPOCH_MS))
        if later and named_later[-1] != named[-1]:
            known = self._memory.of(named_later[-2]) if len(later) > 1 else None
            if known is not None or len(later) == 1:
                looks = fold.looked(known, [key.picture for key in keys], chain[-1].start_ms)
                self._keep(named_later, looks[-1].known)

    def _keep(self, named: Sequence[bytes], known: Known) -> None:
        self._memory.keep(named[-1], known, named[-2] if len(named) > 1 else None)


def _begins(chain: Chain, anchor_ms: int) -> bool:
    """True for a chain that begins with the first footage after a hole, not where the epoch has it begin."""
    return bool(chain) and chain[0].start_ms > anchor_ms
