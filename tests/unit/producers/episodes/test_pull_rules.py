"""Where the next poll of an analytics node begins, and when: nothing missed, nothing published for ever."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from producers.episodes import parse, rules
from producers.episodes.accept import accept
from producers.episodes.parse import Answer, BadAnswer
from producers.episodes.rules import Reached
from schemas.facts import SourcePolled
from tests.unit.producers.episodes.saves import body

NOW_MS = 1_700_000_000_000
ADDRESS = "http://node/episodes"


def told(reached: Reached) -> SourcePolled:
    return SourcePolled(
        source="node", observed_ms=NOW_MS, updated_ms=reached.newest_ms, cursor=reached.cursor,
        since_ms=reached.since_ms, episodes=reached.episodes, address=ADDRESS,
    )  # fmt: skip


class Node:
    """A node that keeps its episodes in the order of ``updated_at`` and answers in pages."""

    def __init__(self, times_ms: list[int], page: int, has_cursor: bool) -> None:
        self.episodes = [(at_ms, body(episode_id=n, updated_at=at_ms)) for n, at_ms in enumerate(sorted(times_ms))]
        self._page, self._has_cursor = page, has_cursor

    def answer(self, asked: dict[str, str]) -> Answer:
        since_ms = int(asked["updated_at_gt"])
        start = int(asked.get("cursor", 0))
        new = [(place, raw) for place, (at_ms, raw) in enumerate(self.episodes) if at_ms > since_ms and place >= start]
        page = new[: self._page]
        following = str(page[-1][0] + 1 if page else start) if self._has_cursor else ""
        return Answer(tuple(raw for _, raw in page), following)


distinct = st.lists(st.integers(NOW_MS - 1000, NOW_MS), max_size=30, unique=True)


@given(distinct, st.integers(1, 7), st.booleans(), st.sets(st.integers(0, 60)))
def test_every_episode_is_read_once_and_a_restart_at_any_moment_loses_none(
    times_ms: list[int], page: int, has_cursor: bool, restarts: set[int]
) -> None:
    node, reached, published = Node(times_ms, page, has_cursor), Reached(), []
    for turn in range(2 * len(times_ms) + 2):
        if turn in restarts:
            reached = rules.resumed(told(reached), ADDRESS)
        answer = node.answer(rules.query(reached, 30))
        new = rules.fresh(reached, answer)
        published += new
        reached = rules.advanced(reached, answer, len(new), NOW_MS)
    assert published == [raw for _, raw in node.episodes]
    assert reached.episodes == len(published)


def test_a_node_that_ignores_what_it_is_asked_is_published_once() -> None:
    answer = Answer((body(updated_at=NOW_MS - 5), body(updated_at=NOW_MS - 3)))
    reached = rules.advanced(Reached(), answer, 2, NOW_MS)
    assert rules.fresh(reached, answer) == []
    assert rules.fresh(reached, Answer((*answer.episodes, body(updated_at=NOW_MS)))) == [body(updated_at=NOW_MS)]


def test_the_same_answer_under_ever_new_cursors_is_published_once() -> None:
    answer = Answer((body(),), "a")
    reached = rules.advanced(Reached(), answer, 1, NOW_MS)
    assert rules.fresh(reached, answer._replace(next="b")) == []


def test_a_clock_far_ahead_does_not_hide_what_comes_after() -> None:
    reached = rules.advanced(Reached(), Answer((body(updated_at=9_999_999_999_999),)), 1, NOW_MS)
    assert reached.newest_ms == NOW_MS + rules.AHEAD_MS
    later = body(updated_at=NOW_MS + rules.AHEAD_MS + 1)
    assert rules.fresh(reached, Answer((later,))) == [later]


def test_a_bad_episode_is_read_past() -> None:
    bad, good = body(updated_at=NOW_MS, media="/"), body(updated_at=NOW_MS - 1)
    reached = rules.advanced(Reached(), Answer((bad, good)), 1, NOW_MS)
    assert reached.since_ms == NOW_MS
    assert rules.fresh(Reached(since_ms=NOW_MS), Answer((b"7", b'{"updated_at": "x"}'))) == [
        b"7",
        b'{"updated_at": "x"}',
    ]


def test_another_address_is_read_from_its_beginning_and_the_same_one_on() -> None:
    reached = Reached(since_ms=5, cursor="c", newest_ms=9, episodes=3)
    assert rules.resumed(told(reached), ADDRESS) == reached
    assert rules.resumed(told(reached), ADDRESS + "/other") == Reached()
    assert rules.resumed(None, ADDRESS) == Reached()


def test_a_refused_cursor_is_followed_by_the_time_where_it_began() -> None:
    left = rules.without_cursor(Reached(since_ms=5, cursor="c", newest_ms=9, episodes=3, digest=b"x"))
    assert rules.query(left, 30) == {"poll_timeout": "30", "updated_at_gt": "5"}


def test_failures_are_asked_again_ever_later_and_news_at_once() -> None:
    assert [rules.pause_s(failures, False, 1.0) for failures in range(1, 9)] == [1, 2, 4, 8, 16, 32, 60, 60]
    assert rules.pause_s(10**6, False, 0.0) == rules.LONGEST_PAUSE_S
    assert rules.pause_s(0, True, 0.0) == 0
    assert rules.pause_s(0, False, 30.0) == 0
    assert rules.pause_s(0, False, 0.0) == rules.IDLE_S


def test_an_answer_keeps_every_digit_and_takes_a_cursor_only_where_it_is_one() -> None:
    raw = b'{"episode_id":18446744073709551615}'
    for following, cursor in ((b'"abc"', "abc"), (b"null", ""), (b"7", ""), (b'"%s"' % (b"x" * 5000), "")):
        answer = parse.parse(b'{"estimated_count": 1, "episodes": [%s], "next": %s}' % (raw, following))
        assert answer == Answer((raw,), cursor)


def test_what_another_sightlog_adds_is_left_out_and_what_other_nodes_say_stays() -> None:
    ours = body(version=3, accepted_at=NOW_MS, recording_status="full", preview_url="/x", closed_at=NOW_MS)
    assert accept(parse.as_saved(ours)) == accept(body(closed_at=NOW_MS))
    for other in (body(version=3, recording_status="full"), body(version=3), b"[", b'{"recording_status"', b"7"):
        assert parse.as_saved(other) == other


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"<html>", b"{}", b'{"episodes": 7}', b'{"episodes": null}', b'{"episodes": [' + b"[" * 5000, b"\xff"],
    ids=["nothing", "array", "page", "empty", "number", "null", "deep", "binary"],
)
def test_what_is_no_answer_is_told_so(content: bytes) -> None:
    with pytest.raises(BadAnswer, match="not an answer like"):
        parse.parse(content)


@given(
    st.recursive(
        st.none() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_whatever_a_node_answers_it_is_an_answer_or_is_not(value: Any) -> None:
    for content in (json.dumps(value), json.dumps({"episodes": value}), json.dumps({"episodes": [value]})):
        try:
            answer = parse.parse(content.encode())
        except BadAnswer:
            continue
        rules.advanced(Reached(), answer, len(rules.fresh(Reached(), answer)), NOW_MS)
