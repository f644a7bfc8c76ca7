"""An eye: ``python -m processors.motion.entry NICENESS`` looks at footage for whoever started it."""

import sys

import cv2

from infra import heap, journal
from infra.objects import S3Store
from infra.ranges import Ranges
from infra.settings import load
from processors.motion.detectors import registry
from processors.motion.entry import eye
from processors.motion.frames.limits import Limits

_STORE_S = 10.0
_KEPT_BYTES = 128 << 20
"""Freed memory that stays: the buffers of a decoder of 4K pictures."""


def main() -> None:
    """Judge with every detector there is, until the input ends."""
    settings = load()
    journal.setup(settings)
    cv2.setNumThreads(1)
    heap.keep_freed(_KEPT_BYTES)
    limits = Limits(pixels=settings.motion_pixels)
    detectors = {name: registry.detector(name, limits, settings.motion_memory_bytes) for name in registry.KNOWN}
    footage = Ranges(settings, timeout_s=_STORE_S)
    eye.run(settings, detectors, footage, S3Store(settings, _STORE_S), niceness=int(sys.argv[1]))


if __name__ == "__main__":
    main()
