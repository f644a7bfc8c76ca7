"""Footage is deleted here and nowhere else: what was ordered, looked at before and after, at a bounded pace."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence

from infra.clock import monotonic_s, now_ms
from infra.objects import NotDeleted, ObjectInfo, ObjectStore, StoreRefused, StoreUnavailable
from projections.effects import rules
from projections.effects.pace import Pace
from projections.effects.rules import STORED_AGAIN, Left, Outcome
from schemas.retention import DeletionOrdered

AT_ONCE = 1000
"""The most that S3 deletes in one request."""
_FEW = 8

Rest = Callable[[float], None]
"""Waits for so many seconds; may raise, to give the work up."""
Found = dict[str, ObjectInfo]
"""Objects by key."""


class ExpireObjects:
    """Carries out orders to delete. Doing so again, after a crash at any step, ends alike.

    Raises StoreUnavailable, or StoreRefused when the store lets nothing of it go: then the same orders again, later.
    """

    def __init__(self, store: ObjectStore, per_s: int, rest: Rest, early_ms: int = 0) -> None:
        """``early_ms``: what an order means was put so long before it at the least; see ``rules.early_ms``."""
        self._store = store
        self._early_ms = early_ms
        self._pace = Pace(per_s, AT_ONCE)
        self._most = self._pace.most
        self._rest = rest

    def carry_out(self, orders: Sequence[DeletionOrdered]) -> list[Outcome]:
        """What became of each order, after a second look at the store."""
        found = [stored(self._store, rules.keys(order)) for order in orders]
        meant = [self._meant(order, one) for order, one in zip(orders, found, strict=True)]
        doomed = [key for one in meant for key in one]
        refused = {one.key: one.code for one in self.remove(doomed)}
        if refused and len(refused) == len(set(doomed)):
            self._require_held(refused)
        return [self._outcome(*one, refused) for one in zip(orders, found, meant, strict=True)]

    def remove(self, keys: Iterable[str]) -> list[NotDeleted]:
        """Delete objects piece by piece; those that the store refused one by one.

        A store that cannot do a piece in time (a slow disk, a full one) gets half of it at the next try.
        """
        refused: list[NotDeleted] = []
        for piece in rules.pieces(keys, self._most):
            self._rest(self._pace.wait_s(monotonic_s()))
            self._pace.began(len(piece), monotonic_s())
            try:
                refused += self._store.delete(piece)
            except StoreUnavailable:
                self._most = min(self._pace.most, max(_FEW, self._most // 2))
                raise
        self._most = min(self._pace.most, 2 * self._most)
        return refused

    def _meant(self, order: DeletionOrdered, found: Found) -> Found:
        """Of the objects that stand, those that the order means."""
        at_ms = now_ms()
        return {
            key: one for key, one in found.items()
            if not rules.is_stored_again(one.modified_ms, order.observed_ms - self._early_ms, at_ms)
        }  # fmt: skip

    def _require_held(self, refused: dict[str, str]) -> None:
        """Locks of the store's own are an object's matter; anything else is ours, and an operator's."""
        key = next((key for key in refused if not self._store.is_held(key)), None)
        if key is not None:
            raise StoreRefused(f"{key}: {refused[key]}, and no lock is on it: may our key delete?")

    def _outcome(self, order: DeletionOrdered, found: Found, meant: Found, refused: dict[str, str]) -> Outcome:
        """Whatever stands now was refused, or was stored again; a store that only said that it deleted is asked again.

        Raises StoreUnavailable.
        """
        starts = rules.keys(order)
        stands = stored(self._store, starts) if meant else found
        again = stands.keys() - self._meant(order, stands).keys()
        if lied := sorted(stands.keys() - refused.keys() - again):
            raise StoreUnavailable(f"{lied[0]}: was deleted without an error, and stands")
        left = {
            starts[key]: Left(one.size_bytes, STORED_AGAIN if key in again else refused[key])
            for key, one in stands.items()
        }
        freed = [one.size_bytes for key, one in meant.items() if starts[key] not in left]
        return Outcome(order, left, len(freed), sum(freed))


def stored(store: ObjectStore, keys: Iterable[str]) -> Found:
    """Those of the keys, all of one camera, whose objects stand.

    Neighbours cost one small listing, a tenth of a request for each; keys far apart cost no more than one each.
    """
    wanted = sorted(keys)
    at, most, found = 0, len(wanted), Found()
    while at < len(wanted):
        folder = "/".join(wanted[at].split("/")[:2]) + "/"
        page = list(store.list(folder, after=wanted[at].removesuffix(".mp4"), most=most))
        found |= {one.key: one for one in page}
        if len(page) < most:
            break
        passed = bisect_right(wanted, page[-1].key) - at
        at, most = at + passed, max(1, min(len(wanted) - at - passed, 2 * passed))
    return {key: found[key] for key in wanted if key in found}
