"""What it means that an eye ended at a segment. Pure."""

from processors.motion.entry.messages import OUT_OF_MEMORY

STOOD_STILL = "stood still"
MOST, MOST_KILLED = 2, 5
"""So many eyes one segment may end, by its bytes, or by somebody outside who happened to end them just then."""


def is_killed(how: str) -> bool:
    """True where nothing in footage ends its reader so."""
    return how in ("SIGKILL", "SIGTERM")


def most(how: str) -> int:
    """How many eyes a segment may end before nobody looks at it any more."""
    return MOST_KILLED if is_killed(how) else MOST


def reason(how: str, cpu_s: float) -> str:
    """Why nobody does, for its verdict."""
    if how == "SIGXCPU":
        return f"it took more than {cpu_s:g} s of processor time, {MOST} times"
    if how == f"exit {OUT_OF_MEMORY}":
        return f"it took more memory than there is for one, {MOST} times"
    return f"its reader did not survive it, {most(how)} times ({how})"
