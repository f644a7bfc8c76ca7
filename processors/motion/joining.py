"""The motion of one camera: what stands open and one more verdict, or time → what stands then and what is saved. Pure.

Motion no further apart than the camera's join gap is one episode, across the borders of segments (rule 3.4). A part of
a verdict waits until all that its motion could join is folded, so verdicts are folded in the order of their footage,
in whatever order they come. Only time ends the waiting: what comes later still stands beside what was told without it.
"""

from typing import NamedTuple

from msgspec import Struct, structs

from processors.motion.parts import Kind, Part, Stretch, parts
from processors.motion.saves import closing, episode_id, version
from processors.motion.standing import Episode, opened
from schemas.episode import EpisodeRecord
from schemas.facts import SegmentScanned
from schemas.intervals import Span

STEP_MS = 5000
"""A version is told when the mark has grown by so much; the last one says all."""
MOST_OPEN = 8
"""Episodes of one camera at once: footage that is brought in later stands beside that of now."""
MOST_WAITING = 256
"""Parts of verdicts that wait at once; beyond it the earliest is taken for what it is."""
MOST_KNOWN = 32
"""Stretches of footage without a hole whose verdicts are folded; those that grew last."""
MOST_WORDS = 32
"""Latest verdicts that spoke of the end of the segment before theirs."""
MOST_CLOSED = 64
"""Latest episodes that are closed: what lies in one of their marks is no news."""

Saves = list[EpisodeRecord]


class Clock(NamedTuple):
    """What time it is for one fact."""

    now_ms: int
    """Of the news: the latest of the verdicts' own times and the time told."""
    told_ms: int
    """The time told on the partition; it alone ends any waiting."""
    wait_ms: int
    """How long footage waits for what may be missing before it."""


class Mark(Struct, frozen=True, array_like=True):
    """An episode that is closed."""

    episode_id: int
    kind: Kind
    started_ms: int
    until_ms: int


class JoinState(Struct, frozen=True, kw_only=True, array_like=True):
    """What must be known of a camera to place its next verdict. New fields go last, with a default."""

    open: tuple[Episode, ...] = ()
    """In the order in which they were opened."""
    waiting: tuple[Part, ...] = ()
    """Ascending."""
    known: tuple[Span, ...] = ()
    """Footage whose verdicts are folded; what grew last stands last."""
    words: tuple[Span, ...] = ()
    """Ends of segments of which the next one's verdict spoke."""
    closed: tuple[Mark, ...] = ()
    offset: int = -1
    """Of the last verdict taken, on its partition."""
    until_ms: int = 0
    """The latest time of a verdict taken."""


def step(state: JoinState, scan: SegmentScanned, offset: int, told_ms: int, wait_ms: int) -> tuple[JoinState, Saves]:
    """The state after a verdict, and the versions to save. ``told_ms``: the latest time told on its partition.

    A record that was taken before, by its offset, changes nothing; an old offset at a new time is of a topic made anew.
    """
    if offset <= state.offset and scan.observed_ms <= state.until_ms:
        return state, []
    clock = Clock(max(scan.observed_ms, state.until_ms, told_ms), told_ms, wait_ms)
    state = structs.replace(state, offset=offset, until_ms=max(state.until_ms, scan.observed_ms))
    return _going_on(_arrived(state, scan, clock), scan.media, clock)


def pass_time(state: JoinState, media: str, now_ms: int, wait_ms: int) -> tuple[JoinState, Saves]:
    """The state once time has come to ``now_ms``: what has waited long enough is folded, what is quiet is closed."""
    return _going_on(state, media, Clock(max(now_ms, state.until_ms), now_ms, wait_ms))


def due_ms(state: JoinState, wait_ms: int) -> int | None:
    """When time will change something; None: never."""
    ripe = [part.ripe_ms(wait_ms) for part in state.waiting if part.stretches]
    return min(ripe + [episode.quiet_ms(wait_ms) for episode in state.open], default=None)


def _arrived(state: JoinState, scan: SegmentScanned, clock: Clock) -> JoinState:
    """The state with a verdict's parts among those that wait. One that waits already is not taken twice."""
    came = parts(scan, clock.now_ms)
    if any(one.is_same_verdict(came[0]) for one in state.waiting):
        return state
    word = Span(came[0].from_ms, came[0].start_ms)
    words = state.words if word in state.words or not word.length_ms else (*state.words, word)[-MOST_WORDS:]
    kept = [one for one in state.waiting if one.stretches or one.ripe_ms(clock.wait_ms) > clock.now_ms]
    waiting = sorted((*kept, *came), key=lambda one: (one.start_ms, one.end_ms))
    return structs.replace(state, waiting=tuple(waiting), words=words)


def _going_on(state: JoinState, media: str, clock: Clock) -> tuple[JoinState, Saves]:
    """The state once nothing in it need wait any longer."""
    saves: Saves = []
    while (part := _next(state, clock)) is not None:
        state, closed = _close(_folded(state, part), media, clock)
        saves += closed
    state, closed = _close(state, media, clock)
    state, told = _told(state, media, clock.now_ms)
    return state, saves + closed + told


