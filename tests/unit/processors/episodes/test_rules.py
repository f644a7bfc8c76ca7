"""The lifecycle rule by rule, each test named after its number in rules.md; 1.9 is the API's, 1.10 the entry's."""

from itertools import product
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from processors.episodes import rules
from processors.episodes.rules import End, EpisodeState, Order, Start, Verdict
from schemas import codec, ids
from schemas.episode import LAST_MS, Originator
from schemas.facts import EpisodeAccepted, EpisodeRefused, EpisodeSaved
from tests.episode_facts import NOW_MS, TIMEOUT_MS, saved

ALARM = Originator(source="alarm", hostname="mail")
JAVASCRIPT_LOSES_IT = (1 << 53) + 1


def told(*saves: EpisodeSaved) -> list[str]:
    """What became of each save: ``accepted 1``, the reason of a refusal, or nothing."""
    state: EpisodeState | None = None
    outcome = []
    for save in saves:
        state, facts = rules.step(state, save)
        outcome += [f"accepted {fact.rev}" if isinstance(fact, EpisodeAccepted) else fact.reason for fact in facts]
    return outcome


def after(*saves: EpisodeSaved) -> EpisodeState:
    state: EpisodeState | None = None
    for save in saves:
        state, _ = rules.step(state, save)
    assert state
    return state


@pytest.mark.parametrize("given_id", [0, 1, JAVASCRIPT_LOSES_IT, 1 << 63, ids.MAX_ID, str(ids.MAX_ID)])
def test_rule_1_1_an_id_is_whatever_its_source_made_of_64_bits(given_id: int | str) -> None:
    _, facts = rules.step(None, saved(0, episode_id=given_id))
    assert [fact.episode_id for fact in facts] == [int(given_id)]
    assert codec.decode("episode-changes", codec.encode(facts[0])) == facts[0]


def test_rule_1_1_no_time_is_read_from_an_id() -> None:
    assert told(saved(0, episode_id=0, opened_at=9_999_999_999_999)) == ["accepted 1"]


def test_rule_1_2_deriving_an_episode_twice_gives_the_same_id_and_any_other_fact_another() -> None:
    first = ids.derived_episode("yard", NOW_MS, "motion_detector", 1)
    assert first == ids.derived_episode("yard", NOW_MS, "motion_detector", 1)
    others = [("gate", NOW_MS, "motion_detector", 1), ("yard", NOW_MS + 1, "motion_detector", 1),
              ("yard", NOW_MS, "alarm", 1), ("yard", NOW_MS, "motion_detector", 2)]  # fmt: skip
    assert len({first, *(ids.derived_episode(*other) for other in others)}) == 5


def test_rule_1_3_opened_at_is_set_once() -> None:
    assert told(saved(0), saved(1, opened_at=NOW_MS - 1, updated_at=NOW_MS + 1)) == ["accepted 1", "opened_at_changed"]


def test_rule_1_3_a_refused_first_save_sets_nothing() -> None:
    wrong = saved(0, opened_at=NOW_MS + 5, closed_at=NOW_MS)
    assert told(wrong, saved(1)) == ["closed_before_opened", "accepted 1"]


@pytest.mark.parametrize(
    ("second", "outcome"),
    [
        pytest.param({}, [], id="equal and identical is dropped without noise"),
        pytest.param({"title": "other"}, ["stale"], id="equal and different"),
        pytest.param({"preview_key": "previews/b.jpg"}, ["stale"], id="equal with another picture"),
        pytest.param({"updated_at": NOW_MS - 1}, ["stale"], id="older"),
        pytest.param({"updated_at": NOW_MS + 1}, ["accepted 2"], id="newer, whatever it says"),
    ],
)
def test_rule_1_4_updated_at_must_grow_with_every_change(second: dict[str, Any], outcome: list[str]) -> None:
    assert told(saved(0), saved(1, **second)) == ["accepted 1", *outcome]


def test_rule_1_4_content_is_identical_in_whatever_order_its_names_stand() -> None:
    assert told(saved(0, payload={"a": 1, "b": 2}), saved(1, payload={"b": 2, "a": 1})) == ["accepted 1"]


def test_rule_1_4_an_old_version_told_again_is_stale() -> None:
    assert told(saved(0), saved(1, updated_at=NOW_MS + 1), saved(2))[-1] == "stale"


