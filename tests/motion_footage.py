"""Footage as the product stores it: cut, with tables and sound where they are in real segments."""

from pathlib import Path

import av
import numpy as np

from producers.segments import ingest
from tests.fakes import FakeLog, FakeStore
from tests.footage import Footage

START_MS = 1_790_000_000_000


def ingested(path: Path, segment_ms: int = 4000, media: str = "cam") -> list[Footage]:
    """The segments that ``sightlog ingest`` makes of a file."""
    store = FakeStore()
    found: list[Footage] = []
    archive = ingest.DirectArchive(
        media, store, FakeLog(), lambda fact: found.append(Footage(fact, store.get(fact.object_key)))
    )
    ingest.store_file(path, START_MS, archive, segment_ms)
    return found


def crossed(path: Path, seconds: float, moves_s: tuple[float, float], fps: int = 10) -> Path:
    """A grainy wall in ``path`` that a square crosses from one time to the other."""
    wall = np.random.default_rng(1).integers(90, 110, (180, 320), np.uint8)
    grain = np.random.default_rng(2)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=fps, options={"preset": "ultrafast", "sc_threshold": "0"})
        stream.width, stream.height, stream.pix_fmt = 320, 180, "yuv420p"
        stream.codec_context.gop_size = fps
        for number in range(round(seconds * fps)):
            picture = wall + grain.integers(0, 3, wall.shape, np.uint8)
            share = (number / fps - moves_s[0]) / (moves_s[1] - moves_s[0])
            if 0 <= share < 1:
                picture[60:110, round(share * 260) : round(share * 260) + 50] = 220
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="gray")))
        container.mux(stream.encode(None))
    return path