def _next(state: JoinState, clock: Clock) -> Part | None:
    """The earliest part that need not, or must not, wait."""
    is_full = len(state.waiting) > MOST_WAITING
    for part in state.waiting:
        if is_full or part.ripe_ms(clock.wait_ms) <= clock.told_ms or _is_settled(state, part):
            return part
    return None


def _is_settled(state: JoinState, part: Part) -> bool:
    """True when all before a part that matters to it is folded and, of a tail, the next verdict has come."""
    if not _is_known(state, part.needs):
        return False
    followed = any(one.start_ms == part.end_ms and not one.is_tail for one in state.waiting)
    return followed or not part.is_tail or _is_known(state, Span(part.end_ms, part.end_ms + 1))


def _is_known(state: JoinState, footage: Span) -> bool:
    """True when all the footage is folded, and none of it was a hole."""
    return not footage.length_ms or any(
        one.start_ms <= footage.start_ms and footage.end_ms <= one.end_ms for one in state.known
    )


def _folded(state: JoinState, part: Part) -> JoinState:
    """The state with a part in it. Where the next verdict spoke of a tail, its word counts (see ``parts.py``)."""
    waiting = tuple(one for one in state.waiting if one is not part)
    known = _knowing(state.known, Span(part.needs.start_ms, part.end_ms))
    for word in state.words:
        if part.is_tail and word.end_ms == part.end_ms:
            part = part.without(word)
    state = structs.replace(state, waiting=waiting, known=known)
    for stretch in part.stretches:
        state = _placed(state, stretch, part)
    return state


def _knowing(known: tuple[Span, ...], more: Span) -> tuple[Span, ...]:
    """With one more stretch of footage, which may close a hole."""
    if not more.length_ms:
        return known
    near = [one for one in known if one.start_ms <= more.end_ms and more.start_ms <= one.end_ms]
    whole = Span(min(one.start_ms for one in (*near, more)), max(one.end_ms for one in (*near, more)))
    return (*(one for one in known if one not in near), whole)[-MOST_KNOWN:]


def _placed(state: JoinState, stretch: Stretch, part: Part) -> JoinState:
    """The state with a stretch: no news inside a closed mark; else it grows what it joins, or opens an episode."""
    if any(
        one.kind == part.kind and one.started_ms <= stretch.start_ms and stretch.end_ms <= one.until_ms
        for one in state.closed
    ):
        return state
    near = [one for one in state.open if _joins(one, stretch, part)]
    if not near:
        return structs.replace(state, open=(*state.open, opened(stretch, part)))
    joined = max(near, key=lambda one: one.until_ms)
    grown = joined.grown(stretch, part)
    return structs.replace(state, open=tuple(grown if one is joined else one for one in state.open))


def _joins(episode: Episode, stretch: Stretch, part: Part) -> bool:
    apart_ms = max(stretch.start_ms - episode.until_ms, episode.started_ms - stretch.end_ms)
    return episode.kind == part.kind and apart_ms <= part.join_ms


def _close(state: JoinState, media: str, clock: Clock) -> tuple[JoinState, Saves]:
    """The state without the episodes that nothing joins any more: all behind them is folded, or time says so."""
    over = [one for one in state.open if _is_over(state, one, clock)]
    if len(state.open) - len(over) > MOST_OPEN:
        over.append(min((one for one in state.open if one not in over), key=lambda one: one.heard_ms))
    saves: Saves = []
    for episode in over:
        state = structs.replace(state, open=tuple(one for one in state.open if one is not episode))
        if episode.is_episode:
            named = _named(state, media, episode)
            saves.append(closing(media, named, clock.now_ms))
            mark = Mark(episode_id(media, named), named.kind, named.started_ms, named.until_ms)
            state = structs.replace(state, closed=(*state.closed, mark)[-MOST_CLOSED:])
    return state, saves


def _is_over(state: JoinState, episode: Episode, clock: Clock) -> bool:
    if any(_joins(episode, stretch, part) for part in state.waiting for stretch in part.stretches):
        return False
    reach = Span(episode.until_ms, episode.until_ms + episode.join_ms + 1)
    return _is_known(state, reach) or episode.quiet_ms(clock.wait_ms) <= clock.told_ms


def _told(state: JoinState, media: str, now_ms: int) -> tuple[JoinState, Saves]:
    """The state with every open episode told of which there is enough news."""
    saves: Saves = []
    for was in state.open:
        is_news = was.news_ms >= STEP_MS or was.zones != was.said_zones
        if is_news if was.is_told else was.is_episode:
            now = _named(state, media, was).said(now_ms)
            saves.append(version(media, now))
            state = structs.replace(state, open=tuple(now if one is was else one for one in state.open))
    return state, saves


def _named(state: JoinState, media: str, episode: Episode) -> Episode:
    """An episode with its name for ever: where it began when it was first told. No two share one."""
    if episode.is_told:
        return episode
    used = {one.episode_id for one in state.closed}
    used |= {episode_id(media, one) for one in state.open if one.is_told}
    named = structs.replace(episode, opened_at=episode.started_ms)
    while episode_id(media, named) in used:
        named = structs.replace(named, opened_at=named.opened_at + 1)
    return named