@pytest.mark.parametrize(
    ("closed_at", "outcome"),
    [(NOW_MS + 5, "accepted 2"), (NOW_MS + 6, "closed_at_changed"), (None, "closed_at_changed")],
    ids=["kept", "changed", "removed"],
)
def test_rule_1_5_closed_at_is_set_once(closed_at: int | None, outcome: str) -> None:
    closed = saved(0, closed_at=NOW_MS + 5)
    assert told(closed, saved(1, updated_at=NOW_MS + 9, closed_at=closed_at))[-1] == outcome


def test_rule_1_5_an_episode_cannot_end_before_it_began() -> None:
    assert told(saved(0, closed_at=NOW_MS - 1)) == ["closed_before_opened"]
    assert told(saved(0, closed_at=NOW_MS)) == ["accepted 1"]


def test_rule_1_5_a_closed_episode_may_still_be_enriched() -> None:
    closed = saved(0, closed_at=NOW_MS)
    plate = saved(1, closed_at=NOW_MS, updated_at=NOW_MS + 90_000, license_plate_text="RW 90", preview_key="previews/b")
    assert told(closed, plate) == ["accepted 1", "accepted 2"]


def test_rule_1_6_each_save_overwrites_the_whole_record() -> None:
    state = after(saved(0, title="gate", labels=("red",)))
    _, facts = rules.step(state, saved(1, updated_at=NOW_MS + 1))
    assert (facts[0].record.title, facts[0].record.labels) == (None, None)


def test_rule_1_7_a_mark_of_no_length_is_an_episode() -> None:
    assert told(saved(0, closed_at=NOW_MS)) == told(saved(0)) == ["accepted 1"]


def test_rule_1_8_what_is_accepted_and_what_is_refused_is_kept_whole_with_its_save() -> None:
    first, second = saved(0, title="gate", preview_key="previews/a"), saved(1, title="door", preview_key="previews/b")
    state, (version,) = rules.step(None, first)
    _, (refusal,) = rules.step(state, second)
    assert isinstance(refusal, EpisodeRefused)
    assert (version.record, version.save_id, version.preview_key) == (first.record, first.save_id, first.preview_key)
    assert (refusal.record, refusal.save_id, refusal.preview_key) == (second.record, second.save_id, "previews/b")
    assert (
        refusal.detail == f"rule 1.4: updated_at must grow beyond {NOW_MS}, that of version 1; the save says {NOW_MS}"
    )
    assert (version.observed_ms, refusal.observed_ms) == (first.observed_ms, second.observed_ms)


@pytest.mark.parametrize("source", ["alarm", "motion_detector"])
def test_rule_1_11_an_internal_episode_without_news_is_closed(source: Any) -> None:
    state = after(saved(0, originator=Originator(source=source), title="gate", updated_at=NOW_MS + 10))
    assert rules.close_silent(state, NOW_MS + TIMEOUT_MS - 1, TIMEOUT_MS) == (state, [])
    closed, (version,) = rules.close_silent(state, NOW_MS + TIMEOUT_MS, TIMEOUT_MS)
    end = version.record
    assert (end.closed_at, end.updated_at, end.close_reason, end.title) == (NOW_MS + 10, NOW_MS + 11, "timeout", "gate")
    assert (version.rev, version.observed_ms) == (2, NOW_MS + TIMEOUT_MS)
    assert version.save_id == ids.derived("timeout", "yard", 7, 2)
    assert rules.close_silent(closed, NOW_MS + 9 * TIMEOUT_MS, TIMEOUT_MS) == (closed, [])


def test_rule_1_11_news_is_when_it_came_not_when_it_happened() -> None:
    long_ago = saved(0, originator=ALARM, opened_at=1_000_000_000_000, updated_at=1_000_000_000_000)
    assert rules.close_silent(after(long_ago), NOW_MS + 1, TIMEOUT_MS)[1] == []


def test_rule_1_11_news_stamped_earlier_than_the_news_before_makes_no_episode_older() -> None:
    state = after(saved(0, originator=ALARM), saved(1, at_ms=NOW_MS - 9, updated_at=NOW_MS + 1, originator=ALARM))
    assert rules.close_silent(state, NOW_MS + TIMEOUT_MS - 1, TIMEOUT_MS) == (state, [])


def test_rule_1_11_an_episode_never_ends_before_it_began_though_its_clock_says_so() -> None:
    odd = saved(0, originator=ALARM, updated_at=NOW_MS - 5)
    _, (version,) = rules.close_silent(after(odd), NOW_MS + TIMEOUT_MS, TIMEOUT_MS)
    assert version.record.closed_at == NOW_MS


