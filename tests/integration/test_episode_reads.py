"""What the SELECTs answer, beside a model in memory, on the real engine."""

import random
import secrets
from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import Struct

from infra.clickhouse import Database
from infra.settings import Settings
from projections import registry
from projections.episodes import rows
from projections.episodes.reads import EpisodeReads, Order, Place, RefusalSearch, Search
from projections.generations.store import Generations
from projections.segments.reads import SegmentReads
from projections.spec import columns
from schemas.episode import Originator
from schemas.intervals import Span, clip, union
from schemas.visible import Visible
from tests.accepted_facts import BEGAN_MS, CAMERAS, SEARCHES, VISIBLES, refused, versions_of
from tests.footage_facts import segment
from tests.memory_episodes import MemoryEpisodes

TEXTS = ("", "Gate 7", "ŻÓŁW", 'say "hi"', "a,b", "tab\there")
PLENTY = settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))


class Both(NamedTuple):
    """The same facts in tables and in memory."""

    reads: EpisodeReads
    model: MemoryEpisodes
    footage: SegmentReads
    spans: dict[str, list[Span]]


@pytest.fixture(scope="module")
def both(stack: Settings) -> Iterator[Both]:
    own = stack.model_copy(update={"database": f"e{secrets.token_hex(3)}"})
    database = Database(own)
    generations = Generations(own, database)
    generations.prepare()
    physical = {}
    for projection in (registry.EPISODES, registry.SEGMENTS):
        physical[projection.name] = generations.database_of(
            projection.name, generations.start(projection, "live").number
        )
        generations.publish(projection, 1)
    model = MemoryEpisodes()
    _fill(database, physical["episodes"], model)
    spans = _record(database, physical["segments"])
    yield Both(EpisodeReads(database, own.database), model, SegmentReads(database, own.database), spans)
    for projection in (registry.EPISODES, registry.SEGMENTS):
        generations.drop(generations.of(projection.name)[0])


def _fill(database: Database, db: str, model: MemoryEpisodes) -> None:
    """Some hundred versions over three partitions in several inserts, one in four told again later."""
    chance = random.Random(7)
    told = [(fact, CAMERAS.index(fact.media)) for fact in versions_of([_drawn(chance) for _ in range(300)])]
    again = [(fact, partition) for fact, partition in told if chance.random() < 0.25]
    for fact, partition in told + again:
        model.accept(fact, partition)
    for number in range(40):
        fields = {"media": chance.choice(CAMERAS), "episode_id": number % 5}
        model.refuse(refused(number, chance.choice(("stale", "closed_at_changed")), BEGAN_MS + number % 7, **fields))
    _insert(database, db, [*_positions(told + again)])
    facts = [(fact, 0, 10_000 + n) for n, fact in enumerate(_refusals(model))]
    _insert(database, db, facts)
    ends = {partition: model.ends[partition] for partition in model.ends}
    lines = [{"topic": "episode-changes", "partition": p, "next_offset": end, "rev": 1} for p, end in ends.items()]
    database.insert_json(f"{db}.checkpoints", msgspec.json.Encoder().encode_lines(lines))


def _drawn(chance: random.Random) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "media": chance.choice(CAMERAS),
        "episode_id": chance.choice((0, 1, 2, 3, (1 << 53) + 1, (1 << 64) - 1, *range(100, 140))),
        "opened_at": BEGAN_MS + chance.choice((0, 700, 3000, -40 * 86_400_000, 86_400_000, 7_200_000)),
    }
    optional = {
        "started_at": BEGAN_MS + 100 * chance.randrange(40), "closed_at": BEGAN_MS + 100 * chance.randrange(40),
        "episode_type": chance.choice(("face", "generic", "a,b")), "title": chance.choice(TEXTS),
        "labels": tuple(chance.sample(TEXTS, 2)), "license_plate_text": chance.choice(TEXTS),
        "payload": {chance.choice(TEXTS): chance.choice(TEXTS)}, "score": chance.random(),
        "originator": chance.choice((Originator(), Originator(source="alarm", hostname="nvr"))),
    }  # fmt: skip
    return fields | {name: value for name, value in optional.items() if chance.random() < 0.5}


