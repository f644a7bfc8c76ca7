"""Protection over random histories, beside a model that was written another way (tests/protection_model.py)."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.facts import RangeProtected
from schemas.intervals import Span, intersect, subtract, union
from tests.hold_facts import MEDIA, Models, Partition, histories, placed, protections, released
from tests.protection_model import Event, Range, assigned, rows


def spans(ranges: list[Range]) -> list[Span]:
    return union(Span(one.start_ms, one.end_ms) for one in ranges)


def final(events: list[Event], media: str) -> list[Range]:
    partition = Partition()
    partition.tell(*events)
    return rows(protections(partition, media))


@settings(max_examples=250, deadline=None)
@given(histories())
def test_ranges_are_the_union_of_what_holds_whatever_is_told(events: list[Event]) -> None:
    partition, models = Partition(), Models()
    for event in events:
        models.take(event)
        partition.tell(event)
        for media in MEDIA:
            told = protections(partition, media)
            expected = models.cameras[media].ranges()
            assert assigned(told) == expected
            assert rows(told) == expected


@settings(max_examples=120, deadline=None)
@given(histories())
def test_nothing_that_is_held_before_and_after_a_fact_is_uncovered_while_it_is_told(events: list[Event]) -> None:
    partition = Partition()
    for event in events:
        told = list(partition.saves)
        news = partition.tell(event)
        for media in {one.media for one in news}:
            before = [one for one in told if one.media == media]
            mine = [one for one in news if one.media == media]
            held = intersect(spans(assigned(before)), spans(assigned(before + mine)))
            for count in range(len(mine) + 1):
                assert subtract(held, spans(assigned(before + mine[:count]))) == []
                assert subtract(held, spans(rows(before + mine[:count]))) == []


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 500).flatmap(lambda seed: st.lists(placed(seed), max_size=15)), st.data())
def test_any_order_and_any_repetition_of_holds_ends_in_the_same_ranges(
    events: list[Event], data: st.DataObject
) -> None:
    over = [released(50), *([released(51, MEDIA[1])] if data.draw(st.booleans()) else [])]
    mixed = [*events, *over, *data.draw(st.lists(st.sampled_from([*events, *over]), max_size=8))]
    random.Random(data.draw(st.integers(0, 999))).shuffle(mixed)
    for media in MEDIA:
        assert final(mixed, media) == final([*events, *over], media)


@settings(max_examples=60, deadline=None)
@given(histories())
def test_every_fact_says_something_new(events: list[Event]) -> None:
    partition = Partition()
    partition.tell(*events)
    for media in MEDIA:
        told = protections(partition, media)
        for count, fact in enumerate(told):
            before = rows(told[:count])
            assert rows(told[: count + 1]) != before or not isinstance(fact, RangeProtected)
