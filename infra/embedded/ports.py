"""Loopback ports that a data folder keeps from one start to the next."""

import json
import random
import socket
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from infra.embedded.parts import StackError

LOOPBACK = "127.0.0.1"
RANGE = range(20_000, 32_000)
"""Below Linux's ephemeral ports, so that no outgoing connection can sit on a remembered port."""

_FIRST_FOR_ALL = 1024
"""Ports below want root."""


def is_free(port: int, host: str = LOOPBACK) -> bool:
    """True when a listener could be opened on this port now."""
    with closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def settle(path: Path, wanted: Mapping[str, int], liked: Mapping[str, int] | None = None) -> dict[str, int]:
    """A free port for every name, remembered in ``path``: 0 takes the remembered one if still free, else a new one.

    A new one is the one ``liked``, if that is free. Raises StackError naming the setting when a port asked for by
    number is in use.
    """
    known = remembered(path)
    chosen = {name: port for name, port in wanted.items() if port}
    for name, port in chosen.items():
        _demand(name, port)
    for name in wanted.keys() - chosen.keys():
        first, second = known.get(name, 0), (liked or {}).get(name, 0)
        chosen[name] = _keep(first, chosen) or _keep(second, chosen) or _pick(chosen)
    path.write_text(json.dumps(chosen, indent=1) + "\n")
    return chosen


def _demand(name: str, port: int) -> None:
    if is_free(port):
        return
    wrong, advice = "is in use by another program", "stop it"
    if port < _FIRST_FOR_ALL:
        wrong, advice = "is in use, or only for root", "forward it to a port from 1024 on (nftables, the router)"
    setting = f"SIGHTLOG_{name.upper()}_PORT"
    raise StackError(f"port {port} ({name}) {wrong}; {advice}, or give another port in {setting} (0 picks a free one)")


def _keep(port: int, chosen: Mapping[str, int]) -> int:
    return port if port and port not in chosen.values() and is_free(port) else 0


def _pick(chosen: Mapping[str, int]) -> int:
    for port in random.sample(RANGE, 500):
        if port not in chosen.values() and is_free(port):
            return port
    raise StackError(f"no free loopback port between {RANGE.start} and {RANGE.stop}; stop some servers and try again")


def remembered(path: Path) -> dict[str, int]:
    """The ports of the last start, by name; empty when there was none."""
    if not path.is_file():
        return {}
    try:
        return {str(name): int(port) for name, port in json.loads(path.read_text()).items()}
    except (ValueError, AttributeError):
        return {}
