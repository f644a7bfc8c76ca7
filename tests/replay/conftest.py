"""What the modules of projections share; each has its own ``house`` and ``records``."""

import pytest

from infra.log import Record
from projections.generations.digest import TableDigest
from tests.replaying import House


@pytest.fixture(scope="module")
def undisturbed(house: House, records: list[Record]) -> list[TableDigest]:
    """What the tables are when nothing happens."""
    return house.digests(house.told(records))
