from collections.abc import Iterator

import pytest

from tests.unit.api.client import World


@pytest.fixture
def world() -> Iterator[World]:
    made = World()
    yield made
    made.audit.close()
    made.access.close()
    made.registry.close()
