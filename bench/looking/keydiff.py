"""The plainest peer: two key frames differ by more than noise, or they do not."""

import time
from pathlib import Path

import av
import cv2
import numpy as np

from bench.looking.clips import Findings
from schemas.intervals import Span

_SIZE = 320, 180
_GREY, _SHARE = 18, 0.002
"""Least difference of a pixel, and least share of such pixels."""


def differing(path: Path) -> Findings:
    """Motion between any two neighbouring key frames that differ."""
    began_s, size = time.process_time(), path.stat().st_size
    spans: list[Span] = []
    before, before_ms = None, 0
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        stream.codec_context.skip_frame, stream.codec_context.thread_count = "NONKEY", 1
        for frame in container.decode(stream):
            grey = cv2.resize(frame.to_ndarray(format="gray"), _SIZE, interpolation=cv2.INTER_AREA)
            grey, at_ms = cv2.GaussianBlur(grey, (5, 5), 0), round((frame.time or 0) * 1000)
            if before is not None and np.mean(cv2.absdiff(grey, before) > _GREY) > _SHARE:
                spans.append(Span(before_ms, at_ms))
            before, before_ms = grey, at_ms
    return Findings(tuple(spans), time.process_time() - began_s, size, size)
