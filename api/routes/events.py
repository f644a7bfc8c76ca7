"""``/events``: every change of every episode as it is accepted, as server-sent events."""

from collections.abc import AsyncIterator, Iterator
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Header, Query
from fastapi.responses import StreamingResponse
from fastapi.sse import format_sse_event

from api.archive import Archive
from api.deps import FromFeed, FromVisible, FromWorld
from api.episodes import cursors, shapes
from api.episodes.asked import Asked
from api.episodes.cursors import Position
from api.episodes.feed import Feed, Stretch
from api.errors import Problem, bad_query
from infra import journal

router = APIRouter(tags=["episodes"])
CONTENT_TYPE = "text/event-stream"
RETRY_MS = 2000
_ANSWER: dict[int | str, dict[str, Any]] = {200: {"content": {CONTENT_TYPE: {"schema": {"type": "string"}}}}}
_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
Resume = Annotated[str, Header(alias="Last-Event-ID", max_length=16_384, description="`id` of the last event seen")]
ResumeHere = Annotated[str, Query(max_length=16_384, description="The same, for clients that cannot set the header")]


@router.get("/events", response_class=StreamingResponse, responses=_ANSWER)
async def events(
    search: Asked, world: FromWorld, feed: FromFeed, visible: FromVisible, last_seen: Resume = "",
    last_event_id: ResumeHere = "",
) -> StreamingResponse:  # fmt: skip
    """Changes from now on, or behind the event named: ``id`` a cursor, ``event`` episode, ``data`` the record."""
    sealed = last_seen or last_event_id
    start = cursors.feed_cursor(sealed, "last_event_id") if sealed else None
    if start is not None and not isinstance(start, Position):
        raise bad_query("last_event_id", "is a `next` that goes by updated_at; poll once more before you follow")
    stretches = feed.follow(search, start, visible)
    first = await anext(stretches)  # what is wrong is told as a problem while that is still possible
    return StreamingResponse(_lines(world.archive, feed, first, stretches), media_type=CONTENT_TYPE, headers=_HEADERS)


async def _lines(
    archive: Archive, feed: Feed, first: Stretch, stretches: AsyncIterator[Stretch]
) -> AsyncIterator[bytes]:
    """The stream. A stretch without changes tells where it stands all the same, so a reader resumes from there.

    It ends where the reader may see nothing any more: who asks again is told why.
    """
    yield format_sse_event(comment="changes of episodes", retry=RETRY_MS, id=_id(first.until))
    try:
        async for stretch in stretches:
            if not stretch.episodes:
                yield format_sse_event(comment="nothing new", id=_id(stretch.until))
                continue
            for line in _told(stretch, await feed.shared(shapes.episodes, archive, tuple(stretch.episodes))):
                yield line
    except Problem as problem:
        journal.get("api").info("stream ended", reason=problem.detail)


def _told(stretch: Stretch, shown: list[dict[str, Any]]) -> Iterator[bytes]:
    """One event per change, each with the position behind it."""
    at = [*stretch.since, *(0 for _ in stretch.until[len(stretch.since) :])]
    for number, (change, record) in enumerate(zip(stretch.episodes, shown, strict=True), 1):
        at[change.src_partition] = change.src_offset + 1
        behind = stretch.until if number == len(shown) else tuple(at)
        data = msgspec.json.encode(record).decode()
        yield format_sse_event(data_str=data, event="episode", id=_id(behind))


def _id(offsets: tuple[int, ...]) -> str:
    return cursors.seal(Position(offsets=offsets))
