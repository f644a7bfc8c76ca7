"""Which cells count, and for whom."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from processors.motion.rules.zones import watched
from schemas.facts import MotionConfig
from schemas.motion import Zone

LEFT = ((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0))
WHOLE = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
SHARE = st.floats(0, 1, width=16)


def zone(name: str, polygon: tuple[tuple[float, ...], ...], **other: object) -> Zone:
    return Zone(name=name, polygon=polygon, **other)  # type: ignore[arg-type]


def test_without_zones_the_whole_picture_counts_and_has_no_name():
    (only,) = watched(MotionConfig(sensitivity=70, min_area=0.01))
    assert (only.name, only.sensitivity, only.min_area) == ("", 70, 0.01)
    assert (only.weights == 1).all()


def test_where_there_are_watch_zones_only_they_count():
    (left,) = watched(MotionConfig(zones=(zone("door", LEFT),)))
    assert left.name == "door"
    assert (left.weights[:, :8] == 1).all()
    assert (left.weights[:, 8:] == 0).all()


def test_a_mask_never_counts_not_even_inside_a_watch_zone():
    (rest,) = watched(MotionConfig(zones=(zone("all", WHOLE), zone("tree", LEFT, kind="mask"))))
    assert (rest.weights[:, :8] == 0).all()
    assert (rest.weights[:, 8:] == 1).all()


def test_a_zone_of_which_a_mask_leaves_nothing_is_not_judged():
    assert watched(MotionConfig(zones=(zone("tree", WHOLE, kind="mask"),))) == ()


def test_a_zone_has_its_own_wishes_and_else_the_cameras():
    own, plain = watched(MotionConfig(sensitivity=10, zones=(zone("a", LEFT, sensitivity=90), zone("b", LEFT))))
    assert (own.sensitivity, plain.sensitivity) == (90, 10)


def test_a_cell_cut_by_an_edge_counts_by_its_share():
    quarter = ((0.0, 0.0), (0.03125, 0.0), (0.03125, 1.0), (0.0, 1.0))
    (found,) = watched(MotionConfig(zones=(zone("edge", quarter),)))
    assert found.weights[4, 0] == pytest.approx(0.5, abs=0.06)


@given(st.lists(st.tuples(SHARE, SHARE), min_size=3, max_size=8))
def test_what_a_mask_takes_and_what_it_leaves_is_everything(points):
    polygon = tuple(points)
    kept = watched(MotionConfig(zones=(zone("a", polygon),)))
    left = watched(MotionConfig(zones=(zone("a", polygon, kind="mask"),)))
    total = sum(one.weights for one in (*kept, *left))
    assert np.allclose(total, 1, atol=1e-5)