def test_rule_1_11_a_mark_is_left_to_its_processor_for_a_day_and_never_shrinks() -> None:
    """Closed earlier, what its processor says when it comes back late would be refused."""
    until_ms, day_ms = NOW_MS + 30_000, rules.PATIENCE * TIMEOUT_MS
    state = after(saved(0, originator=ALARM, payload={"until_ms": until_ms}))
    assert rules.close_silent(state, NOW_MS + day_ms - 1, TIMEOUT_MS) == (state, [])
    _, (version,) = rules.close_silent(state, NOW_MS + day_ms, TIMEOUT_MS)
    assert (version.record.closed_at, version.record.close_reason) == (until_ms, "timeout")


@pytest.mark.parametrize("until_ms", [0, -5, True, float(NOW_MS + 9), f"{NOW_MS + 9}", 1 << 70, None, [1]], ids=repr)
def test_rule_1_11_what_is_no_time_is_no_end_of_a_mark(until_ms: object) -> None:
    _, (version,) = rules.close_silent(
        after(saved(0, originator=ALARM, payload={"until_ms": until_ms})), NOW_MS + TIMEOUT_MS, TIMEOUT_MS
    )
    assert version.record.closed_at == NOW_MS


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({}, id="nobody's"),
        pytest.param({"originator": Originator(source="inference")}, id="a stranger's"),
        pytest.param({"originator": ALARM, "closed_at": NOW_MS}, id="closed already"),
        pytest.param({"originator": ALARM, "updated_at": LAST_MS}, id="at the end of time"),
        pytest.param(
            {"originator": ALARM, "payload": {"a": "x" * rules.WATCHED_BYTES}}, id="a stranger who says it is us"
        ),
    ],
)
def test_rule_1_11_other_episodes_stay_as_they_are(fields: dict[str, Any]) -> None:
    state = after(saved(0, **fields))
    assert rules.close_silent(state, NOW_MS + 9 * TIMEOUT_MS, TIMEOUT_MS) == (state, [])


def test_rule_1_11_a_version_of_a_stranger_is_not_ours_to_close_though_the_one_before_was() -> None:
    state = after(saved(0, originator=ALARM), saved(1, updated_at=NOW_MS + 1, originator=Originator(source="person")))
    assert state.open_save is None


def test_every_combination_of_signs_has_a_verdict() -> None:
    assert set(rules.VERDICTS) == set(product(Start, End, Order))


def test_every_line_of_the_table_decides_something() -> None:
    decisive = {next(row for row in rules.TABLE if row.fits(signs)) for signs in rules.VERDICTS}
    assert decisive == set(rules.TABLE)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        pytest.param({"opened_at": NOW_MS + 9, "closed_at": NOW_MS}, Verdict.OPENED_AT_CHANGED, id="1.3 before 1.5"),
        pytest.param(
            {"opened_at": NOW_MS + 9, "updated_at": NOW_MS - 9}, Verdict.OPENED_AT_CHANGED, id="1.3 before 1.4"
        ),
        pytest.param(
            {"closed_at": NOW_MS - 9, "updated_at": NOW_MS - 9}, Verdict.CLOSED_BEFORE_OPENED, id="1.5 before 1.4"
        ),
        pytest.param({"updated_at": NOW_MS - 9}, Verdict.STALE, id="1.4 before an end removed"),
    ],
)
def test_of_several_reasons_the_most_telling_is_given(fields: dict[str, Any], reason: Verdict) -> None:
    assert told(saved(0, closed_at=NOW_MS + 5), saved(1, **fields))[-1] == reason.value


@given(st.text("abłż._-0123/", min_size=1), st.integers(0, ids.MAX_ID), st.text("ab/1", min_size=1), st.integers(0, 99))
def test_no_two_episodes_share_a_key(media: str, number: int, other: str, other_number: int) -> None:
    media, other = media.replace("/", "x"), other.replace("/", "x")  # no media name holds one
    same = (media, number) == (other, other_number)
    assert (rules.key(media, number) == rules.key(other, other_number)) is same


def test_a_state_survives_its_table_whatever_a_stranger_wrote() -> None:
    state = after(saved(0, originator=ALARM, payload={"huge": 1 << 200, "deep": [[[{}]]], "none": None}))
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(state), type=EpisodeState) == state
