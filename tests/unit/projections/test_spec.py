import re

import pytest

from projections import registry
from projections.spec import Projection, columns
from schemas import topics

CREATE = re.compile(r"CREATE TABLE IF NOT EXISTS g\.(\w+) \((.*?)\n\) ENGINE", re.DOTALL)
ALTER = re.compile(r"ALTER TABLE g\.(\w+)\n(.*)", re.DOTALL)
ADDED = "ADD COLUMN IF NOT EXISTS "
SUMMED = re.compile(r",\n  PROJECTION \w+ \(.*?\)\n(?=\) ENGINE)", re.DOTALL)
"""What the engine keeps beside a table, summed: no columns."""


@pytest.fixture(params=registry.ALL, ids=lambda projection: projection.name)
def projection(request: pytest.FixtureRequest) -> Projection:
    return request.param


def created(projection: Projection) -> dict[str, list[str]]:
    """Table → its column lines."""
    statements = projection.table_statements("g")
    found = CREATE.findall(SUMMED.sub("\n", "\n".join(statements)))
    lines = {
        name: [line for each in body.strip().splitlines() if not (line := each.strip()).startswith("INDEX ")]
        for name, body in found
    }
    for name, body in (altered.groups() for one in statements if (altered := ALTER.match(one))):
        lines[name] += [each.strip().removeprefix(ADDED) for each in body.splitlines()]
    return lines


def test_rows_fill_columns_that_their_table_has(projection: Projection) -> None:
    for row, table in projection.tables.items():
        names = [line.split()[0] for line in created(projection)[table]]
        assert [name for name in columns(row) if name not in names] == []


def test_every_column_has_a_comment(projection: Projection) -> None:
    lines = [line for lines in created(projection).values() for line in lines]
    assert [line for line in lines if " COMMENT '" not in line] == []


def test_every_table_is_on_disk_before_its_checkpoint(projection: Projection) -> None:
    for statement in projection.table_statements("g"):
        adds_nothing = "MATERIALIZED VIEW" in statement or ADDED in statement
        assert adds_nothing or "fsync_after_insert = 1, fsync_part_directory = 1" in statement


def test_weeks_of_what_grows_with_time_become_one_part_once_they_are_quiet() -> None:
    once_quiet = "min_age_to_force_merge_seconds = 3600, min_age_to_force_merge_on_partition_only = 1"
    footage, episodes = ("segments", "footage", "deletions"), ("versions", "episodes")
    for projection, tables in ((registry.SEGMENTS, footage), (registry.EPISODES, episodes)):
        statements = "\n".join(projection.table_statements("g")).split("CREATE TABLE IF NOT EXISTS g.")
        assert {code.split()[0] for code in statements if once_quiet in code} == set(tables)


def test_a_table_that_the_engine_fills_from_another_has_a_view_that_fills_it(projection: Projection) -> None:
    code = "\n".join(projection.table_statements("g"))
    filled = set(re.findall(r"CREATE MATERIALIZED VIEW IF NOT EXISTS g\.\w+ TO g\.(\w+) AS", code))
    assert set(projection.derived) <= filled
    assert created(projection).keys() == set(projection.tables.values()) | filled


def test_every_row_names_the_fact_it_came_from(projection: Projection) -> None:
    for row in projection.tables:
        assert columns(row)[-2:] == ("src_partition", "src_offset")


def test_views_are_swapped_by_name_one_statement_each(projection: Projection) -> None:
    statements = projection.view_statements("g", "public")
    assert len(statements) == len(projection.views)
    for name, statement in zip(projection.views, statements, strict=True):
        assert statement.startswith(f"CREATE OR REPLACE VIEW public.{name} SQL SECURITY DEFINER AS")


def test_a_projection_reads_topics_of_the_registry(projection: Projection) -> None:
    assert set(projection.topics) <= topics.BY_NAME.keys()


def test_the_group_names_the_generation_and_the_consumer_does_not(projection: Projection) -> None:
    assert projection.group(3) == f"projection-{projection.name}-v3"
    assert projection.consumer == f"projection-{projection.name}"
