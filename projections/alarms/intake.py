"""The SELECTs behind the health of mails: when each camera mailed last, how often, with which clock."""

from collections.abc import Collection, Sequence

import msgspec
from msgspec import Struct

from infra.clickhouse import Database
from projections.visible import named

HABIT_MS = 14 * 86_400_000
"""A camera's habit is what it did so long before its last mail."""
_HOUR_MS, _DAY_MS, _WEEK_MS = 3_600_000, 86_400_000, 7 * 86_400_000
_SKEW_MS = 30 * 86_400_000
_SKEWS = 20


class Reach(Struct, frozen=True, kw_only=True):
    """One configured camera and when it mailed last."""

    media: str
    enabled: bool
    mail_login: str
    mail_aliases: tuple[str, ...]
    last_ms: int | None
    """None: never."""


class Habit(Struct, frozen=True, kw_only=True):
    """How a camera mailed in the fortnight that ended with its last mail."""

    media: str
    mails: int
    days: int
    """Days (UTC) with a mail."""
    first_ms: int
    last_ms: int
    longest_gap_ms: int
    """Longest time between two of these mails."""


class Mails(Struct, frozen=True, kw_only=True):
    """How many mails came from one camera lately, repeats among them."""

    media: str
    hour: int
    day: int
    week: int


class IntakeReads:
    """Answers about how mails come in, from the public views in database ``public``."""

    def __init__(self, database: Database, public: str) -> None:
        self._database = database
        self._public = public

    def reaches(self, names: Collection[str] | None = None, media: str | None = None) -> list[Reach]:
        """Every configured camera (of ``names``; ``media``: this one), by name."""
        seen, values = named(names)
        only = "" if media is None else "AND media = {media:String}"
        sql = f"""SELECT media, enabled, mail_login, mail_aliases, nullIf(last_ms, 0) AS last_ms
          FROM {{public:Identifier}}.media LEFT JOIN {{public:Identifier}}.alarm_reaches USING (media)
          WHERE {seen} {only} ORDER BY media"""
        given = {"public": self._public, "media": media, **values}
        return msgspec.convert(self._database.rows(sql, given), list[Reach])

    def habits(self, quiet_since_ms: int, names: Sequence[str] | None = None) -> list[Habit]:
        """Of every configured camera (of ``names``) whose last mail came before ``quiet_since_ms``."""
        configured = "SELECT media FROM {public:Identifier}.media"
        sql = f"""WITH quiet AS (
            SELECT media, last_ms FROM {{public:Identifier}}.alarm_reaches
            WHERE last_ms < {{since:Int64}} AND media IN ({configured if names is None else "{names:Array(String)}"}))
          SELECT media, mails, days, came[1] AS first_ms, came[-1] AS last_ms,
            toInt64(arrayMax(arrayDifference(came))) AS longest_gap_ms
          FROM (
            SELECT media, arraySort(groupUniqArray(received_ms)) AS came, uniqExact(received_ms, alarm_id) AS mails,
              uniqExact(intDiv(received_ms, {_DAY_MS})) AS days
            FROM {{public:Identifier}}.alarm_times INNER JOIN quiet USING (media)
            WHERE media IN (SELECT media FROM quiet) AND received_ms > last_ms - {HABIT_MS}
              AND received_at > (SELECT fromUnixTimestamp64Milli(min(last_ms) - {HABIT_MS}, 'UTC') FROM quiet)
            GROUP BY media)"""
        given = {"public": self._public, "since": quiet_since_ms, "names": list(names or ())}
        rows = self._database.rows(sql, given)
        return msgspec.convert(rows, list[Habit])

    def mails(self, names: Sequence[str], now_ms: int) -> dict[str, Mails]:
        """Mails of the last hour, day and week of each of ``names`` that has any."""
        each = ", ".join(
            f"uniqExactIf((received_ms, alarm_id), received_ms > {now_ms - length_ms}) AS {name}"
            for name, length_ms in (("hour", _HOUR_MS), ("day", _DAY_MS), ("week", _WEEK_MS))
        )
        sql = f"""SELECT media, {each} FROM {{public:Identifier}}.alarm_times
          WHERE media IN {{names:Array(String)}} AND received_at > fromUnixTimestamp64Milli({now_ms - _WEEK_MS}, 'UTC')
          GROUP BY media"""
        rows = self._database.rows(sql, {"public": self._public, "names": list(names)})
        return {one.media: one for one in msgspec.convert(rows, list[Mails])}

    def skews(self, names: Sequence[str], now_ms: int) -> dict[str, int]:
        """Camera → ms that its clock is ahead: median of its last 20 mails of 30 days that said a time."""
        sql = f"""SELECT media, quantileExact(0.5)(skew_ms) AS skew_ms FROM (
            SELECT DISTINCT media, received_at, alarm_id, skew_ms FROM {{public:Identifier}}.alarm_times
            WHERE media IN {{names:Array(String)}} AND skew_ms IS NOT NULL
              AND received_at > fromUnixTimestamp64Milli({now_ms - _SKEW_MS}, 'UTC')
            ORDER BY media, received_at DESC LIMIT {_SKEWS} BY media)
          GROUP BY media"""
        rows = self._database.rows(sql, {"public": self._public, "names": list(names)})
        return {row["media"]: row["skew_ms"] for row in rows}
