"""The product: its own tables, views and reads, through its own door to the engine.

Where records are asked for (by id, newest, a text, changes) the reads of the API answer whole ones, and the peers only
what is compared. The rest comes from the public views, as ``docs/ref/tables.md`` says to ask them.
"""

import time
from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from bench.peers import archive, cpu
from bench.peers import questions as asked
from bench.peers.archive import Window, parts
from bench.peers.questions import Question, Row, parameters
from infra.clickhouse import Database
from infra.settings import Settings
from projections import registry
from projections.episodes.reads import EpisodeReads, Order, Search
from projections.episodes.rows import VersionRow
from projections.episodes.search import where, where_to_look
from projections.generations.store import Generations
from projections.media.rows import MediaRow
from projections.segments.reads import SegmentReads
from projections.segments.rows import SegmentRow
from projections.spec import Projection, columns
from schemas.intervals import Span

_HERE = Path(__file__).parent
_STEPS = 30
"""The archive is filled in so many steps of time, as it would have grown."""
_BLOCK = 200_000
_QUIET_S = 3.0
_ALL = 1_000_000


class Product:
    """One engine with the archive in it, in tables made and filled as the projections do."""

    name = "Sightlog"

    def __init__(self, settings: Settings, pid: int) -> None:
        self._pid = pid
        self._public = settings.database
        self._database = Database(settings, settings.database, timeout_s=600)
        self._generations = Generations(settings, Database(settings, timeout_s=600))
        self._physical: dict[str, str] = {}
        self._sql = parts(_HERE / "product.sql")
        self._episodes = EpisodeReads(self._database, settings.database)
        self._segments = SegmentReads(self._database, settings.database)
        self._reads: dict[Question, Callable[[Window], list[Row]]] = {
            asked.TIMELINE: self._timeline, asked.BY_ID: self._by_id, asked.NEWEST: self._newest,
            asked.WORD: self._word, asked.FEED: self._feed, asked.OVERLAP: self._overlap,
            asked.OVERLAP_ONE: self._overlap_one, asked.OVERLAP_DAY: self._overlap_day,
        }  # fmt: skip

    def fill(self, cameras: int) -> None:
        """Make every projection's tables and views, put the archive in by time, and let the engine merge in peace."""
        self._generations.prepare()
        for projection in registry.ALL:
            number = self._generations.start(projection, "live").number
            self._generations.publish(projection, number)
            self._physical[projection.name] = self._generations.database_of(projection.name, number)
        self._insert(registry.MEDIA, MediaRow, archive.media_sql(cameras))
        for first, end in archive.days(_STEPS):
            self._insert(registry.SEGMENTS, SegmentRow, archive.segments_sql(cameras, first, end))
            for current in (False, True):
                sql = archive.episodes_sql(cameras, first, end, current=current)
                self._insert(registry.EPISODES, VersionRow, sql)
        self._settle()
        self._age()

    def ask(self, question: Question, window: Window) -> list[Row]:
        """The rows of the product's own read, else of the question's SQL on the public views."""
        if read := self._reads.get(question):
            return read(window)
        return [tuple(row.values()) for row in self._rows(question, window)]

    def explain(self, question: Question, window: Window) -> str:
        """How it answers, for people."""
        sql = f"EXPLAIN indexes = 1 {self._sql[question.name]}"
        return "\n".join(row["explain"] for row in self._database.rows(sql, parameters(question, window)))

    def cpu_s(self) -> float:
        """Of the door, in which the engine lives."""
        return cpu.of_process(self._pid)

    def table_bytes(self, *tables: str) -> int:
        """Rows and indexes of physical tables."""
        sql = "SELECT sum(bytes_on_disk) FROM system.parts WHERE active AND table IN {tables:Array(String)}"
        return int(self._database.value(sql, {"tables": list(tables)}))

    def count(self, table: str) -> int:
        """Rows of a public view."""
        return int(self._database.value(f"SELECT count() FROM {table}"))

    def close(self) -> None:
        """Close the connection."""
        self._database.close()

    def _insert(self, projection: Projection, row: type[Struct], sql: str) -> None:
        """Rows of ``sql`` into the table of ``row``: its columns, by name."""
        names = ", ".join(columns(row))
        table = f"{self._physical[projection.name]}.{projection.tables[row]}"
        self._database.command(
            f"INSERT INTO {table} ({names}) SELECT {names} FROM ({sql})", min_insert_block_size_rows=_BLOCK
        )

    def _settle(self) -> None:
        quiet_since = time.monotonic()
        while time.monotonic() - quiet_since < _QUIET_S:
            if self._database.value("SELECT count() FROM system.merges"):
                quiet_since = time.monotonic()
            time.sleep(0.2)

    def _age(self) -> None:
        """Let an hour pass: tables that say so then have every week but the current one in one part."""
        aging = "create_table_query LIKE '%min_age_to_force_merge_on_partition_only = 1%'"
        sql = f"""SELECT database, table, partition_id FROM system.parts WHERE active AND (database, table) IN (
            SELECT database, name FROM system.tables WHERE {aging})
          GROUP BY ALL QUALIFY partition_id < max(partition_id) OVER (PARTITION BY database, table)"""
        for week in self._database.rows(sql):
            name = f"{week['database']}.{week['table']} PARTITION ID '{week['partition_id']}'"
            self._database.command(f"OPTIMIZE TABLE {name} FINAL", optimize_skip_merged_partitions=1)

    def _rows(self, question: Question, window: Window) -> list[dict[str, str | int]]:
        return self._database.rows(self._sql[question.name], parameters(question, window))

    def _timeline(self, window: Window) -> list[Row]:
        recorded = self._segments.recorded(window.media, Span(*window.day))
        marks = self._marks("title, episode_id, start_ms, end_ms", window.day, window.media)
        return [("recorded", 0, span.start_ms, span.end_ms) for span in recorded] + marks

    def _overlap(self, window: Window) -> list[Row]:
        return self._marks("media, episode_id", window.minutes, None)

    def _overlap_one(self, window: Window) -> list[Row]:
        return self._marks("media, episode_id", window.minutes, window.media)

    def _overlap_day(self, window: Window) -> list[Row]:
        return self._marks("episode_type, count() AS found", window.day, None, "GROUP BY episode_type")

    def _marks(self, chosen: str, span: tuple[int, int], media: str | None, rest: str = "") -> list[Row]:
        """What is chosen of the episodes that reach into a span, found as the reads find them."""
        search = Search(media=(media,) if media else None, overlaps_from=span[0], overlaps_to=span[1])
        condition, values = where(search)
        sql = f"""SELECT {chosen} FROM {{public:Identifier}}.episodes
          WHERE {condition} AND {where_to_look(search)} {rest}"""
        return [tuple(row.values()) for row in self._database.rows(sql, {"public": self._public, **values})]

    def _by_id(self, window: Window) -> list[Row]:
        found = self._episodes.with_id(window.episode_id, None)
        return [(one.media, one.episode_id, one.title, one.license_plate_text, one.updated_ms) for one in found]

    def _newest(self, _: Window) -> list[Row]:
        found = self._episodes.page(Search(opened_at_lt=archive.END_MS), Order("opened_at", True), 100)
        return [(one.media, one.episode_id, one.title) for one in found]

    def _word(self, window: Window) -> list[Row]:
        from_ms, to_ms = window.day
        search = Search(opened_at_gte=from_ms, opened_at_lt=to_ms, words=(window.word,))
        found = self._episodes.page(search, Order("opened_at", True), _ALL)
        return [(one.media, one.episode_id) for one in found]

    def _feed(self, window: Window) -> list[Row]:
        first, end = window.positions
        partitions = min(window.cameras, archive.PARTITIONS)
        found = self._episodes.changes.told(Search(), (first,) * partitions, (end,) * partitions)
        return [(one.media, one.episode_id, one.version, one.title) for one in found]
