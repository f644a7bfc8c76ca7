"""Mails on the straight way: what is known of the log from its acknowledgements."""

import asyncio
import time

from producers.alarms.straight import Straight
from tests.fakes import FakeLog
from tests.mails import mail

ACK_S = 0.01


def test_a_loop_that_was_held_up_does_not_take_a_log_that_answered_for_away() -> None:
    async def story() -> None:
        straight = Straight(FakeLog(), ACK_S, most_bytes=1 << 20)
        sent = straight.send(mail(1))
        time.sleep(2 * ACK_S)  # noqa: ASYNC251 - whatever holds up a loop
        assert await sent
        await asyncio.sleep(0)
        assert not straight.is_away

    asyncio.run(story())
