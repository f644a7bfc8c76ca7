"""Ports that a test may give to a server that is started a moment later, and perhaps more than once."""

import random

from infra.embedded.ports import is_free

_RANGE = range(10_000, 20_000)
"""Below Linux's ephemeral ports and below those of the embedded servers: no connection, no listener on port 0 and no
server of another test process takes one in the meantime."""


def free_port() -> int:
    """One that nobody listens on."""
    return next(port for port in random.SystemRandom().sample(_RANGE, 500) if is_free(port))
