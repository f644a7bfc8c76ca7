"""One analytics node, read for ever: ask, publish, wait for every replica, say how far."""

import asyncio
from concurrent.futures import Future

import httpx

from infra import deadletter, journal
from infra.clock import monotonic_s, now_ms
from infra.log import FactLog, LogUnavailable, Position, Record
from producers.episodes import node, parse, rules
from producers.episodes.accept import NotAnEpisode, TooLarge, accept
from producers.episodes.acknowledged import acknowledged
from producers.episodes.metrics import Metrics
from producers.episodes.node import CursorRefused, NodeFailed
from producers.episodes.parse import Answer
from schemas import ids, topics
from schemas.episode import EpisodeRecord
from schemas.facts import DeadLettered, SourceConfigured, SourcePolled

CONSUMER = "intake"
ACKNOWLEDGED_S = 60.0
TELL_MS = 60_000
"""A node without news is spoken of this often, so that an operator sees it is still asked."""
_PLACES = 1 << 62
_log = journal.get("intake")


class Poller:
    """Reads one node. Cancel ``run`` at any moment: what it was about to publish is asked for again."""

    def __init__(
        self, source: SourceConfigured, last: SourcePolled | None, http: httpx.AsyncClient, log: FactLog,
        metrics: Metrics,
    ) -> None:  # fmt: skip
        """``last``: how far the node had been read."""
        self._source, self._http, self._facts, self._metrics = source, http, log, metrics
        self._address = node.address(source.url)
        self._reached = rules.resumed(last, self._address)
        self._follows_cursor = True
        self._failures = 0
        self.told = last
        """How far it has been read, as last acknowledged."""

    async def run(self) -> None:
        """Ask again and again, until cancelled."""
        while True:
            began_s = monotonic_s()
            has_news = await self.ask()
            await asyncio.sleep(rules.pause_s(self._failures, has_news, monotonic_s() - began_s))

    async def ask(self) -> bool:
        """One poll; True when it brought anything. What fails is told and counted, never raised."""
        has_news, error = False, ""
        try:
            has_news = await self._take(await node.poll(self._http, self._source, self._reached))
        except CursorRefused as refused:
            self._follows_cursor = False
            self._reached = rules.without_cursor(self._reached)
            error = str(refused)
        except (NodeFailed, parse.BadAnswer, LogUnavailable) as failed:
            error = str(failed)
        self._failures = self._failures + 1 if error else 0
        self._metrics.polls.labels("failed" if error else "news" if has_news else "nothing").inc()
        await self._tell(error, has_news)
        return has_news

    async def _take(self, content: bytes) -> bool:
        """Publish what an answer holds, and stand where it leads once the log has it. True when it was news."""
        answer, facts, appended = await asyncio.to_thread(self._publish, content)
        await acknowledged(appended, ACKNOWLEDGED_S)
        letters = sum(isinstance(each, DeadLettered) for each in facts)
        self._metrics.letters.inc(letters)
        self._metrics.episodes.inc(len(facts) - letters)
        self._reached = rules.advanced(self._reached, answer, len(facts) - letters, now_ms())
        return bool(facts)

    def _publish(self, content: bytes) -> tuple[Answer, list[EpisodeRecord | DeadLettered], list["Future[Position]"]]:
        """Append what is new in an answer. In a thread: parsing megabytes, and a full queue, take their time."""
        answer = parse.parse(content)
        if not self._follows_cursor:
            answer = answer._replace(next="")
        facts = [self._fact(each) for each in rules.fresh(self._reached, answer)]
        return answer, facts, [self._facts.append(each) for each in facts]

    def _fact(self, content: bytes) -> EpisodeRecord | DeadLettered:
        try:
            return accept(parse.as_saved(content))
        except NotAnEpisode as error:
            _log.warning("not an episode", source=self._source.source, reason=str(error)[:300])
            return self._letter(content, "oversize" if isinstance(error, TooLarge) else "bad_episode", str(error))

    def _letter(self, content: bytes, error: str, reason: str) -> DeadLettered:
        """About a record that never stood on a topic. Its place is made of what it is: told again, the same letter."""
        place = ids.derived(self._source.source, content.decode("latin-1")) % _PLACES
        record = Record(topics.EPISODES.name, 0, place, None, content, 0)
        return deadletter.letter(record, CONSUMER, error, f"{self._source.source}: {reason}", now_ms())

    async def _tell(self, error: str, has_news: bool) -> None:
        """Say how far the node has been read: after news, when it begins or ceases to fail, and now and then."""
        error = error[:4096]
        is_change = self.told is None or error != self.told.error
        is_old = self.told is None or now_ms() - self.told.observed_ms > TELL_MS
        if not (is_change or is_old or has_news):
            return
        if error and is_change:
            _log.warning("a node gives no answer", source=self._source.source, reason=error)
        fact = SourcePolled(
            source=self._source.source, observed_ms=now_ms(), updated_ms=self._reached.newest_ms,
            cursor=self._reached.cursor, since_ms=self._reached.since_ms, episodes=self._reached.episodes,
            address=self._address, error=error,
        )  # fmt: skip
        try:
            await acknowledged([self._facts.append(fact)], ACKNOWLEDGED_S)
            self.told = fact
        except LogUnavailable as away:
            _log.warning("the log does not answer", source=self._source.source, error=away)
