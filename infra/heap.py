"""The C library's memory of a process that takes and frees the same large blocks all the time."""

import ctypes

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
"""glibc's mallopt(3)."""
_LARGEST_MMAP_THRESHOLD = 32 << 20


def keep_freed(most_bytes: int) -> bool:
    """True when freed memory up to this size now stays with the process instead of going back and forth.

    For processes that decode: a decoder's buffers are megabytes, and giving them back costs a page fault for every
    4 KiB of the next picture (H.265: a quarter of its time). False, and nothing changed, where libc is not glibc.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is None:
        return False
    return bool(mallopt(_TRIM_THRESHOLD, most_bytes) and mallopt(_MMAP_THRESHOLD, _LARGEST_MMAP_THRESHOLD))