def _positions(told: list[Any]) -> Iterator[tuple[Any, int, int]]:
    ends: dict[int, int] = {}
    for fact, partition in told:
        yield fact, partition, ends.get(partition, 0)
        ends[partition] = ends.get(partition, 0) + 1


def _refusals(model: MemoryEpisodes) -> list[Any]:
    return [
        refused(number, one.reason, one.observed_ms, media=one.media, episode_id=one.episode_id)
        for number, one in enumerate(model.refused)
    ]


def _insert(database: Database, db: str, facts: list[tuple[Any, int, int]]) -> None:
    """In blocks, as the sink does."""
    made: list[Struct] = [row for fact, partition, offset in facts for row in rows.rows(fact, partition, offset)]
    for first in range(0, len(made), 50):
        for kind, table in registry.EPISODES.tables.items():
            block = [row for row in made[first : first + 50] if isinstance(row, kind)]
            if block:
                lines = msgspec.json.Encoder().encode_lines(block)
                database.insert_json(f"{db}.{table}", lines, columns(kind), shape="JSONCompactEachRow")


def _record(database: Database, db: str) -> dict[str, list[Span]]:
    """Footage of two cameras with small and large holes, over two days."""
    spans: dict[str, list[Span]] = {}
    for media, step_ms in (("gate", 6_020), ("yard", 9_000)):
        spans[media] = [Span(at_ms, at_ms + 6000) for at_ms in range(BEGAN_MS, BEGAN_MS + 172_800_000, step_ms)]
        made = [
            registry.SEGMENTS.rows(segment(media, one.start_ms, 6000), 0, n)[0] for n, one in enumerate(spans[media])
        ]
        kind = type(made[0])
        lines = msgspec.json.Encoder().encode_lines(made)
        names = columns(kind)
        database.insert_json(
            f"{db}.segments", lines, names, shape="JSONCompactEachRow", max_partitions_per_insert_block=0
        )
    return spans


ORDERS = st.builds(Order, st.sampled_from(("opened_at", "updated_at", "started_at", "ended_at")), st.booleans())
PLACES = st.builds(
    Place, st.sampled_from((0, BEGAN_MS - 40 * 86_400_000, BEGAN_MS, BEGAN_MS + 700, BEGAN_MS + 2000)),
    st.sampled_from(CAMERAS), st.sampled_from((0, 2, (1 << 64) - 1)),
)  # fmt: skip


@PLENTY
@given(SEARCHES, ORDERS, st.none() | PLACES, st.booleans(), st.sampled_from((1, 5, 1000)))
def test_a_page_is_the_models_page(
    both: Both, asked: dict[str, Any], order: Order, after: Place | None, inclusive: bool, limit: int
) -> None:
    search = Search(**asked)
    assert both.reads.page(search, order, limit, after, inclusive) == both.model.page(
        search, order, limit, after, inclusive
    )


@PLENTY
@given(SEARCHES, st.sampled_from((3, 10_000)))
def test_a_count_is_the_models_count(both: Both, asked: dict[str, Any], limit: int) -> None:
    assert both.reads.count(Search(**asked), limit) == both.model.count(Search(**asked), limit)


VECTORS = st.tuples(*(st.integers(0, 160),) * 3)


@PLENTY
@given(SEARCHES, VECTORS, VECTORS)
def test_changes_between_two_places_are_the_models(
    both: Both, asked: dict[str, Any], since: tuple[int, ...], until: tuple[int, ...]
) -> None:
    search = Search(**asked)
    told = both.reads.changes.told(search, since, until)
    assert told == both.model.told(search, since, until)
    positions = {(one.src_partition, one.src_offset) for one in both.reads.changes.between(since, until)}
    assert {(one.src_partition, one.src_offset) for one in told} <= positions


