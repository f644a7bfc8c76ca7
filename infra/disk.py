"""What a disk must be told so that it keeps its word through a power cut."""

import os
from pathlib import Path


def sync_folder(folder: Path) -> None:
    """Return once the names in ``folder`` are on the disk: a synced file without its name is lost. Raises OSError."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
