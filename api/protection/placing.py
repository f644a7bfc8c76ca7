"""Locks as they are placed and given back: facts first, then what the tables say came of it."""

from typing import NamedTuple

from api import writes
from api.deps import Deps
from api.protection.receipt import Known, Status, Stretch, receipt
from infra import clock, journal
from infra.clickhouse import DatabaseError, DatabaseUnavailable
from infra.log import LogUnavailable
from projections.expirations.reads import ExpirationSearch
from projections.protected_ranges.reads import StoredHold, StoredLock
from schemas.facts import LockReleased, LockRequested
from schemas.intervals import Span, covers

HELD_S = 5.0
"""How long protection may take to answer a lock."""
READ_S = 3.0
"""How long the tables may take to show what stands on the log."""
DECIDED_S = 3.0
"""How long retention may take to say what became of footage whose grace was over."""
JOIN_MS = 40
"""Rounding between two segments is no hole."""
_FRESH_MS = 60_000
"""A camera records when its newest footage is younger than this, or than two segments: what is missing may come."""
_MOST_WAITING = 10_000
_UNANSWERED = (
    "the lock is on the log and counts, but protection has not answered yet: is processor:protection running? "
    "`sightlog lock show` tells the receipt anew"
)
_BEHIND = "the lock is on the log and counts, but the tables are behind, so nothing is promised here yet"


class Placed(NamedTuple):
    """What came of a lock so far."""

    receipt: list[Stretch]
    note: str
    """What a person should know of the receipt; empty: nothing."""


def place(app: Deps, fact: LockRequested) -> Placed:
    """Put a lock on the log and wait, not for long, until its receipt says how it ends. Raises LogUnavailable.

    From the acknowledgement on the lock counts: whatever comes after it cannot be undone, only be unknown.
    """
    writes.append(app.log, [fact])
    span = Span(fact.start_ms, fact.end_ms)
    try:
        hold = StoredHold(fact.kind, fact.lock_id)
        writes.wait_visible(lambda: app.protection.lock(fact.lock_id) is not None, HELD_S)
        is_held = writes.wait_visible(lambda: _covers(app, fact.media, span, hold), HELD_S)
        return told(app, fact.media, span, "" if is_held else _UNANSWERED, DECIDED_S)
    except (DatabaseUnavailable, DatabaseError, LogUnavailable) as error:
        journal.get("api").warning("a lock stands without a receipt", lock_id=fact.lock_id, error=error)
        return Placed([Stretch(*span, "partial", "undecided")], _BEHIND)


def told(app: Deps, media: str, span: Span, note: str = "", patience_s: float = 0.0) -> Placed:
    """The receipt of a lock that stands, as of now; what is not decided is waited for so long.

    Raises DatabaseUnavailable, LogUnavailable.
    """
    ends = app.protection.ends("expirations")
    is_read = writes.wait_visible(lambda: app.protection.has_read("expirations", "expirations", ends), READ_S)
    writes.wait_visible(lambda: not _undecided(app, media, span), patience_s)
    found = receipt(span, _known(app, media, span))
    return Placed(found, note) if is_read else Placed([_doubted(one) for one in found], note or _BEHIND)


def release(app: Deps, lock: StoredLock, by: str) -> None:
    """Give a lock back; one that was given back before stays so."""
    if lock.released_ms is not None:
        return
    fact = LockReleased(media=lock.media, observed_ms=clock.now_ms(), lock_id=lock.lock_id, released_by=by)
    writes.append(app.log, [fact])
    writes.wait_visible(lambda: (app.protection.lock(lock.lock_id) or lock).released_ms is not None)


def _covers(app: Deps, media: str, span: Span, hold: StoredHold) -> bool:
    """True when ranges name this hold all over the span."""
    return covers([one.span for one in app.protection.within(media, span) if hold in one.holds], span)


def _known(app: Deps, media: str, span: Span) -> Known:
    now_ms = clock.now_ms()
    return Known(
        stored=app.archive.recorded(media, span, JOIN_MS),
        deleted=app.archive.deleted(media, span, JOIN_MS),
        doomed=app.protection.doomed(media, span),
        undecided=_undecided(app, media, span),
        to_come_ms=_to_come_ms(app, media, now_ms),
    )


def _undecided(app: Deps, media: str, span: Span) -> list[Span]:
    """Footage that was to go, whose grace is over, and of which retention has said nothing since."""
    search = ExpirationSearch(media=(media,), state="expired", from_ms=span.start_ms, to_ms=span.end_ms)
    waiting, now_ms = app.retention.page(search, _MOST_WAITING), clock.now_ms()
    return [Span(one.start_ms, one.end_ms) for one in waiting if one.delete_after_ms <= now_ms]


def _to_come_ms(app: Deps, media: str, now_ms: int) -> int:
    """Since when footage may still be on its way."""
    newest = app.archive.latest(media, 1)
    if not newest or newest[0].end_ms > now_ms:
        return now_ms
    patience_ms = max(_FRESH_MS, 2 * newest[0].length_ms)
    return newest[0].end_ms if newest[0].end_ms > now_ms - patience_ms else now_ms


def _doubted(one: Stretch) -> Stretch:
    """What is stored, when nobody knows whether its deletion was ordered just now."""
    doubtful: Status = "partial"
    return one._replace(status=doubtful, because="undecided") if one.because == "stored" else one
