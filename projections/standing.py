"""Where a reader stands: lag and watermark. Pure."""

from collections.abc import Iterable
from typing import NamedTuple


class Standing(NamedTuple):
    """Facts not yet in the tables, and the latest event time (UTC ms) that is; 0: nothing was read yet."""

    lag: int
    watermark_ms: int


def sum_up(partitions: Iterable[Standing]) -> Standing:
    """The partitions of one topic as one.

    The watermark is that of the slowest partition that lags; where none lags, of the newest fact: a partition whose
    cameras are quiet holds nothing back.
    """
    found = list(partitions)
    lagging = [one.watermark_ms for one in found if one.lag]
    watermark_ms = min(lagging) if lagging else max((one.watermark_ms for one in found), default=0)
    return Standing(sum(one.lag for one in found), watermark_ms)
