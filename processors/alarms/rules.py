"""The marks of one media: what stands open and one more alarm, or time → what stands then and what is saved. Pure.

An alarm that starts marks a stretch around its mail (rule 2.4); stretches that lie near each other are one episode
(2.5). An episode that is closed takes nothing more: what comes late for it opens another, which may overlap it. So no
mark is ever refused for what became of an earlier one, and none shrinks.
"""

from typing import NamedTuple

from msgspec import Struct, structs

from processors.alarms.saves import closing, version
from processors.alarms.standing import Episode, opened
from schemas.episode import EpisodeRecord
from schemas.facts import AlarmReceived
from schemas.intervals import Span, union

CLAIM_LEAST_MS, CLAIM_MOST_MS = 60_000, 86_400_000
"""A mail's own time marks as well where it is further than the one from our time, and no further than the other."""
STEP_MS = 1000
"""In a flood a version is told when the mark has grown by so much; the count is right when it closes."""
MOST_OPEN = 8
"""Episodes of one media at once: mails that come late stand beside those of now."""
MOST_KNOWN = 500
"""Alarms by which a mail told twice is known; far more than the reader of mails tells again after a crash."""

Saves = list[EpisodeRecord]


class Margins(NamedTuple):
    """How far an alarm marks, and what counts as near."""

    before_ms: int
    after_ms: int
    join_ms: int


class MarkState(Struct, frozen=True, kw_only=True, array_like=True):
    """What must be known of a media to place its next alarm. New fields go last, with a default."""

    open: tuple[Episode, ...] = ()
    """In the order in which they were opened."""
    used: tuple[int, ...] = ()
    """``opened_at`` of the latest episodes: no two may share an id."""
    known: tuple[tuple[int, int], ...] = ()
    """Ids of the latest alarms, and when each came last."""
    offset: int = -1
    """Of the last alarm taken, on its partition."""
    until_ms: int = 0
    """The latest time of an alarm taken."""


def step(
    state: MarkState, alarm: AlarmReceived, offset: int, clock_ms: int, margins: Margins
) -> tuple[MarkState, Saves]:
    """The state after an alarm, and the versions to save. ``clock_ms``: the latest time told on its partition.

    A record that was taken before, by its offset, changes nothing; an old offset at a new time is of a topic made anew.
    """
    if offset <= state.offset and alarm.received_ms <= state.until_ms:
        return state, []
    now_ms = max(alarm.received_ms, state.until_ms, clock_ms)
    last_ms = next((came_ms for one, came_ms in state.known if one == alarm.alarm_id), None)
    state = structs.replace(state, offset=offset, until_ms=max(state.until_ms, alarm.received_ms))
    saves: Saves = []
    if alarm.kind == "start" and last_ms != alarm.received_ms:
        state, saves = _start(state, alarm, last_ms is None, now_ms, margins)
    elif alarm.kind == "stop" and last_ms is None:
        state, saves = _stop(state, alarm, now_ms)
    state, closed = pass_time(_knowing(state, alarm), alarm.media, now_ms, margins)
    return state, saves + closed


def pass_time(state: MarkState, media: str, now_ms: int, margins: Margins) -> tuple[MarkState, Saves]:
    """The state once time has come to ``now_ms``: what nothing can join any more is closed where its mark ends."""
    quiet = [episode for episode in state.open if quiet_ms(episode, margins) <= now_ms]
    if not quiet:
        return state, []
    left = tuple(episode for episode in state.open if episode not in quiet)
    return structs.replace(state, open=left), [closing(media, one, one.until_ms, now_ms, "quiet") for one in quiet]


def due_ms(state: MarkState, margins: Margins) -> int | None:
    """When time will close an episode; None: none is open."""
    return min((quiet_ms(episode, margins) for episode in state.open), default=None)


def quiet_ms(episode: Episode, margins: Margins) -> int:
    """From when on nothing joins an episode: neither a mail of now nor another one of those that come late.

    The mark of a mail that comes just then begins ``before_ms`` earlier.
    """
    return max(episode.until_ms, episode.heard_ms + margins.after_ms) + margins.join_ms + margins.before_ms + 1


