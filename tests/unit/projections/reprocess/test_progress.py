"""How many records of a run are done, by what its group has committed."""

import pytest

from projections.reprocess.reads import behind, group
from schemas.motion import Stretch

ABOUT = (
    Stretch(partition=0, begin=10, end=20),
    Stretch(partition=1, begin=0, end=4),
    Stretch(partition=2, begin=7, end=7),
)


@pytest.mark.parametrize(
    ("committed", "done"),
    [
        ({}, 0), ({0: 10}, 0), ({0: 3}, 0), ({0: 15}, 5), ({0: 15, 1: 4}, 9), ({0: 99, 1: 99, 2: 99, 3: 99}, 14),
    ],
    ids=str,
)  # fmt: skip
def test_what_lies_before_the_offsets_is_done_and_nothing_outside_counts(committed: dict[int, int], done: int) -> None:
    assert behind(ABOUT, committed) == done


def test_the_group_is_named_after_the_run() -> None:
    assert group("night") == "motion-run-night"
