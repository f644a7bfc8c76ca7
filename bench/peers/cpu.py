"""Processor time of the engines, whatever they are made of."""

import os
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def of_process(pid: int) -> float:
    """User and system seconds of a process and its threads."""
    return sum(_fields(pid)[:2]) / _TICKS


def of_family(pid: int) -> float:
    """The same with its children, also those that have ended: a postmaster's backends and parallel workers."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return (sum(_fields(pid)) + sum(sum(_fields(int(child))) for child in children)) / _TICKS


def _fields(pid: int) -> list[int]:
    """utime, stime, cutime, cstime in ticks; nothing where the process has just ended: its parent has counted it."""
    try:
        words = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except FileNotFoundError:
        return [0, 0, 0, 0]
    return [int(word) for word in words[11:15]]
