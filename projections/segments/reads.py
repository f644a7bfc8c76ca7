"""The SELECTs behind ranges, playlists, exports, calendars and the camera list. Block; raise what Database raises.

Every window is half-open, every answer is right without FINAL in the caller's mind: the public views see to that.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple

import msgspec
from msgspec import Struct

from infra.clickhouse import Database
from schemas.facts import Keyframe
from schemas.intervals import Span, clip

_COLUMNS = (
    "media, start_ms, end_ms, run_id, object_key, size_bytes, sha256, init_len, codecs, video_codec, audio_codec,"
    " width_px, height_px, frames, keyframe_ms, keyframe_offset, keyframe_bytes, gop_bytes"
)
_OVERLAPS = """media = {media:String}
  AND started_at < fromUnixTimestamp64Milli({to_ms:Int64}, 'UTC')
  AND ended_at > fromUnixTimestamp64Milli({from_ms:Int64}, 'UTC')
  AND started_at > fromUnixTimestamp64Milli({from_ms:Int64} - (
    SELECT toInt64(max(longest_ms)) FROM {public:Identifier}.segment_extents WHERE media = {media:String}), 'UTC')"""
"""A segment that reaches into the window starts at most the camera's longest segment before it."""
_PIECE = 5_000
_LAST_MS = 9_999_999_999_999
_REACHES_MS = (3_600_000, 7 * 86_400_000, _LAST_MS)
"""How far a search for a neighbour looks, try by try."""


_SLICES_MS = {"toStartOfFiveMinutes": 300_000, "toStartOfHour": 3_600_000, "toStartOfDay": 86_400_000}
"""Slices of time that the index can look up in lists, finest first; the finest that gives no endless list is used."""
_MOST_SLICES = 5_000


class StoredSegment(Struct, frozen=True, kw_only=True):
    """One stored segment. Key frames are parallel lists, ascending."""

    media: str
    start_ms: int
    end_ms: int
    run_id: str
    object_key: str
    size_bytes: int
    sha256: str
    init_len: int
    codecs: str
    video_codec: str
    audio_codec: str
    """Empty: no sound."""
    width_px: int
    height_px: int
    frames: int
    keyframe_ms: tuple[int, ...]
    keyframe_offset: tuple[int, ...]
    keyframe_bytes: tuple[int, ...]
    gop_bytes: tuple[int, ...]

    def nearest_keyframe(self, at_ms: int, within: Span | None = None) -> Keyframe | None:
        """The key frame (of ``within``) nearest to ``at_ms``, the earlier of two equally near; None: there is none."""
        of = within or Span(0, _LAST_MS)
        inside = [i for i, key_ms in enumerate(self.keyframe_ms) if of.start_ms <= key_ms < of.end_ms]
        index = min(inside, key=lambda i: (abs(self.keyframe_ms[i] - at_ms), i), default=None)
        if index is None:
            return None
        return Keyframe(
            at_ms=self.keyframe_ms[index],
            byte_offset=self.keyframe_offset[index],
            size_bytes=self.keyframe_bytes[index],
        )


class Gap(Struct, frozen=True, kw_only=True):
    """A stretch known to be missing; ``end_ms`` None: still so."""

    start_ms: int
    end_ms: int | None
    reason: str
    detail: str


class Day(Struct, frozen=True, kw_only=True):
    """A UTC day that holds footage."""

    day: str
    """YYYY-MM-DD."""
    recorded_ms: int


class Step(Struct, frozen=True, kw_only=True):
    """One step of an activity histogram."""

    start_ms: int
    recorded_ms: int
    size_bytes: int


class _Reach(NamedTuple):
    whole: Span
    """From the first segment ever stored to the end of the last."""
    longest_ms: int