@PLENTY
@given(SEARCHES, st.integers(-5, 300).map(lambda n: BEGAN_MS + 10 * n), VECTORS, st.sampled_from((1, 4, 1000)))
def test_changes_by_update_are_the_models(
    both: Both, asked: dict[str, Any], after_ms: int, until: tuple[int, ...], limit: int
) -> None:
    asked.pop("updated_at_gt", None)
    search = Search(**asked)
    assert both.reads.changes.updated(search, after_ms, until, limit) == both.model.updated(
        search, after_ms, until, limit
    )


def test_progress_is_the_end_of_every_partition(both: Both) -> None:
    assert both.reads.changes.progress() == both.model.progress()


@PLENTY
@given(
    st.sampled_from((0, 1, 105, (1 << 64) - 1, 77)),
    st.none() | VISIBLES,
    st.none() | st.sampled_from(CAMERAS),
)
def test_episodes_are_found_by_id_with_their_history(
    both: Both, episode_id: int, visible: Visible, media: str | None
) -> None:
    found = both.reads.with_id(episode_id, visible, media)
    assert found == both.model.with_id(episode_id, visible, media)
    for one in found:
        assert both.reads.versions(one) == both.model.versions(one)


@PLENTY
@given(
    st.fixed_dictionaries(
        {},
        optional={
            "visible": VISIBLES, "media": st.sampled_from(CAMERAS),
            "episode_id": st.integers(0, 5), "reason": st.sampled_from(("stale", "other")),
            "from_ms": st.integers(BEGAN_MS, BEGAN_MS + 7), "to_ms": st.integers(BEGAN_MS, BEGAN_MS + 7),
        },
    ),
    st.sampled_from((1, 7, 100)),
)  # fmt: skip
def test_refusals_come_page_by_page_as_in_the_model(both: Both, asked: dict[str, Any], limit: int) -> None:
    search, after, told = RefusalSearch(**asked), None, []
    while page := both.reads.refusals(search, limit, after):
        told += page
        after = (page[-1].observed_ms, page[-1].save_id)
    assert told == both.model.refusals(search, 1000)


def test_a_camera_has_its_marks_its_days_and_its_steps(both: Both) -> None:
    window = Span(BEGAN_MS - 100, BEGAN_MS + 2000)
    for media in CAMERAS:
        assert both.reads.overlapping(media, window, 50) == both.model.overlapping(media, window, 50)
        assert both.reads.days(media) == both.model.days(media)
        assert both.reads.activity(media, window, 300) == both.model.activity(media, window, 300)


SPANS = st.builds(
    lambda start, length: Span(BEGAN_MS + start, BEGAN_MS + start + length),
    st.integers(-10_000, 172_900_000), st.sampled_from((1, 3000, 50_000, 90_000_000, 8_000_000_000_000)),
)  # fmt: skip


@PLENTY
@given(st.dictionaries(st.sampled_from(("gate", "yard", "nobody")), st.lists(SPANS, min_size=1, max_size=5)))
def test_footage_near_many_spans_is_what_stands_there(both: Both, wanted: dict[str, list[Span]]) -> None:
    found = both.footage.near(wanted, 40)
    for media, spans in wanted.items():
        stored = union(both.spans.get(media, []), 40)
        for span in spans:
            assert clip(found.get(media, []), span) == clip(stored, span)


def test_hostile_words_are_only_words(both: Both) -> None:
    for word in ("'", "\\", "\\'", "%", "{x:String}", "\x00", "\n", "\u2028", "a" * 256, "☃", "');--", "\ud7ff"):
        assert both.reads.page(Search(words=(word,)), Order("opened_at", True), 5) == both.model.page(
            Search(words=(word,)), Order("opened_at", True), 5
        )
