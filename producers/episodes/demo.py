"""An analytics product for the demo: it marks what passes the demo cameras, over HTTP like any other product."""

import heapq
from itertools import count

import httpx
from msgspec import structs

from infra import journal, program
from infra.clock import monotonic_s, now_ms
from infra.settings import Settings
from producers.episodes import demo_pictures
from producers.episodes.demo_loops import Loops
from producers.episodes.demo_sights import SIGHTS, Sight, begun, saves
from schemas import codec
from schemas.episode import EpisodeRecord

_TURN_S = 0.5
_KEEP = 500
"""Most saves that wait for an API that is away; the oldest go first."""
_LONGEST_PAUSE_S = 10.0
_TIMEOUT_S = 5.0
_log = journal.get("demo-analytics")


def run(settings: Settings) -> None:
    """Mark what passes until SIGTERM or SIGINT; then close what is still open. The API may be away for any time."""
    stopping, beat = program.begin(settings, stalled_after_s=120)
    headers = {"Authorization": f"Bearer {settings.token()}"}
    with httpx.Client(
        base_url=f"{settings.base_url}/api/v1", headers=headers, timeout=_TIMEOUT_S, trust_env=False
    ) as http:
        watcher = Watcher(http, now_ms())
        while not stopping.wait(_TURN_S):
            beat.touch()
            watcher.turn(now_ms())
        watcher.finish(now_ms())


class Watcher:
    """Sees what passes, and saves it when it is due: opened, seen best, closed."""

    def __init__(self, http: httpx.Client, began_ms: int) -> None:
        self._http = http
        self._seen_ms = began_ms
        self._loops = Loops(http)
        self._due: list[tuple[int, int, Sight, EpisodeRecord]] = []
        self._number = count()
        self._failures = 0
        self._not_before_s = 0.0

    def turn(self, at_ms: int) -> None:
        """Note what came into view since the last turn, and save what is due."""
        for sight in SIGHTS:
            opened_ms = begun(sight, self._loops.began_ms(sight.media, at_ms), self._seen_ms, at_ms)
            for record in saves(sight, opened_ms) if opened_ms is not None else ():
                heapq.heappush(self._due, (record.updated_at, next(self._number), sight, record))
        self._seen_ms = at_ms
        while len(self._due) > _KEEP:
            heapq.heappop(self._due)
        self._send(at_ms)

    def finish(self, at_ms: int) -> None:
        """Close what is open, as well as can be done at once."""
        last = {record.episode_id: (sight, record) for _, _, sight, record in sorted(self._due) if record.closed_at}
        self._due = [
            (at_ms, number, sight, structs.replace(record, updated_at=at_ms, closed_at=at_ms, close_reason="stopped"))
            for number, (sight, record) in enumerate(last.values())
            if record.opened_at < at_ms < record.updated_at
        ]
        self._send(at_ms)

    def _send(self, at_ms: int) -> None:
        while self._due and self._due[0][0] <= at_ms and monotonic_s() >= self._not_before_s:
            _, _, sight, record = self._due[0]
            if not self._is_saved(sight, record):
                self._failures += 1
                self._not_before_s = monotonic_s() + min(2.0 ** min(self._failures - 1, 8), _LONGEST_PAUSE_S)
                return
            self._failures = 0
            heapq.heappop(self._due)

    def _is_saved(self, sight: Sight, record: EpisodeRecord) -> bool:
        """False when it is worth trying again."""
        if record.score is not None:
            preview, frame = demo_pictures.previews(sight)
            record = structs.replace(record, preview=preview, frame_preview=frame)
        try:
            answer = self._http.put(f"/episodes/{record.episode_id}", content=codec.encode(record))
        except httpx.TransportError as error:
            if not self._failures:
                _log.warning("the API is away, saves wait", error=error)
            return False
        if answer.is_error and not self._failures:
            _log.warning("a save was not taken", status=answer.status_code, answer=answer.text[:300])
        return not answer.is_server_error