def spans(alarm: AlarmReceived, margins: Margins) -> list[Span]:
    """What a start marks (rule 2.4): around its receive time always, around its own time as well where that differs."""
    at = [alarm.received_ms]
    if alarm.claimed_ms is not None and CLAIM_LEAST_MS < abs(alarm.claimed_ms - alarm.received_ms) <= CLAIM_MOST_MS:
        at.append(alarm.claimed_ms)
    return union((Span(one - margins.before_ms, one + margins.after_ms) for one in at), margins.join_ms)


def _start(
    state: MarkState, alarm: AlarmReceived, is_new: bool, now_ms: int, margins: Margins
) -> tuple[MarkState, Saves]:
    """Each stretch grows the episode that it joins, else opens one; an alarm told again opens none."""
    saves: Saves = []
    for span in spans(alarm, margins):
        joined = _joined(state.open, span, margins.join_ms)
        if joined is not None:
            state, saved = _replaced(state, alarm.media, joined, joined.grown(span, alarm, now_ms, is_new), now_ms)
        elif is_new:
            state, saved = _opened(state, span, alarm, now_ms, margins)
        else:
            saved = []
        saves += saved
    return state, saves


def _knowing(state: MarkState, alarm: AlarmReceived) -> MarkState:
    """The state with the alarm among those it knows; what marks nothing need not be known."""
    if alarm.kind not in ("start", "stop"):
        return state
    others = tuple(one for one in state.known if one[0] != alarm.alarm_id)
    return structs.replace(state, known=(*others, (alarm.alarm_id, alarm.received_ms))[-MOST_KNOWN:])


def _joined(open_: tuple[Episode, ...], span: Span, join_ms: int) -> Episode | None:
    """The episode that a stretch touches or lies near to; of several the one that reaches furthest."""
    near = [one for one in open_ if span.start_ms - one.until_ms <= join_ms and one.started_ms - span.end_ms <= join_ms]
    return max(near, key=lambda one: one.until_ms, default=None)


def _replaced(state: MarkState, media: str, was: Episode, now: Episode, now_ms: int) -> tuple[MarkState, Saves]:
    """The state with an episode as it is now, told where enough of it is news."""
    saves: Saves = []
    if now.news_ms >= STEP_MS or now.preview_key != was.preview_key:
        now = now.said(now_ms)
        saves.append(version(media, now))
    return structs.replace(state, open=tuple(now if one is was else one for one in state.open)), saves


def _opened(
    state: MarkState, span: Span, alarm: AlarmReceived, now_ms: int, margins: Margins
) -> tuple[MarkState, Saves]:
    """The state with one more episode, told at once. Where there are too many, the first to fall quiet is closed."""
    saves: Saves = []
    if len(state.open) >= MOST_OPEN:
        first = min(state.open, key=lambda one: quiet_ms(one, margins))
        state = structs.replace(state, open=tuple(one for one in state.open if one is not first))
        saves.append(closing(alarm.media, first, first.until_ms, now_ms, "quiet"))
    opened_at = span.start_ms
    while opened_at in state.used:
        opened_at += 1
    episode = opened(opened_at, span, alarm, now_ms)
    used = (*state.used, opened_at)[-2 * MOST_OPEN :]
    return structs.replace(state, open=(*state.open, episode), used=used), [*saves, version(alarm.media, episode)]


def _stop(state: MarkState, alarm: AlarmReceived, now_ms: int) -> tuple[MarkState, Saves]:
    """The newest open episode that had begun by then is closed, never before the end of its mark."""
    begun = [one for one in state.open if one.started_ms <= alarm.received_ms]
    if not begun:
        return state, []
    last = max(begun, key=lambda one: one.until_ms)
    closed_at = max(last.until_ms, alarm.received_ms)
    left = tuple(one for one in state.open if one is not last)
    return structs.replace(state, open=left), [closing(alarm.media, last, closed_at, now_ms, "stop")]
