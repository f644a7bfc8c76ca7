"""How motion is sought, as it comes in over HTTP and in files: what is right is kept, what is wrong is named."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api import camera_motion
from processors.motion.detectors import registry
from schemas.facts import MediaConfigured, MotionConfig
from schemas.motion import DETECTORS
from tests.unit.api.client import World

DOOR = {"name": "door", "polygon": [[0.1, 0.2], [0.4, 0.2], [0.4, 0.9]]}
WHOLE = {
    "enabled": True, "profile": "thorough", "detector": "mog2@1", "sensitivity": 70, "min_area": 0.002, "min_ms": 500,
    "join_ms": 5000, "zones": [DOOR | {"sensitivity": 90}, DOOR | {"name": "tree", "kind": "mask"}],
    "schedule": [{"days": ["mon"], "starts": "22:00", "ends": "06:00"}, {}],
}  # fmt: skip


def zones(*changes: dict[str, Any]) -> dict[str, Any]:
    return {"zones": [DOOR | change for change in changes]}


WRONG = {
    "no object": ("fast", "motion", "must be an object"),
    "a field that is none": ({"speed": 1}, "motion.speed", "is not known; known: enabled, profile"),
    "a profile that is none": ({"profile": "fast"}, "motion.profile", "must be one of coarse, standard, thorough"),
    "a list for a word": ({"profile": []}, "motion.profile", "must be one of coarse, standard, thorough"),
    "a detector that is none": ({"detector": "yolo@9"}, "motion.detector", "'yolo@9' is not known; known: cascade@1"),
    "a number for a detector": ({"detector": 1}, "motion.detector", "Expected `str`, got `int`"),
    "too sensitive": ({"sensitivity": 101}, "motion.sensitivity", "Expected `int` <= 100"),
    "a truth for a number": ({"sensitivity": True}, "motion.sensitivity", "Expected `int`, got `bool`"),
    "percent for a share": ({"min_area": 2}, "motion.min_area", "<= 1.0"),
    "no number": ({"min_area": float("nan")}, "motion.min_area", "Expected"),
    "zones that are no list": ({"zones": {}}, "motion.zones", "Expected `array`"),
    "too many zones": (zones(*({"name": str(n)} for n in range(33))), "motion.zones", "length <= 32"),
    "a zone without a name": ({"zones": [{"polygon": DOOR["polygon"]}]}, "motion.zones[0].name", "is missing"),
    "a name that cannot be typed": (zones({"name": "a:b"}), "motion.zones[0].name", "no : and no |"),
    "a zone without a shape": ({"zones": [{"name": "a"}]}, "motion.zones[0].polygon", "is missing"),
    "pixels for shares": (
        zones({"polygon": [[0, 0], [1, 0], [1, 720]]}), "motion.zones[0].polygon[2][1]", "Expected `float` <= 1.0",
    ),
    "a line": (zones({"polygon": [[0, 0], [0.5, 0.5], [1, 1]]}), "motion.zones[0].polygon", "encloses nothing"),
    "one name twice": (zones({}, {}), "motion.zones[1].name", "'door' is the name of another zone too"),
    "a mask with a sensitivity": (
        zones({"kind": "mask", "sensitivity": 9}), "motion.zones[0].sensitivity", "a mask has none",
    ),
    "no time of day": ({"schedule": [{"starts": "8:00"}]}, "motion.schedule[0].starts", "write HH:MM"),
    "no day of the week": ({"schedule": [{"days": ["may"]}]}, "motion.schedule[0].days[0]", "Invalid enum value 'may'"),
    "never": ({"schedule": [{"days": []}]}, "motion.schedule[0].days", "names no day"),
    "no time at all": ({"schedule": [{"starts": "08:00", "ends": "08:00"}]}, "motion.schedule[0].ends", "a whole day"),
    "an end for a start": ({"schedule": [{"starts": "24:00", "ends": "02:00"}]}, "motion.schedule[0].starts", "an end"),
}  # fmt: skip


@pytest.mark.parametrize(("motion", "field", "rule"), WRONG.values(), ids=WRONG.keys())
def test_what_is_wrong_with_motion_is_named_by_its_path(motion: Any, field: str, rule: str) -> None:
    found = {fault["field"]: fault["rule"] for fault in camera_motion.faults(motion)}
    assert field in found
    assert rule in found[field]


def test_every_wrong_field_of_motion_is_named_not_only_the_first(world: World) -> None:
    motion = {"profile": "fast", "speed": 1, "zones": [DOOR, {"name": "", "polygon": [[0, 0]]}]}
    answer = world.put("media/cam", {"title": 1, "motion": motion})
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [
        "title", "motion.profile", "motion.speed", "motion.zones[1].name", "motion.zones[1].polygon",
    ]  # fmt: skip
    assert not world.log.facts


def test_all_of_motion_is_kept_and_answered_and_may_be_sent_back(world: World) -> None:
    answer = world.put("media/cam", {"motion": WHOLE})
    assert answer.status_code == 200, answer.text
    assert world.log.facts[-1].motion == msgspec.convert(WHOLE, MotionConfig)
    shown = answer.json()["motion"]
    assert (shown["profile"], shown["zones"][1]["kind"], shown["schedule"][1]["ends"]) == ("thorough", "mask", "24:00")
    assert world.put("media/cam", {"motion": shown}).json()["motion"] == shown


def test_a_camera_that_says_nothing_of_motion_has_the_usual(world: World) -> None:
    assert world.put("media/cam", {}).json()["motion"] == msgspec.json.decode(msgspec.json.encode(MotionConfig()))


KEYS = st.sampled_from([*WHOLE, *DOOR, "kind", "days", "starts"])
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
)


@given(ANYTHING)
def test_what_is_found_faultless_makes_a_configuration_and_nothing_crashes(value: Any) -> None:
    faults = camera_motion.faults(value)
    if not faults:
        assert msgspec.convert(value, MotionConfig)
    assert all(str(fault["field"]).startswith("motion") for fault in faults)


def csv(world: World, text: str):  # type: ignore[no-untyped-def]
    return world.ask("POST", "/api/v1/media/import", content=text.encode())


def test_a_file_sets_motion_in_columns_of_its_own_and_keeps_the_rest(world: World) -> None:
    world.put("media/cam", {"motion": WHOLE})
    text = (
        "media,motion_profile,motion_min,motion_min_area,motion_schedule,motion_zones\n"
        'cam,coarse,2s,,"mon-fri 22:00-06:00|sat,sun 00:00-24:00",'
        '"yard:0,0 1,0 1,1 sensitivity=30|sky:0,0 1,0 1,.2 mask"\n'
    )
    assert csv(world, text).json() == {"created": 0, "updated": 1}
    motion = world.log.facts[-1].motion
    assert (motion.profile, motion.min_ms, motion.min_area, motion.sensitivity) == ("coarse", 2000, 0.001, 70)
    assert [(zone.name, zone.kind, zone.sensitivity) for zone in motion.zones] == [
        ("yard", "watch", 30), ("sky", "mask", None),
    ]  # fmt: skip
    assert [part.days for part in motion.schedule] == [("mon", "tue", "wed", "thu", "fri"), ("sat", "sun")]


def test_a_file_that_says_nothing_of_motion_changes_nothing_of_it(world: World) -> None:
    world.put("media/cam", {"motion": WHOLE})
    csv(world, "media,title\ncam,Door\n")
    fact = world.log.facts[-1]
    assert isinstance(fact, MediaConfigured)
    assert (fact.title, fact.motion) == ("Door", msgspec.convert(WHOLE, MotionConfig))


def test_wrong_cells_of_motion_are_named_by_line_and_column(world: World) -> None:
    text = 'media,motion_sensitivity,motion_zones\na,200,\nb,loud,\nc,,"door:0,0 1,0"\nd,,door\ne,,"door:0,0 1,0 1,x"\n'
    told = [(error["line"], error["field"]) for error in csv(world, text).json()["errors"]]
    assert told == [
        (2, "motion_sensitivity"), (3, "motion_sensitivity"), (4, "motion_zones[0].polygon"), (5, "motion_zones"),
        (6, "motion_zones"),
    ]  # fmt: skip
    assert not world.log.facts


def test_the_names_that_are_known_are_those_of_the_detectors_there_are() -> None:
    assert sorted(DETECTORS) == sorted(registry.KNOWN)
    assert DETECTORS[0] == MotionConfig().detector
