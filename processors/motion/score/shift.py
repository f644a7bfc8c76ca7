"""Whether the camera itself was moved: the same scene, elsewhere in the picture."""

import cv2
import numpy as np

from processors.motion.score.blocks import HEIGHT, WIDTH, Floats, Luma

_LEAST_POINTS = 1.5
_LEAST_RESPONSE = 0.3
"""Measured: 0.94 where a camera was pushed, 0.17 at most where large things moved before it."""
_AROUND = (31, 31)
_WINDOW = cv2.createHanningWindow((WIDTH, HEIGHT), cv2.CV_32F)


def is_shifted(picture: Luma, background: Floats) -> bool:
    """True where the picture is the background, moved as a whole."""
    (right, down), response = cv2.phaseCorrelate(_fine(picture.astype(np.float32)), _fine(background), _WINDOW)
    return response > _LEAST_RESPONSE and max(abs(right), abs(down)) >= _LEAST_POINTS


def _fine(picture: Floats) -> Floats:
    """Without its light."""
    return picture - cv2.blur(picture, _AROUND)
