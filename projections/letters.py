"""Records that cannot be used: live they become dead letters, a rebuild stops at the first one nobody knows."""

from typing import Protocol

from infra.clickhouse import Database
from infra.clock import monotonic_s, now_ms, sleep_s
from infra.deadletter import Brake, BrakeEngaged, kind_of, letter
from infra.log import FactLog, LogUnavailable, Record
from schemas.facts import DeadLettered

_ACKNOWLEDGE_S = 30.0
_LETTER_S = 10.0
_LOOK_S = 0.5


class RebuildStopped(RuntimeError):
    """A rebuild met a record that the live generation has not dead-lettered; the message says which and why."""


class Refusals(Protocol):
    """What a consumer does with records it cannot use."""

    braked: str
    """Why the consumer must stop once what it has read is written; empty: it may go on."""

    def refuse(self, record: Record, reason: str) -> None:
        """Take note of a bad record."""

    def settle(self) -> None:
        """Return once every refusal is safe for ever. Raises LogUnavailable when that cannot be said yet."""


class Letters:
    """Refusals of a live generation: dead letters on the log, and the brake when they do not end."""

    def __init__(self, log: FactLog, consumer: str, brake: Brake) -> None:
        self._log = log
        self._consumer = consumer
        self._brake = brake
        self._unsent: list[DeadLettered] = []
        self._last: dict[tuple[str, int], int] = {}
        self.braked = ""
        self.written = 0

    def refuse(self, record: Record, reason: str) -> None:
        """A letter about the record, sent by the next ``settle``. Too many in a row of one partition set ``braked``."""
        self._unsent.append(letter(record, self._consumer, kind_of(record), reason, now_ms()))
        place = (record.topic, record.partition)
        if self._last.get(place, record.offset - 1) != record.offset - 1:
            self._brake.ok()
        self._last[place] = record.offset
        try:
            self._brake.bad(reason)
        except BrakeEngaged as engaged:  # what was read before must be written first, or it is lettered for ever
            self.braked = str(engaged)

    def settle(self) -> None:
        """Send what is unsent and wait for the acknowledgements; what fails is sent again by the next call."""
        deadline = monotonic_s() + _ACKNOWLEDGE_S
        sent = [self._log.append(one) for one in self._unsent]
        for future in sent:
            try:
                future.result(timeout=max(0.0, deadline - monotonic_s()))
            except TimeoutError:
                raise LogUnavailable("the broker does not acknowledge dead letters") from None
        self.written += len(sent)
        self._unsent.clear()


class KnownLetters:
    """Refusals of a building generation: only what the live one has lettered may be left out."""

    braked = ""

    def __init__(self, database: Database, public: str, consumer: str) -> None:
        self._database = database
        self._table = f"{public}.dead_letters"
        self._consumer = consumer

    def refuse(self, record: Record, reason: str) -> None:
        """Nothing when the live generation lettered the same record; else raises RebuildStopped.

        Waits a little: the live generation may meet the record only now, and its letter takes two inserts.
        """
        deadline = monotonic_s() + _LETTER_S
        while not self._is_known(record):
            if monotonic_s() > deadline:
                raise RebuildStopped(
                    f"record {record.topic}/{record.partition}/{record.offset} cannot be used: {reason};"
                    " the live generation has no letter about it"
                )
            sleep_s(_LOOK_S)

    def _is_known(self, record: Record) -> bool:
        sql = (
            f"SELECT count() FROM {self._table} WHERE consumer = {{consumer:String}} AND topic = {{topic:String}}"
            " AND partition = {partition:UInt16} AND offset = {offset:UInt64}"
        )
        at = {"consumer": self._consumer, **record._asdict()}
        return bool(
            self._database.value(sql, {name: at[name] for name in ("consumer", "topic", "partition", "offset")})
        )

    def settle(self) -> None:
        """Nothing to wait for: a rebuild writes no letters."""
