"""Which holds keep footage, and how much of it: settings and a hold → the stretch that it covers. Pure."""

from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple

import msgspec

from processors.protection.standing import Kept, Lock
from schemas.intervals import Span
from schemas.protection import HoldKind, ProtectConfig

RULE_VERSION = 1
"""Other rules make other ranges of the same holds."""
_canonical = msgspec.json.Encoder(order="sorted")


class Cover(NamedTuple):
    """A stretch that one hold covers. Covers sort by when they begin."""

    start_ms: int
    id: int
    end_ms: int
    kind: HoldKind

    @property
    def span(self) -> Span:
        """The stretch alone."""
        return Span(self.start_ms, self.end_ms)


def reach(hold: Kept, protect: ProtectConfig) -> Span:
    """The hold with its margins, whether it keeps anything or not."""
    if not hold.has_margins:
        return Span(hold.start_ms, hold.end_ms)
    return Span(max(0, hold.start_ms - protect.before_ms), hold.end_ms + protect.after_ms)


def cover(hold: Kept, protect: ProtectConfig) -> Cover | None:
    """What the hold of an episode keeps with these settings; None: nothing."""
    if hold.is_void or not protect.enabled or (protect.types and hold.episode_type not in protect.types):
        return None
    start_ms, end_ms = reach(hold, protect)
    return Cover(start_ms, hold.id, end_ms, "episode")


def locked(lock: Lock) -> Cover:
    """What a lock or an export keeps, whatever the settings are."""
    return Cover(lock.start_ms, lock.id, lock.end_ms, lock.kind)


@lru_cache(maxsize=1024)
def version(protect: ProtectConfig, open_ms: int) -> str:
    """The name of these settings: another wherever they could decide otherwise. ``open_ms``: see ``rules.place``."""
    values = _canonical.encode((RULE_VERSION, protect, open_ms))
    return f"p{RULE_VERSION}-{blake2b(values, digest_size=4).hexdigest()}"
