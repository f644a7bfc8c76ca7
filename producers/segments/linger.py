"""What was sent lingers in the spool for a while: a store may acknowledge what a power cut still takes away.

At a start, whatever lingers is looked for in the store; what is not there whole is sent again. Sending twice is
harmless: same object, same fact.
"""

import threading

from infra import journal
from infra.clock import monotonic_s
from infra.objects import ObjectStore, StoreRefused, StoreUnavailable
from infra.spool import Entry, Lane, Spool
from schemas import codec, topics
from schemas.errors import BadFact

LINGER_S = 90.0
"""Linux writes to disk what is older than 35 s; a busy disk takes longer."""
_LOOK_S = 2.0

_log = journal.get("recorder.linger")


class Linger:
    """Looks after the settled entries of a spool in a thread of its own."""

    def __init__(self, spool: Spool, store: ObjectStore, linger_s: float = LINGER_S) -> None:
        self._spool, self._store, self._linger_s = spool, store, linger_s
        self._since_s: dict[tuple[str, int], float] = {}
        self._unproven = {(lane.name, entry.number): (lane, entry) for lane in spool.lanes() for entry in lane.settled}
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._work, name="linger", daemon=True)

    def start(self) -> None:
        """Begin looking."""
        self._thread.start()

    def stop(self, timeout_s: float) -> None:
        """Stop looking; what lingers stays for the next start."""
        self._stopping.set()
        self._thread.join(timeout_s)

    def look(self, now_s: float) -> None:
        """Prove what the last process left, as far as the store answers; then drop what has lingered enough."""
        for at, (lane, entry) in list(self._unproven.items()):
            try:
                self._prove(lane, entry)
            except (StoreUnavailable, StoreRefused):
                return
            del self._unproven[at]
        for lane in self._spool.lanes():
            for entry in lane.settled:
                if now_s - self._since_s.setdefault((lane.name, entry.number), now_s) >= self._linger_s:
                    lane.remove(entry)
                    del self._since_s[lane.name, entry.number]

    def _prove(self, lane: Lane, entry: Entry) -> None:
        key, size_bytes = _named(entry)
        found = self._store.head(key) if key else None
        if key and (found is None or found.size_bytes != size_bytes):
            _log.warning("the store lost what it had acknowledged; sent again", media=lane.name, object_key=key)
            lane.unsettle(entry)

    def _work(self) -> None:
        while not self._stopping.is_set():
            try:
                self.look(monotonic_s())
            except OSError as error:
                _log.warning("the spool's disk", error=error)
            self._stopping.wait(_LOOK_S)


def _named(entry: Entry) -> tuple[str, int]:
    """Key and size of the object that the note names; an empty key when it names none."""
    try:
        fact = codec.decode(topics.SEGMENTS.name, entry.note.read_bytes())
    except (BadFact, FileNotFoundError):  # dropped meanwhile to make room, or spoilt: nothing to prove
        return "", 0
    return getattr(fact, "object_key", ""), getattr(fact, "size_bytes", 0)
