"""Settings of motion as people type them."""

import re

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api import camera_motion, motion_text
from schemas.motion import Hours, MotionConfig, Zone

SHARES = st.floats(0, 1, allow_subnormal=False).map(lambda value: round(value, 12))
NAMES = st.text(st.characters(codec="utf-8", categories=["L", "N", "Zs"]), min_size=1, max_size=20).map(str.strip)
ZONES = st.builds(
    Zone, name=NAMES.filter(bool), polygon=st.lists(st.tuples(SHARES, SHARES), min_size=3, max_size=6).map(tuple),
    kind=st.just("watch"), sensitivity=st.none() | st.integers(0, 100), min_area=st.none() | SHARES,
)  # fmt: skip
CONFIGS = st.builds(
    MotionConfig, enabled=st.booleans(), profile=st.sampled_from(["coarse", "standard", "thorough"]),
    sensitivity=st.integers(0, 100), min_area=SHARES, min_ms=st.integers(0, 600_000), join_ms=st.integers(0, 600_000),
    zones=st.lists(ZONES, max_size=3).map(tuple),
    schedule=st.lists(st.builds(Hours, days=st.sampled_from([("mon",), ("sat", "sun")])), max_size=2).map(tuple),
)  # fmt: skip


@given(CONFIGS.filter(lambda config: not camera_motion.faults(msgspec.to_builtins(config))))
def test_what_is_shown_can_be_typed_again(config: MotionConfig) -> None:
    values = dict(motion_text.read(name, text) for name, text in motion_text.shown(config))
    assert msgspec.convert(values, MotionConfig) == config


def test_a_zone_says_what_is_its_own_behind_its_points() -> None:
    assert motion_text.zones("Door:0.1,0.5 40%,0.5 0.4,1 sensitivity=70 min_area=0.2% |sky:0,0 1,0 1,.2 mask") == [
        {"name": "Door", "polygon": [[0.1, 0.5], [0.4, 0.5], [0.4, 1]], "sensitivity": 70, "min_area": 0.002},
        {"name": "sky", "polygon": [[0, 0], [1, 0], [1, 0.2]], "kind": "mask"},
    ]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("08:00-18:00", None),
        ("mon-fri 08:00-18:00", ["mon", "tue", "wed", "thu", "fri"]),
        ("sat-mon 08:00-18:00", ["sat", "sun", "mon"]),
        ("Mon,thu 08:00-18:00", ["mon", "thu"]),
    ],
)
def test_a_part_of_the_week_is_days_and_hours(text: str, days: list[str] | None) -> None:
    assert motion_text.hours(text) == [{"starts": "08:00", "ends": "18:00"} | ({"days": days} if days else {})]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("zones", "door", "'door' is not a zone; write NAME:x,y x,y x,y"),
        ("zones", ":0,0 1,1 1,0", "is not a zone"),
        ("zones", "door:0,0 1;1", "'1;1' is not a point"),
        ("zones", "door:-1,0", "'-1,0' is not a point"),
        ("zones", "door:0,0 colour=red", "'colour=red' is not a point"),
        ("zones", "door:0,0 sensitivity=red", "'red' is not a whole number"),
        ("schedule", "always", "'always' is not a part of the week"),
        ("schedule", "may 08:00-18:00", "'may' is no day"),
        ("schedule", "mon tue 08:00-18:00", "is not a part of the week"),
        ("min", "soon", "is not a length"),
        ("min_area", "a lot", "is not a share"),
        ("enabled", "perhaps", "is neither true nor false"),
        ("speed", "1", "'speed' is no setting of motion; known: enabled"),
    ],
)
def test_what_cannot_be_read_is_said_in_one_sentence(name: str, text: str, said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)):
        motion_text.read(name, text)


@pytest.mark.parametrize("name", motion_text.FORMS)
def test_an_empty_text_is_the_default(name: str) -> None:
    field, value = motion_text.read(name, "")
    assert value == getattr(MotionConfig(), field)
