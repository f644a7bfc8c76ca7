"""Waiting for the log without a wake-up per fact."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import Future
from itertools import count
from typing import TypeVar

T = TypeVar("T")


async def all_acked(futures: "Sequence[Future[T]]") -> list[T]:
    """Every future's result, in order, once all have one. Raises what the first that failed has.

    The loop is woken once for all: a wake-up each would cost more than the facts themselves.
    """
    if not futures:
        return []
    loop = asyncio.get_running_loop()
    everyone, answered = loop.create_future(), count(1)

    def answer(_future: "Future[T]") -> None:
        if next(answered) == len(futures) and not loop.is_closed():
            loop.call_soon_threadsafe(_wake, everyone)

    for future in futures:
        future.add_done_callback(answer)
    await everyone
    return [future.result() for future in futures]


def _wake(everyone: "asyncio.Future[None]") -> None:
    if not everyone.done():
        everyone.set_result(None)
