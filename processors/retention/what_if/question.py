"""A policy asked of a history: cameras are taken some at a time, room is made among all of them at the end. Pure."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from processors.retention.rules.room import fair_share
from processors.retention.what_if import cells as judging
from processors.retention.what_if import pieces, room
from processors.retention.what_if.cells import Cells
from processors.retention.what_if.going import Judgement, in_turn
from processors.retention.what_if.room import STORED, Stored
from processors.retention.what_if.told import cameras_of
from schemas.what_if import CameraKept, Going, Held, Hours, KeepPolicy, Kept, Marks


class _Part(NamedTuple):
    """Cameras that were taken together, with numbers of their own."""

    names: Sequence[str]
    policies: Sequence[KeepPolicy]
    hours: Hours
    cells: Cells


class PolicyQuestion:
    """See ``schemas.what_if.WhatIf``. Holds some 200 bytes for each hour of each camera."""

    def __init__(self, now_ms: int) -> None:
        self._now_ms = now_ms
        self._parts: list[_Part] = []

    def take(self, names: Sequence[str], policies: Sequence[KeepPolicy], hours: Hours, held: Held) -> None:
        """See WhatIf.take."""
        hours = hours[hours["hour_ms"] < self._now_ms]
        found = judging.judged(pieces.cut(policies, hours, held, self._now_ms), policies, self._now_ms)
        self._parts.append(_Part(names, policies, hours, found))

    def answer(self, marks: Marks | None, most_going: int) -> Kept:
        """See WhatIf.answer."""
        judgements = [Judgement(part.policies, part.hours, self._now_ms) for part in self._parts]
        for part, judgement in zip(self._parts, judgements, strict=True):
            judgement.note(part.cells)
            _meet_quotas(part)
            judgement.note(part.cells)
        _make_room([part.cells for part in self._parts], marks)
        cameras: list[CameraKept] = []
        going: list[Going] = []
        going_bytes = 0
        for part, judgement in zip(self._parts, judgements, strict=True):
            judgement.note(part.cells)
            some, size_bytes = judgement.going(part.names, part.cells, most_going)
            going, going_bytes = in_turn(going + some)[:most_going], going_bytes + size_bytes
            cameras += cameras_of(part.names, part.policies, part.hours, part.cells, self._now_ms)
        return Kept(cameras=sorted(cameras, key=lambda one: one.media), going=going, going_bytes=going_bytes)


def _meet_quotas(part: _Part) -> None:
    quotas = np.array([np.inf if one.quota_bytes is None else one.quota_bytes for one in part.policies])
    kept = np.bincount(part.cells["camera"], part.cells["kept_bytes"], len(quotas))
    room.evict_each(part.cells, kept - quotas)


def _make_room(parts: Sequence[Cells], marks: Marks | None) -> None:
    """Let the cells of all cameras give what the store needs."""
    stored = _together(parts)
    kept_bytes = float(stored["kept_bytes"].sum())
    if marks is None or kept_bytes <= marks.high_bytes:
        return
    need_bytes = kept_bytes - marks.low_bytes
    share_bytes = fair_share(np.bincount(stored["camera"], stored["kept_bytes"]).tolist(), need_bytes)
    room.evict(stored, need_bytes, share_bytes)
    ends = np.cumsum([len(cells) for cells in parts])
    for cells, end in zip(parts, ends, strict=True):
        cells["kept_bytes"] = stored["kept_bytes"][end - len(cells) : end]


def _together(parts: Sequence[Cells]) -> Stored:
    """What room is made of, of all cameras, which get numbers of their own."""
    stored = np.zeros(sum(map(len, parts)), STORED)
    first, cameras = 0, 0
    for cells in parts:
        mine = stored[first : first + len(cells)]
        for name in ("hour_ms", "rank", "kept_bytes"):
            mine[name] = cells[name]
        mine["camera"] = cells["camera"] + cameras
        first, cameras = first + len(cells), cameras + int(cells["camera"].max(initial=-1)) + 1
    return stored


def make(now_ms: int) -> PolicyQuestion:
    """See ``schemas.what_if.MakeWhatIf``."""
    return PolicyQuestion(now_ms)
