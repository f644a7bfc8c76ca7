"""How much of what happened an answer can know."""

from collections.abc import Collection

from api.archive import Archive
from infra import journal
from infra.log import LogUnavailable


def as_of_ms(archive: Archive, projections: Collection[str], now_ms: int) -> int | None:
    """Facts up to this time are in the tables of ``projections``; None: the log is away, and nobody knows.

    A projection that has read all there is knows everything up to ``now_ms``.
    """
    try:
        lags = archive.lags(projections)
    except LogUnavailable as error:
        journal.get("api").warning("how fresh the tables are is not known", error=error)
        return None
    return min([now_ms, *(one.watermark_ms or 0 for one in lags if one.records)])
