"""Previews of the demo's episodes: the same drawing that its cameras show, at the moment that matters."""

import base64
from functools import cache

import cv2
import numpy as np

from producers.episodes.demo_sights import Sight
from producers.segments import scenes

_FRAME_PX = (320, 180)
_MARGIN_PX = 24
_QUALITY = (int(cv2.IMWRITE_JPEG_QUALITY), 80)


@cache
def previews(sight: Sight) -> tuple[str, str]:
    """(the thing itself, the whole picture) when it is seen best, as base64 JPEG."""
    scene = scenes.ALL[sight.media]
    picture = scene.background()
    scene.draw(picture, sight.middle_s)
    left, top, width, height = map(round, sight.box(sight.middle_s))
    rows = slice(max(top - _MARGIN_PX, 0), top + height + _MARGIN_PX)
    columns = slice(max(left - _MARGIN_PX, 0), left + width + _MARGIN_PX)
    small = np.asarray(cv2.resize(picture, _FRAME_PX, interpolation=cv2.INTER_AREA), np.uint8)
    return _jpeg(picture[rows, columns]), _jpeg(small)


def _jpeg(picture: scenes.Picture) -> str:
    done, encoded = cv2.imencode(".jpg", picture, _QUALITY)
    assert done
    return base64.b64encode(encoded.tobytes()).decode()
