"""How often somebody may be wrong. Pure: times are given."""

import ipaddress
from collections import OrderedDict, deque
from hashlib import sha256

_KEPT = 20_000
"""Most keys that are remembered; the one that tried longest ago is forgotten first."""
_LONGEST = 128
"""Characters of a key that are kept as they are; of a longer one a digest: whoever tries has chosen it."""


class Tries:
    """What was tried of late, by key. For one thread at a time."""

    def __init__(self, most: int, within_ms: int, kept: int = _KEPT) -> None:
        """``most`` tries in any stretch of ``within_ms``."""
        self._most, self._within_ms, self._kept = most, within_ms, kept
        self._at: OrderedDict[str, deque[int]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._at)

    def wait_ms(self, key: str, now_ms: int) -> int:
        """How long until the next try; 0: now."""
        tried = self._at.get(_kept(key))
        while tried and tried[0] <= now_ms - self._within_ms:
            tried.popleft()
        return tried[0] + self._within_ms - now_ms if tried and len(tried) >= self._most else 0

    def count(self, key: str, now_ms: int) -> None:
        """Note a try, and forget keys whose tries no longer count."""
        key = _kept(key)
        self._at.setdefault(key, deque(maxlen=self._most)).append(now_ms)
        self._at.move_to_end(key)
        while len(self._at) > self._kept or self._is_over(next(iter(self._at.values())), now_ms):
            self._at.popitem(last=False)

    def forgive(self, key: str) -> None:
        """Forget what was tried."""
        self._at.pop(_kept(key), None)

    def take_back(self, key: str) -> None:
        """Forget the last try: it was no failure."""
        if tried := self._at.get(_kept(key)):
            tried.pop()

    def _is_over(self, tried: deque[int], now_ms: int) -> bool:
        return not tried or tried[-1] <= now_ms - self._within_ms


def _kept(key: str) -> str:
    return key if len(key) <= _LONGEST else sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def network(peer: str) -> str:
    """What one household has: its IPv4 address, or the 64 bits of its IPv6 network."""
    try:
        found = ipaddress.ip_address(peer)
    except ValueError:
        return peer
    return str(ipaddress.ip_network((found, 64), strict=False)) if found.version == 6 else peer
