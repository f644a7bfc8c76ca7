"""How an analytics node is read: where the next poll begins, and when. Pure."""

from collections.abc import Iterable
from hashlib import blake2b

from msgspec import Struct, structs

from producers.episodes import parse
from producers.episodes.parse import Answer
from schemas.facts import SourcePolled

IDLE_S = 5.0
"""A node that answers at once, with nothing new, is asked again no sooner."""
LONGEST_PAUSE_S = 60.0
AHEAD_MS = 60_000
"""A node's clock may be so far ahead; beyond it, one wrong time would hide everything that comes after."""


class Reached(Struct, frozen=True):
    """How far a node has been read."""

    since_ms: int = 0
    """``updated_at_gt`` of the next poll. Stands still while a cursor is followed: the cursor belongs to it."""
    cursor: str = ""
    newest_ms: int = 0
    """Largest ``updated_at`` received."""
    episodes: int = 0
    """Published in all."""
    digest: bytes = b""
    """Of the last answer's episodes."""


def resumed(last: SourcePolled | None, address: str) -> Reached:
    """Where a node is read on after a start: from its beginning when it is another node than the one read before."""
    if last is None or last.address != address:
        return Reached()
    since_ms = last.since_ms if last.cursor else last.updated_ms
    return Reached(since_ms, last.cursor, last.updated_ms, last.episodes)


def query(reached: Reached, wait_s: int) -> dict[str, str]:
    """Parameters of the next poll."""
    asked = {"poll_timeout": str(wait_s), "updated_at_gt": str(reached.since_ms)}
    return asked | ({"cursor": reached.cursor} if reached.cursor else {})


def fresh(reached: Reached, answer: Answer) -> list[bytes]:
    """What of an answer is new: nothing of the very answer that came last, nothing that was not asked for.

    A node may ignore what it is asked; its past must not be published again with every poll.
    """
    if answer.episodes and digest(answer.episodes) == reached.digest:
        return []
    if reached.cursor:  # a cursor may lead to any time
        return list(answer.episodes)
    return [each for each in answer.episodes if not 0 < parse.updated_ms(each) <= reached.since_ms]


def advanced(reached: Reached, answer: Answer, published: int, now_ms: int) -> Reached:
    """Where the next poll begins, once the log has what came. Bad episodes count too: they must not be a wall."""
    times_ms = (min(parse.updated_ms(each), now_ms + AHEAD_MS) for each in answer.episodes)
    newest_ms = max(times_ms, default=0)
    newest_ms = max(newest_ms, reached.newest_ms)
    return Reached(
        since_ms=reached.since_ms if answer.next else newest_ms, cursor=answer.next, newest_ms=newest_ms,
        episodes=reached.episodes + published, digest=digest(answer.episodes) or reached.digest,
    )  # fmt: skip


def without_cursor(reached: Reached) -> Reached:
    """The same place said in time alone: from where the cursor began."""
    return structs.replace(reached, cursor="", digest=b"")


def pause_s(failures: int, has_news: bool, took_s: float) -> float:
    """How long to wait before the next poll: longer with every failure in a row, not at all while there is news."""
    if failures:
        return min(2.0 ** min(failures - 1, 16), LONGEST_PAUSE_S)
    return 0.0 if has_news else max(0.0, IDLE_S - took_s)


def digest(episodes: Iterable[bytes]) -> bytes:
    """Sixteen bytes that stand for what an answer held; none for nothing."""
    made = blake2b(digest_size=16)
    is_empty = True
    for each in episodes:
        made.update(len(each).to_bytes(8, "big") + each)
        is_empty = False
    return b"" if is_empty else made.digest()
