"""The scanner on a real broker and store: the same verdicts whoever looks, in whatever order, whatever ends meanwhile."""

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.settings import Settings
from tests.footage import Footage
from tests.integration.recording import wait_for
from tests.integration.scanning import Yard, clip, expected, recorded, scanning, shuffled

SECONDS = 80


@pytest.fixture(scope="module")
def footage(tmp_path_factory: pytest.TempPathFactory) -> list[Footage]:
    path = clip(tmp_path_factory.mktemp("clip") / "yard.mp4", SECONDS)
    return [one for media in ("gate", "yard", "door") for one in recorded(path, media)]


@pytest.fixture
def own(stack: Settings) -> Settings:
    """The shared servers with topics of this test's own, and time that is told often."""
    more = {"topic_prefix": f"s{secrets.token_hex(3)}.", "tick_ms": 300, "motion_workers": 2, "motion_wait_ms": 3000}
    return stack.model_copy(update=more)


@pytest.fixture
def yard(own: Settings) -> Iterator[Yard]:
    made = Yard(own)
    yield made
    made.close()


def test_verdicts_follow_from_the_footage_alone_however_it_arrives(
    own: Settings, yard: Yard, footage: list[Footage]
) -> None:
    yard.keep(footage)
    with scanning(own):
        yard.tell(shuffled(footage, 3))
        wait_for(lambda: len(yard.verdicts()) == len(footage))
    wanted = expected(footage)
    assert yard.verdicts() == wanted
    assert {one[0] for one in wanted.values()} == {"motion", "still"}
