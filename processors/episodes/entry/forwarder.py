"""Records of topic ``episodes`` → saves on ``episode-saves`` and letters, in order, each acknowledged."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait

from infra import deadletter, journal
from infra.clock import now_ms
from infra.log import FactLog, Position
from infra.loop import Stopped, settle
from infra.objects import StoreRefused, StoreUnavailable
from infra.outage import Outage
from processors.episodes.entry import pictures, rules
from processors.episodes.entry.metrics import Metrics
from processors.episodes.entry.pictures import Pictures
from processors.episodes.entry.reader import Read
from processors.episodes.entry.rules import Kept, Place
from schemas.errors import BadFact
from schemas.facts import EpisodeSaved

CONSUMER = "processor-episodes"
"""As whom we write letters."""
_THREADS = 4
_LOOK_S, _RETRY_S = 0.2, 1.0
_NONE = Kept()
_LAST_MS = 253_402_300_799_999
"""A record stamped by its sender may say any time; a fact may not."""

_log = journal.get("episodes.entry")


class Forwarder:
    """Sends batches. ``goes_on`` is asked while we wait, and told how long it may take: False means to send no more.

    No brake: anyone may write the topic, and a stranger's thousand bad records must not stop everybody's marks.
    """

    def __init__(self, log: FactLog, kept: Pictures, metrics: Metrics, goes_on: Callable[[float], bool]) -> None:
        self._log = log
        self._pictures = kept
        self._metrics = metrics
        self._goes_on = goes_on
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="pictures")
        self._outage = Outage(_log, "pictures wait for the object store", "pictures go on", metrics.waiting)
        self._why = ""

    def send(self, reads: Sequence[Read]) -> list[tuple[EpisodeSaved, Position]]:
        """The saves among the records, each with its place, once every save and letter is acknowledged by all replicas.

        Pictures are stored before the facts that name them. Raises Stopped.
        """
        kept = self._keep(reads)
        sent = [self._append(read, kept.get(number, _NONE)) for number, read in enumerate(reads)]
        self.settle()
        placed = [(saved, future.result()) for saved, future in sent]
        return [(saved, position) for saved, position in placed if saved is not None]

    def settle(self) -> None:
        """Return once all that was appended is acknowledged. Raises Stopped."""
        settle(self._log, lambda: self._goes_on(0))

    def close(self) -> None:
        """Begin no further picture."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _append(self, read: Read, kept: Kept) -> tuple[EpisodeSaved | None, "Future[Position]"]:
        record = read.record
        place = Place(record.partition, record.offset, min(record.timestamp_ms, _LAST_MS))
        try:
            if read.episode is None:
                raise BadFact(read.bad)
            saved = rules.saved(read.episode, record.value or b"", kept, place)
            appended = self._log.append(saved)
            self._metrics.saves.inc()
            return saved, appended
        except BadFact as bad:
            self._metrics.letters.inc()
            told = deadletter.letter(record, CONSUMER, deadletter.kind_of(record), bad.reason, now_ms())
            return None, self._log.append(told)

    def _keep(self, reads: Sequence[Read]) -> dict[int, Kept]:
        """Number of the read → its pictures, where it has any. A store that is away is waited for."""
        left = {n: read.episode for n, read in enumerate(reads) if read.episode and pictures.has_any(read.episode)}
        kept: dict[int, Kept] = {}
        while left:
            jobs = {n: self._pool.submit(self._pictures.keep, episode) for n, episode in left.items()}
            while wait(jobs.values(), _LOOK_S).not_done:
                self._require_going(0)
            kept |= {n: found for n, job in jobs.items() if (found := self._found(job)) is not None}
            left = {n: episode for n, episode in left.items() if n not in kept}
            self._outage.say(self._why if left else "")
            if left:
                self._require_going(_RETRY_S)
        self._metrics.pictures.inc(sum(key is not None for found in kept.values() for key in found[:2]))
        self._metrics.dropped.inc(sum(bool(found.dropped) for found in kept.values()))
        return kept

    def _found(self, job: "Future[Kept]") -> Kept | None:
        """What the job found; None when the store is away."""
        try:
            return job.result()
        except (StoreUnavailable, StoreRefused) as error:
            self._why = str(error)
            return None

    def _require_going(self, wait_s: float) -> None:
        if not self._goes_on(wait_s):
            raise Stopped
