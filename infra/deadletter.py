"""Dead letters: a record one consumer could not use, kept whole with the reason; and the brake when we are the bug."""

from importlib.metadata import PackageNotFoundError, version

import msgspec

from infra.log import Record
from schemas import codec
from schemas.facts import DeadLettered

MAX_RECORD_BYTES = codec.MAX_BYTES * 5 // 8
"""Base64 makes four bytes of three, and the rest of the letter wants room."""


class BrakeEngaged(RuntimeError):
    """Too many letters in a row: the fault is ours. Stop the consumer without committing."""


class Brake:
    """Counts bad records in a row. One good record releases it."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._in_a_row = 0

    def ok(self) -> None:
        """A record was used."""
        self._in_a_row = 0

    def bad(self, reason: str) -> None:
        """A record was not; raises BrakeEngaged at ``limit`` in a row."""
        self._in_a_row += 1
        if self._in_a_row >= self._limit:
            raise BrakeEngaged(f"{self._in_a_row} records in a row could not be used; the last: {reason}")


class Undecided(BrakeEngaged):
    """A record that may say what keeps footage cannot be used, and no person has said that it may be left out."""


def require_left_out(record: Record, reason: str, leave_out: str) -> None:
    """Raise Undecided, unless ``leave_out`` (as the setting: ``topic/partition/offset``, with commas) names it."""
    name = f"{record.topic}/{record.partition}/{record.offset}"
    if name not in (one.strip() for one in leave_out.split(",")):
        raise Undecided(
            f"{name} cannot be used ({reason}) and may say what keeps footage, so nothing that came after it is"
            f" deleted; where nothing is lost by it, SIGHTLOG_LEAVE_OUT={name} makes a letter of it"
        )


def letter(record: Record, consumer: str, error: str, reason: str, failed_ms: int) -> DeadLettered:
    """The letter about ``record``: key and value byte for byte, the reason cut to what a letter holds.

    A record too large for any letter is left where it stands, and the reason says so: a letter that cannot be sent
    would stop its consumer for ever.
    """
    size = len(record.key or b"") + len(record.value or b"")
    fits = size <= MAX_RECORD_BYTES
    note = "" if fits else f"{size} bytes are too many for a letter, read them at their offset: "
    return DeadLettered(
        consumer=consumer, topic=record.topic, partition=record.partition, offset=record.offset,
        key=record.key if fits else None, value=record.value if fits else None, error=error,
        reason=(note + reason)[:4096], failed_ms=failed_ms, code_version=code_version(),
    )  # fmt: skip


def kind_of(record: Record) -> str:
    """The short word that groups letters: no_value, bad_json, or bad_fact."""
    if not record.value:
        return "no_value"
    try:
        msgspec.json.decode(record.value)
    except (msgspec.DecodeError, RecursionError):
        return "bad_json"
    return "bad_fact"


def code_version() -> str:
    """The installed version of Sightlog, ``0`` when it runs uninstalled."""
    try:
        return version("sightlog")
    except PackageNotFoundError:
        return "0"
