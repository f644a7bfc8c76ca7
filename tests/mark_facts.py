"""Alarms and the passing of time for tests of marks, the fold over them in memory, and random histories."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from hypothesis import strategies as st

from processors.alarms import agent
from processors.alarms.rules import Margins
from processors.spec import States
from schemas import ids
from schemas.episode import EpisodeRecord
from schemas.facts import AlarmReceived, AlarmsTicked
from schemas.intervals import Span
from tests.folded import Folded

NOW_MS = 1_790_000_000_000
MARGINS = Margins(10_000, 30_000, 30_000)
QUIET_MS = MARGINS.after_ms + MARGINS.join_ms + MARGINS.before_ms + 1
Event = AlarmReceived | AlarmsTicked


def alarm(at_s: float, number: int | None = None, media: str = "gate", **fields: Any) -> AlarmReceived:
    """The mail that came so long after NOW_MS; the same ``number`` is the same mail (default: one for each moment)."""
    at_ms = NOW_MS + round(at_s * 1000)
    told: dict[str, Any] = {"kind": "start", "matched": "motion", "subject": "Motion at the gate", "mail_key": "m"}
    return AlarmReceived(
        media=media, observed_ms=at_ms, received_ms=at_ms, **(told | fields),
        alarm_id=ids.derived("alarm", media, at_ms if number is None else number),
    )  # fmt: skip


def stop(at_s: float, **fields: Any) -> AlarmReceived:
    return alarm(at_s, number=-round(at_s * 1000), kind="stop", **fields)


def tick(at_s: float, partition: int = 0) -> AlarmsTicked:
    return AlarmsTicked(partition=partition, observed_ms=NOW_MS + round(at_s * 1000))


class Partition(Folded):
    """The marks of one partition."""

    def __init__(self, margins: Margins = MARGINS) -> None:
        def fold(event: Event, states: States) -> Sequence[EpisodeRecord]:
            if isinstance(event, AlarmsTicked):
                return agent.pass_time(event, states, margins)
            return agent.place(event, states, margins)

        super().__init__(fold)


class Shown(NamedTuple):
    """An episode in seconds after NOW_MS."""

    start_s: float
    end_s: float
    mails: int
    reason: str | None


def marks(saves: Iterable[EpisodeRecord]) -> list[Shown]:
    """The episodes as their last versions have them, by start; an open one reaches to the end of its mark."""
    last = {save.episode_id: save for save in saves}
    return sorted((_shown(save) for save in last.values()), key=lambda one: one[:3])


def spans(saves: Iterable[EpisodeRecord]) -> list[Span]:
    """What the episodes cover, UTC ms."""
    return [Span(NOW_MS + round(one.start_s * 1000), NOW_MS + round(one.end_s * 1000)) for one in marks(saves)]


def _shown(save: EpisodeRecord) -> Shown:
    assert save.payload is not None
    start_ms = save.opened_at if save.started_at is None else save.started_at
    end_ms = save.payload["until_ms"] if save.closed_at is None else save.closed_at
    return Shown((start_ms - NOW_MS) / 1000, (end_ms - NOW_MS) / 1000, save.payload["mails"], save.close_reason)


_GAPS_S = st.sampled_from((0, 0.001, 0.4, 1, 5, 39.999, 40, 69.999, 70, 70.001, 90, 500, 4000))


@st.composite
def histories(draw: st.DrawFn, is_calm: bool = False, most: int = 25) -> list[Event]:
    """What may stand on a partition: starts and stops of few cameras in order, and the time behind them.

    Unless ``is_calm``: mails that come late or again, mails with a time of their own, time that leaps.
    """
    now_s, events, told = 0.0, list[Event](), list[AlarmReceived]()
    for gap_s, what in draw(st.lists(st.tuples(_GAPS_S, st.integers(0, 11)), min_size=1, max_size=most)):
        now_s = round(now_s + gap_s, 3)
        media = draw(st.sampled_from(("gate", "yard")))
        if what <= 4 or (is_calm and what > 6):
            claimed_s = None if is_calm else draw(st.sampled_from((None, None, 0, now_s - 3600, now_s + 50)))
            claimed_ms = None if claimed_s is None else NOW_MS + round(claimed_s * 1000)
            told.append(alarm(now_s, len(events), media, claimed_ms=claimed_ms))
            events.append(told[-1])
        elif what <= 6:
            events.append(tick(now_s))
        elif what == 7:
            events.append(stop(now_s, media=media))
        elif what <= 9 and told:  # the camera sends it again, or we are told it again
            again = draw(st.sampled_from(told))
            number = next(n for n, event in enumerate(events) if event is again)
            at_s = draw(st.sampled_from(((again.received_ms - NOW_MS) / 1000, now_s)))
            events.append(alarm(at_s, number, again.media))
        else:
            late_s = round(now_s - draw(st.sampled_from((1, 30, 65, 3600))), 3)
            told.append(alarm(late_s, len(events), media))
            events.append(told[-1])
    return events
