"""The fold of retention over states in memory."""

import random
from typing import NamedTuple, Self

import pytest

from infra.settings import load
from processors.retention import camera, footage, looking, ticking
from processors.retention.agent import processor
from tests.folded import Folded
from tests.retention_words import Rules


class Bounds(NamedTuple):
    """Segments of a tail and of a leaf, leaves of a look, cameras of a tick."""

    tail_rows: int = 32
    leaf_rows: int = 128
    most_leaves: int = 64
    most_cameras: int = 1000

    @classmethod
    def by(cls, chance: random.Random) -> Self:
        """Some that small histories reach, more often than not."""
        most_leaves, most_cameras = chance.choice(((64, 1000), (64, 1000), (64, 1), (64, 2), (1, 1000), (2, 3)))
        return cls(chance.choice((1, 3, 32)), chance.choice((4, 12, 128)), most_leaves, most_cameras)

    @property
    def are_tight(self) -> bool:
        """Whether one tick may not do all that is due."""
        return self.most_leaves < PLENTY.most_leaves or self.most_cameras < PLENTY.most_cameras

    def put(self, patch: pytest.MonkeyPatch) -> None:
        """They hold from now on."""
        patch.setattr(footage, "TAIL_ROWS", self.tail_rows)
        patch.setattr(camera, "LEAF_ROWS", self.leaf_rows)
        patch.setattr(looking, "MOST_LEAVES", self.most_leaves)
        patch.setattr(ticking, "MOST_CAMERAS", self.most_cameras)


PLENTY = Bounds()


def folded(rules: Rules) -> Folded:
    """A fold that has seen nothing yet."""
    marks = {"storage_high": rules.high, "storage_low": rules.low, "storage_hard_cap": rules.hard}
    waits = {"grace_ms": rules.grace_ms, "settle_ms": rules.settle_ms, "expire_ms": rules.batch_ms}
    return Folded(processor(load(**marks, **waits)).fold)
