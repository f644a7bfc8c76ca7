"""Marks over random histories, beside a model that was written another way (tests/marks_model.py)."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from processors.episodes import rules as lifecycle
from schemas import ids
from schemas.episode import EpisodeRecord
from schemas.facts import AlarmReceived, EpisodeAccepted, EpisodeRefused, EpisodeSaved
from schemas.intervals import Span, covers, subtract, union
from tests import marks_model
from tests.mark_facts import MARGINS, NOW_MS, Event, Partition, alarm, histories, marks, spans, tick

END = tick(10_000_000)


def of(events: list[Event], media: str) -> list[AlarmReceived]:
    return [event for event in events if isinstance(event, AlarmReceived) and event.media == media]


def saved(events: list[Event]) -> list[EpisodeRecord]:
    partition = Partition()
    partition.tell(*events, END)
    return partition.saves


@settings(max_examples=100, deadline=None)
@given(histories(is_calm=True))
def test_starts_in_order_are_the_episodes_that_the_rules_say(events: list[Event]) -> None:
    saves = saved(events)
    for media in ("gate", "yard"):
        found = marks(save for save in saves if save.media == media)
        expected = marks_model.in_order([event.received_ms for event in of(events, media)])
        assert [(round(one.start_s * 1000), round(one.end_s * 1000), one.mails) for one in found] == [
            (start - NOW_MS, end - NOW_MS, mails) for start, end, mails in expected
        ]


@settings(max_examples=150, deadline=None)
@given(histories())
def test_every_mark_stands_whatever_comes_late_or_again_and_nothing_else_is_marked(events: list[Event]) -> None:
    saves = saved(events)
    for media in ("gate", "yard"):
        covered = spans(save for save in saves if save.media == media)
        alarms = of(events, media)
        assert subtract(marks_model.marked(alarms), covered) == []
        assert subtract(covered, union(marks_model.allowed(alarms), MARGINS.join_ms)) == []


@settings(max_examples=100, deadline=None)
@given(histories())
def test_no_mark_ever_shrinks_and_the_first_version_of_each_comes_with_its_mail(events: list[Event]) -> None:
    partition = Partition()
    stood: list[Span] = []
    for at, event in enumerate(events):
        partition.tell(event)
        now = spans(partition.saves)
        assert subtract(stood, now) == []
        stood = now
        news = union(
            marks_model.marked(of(events[: at + 1], "gate")) + marks_model.marked(of(events[: at + 1], "yard"))
        )
        assert max((span.length_ms for span in subtract(news, now)), default=0) < 1000


@settings(max_examples=100, deadline=None)
@given(histories())
def test_our_saves_told_once_in_order_are_never_refused(events: list[Event]) -> None:
    """Through the lifecycle itself, which keeps the last of them."""
    states: dict[int, lifecycle.EpisodeState] = {}
    facts: list[EpisodeAccepted | EpisodeRefused] = []
    saves = saved(events)
    for offset, save in enumerate(saves):
        record = structs.replace(save, preview=None)
        fact = EpisodeSaved(
            media=save.media, observed_ms=NOW_MS + offset, save_id=ids.derived("s", offset), record=record,
            src_partition=0, src_offset=offset,
        )  # fmt: skip
        states[save.episode_id], told = lifecycle.step(states.get(save.episode_id), fact)  # type: ignore[index, arg-type]
        facts += told
    assert [fact for fact in facts if not isinstance(fact, EpisodeAccepted)] == []
    assert len(facts) == len(saves)
    assert all(state.closed_at is not None for state in states.values())


@settings(max_examples=100, deadline=None)
@given(histories(), st.data())
def test_what_the_reader_of_mails_tells_again_after_a_crash_changes_nothing(
    events: list[Event], data: st.DataObject
) -> None:
    once = list({event.alarm_id if isinstance(event, AlarmReceived) else id(event): event for event in events}.values())
    again: list[Event] = []
    for event in once:
        again.append(event)
        if isinstance(event, AlarmReceived):
            told = [one for one in again if isinstance(one, AlarmReceived)]
            again += told[len(told) - data.draw(st.integers(0, min(len(told), 6))) :]
    assert saved(again) == saved(once)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 60), min_size=1, max_size=12, unique=True), st.randoms(use_true_random=False))
def test_the_order_in_which_mails_that_lie_far_apart_are_told_does_not_matter(
    numbers: list[int], chance: random.Random
) -> None:
    mails = [alarm(number * 1000) for number in numbers]
    shuffled = chance.sample(mails, len(mails))
    assert [one[:3] for one in marks(saved([*shuffled]))] == [one[:3] for one in marks(saved([*mails]))]


@settings(max_examples=60, deadline=None)
@given(histories())
def test_every_episode_ends_and_its_versions_follow_each_other(events: list[Event]) -> None:
    last: dict[object, EpisodeRecord] = {}
    for save in saved(events):
        if (before := last.get(save.episode_id)) is not None:
            assert before.closed_at is None
            assert save.updated_at > before.updated_at
            assert save.opened_at == before.opened_at
        last[save.episode_id] = save
    assert all(save.closed_at is not None for save in last.values())


@settings(max_examples=60, deadline=None)
@given(histories())
def test_nothing_is_updated_in_the_future(events: list[Event]) -> None:
    """Nor so many milliseconds ahead as there were versions: that is all that strictly growing may cost."""
    partition = Partition()
    now_ms = 0
    for event in events:
        now_ms = max(now_ms, event.observed_ms)
        assert all(save.updated_at <= now_ms + len(partition.saves) for save in partition.tell(event))


def test_the_model_is_no_mirror_it_finds_what_is_missing() -> None:
    (whole,) = spans(saved([alarm(0)]))
    assert covers([whole], marks_model.marked([alarm(0)])[0])
    assert subtract(marks_model.marked([alarm(0), alarm(200)]), [whole]) != []