class SegmentReads:
    """Answers about footage from the public views in database ``public``."""

    def __init__(self, database: Database, public: str) -> None:
        self._database = database
        self._public = public

    def overlapping(self, media: str, span: Span, limit: int) -> list[StoredSegment]:
        """Segments that reach into ``span``, by start, at most ``limit``."""
        sql = f"""SELECT {_COLUMNS} FROM {{public:Identifier}}.segments WHERE {_OVERLAPS}
          ORDER BY started_at LIMIT {{n:UInt32}}"""
        return self._segments(sql, media, from_ms=span.start_ms, to_ms=span.end_ms, n=limit)

    def each(self, media: str, span: Span) -> Iterator[StoredSegment]:
        """The same without a limit, read piece by piece; footage that comes while reading may be left out."""
        piece = self.overlapping(media, span, _PIECE)
        while piece:
            yield from piece
            if len(piece) < _PIECE:
                return
            piece = self._starting(media, Span(piece[-1].start_ms + 1, span.end_ms), _PIECE)

    def latest(self, media: str, count: int) -> list[StoredSegment]:
        """The newest ``count`` segments, by start."""
        last_ms = self.last_ms([media]).get(media)
        return [] if last_ms is None else self._before(media, last_ms, count)

    def nearest(self, media: str, at_ms: int) -> StoredSegment | None:
        """The segment that holds ``at_ms``, else the one whose nearer end is nearest; None when nothing is stored."""
        return min(
            self._near(media, at_ms),
            key=lambda one: (max(one.start_ms - at_ms, at_ms - one.end_ms + 1, 0), one.start_ms), default=None,
        )  # fmt: skip

    def picture_near(self, media: str, at_ms: int, within: Span | None = None) -> tuple[StoredSegment, Keyframe] | None:
        """The key frame nearest to ``at_ms`` and its segment; with ``within`` the nearest that lies there."""
        if within is None:
            found = self.nearest(media, at_ms)
            frame = found and found.nearest_keyframe(at_ms)
            return (found, frame) if found and frame else None
        at_ms = min(max(at_ms, within.start_ms), within.end_ms - 1)
        near = ((one, one.nearest_keyframe(at_ms, within)) for one in self._near(media, at_ms))
        frames = [(one, frame) for one, frame in near if frame]
        return min(frames, key=lambda one: (abs(one[1].at_ms - at_ms), one[1].at_ms), default=None)

    def around(self, media: str, span: Span) -> list[StoredSegment]:
        """The last segment that starts before ``span`` and the first that starts at its end or later, if any."""
        return self._before(media, span.start_ms, 1) + self._from(media, span.end_ms, 1)

    def extent(self, media: str) -> Span | None:
        """First and last moment of footage still stored; None when there is none."""
        sql = "SELECT first_ms FROM {public:Identifier}.segment_extents WHERE media = {media:String}"
        oldest_ms = self._database.value(sql, {"public": self._public, "media": media})
        first, last = self._from(media, oldest_ms or 0, 1), self.latest(media, 1)
        return Span(first[0].start_ms, last[0].end_ms) if first and last else None

    def recorded(self, media: str, span: Span, join_ms: int = 0) -> list[Span]:
        """Footage inside ``span`` as a clean list; holes of at most ``join_ms`` are closed. Merged by the engine."""
        rows = self._rows(f"SELECT start_ms, end_ms FROM ({_MERGED}) ORDER BY start_ms", media, span, join_ms=join_ms)
        return [Span(row["start_ms"], row["end_ms"]) for row in rows]

    def deleted(self, media: str, span: Span, join_ms: int = 0) -> list[Span]:
        """The same of footage that was stored once and is deleted; where it was stored again, of neither."""
        merged = _MERGED.replace(_STORED, _DELETED)
        rows = self._rows(f"SELECT start_ms, end_ms FROM ({merged}) ORDER BY start_ms", media, span, join_ms=join_ms)
        return [Span(row["start_ms"], row["end_ms"]) for row in rows]

    def near(self, wanted: Mapping[str, Sequence[Span]], join_ms: int = 0) -> dict[str, list[Span]]:
        """Camera → clean list of all footage that reaches into any of its spans, and more; one answer for many."""
        reaching = {name: clip(_longer(wanted[name], one), one.whole) for name, one in self._reaches(wanted).items()}
        function, slices = _sliced(reaching)
        if not slices:
            return {}
        sql = f"SELECT media, start_ms, end_ms FROM ({_MERGED_NEAR}) ORDER BY media, start_ms".replace(
            "SLICE", function
        )
        given = {"public": self._public, "join_ms": join_ms}
        given |= {"names": [name for name, _ in slices], "starts": [at_ms // 1000 for _, at_ms in slices]}
        found: dict[str, list[Span]] = {}
        for row in self._database.rows(sql, given):
            found.setdefault(row["media"], []).append(Span(row["start_ms"], row["end_ms"]))
        return found

    def gaps(self, media: str, span: Span) -> list[Gap]:
        """Known gaps that reach into ``span``, by start."""
        sql = """SELECT start_ms, end_ms, reason, detail FROM {public:Identifier}.recording_gaps
          WHERE media = {media:String} AND started_at < fromUnixTimestamp64Milli({to_ms:Int64}, 'UTC')
            AND (end_ms IS NULL OR end_ms > {from_ms:Int64}) ORDER BY started_at"""
        return msgspec.convert(self._rows(sql, media, span), list[Gap])

    def days(self, media: str, span: Span | None = None) -> list[Day]:
        """Every UTC day (of ``span``) with footage, ascending; overlapping footage counts once."""
        sql = f"""SELECT toString(toDate(toDateTime(number * 86400, 'UTC'), 'UTC')) AS day, sum(
            least(end_ms, (number + 1) * 86400000) - greatest(start_ms, number * 86400000)) AS recorded_ms
          FROM ({_MERGED}) ARRAY JOIN range(intDiv(start_ms, 86400000), intDiv(end_ms - 1, 86400000) + 1) AS number
          GROUP BY day ORDER BY day"""
        return msgspec.convert(self._rows(sql, media, span or Span(0, _LAST_MS), join_ms=0), list[Day])

    def activity(self, media: str, span: Span, step_ms: int) -> list[Step]:
        """Footage per step of ``span``: every step, the last cut at its end. Bytes count at a segment's start."""
        sql = f"""SELECT number AS step, sum(
            least(end_ms, {{from_ms:Int64}} + (number + 1) * {{step_ms:Int64}})
            - greatest(start_ms, {{from_ms:Int64}} + number * {{step_ms:Int64}})) AS recorded_ms
          FROM ({_MERGED}) ARRAY JOIN range(
            intDiv(start_ms - {{from_ms:Int64}}, {{step_ms:Int64}}),
            intDiv(end_ms - 1 - {{from_ms:Int64}}, {{step_ms:Int64}}) + 1) AS number
          GROUP BY step"""
        recorded = {row["step"]: row["recorded_ms"] for row in self._rows(sql, media, span, join_ms=0, step_ms=step_ms)}
        sizes = self._bytes_per_step(media, span, step_ms)
        return [
            Step(
                start_ms=span.start_ms + step * step_ms,
                recorded_ms=recorded.get(step, 0),
                size_bytes=sizes.get(step, 0),
            )
            for step in range(-(-span.length_ms // step_ms))
        ]

    def last_ms(self, names: list[str] | None = None) -> dict[str, int]:
        """Media → end of its newest segment ever stored; all of them, or those of ``names``."""
        only = "" if names is None else "WHERE media IN {names:Array(String)}"
        sql = f"SELECT media, last_ms FROM {{public:Identifier}}.segment_extents {only}"
        found = self._database.rows(sql, {"public": self._public, "names": names or []})
        return {row["media"]: row["last_ms"] for row in found}

    def _reaches(self, names: Iterable[str]) -> dict[str, _Reach]:
        """Of each camera that ever recorded: where its footage is and its longest segment."""
        sql = """SELECT media, first_ms, last_ms, longest_ms FROM {public:Identifier}.segment_extents
          WHERE media IN {names:Array(String)}"""
        rows = self._database.rows(sql, {"public": self._public, "names": list(names)})
        return {row["media"]: _Reach(Span(row["first_ms"], row["last_ms"]), row["longest_ms"]) for row in rows}

    def _near(self, media: str, at_ms: int) -> list[StoredSegment]:
        """What holds a moment and what lies on both sides of it."""
        moment = Span(at_ms, at_ms + 1)
        return self.around(media, moment) + self.overlapping(media, moment, 1)

    def _before(self, media: str, at_ms: int, count: int) -> list[StoredSegment]:
        """The last ``count`` segments that start before ``at_ms``, by start: near first, because all of it is much."""
        found: list[StoredSegment] = []
        for reach_ms in _REACHES_MS:
            found = self._starting(media, Span(max(0, at_ms - reach_ms), at_ms), count, "DESC")
            if len(found) == count:
                break
        return found[::-1]

    def _from(self, media: str, at_ms: int, count: int) -> list[StoredSegment]:
        """The first ``count`` segments that start at ``at_ms`` or later, by start."""
        found: list[StoredSegment] = []
        for reach_ms in _REACHES_MS:
            found = self._starting(media, Span(at_ms, min(at_ms + reach_ms, _LAST_MS)), count)
            if len(found) == count:
                break
        return found

    def _starting(
        self, media: str, span: Span, limit: int, order: Literal["ASC", "DESC"] = "ASC"
    ) -> list[StoredSegment]:
        sql = f"""SELECT {_COLUMNS} FROM {{public:Identifier}}.segments WHERE media = {{media:String}}
          AND started_at >= fromUnixTimestamp64Milli({{from_ms:Int64}}, 'UTC')
          AND started_at < fromUnixTimestamp64Milli({{to_ms:Int64}}, 'UTC')
          ORDER BY started_at {order} LIMIT {{n:UInt32}}"""
        return self._segments(sql, media, from_ms=span.start_ms, to_ms=span.end_ms, n=limit)

    def _bytes_per_step(self, media: str, span: Span, step_ms: int) -> dict[int, int]:
        sql = """SELECT intDiv(start_ms - {from_ms:Int64}, {step_ms:Int64}) AS step, sum(size_bytes) AS size_bytes
          FROM {public:Identifier}.segments WHERE media = {media:String}
            AND started_at >= fromUnixTimestamp64Milli({from_ms:Int64}, 'UTC')
            AND started_at < fromUnixTimestamp64Milli({to_ms:Int64}, 'UTC') GROUP BY step"""
        return {row["step"]: row["size_bytes"] for row in self._rows(sql, media, span, step_ms=step_ms)}

    def _segments(self, sql: str, media: str, **values: Any) -> list[StoredSegment]:
        rows = self._database.rows(sql, {"public": self._public, "media": media, **values})
        return msgspec.convert(rows, list[StoredSegment])

    def _rows(self, sql: str, media: str, span: Span, **values: Any) -> list[dict[str, Any]]:
        given = {"public": self._public, "media": media, "from_ms": span.start_ms, "to_ms": span.end_ms, **values}
        return self._database.rows(sql, given)


_STORED = "{public:Identifier}.segments WHERE"
_DELETED = "{public:Identifier}.footage_history WHERE is_deleted AND"
_MERGED = f"""SELECT
    greatest(min(started), {{from_ms:Int64}}) AS start_ms, least(max(ended), {{to_ms:Int64}}) AS end_ms
  FROM (
    SELECT started, ended, sum(opens) OVER (ORDER BY started, ended ROWS UNBOUNDED PRECEDING) AS island FROM (
      SELECT start_ms AS started, end_ms AS ended,
        started > max(ended) OVER (ORDER BY started, ended ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
          + {{join_ms:Int64}} AS opens
      FROM {_STORED} {_OVERLAPS}))
  GROUP BY island"""

_MERGED_NEAR = """SELECT media, min(started) AS start_ms, max(ended) AS end_ms FROM (
    SELECT media, started, ended, sum(opens) OVER (
      PARTITION BY media ORDER BY started, ended ROWS UNBOUNDED PRECEDING) AS island FROM (
      SELECT media, start_ms AS started, end_ms AS ended,
        started > max(ended) OVER (
          PARTITION BY media ORDER BY started, ended ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
          + {join_ms:Int64} AS opens
      FROM {public:Identifier}.segments WHERE (media, SLICE(started_at)) IN (
        SELECT slice.1, toDateTime(slice.2, 'UTC')
        FROM (SELECT arrayJoin(arrayZip({names:Array(String)}, {starts:Array(Int64)})) AS slice))))
  GROUP BY media, island"""


def _longer(spans: Iterable[Span], reach: _Reach) -> list[Span]:
    """The spans and as much before each as a segment that reaches into it may start earlier."""
    return [Span(one.start_ms - reach.longest_ms, one.end_ms) for one in spans]


def _sliced(wanted: Mapping[str, Sequence[Span]]) -> tuple[str, list[tuple[str, int]]]:
    """The function that cuts time into slices, and each (camera, start of a slice, ms) that a span touches."""
    spans = [(name, one) for name, each in wanted.items() for one in each]
    few = (name for name, ms in _SLICES_MS.items() if sum(len(_touched(one, ms)) for _, one in spans) <= _MOST_SLICES)
    function = next(few, "toStartOfDay")
    length_ms = _SLICES_MS[function]
    return function, sorted({(name, number * length_ms) for name, one in spans for number in _touched(one, length_ms)})


def _touched(span: Span, length_ms: int) -> range:
    """Numbers of the slices of this length that a span touches."""
    return range(span.start_ms // length_ms, (span.end_ms - 1) // length_ms + 1)
