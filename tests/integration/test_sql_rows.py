"""Whatever a caller with few cameras writes, it is answered as if nobody else's rows were there."""

from collections.abc import Iterator
from typing import NamedTuple

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.integration.sql_desk import FOREIGN, OURS, desk, fill, made, tables

BASES = st.sampled_from(
    [
        "SELECT media, episode_id AS v FROM episodes",
        "SELECT media, length(title) AS v FROM episodes AS e",
        "SELECT media, toUInt64(version) AS v FROM episode_versions",
        "SELECT media, save_id % 7 AS v FROM episode_refusals AS episodes",
        "SELECT media, episodes AS v FROM episodes_hourly",
        "SELECT media, frames AS v FROM segments",
        "SELECT media, length(reason) AS v FROM recording_gaps",
        "SELECT media, depth_ms AS v FROM media",
        "SELECT media, alarm_id % 7 AS v FROM alarms",
        "SELECT sender AS media, alarm_id % 9 AS v FROM alarm_times INNER JOIN alarms USING (media, alarm_id)",
        "SELECT media, times + length(detail) AS v FROM mail_refusals",
        "SELECT detail AS media, segments + is_decided AS v FROM expirations",
        "SELECT media, motion_ms + look_grid[1][8] AS v FROM segment_scans",
        "SELECT parameters AS media, span.end_ms - span.start_ms AS v FROM segment_scans ARRAY JOIN spans AS span",
        "SELECT arrayJoin(labels) AS media, episode_id AS v FROM episodes",
        "SELECT JSONExtractString(payload, 'note') AS media, 1 AS v FROM episodes",
        "SELECT hostname AS media, episode_id AS v FROM episodes ARRAY JOIN labels AS l",
    ]
)
CONDITIONS = st.sampled_from(
    [
        "1",
        "v % 2 = 1",
        "media != 'gate'",
        f"media = '{FOREIGN}'",
        f"media IN ('gate', '{FOREIGN}')",
        "media > 'h' OR v < 5",
        "intDiv(1, media != 'nobody') = 1",
        f"intDiv(1, media != '{FOREIGN}') = 1",
        "NOT (media IN (SELECT media FROM media))",
        "(SELECT count() FROM episodes) > v",
        "EXISTS (SELECT 1 FROM segments AS s WHERE s.frames > 0)",
        "v IN (SELECT episode_id FROM episodes WHERE media NOT IN ('gate', 'yard', 'tył'))",
    ]
)
NAMES = st.sampled_from(["x", "episodes", "segments", "media", "sightlog"])


def nested(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """One more turn around statements that give ``media`` and ``v``."""

    def one(form: str, condition: str, name: str, first: str, second: str) -> str:
        return form.format(c=condition, n=name, a=first, b=second)

    forms = st.sampled_from(
        [
            "SELECT media, v FROM ({a}) WHERE {c}",
            "SELECT media, v FROM ({a}) AS {n} WHERE {c}",
            "SELECT 'gate' AS media, v FROM ({a}) WHERE {c}",
            "{a} UNION ALL {b}",
            "({a}) INTERSECT ({b})",
            "({a}) EXCEPT ({b})",
            "SELECT p.media AS media, q.v AS v FROM ({a}) AS p INNER JOIN ({b}) AS q"
            " ON p.media = q.media AND p.v = q.v",
            "SELECT q.media AS media, p.v AS v FROM ({a}) AS p LEFT JOIN ({b}) AS q ON p.v = q.v",
            "SELECT p.media AS media, q.v AS v FROM (SELECT * FROM ({a}) ORDER BY ALL LIMIT 9) AS p,"
            " (SELECT * FROM ({b}) ORDER BY ALL LIMIT 9) AS q",
            "SELECT media, count() + sum(v) AS v FROM ({a}) GROUP BY media",
            "SELECT max(media) AS media, uniqExact(media) AS v FROM ({a})",
            "SELECT media, v FROM ({a}) WHERE media NOT IN (SELECT media FROM ({b}))",
            "SELECT media, v + (SELECT count() FROM ({b})) AS v FROM ({a})",
            "WITH {n} AS ({a}) SELECT media, v FROM {n} WHERE {c}",
            "WITH {n} AS ({a}), y AS ({b}) SELECT media, v FROM {n} UNION ALL SELECT media, v FROM y",
            "WITH (l, r) -> 1 AS `in`, (l, r) -> 1 AS equals SELECT media, v FROM ({a}) WHERE {c}",
            "WITH 'gate' AS media SELECT media, v FROM ({a})",
            "SELECT media, row_number() OVER (PARTITION BY media ORDER BY v) AS v FROM ({a})",
            "SELECT * REPLACE (v + 1 AS v) FROM ({a}) WHERE {c}",
            "SELECT media, arrayJoin(groupArray(v)) AS v FROM ({a}) GROUP BY ROLLUP(media)",
        ]
    )
    return st.builds(one, forms, CONDITIONS, NAMES, inner, inner)


STATEMENTS = st.recursive(BASES, nested, max_leaves=5)


class World(NamedTuple):
    """The same caller twice: beside somebody else's rows, and alone in a database of his own."""

    beside: httpx.Client
    alone: httpx.Client


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with tables(tmp_path_factory.mktemp("rows"), sql_seconds=20) as (shared, database):
        fill(shared, database, episodes=12)
        own = shared.model_copy(update={"database": "alone", "sql_clickhouse": ""})
        fill(own, made(own), episodes=12, everybody=OURS)
        with desk(shared, OURS) as beside, desk(own, None) as alone:
            yield World(beside, alone)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(statement=STATEMENTS)
def test_no_statement_shows_that_there_is_anybody_else(world: World, statement: str) -> None:
    sql = f"SELECT media, toString(v) AS v FROM ({statement}) ORDER BY ALL"
    beside, alone = (client.post("/sql", content=sql) for client in world)
    assert "SECRET" not in beside.text
    assert (beside.status_code, _told(beside)) == (alone.status_code, _told(alone))


def _told(reply: httpx.Response) -> object:
    """The rows, or the kind of problem: words about a mistake may name the database."""
    body = reply.json()
    return body["data"] if reply.status_code == 200 else body["type"]
