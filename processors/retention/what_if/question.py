"""A policy asked of a history: cameras are taken some at a time, room is made among all of them at the end. Pure."""

from collections.abc import Sequence

import numpy as np

from processors.retention.what_if import cells as judging
from processors.retention.what_if import pieces, room
from processors.retention.what_if.cells import CELL, Cells
from processors.retention.what_if.going import Judgement
from processors.retention.what_if.told import cameras_of
from schemas.what_if import HOUR, Held, Hours, KeepPolicy, Kept, Marks


class PolicyQuestion:
    """See ``schemas.what_if.WhatIf``. Holds some 100 bytes for each hour of each camera."""

    def __init__(self, now_ms: int) -> None:
        self._now_ms = now_ms
        self._names: list[str] = []
        self._policies: list[KeepPolicy] = []
        self._hours: list[Hours] = [np.empty(0, HOUR)]
        self._cells: list[Cells] = [np.empty(0, CELL)]

    def take(self, names: Sequence[str], policies: Sequence[KeepPolicy], hours: Hours, held: Held) -> None:
        """See WhatIf.take."""
        known, hours = len(self._names), hours[hours["hour_ms"] < self._now_ms]
        found = judging.judged(pieces.cut(policies, hours, held, self._now_ms), policies, self._now_ms)
        hours = hours.copy()
        for numbered in (hours, found):
            numbered["camera"] += known
        self._hours.append(hours)
        self._cells.append(found)
        self._names += names
        self._policies += policies

    def answer(self, marks: Marks | None, most_going: int) -> Kept:
        """See WhatIf.answer."""
        hours, cells = np.concatenate(self._hours), np.concatenate(self._cells)
        judgement = Judgement(self._policies, hours, self._now_ms)
        judgement.note(cells)
        self._meet_quotas(cells)
        judgement.note(cells)
        _make_room(cells, marks)
        judgement.note(cells)
        going, going_bytes = judgement.going(self._names, cells, most_going)
        found = cameras_of(self._names, self._policies, hours, cells, self._now_ms)
        return Kept(cameras=found, going=going, going_bytes=going_bytes)

    def _meet_quotas(self, cells: Cells) -> None:
        quotas = np.array([np.inf if one.quota_bytes is None else one.quota_bytes for one in self._policies])
        kept = np.bincount(cells["camera"], cells["kept_bytes"], len(quotas))
        room.evict_each(cells, kept - quotas)


def _make_room(cells: Cells, marks: Marks | None) -> None:
    kept_bytes = float(cells["kept_bytes"].sum())
    if marks is not None and kept_bytes > marks.high_bytes:
        share_bytes = marks.low_bytes / len(np.unique(cells["camera"]))
        room.evict(cells, kept_bytes - marks.low_bytes, share_bytes)


def make(now_ms: int) -> PolicyQuestion:
    """See ``schemas.what_if.MakeWhatIf``."""
    return PolicyQuestion(now_ms)
