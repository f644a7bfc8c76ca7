"""64-bit ids: snowflakes we make, deterministic ids we derive, and the door for ids that others make.

An id from outside is opaque: it is never refused for "not a snowflake" and never used to derive a time.
"""

import re
from hashlib import blake2b
from typing import NamedTuple

EPOCH_MS = 1_288_834_974_657
"""The Twitter epoch: 2010-11-04T01:42:54.657Z."""
MAX_ID = (1 << 64) - 1
_MACHINE_BITS, _SEQUENCE_BITS = 10, 12
_DECIMAL = re.compile(r"[0-9]{1,20}", re.ASCII)


class Snowflake(NamedTuple):
    """The parts of one of *our* ids: 42 bit ms since EPOCH_MS | 10 bit machine | 12 bit sequence."""

    at_ms: int
    machine: int
    sequence: int

    def pack(self) -> int:
        """The 64-bit id; raises ValueError when a part does not fit."""
        elapsed = self.at_ms - EPOCH_MS
        if not 0 <= elapsed < 1 << 42 or not 0 <= self.machine < 1 << 10 or not 0 <= self.sequence < 1 << 12:
            raise ValueError(f"{self} does not fit 42|10|12 bits")
        return elapsed << 22 | self.machine << _SEQUENCE_BITS | self.sequence


def unpack(snowflake: int) -> Snowflake:
    """The parts of an id made by ``Snowflake.pack``."""
    return Snowflake(
        (snowflake >> 22) + EPOCH_MS,
        snowflake >> _SEQUENCE_BITS & (1 << _MACHINE_BITS) - 1,
        snowflake & (1 << _SEQUENCE_BITS) - 1,
    )


def following(last: Snowflake, now_ms: int) -> Snowflake:
    """The next id after ``last``: strictly larger, even when the clock stands still or runs backwards."""
    if now_ms > last.at_ms:
        return Snowflake(now_ms, last.machine, 0)
    if last.sequence + 1 < 1 << _SEQUENCE_BITS:
        return last._replace(sequence=last.sequence + 1)
    return Snowflake(last.at_ms + 1, last.machine, 0)


def derived(*parts: str | int) -> int:
    """A deterministic 64-bit id of what makes a thing unique: same parts in the same order, same id.

    Every part goes in with its length, so ("ab", "c") and ("a", "bc") differ whatever characters they hold.
    """
    text = "".join(f"{len(part)}:{part}" for part in map(str, parts))
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")


def derived_episode(media: str, opened_at: int, source: str, rule_version: str | int) -> int:
    """The id of an episode that we derive from facts: processing the same facts again gives the same episode.

    ``source`` as in its originator; another ``rule_version`` makes other episodes, beside the first.
    """
    return derived("episode", media, opened_at, source, rule_version)


def parse(value: object, name: str = "id") -> int:
    """The id in a JSON number or decimal string, 0 … 2^64-1; a float, sign, blank or text raises ValueError.

    ``name`` is the field that the error speaks of.
    """
    if isinstance(value, int) and not isinstance(value, bool):
        number = value
    elif isinstance(value, str) and _DECIMAL.fullmatch(value):
        number = int(value)
    else:
        raise ValueError(f"{name} must be an unsigned 64-bit integer, as a number or a decimal string")
    if not 0 <= number <= MAX_ID:
        raise ValueError(f"{name} must be between 0 and {MAX_ID}")
    return number
