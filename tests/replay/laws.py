"""What holds of every projection: however facts are delivered and whatever dies meanwhile, its tables are the same.

A module that says ``class TestSomething(ReplayLaws)`` has fixtures ``house`` and ``records`` of its own.
"""

from typing import ClassVar

import pytest

from infra.log import Record
from projections.generations.digest import TableDigest
from projections.generations.store import Generation
from tests.replaying import House


class ReplayLaws:
    """For one projection."""

    takes: ClassVar[tuple[int, ...]] = (7, 1000)
    """Records in a batch; 40 undisturbed."""
    inserts: ClassVar[int]
    """So many are done in a life of 100 records a batch; each may be its last."""

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        if "take" in metafunc.fixturenames:
            metafunc.parametrize("take", self.takes)
        if "at" in metafunc.fixturenames:
            metafunc.parametrize("at", range(self.inserts))
            metafunc.parametrize("after", [False, True], ids=["before", "after"])

    def require_what_was_told(self, house: House, generation: Generation, records: list[Record]) -> None:
        """The tables say what the facts say; where a module has that by hand."""

    def test_the_same_facts_make_the_same_rows_in_batches_of_any_size(
        self, house: House, records: list[Record], undisturbed: list[TableDigest], take: int
    ) -> None:
        generation = house.generation()
        log = house.fold(generation, records, take)
        assert house.digests(generation) == undisturbed
        assert log.records == []

    def test_facts_read_twice_make_the_same_rows(
        self, house: House, records: list[Record], undisturbed: list[TableDigest]
    ) -> None:
        generation = house.told(records)
        house.forget_reading(generation)
        house.fold(generation, records, take=70)
        assert house.digests(generation) == undisturbed
        self.require_what_was_told(house, generation, records)

    def test_batches_delivered_again_in_any_order_make_the_same_rows(
        self, house: House, records: list[Record], undisturbed: list[TableDigest]
    ) -> None:
        generation = house.told_twice_in_any_order(records)
        assert house.digests(generation) == undisturbed
        self.require_what_was_told(house, generation, records)

    def test_a_crash_at_any_step_neither_loses_nor_doubles_a_row(
        self, house: House, records: list[Record], undisturbed: list[TableDigest], at: int, after: bool
    ) -> None:
        assert house.digests(house.told_through_a_crash(records, at, after)) == undisturbed
