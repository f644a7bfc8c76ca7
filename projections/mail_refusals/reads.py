"""The SELECTs about what the mail listener refused. Block; raise what Database raises."""

from collections.abc import Sequence
from typing import NamedTuple

from infra.clickhouse import Database

_DAY_MS = 86_400_000


class Refused(NamedTuple):
    """How often a camera's mails were refused in a day."""

    logins: int
    """Wrong logins, and mails without one where one is needed."""
    all: int


class MailRefusalReads:
    """Answers from the public view in database ``public``."""

    def __init__(self, database: Database, public: str) -> None:
        self._database = database
        self._public = public

    def of_a_day(self, names: Sequence[str], now_ms: int) -> dict[str, Refused]:
        """Refusals of the last 24 hours of each of ``names`` that had any."""
        sql = f"""SELECT media, sumIf(times, reason IN ('login', 'login_needed')) AS logins, sum(times) AS refused
          FROM {{public:Identifier}}.mail_refusals
          WHERE media IN {{names:Array(String)}}
            AND refused_at > fromUnixTimestamp64Milli({now_ms - _DAY_MS}, 'UTC')
          GROUP BY media"""
        rows = self._database.rows(sql, {"public": self._public, "names": list(names)})
        return {row["media"]: Refused(row["logins"], row["refused"]) for row in rows}
