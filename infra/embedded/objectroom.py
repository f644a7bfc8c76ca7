"""How much room the embedded object store has.

What is deleted is still in its volumes until it sweeps them. By the disk alone a store that has just freed a tenth
looks as full as before, and whoever makes room would go on deleting; so what a sweep will free counts as free.
"""

import json
import os
from pathlib import Path
from typing import NamedTuple

from infra.embedded import ports
from infra.embedded.probes import http_get
from infra.objects import StoreUnavailable
from infra.settings import Settings

_FOLDER = "objects"


class Room(NamedTuple):
    """Bytes."""

    used: int
    capacity: int


def is_embedded(settings: Settings) -> bool:
    """True when the object store of these settings is the one on their data folder."""
    login = settings.data / _FOLDER / "identities.json"
    return login.is_file() and bool(settings.s3_key) and f'"{settings.s3_key}"' in login.read_text()


def room(settings: Settings) -> Room:
    """The disk that holds the embedded store, without what the store has deleted. Raises StoreUnavailable."""
    garbage = _garbage(ports.remembered(settings.data / "ports.json").get("master", 0))
    disk = disk_room(settings.data / _FOLDER)
    return Room(max(0, disk.used - garbage), disk.capacity)


def disk_room(folder: Path) -> Room:
    """The disk that a folder is on: what a process cannot have counts as used."""
    found = os.statvfs(folder)
    capacity = found.f_blocks * found.f_frsize
    return Room(capacity - found.f_bavail * found.f_frsize, capacity)


def _garbage(port: int) -> int:
    """Bytes of deleted objects that are still in volumes."""
    answer = http_get(port, "/vol/status")
    try:
        centers = json.loads(answer or b"")["Volumes"]["DataCenters"]
        return sum(
            int(volume["DeletedByteCount"])
            for racks in centers.values()
            for nodes in racks.values()
            for volumes in nodes.values()
            for volume in volumes or ()
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        raise StoreUnavailable("the object store does not say what it has deleted") from None
