"""Waiting on an event loop until every replica has what was appended."""

import asyncio
from collections.abc import Iterable
from concurrent.futures import Future

from infra.log import LogUnavailable, Position


async def acknowledged(appended: Iterable["Future[Position]"], within_s: float) -> None:
    """Returns once the log has them all. Raises LogUnavailable.

    Shielded: whoever gives up waiting must not cancel a future that the log is going to set.
    """
    all_of_them = asyncio.gather(*map(asyncio.wrap_future, appended))
    try:
        await asyncio.wait_for(asyncio.shield(all_of_them), within_s)
    except TimeoutError:
        raise LogUnavailable(f"not acknowledged within {within_s:.0f} s") from None
