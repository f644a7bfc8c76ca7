"""What peers may take of this process: connections, bytes in memory, mails a minute. Pure: time is an argument.

When there is no room, whoever has made no progress for longest gives way to the newcomer: a limit that is full of slow
or greedy peers never keeps a camera out.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator

_MINUTE_S = 60.0
_NAMES = 20_000
"""Cameras whose rate is remembered; beyond, the one longest unused is forgotten."""


class Seats:
    """Connections, of each peer and in total. A seat is taken by anything hashable; its name is what is given back."""

    def __init__(self, limit: int, peer_limit: int) -> None:
        self._limit, self._peer_limit = limit, peer_limit
        self._all: OrderedDict[Hashable, str] = OrderedDict()
        self._peers: dict[str, OrderedDict[Hashable, None]] = {}

    def __len__(self) -> int:
        return len(self._all)

    def __iter__(self) -> Iterator[Hashable]:
        return iter(self._all)

    def of_peer(self, peer: str) -> int:
        """Seats that this peer has."""
        return len(self._peers.get(peer, ()))

    def take(self, who: Hashable, peer: str) -> list[Hashable]:
        """A seat for ``who``; those who must leave for it, longest without progress first. They have left already."""
        leaving: list[Hashable] = []
        if self.of_peer(peer) >= self._peer_limit:
            leaving.append(self._leave(next(iter(self._peers[peer]))))
        if len(self._all) >= self._limit:
            leaving.append(self._leave(next(iter(self._all))))
        self._all[who] = peer
        self._peers.setdefault(peer, OrderedDict())[who] = None
        return leaving

    def progress(self, who: Hashable) -> None:
        """``who`` got on with its work: it is the last to give way now."""
        if who in self._all:
            self._all.move_to_end(who)
            self._peers[self._all[who]].move_to_end(who)

    def free(self, who: Hashable) -> None:
        """``who`` is gone. Safe to repeat."""
        if who in self._all:
            self._leave(who)

    def _leave(self, who: Hashable) -> Hashable:
        peer = self._all.pop(who)
        del self._peers[peer][who]
        if not self._peers[peer]:
            del self._peers[peer]
        return who


class Held:
    """Bytes of mails in memory, of all sessions together."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._coming: dict[Hashable, tuple[int, Callable[[], None]]] = {}
        """Mails being received, oldest first: bytes, and how they are told to give way."""
        self._whole: dict[Hashable, int] = {}
        """Mails that have ended and are being kept: they do not give way."""
        self.total = 0

    @property
    def is_busy(self) -> bool:
        """True while any mail is coming in or being kept."""
        return bool(self._coming or self._whole)

    def begin(self, who: Hashable, give_way: Callable[[], None]) -> None:
        """A mail begins. ``give_way`` is called at most once, when its bytes are needed for others."""
        self.end(who)
        self._coming[who] = (0, give_way)

    def add(self, who: Hashable, size: int) -> None:
        """``size`` more bytes came in; where that is too many, the mails that have taken longest give way."""
        if who not in self._coming:
            return
        held, give_way = self._coming[who]
        self._coming[who] = (held + size, give_way)
        self.total += size
        while self.total > self._limit and self._coming:
            oldest = next(iter(self._coming))
            _, tell = self._coming[oldest]
            self.end(oldest)
            tell()

    def settle(self, who: Hashable) -> None:
        """The mail is whole: its bytes count until ``end``, but it does not give way any more."""
        if who in self._coming:
            self._whole[who] = self._coming.pop(who)[0]

    def end(self, who: Hashable) -> None:
        """The mail's bytes are free again. Safe to repeat."""
        held, _ = self._coming.pop(who, (0, None))
        self.total -= held + self._whole.pop(who, 0)


class Rates:
    """Mails a minute, of each camera: a full minute's worth at once, then as many as the rate allows."""

    def __init__(self, per_minute: int) -> None:
        self._most = float(per_minute)
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        """Name → (mails it may send, when that was so)."""

    def take(self, name: str, now_s: float) -> bool:
        """True, and one mail less to send, while the camera may send."""
        left, then_s = self._left.pop(name, (self._most, now_s))
        left = min(self._most, left + (now_s - then_s) * self._most / _MINUTE_S)
        may = left >= 1
        self._left[name] = (left - 1 if may else left, now_s)
        if len(self._left) > _NAMES:
            self._left.popitem(last=False)
        return may
