"""What outsiders get: frozen schemas that refuse a silent change, examples that hold, an AsyncAPI document."""

import copy
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from jsonschema import Draft7Validator, Draft202012Validator

from schemas import codec, compat, publish, topics
from schemas.topics import Topic

ROOT = Path(__file__).parents[3]
FROZEN = ROOT / "schemas" / "frozen"
EXAMPLES = ROOT / "schemas" / "examples"
ADVICE = "run `sightlog schemas --write`; it says whether a new version is needed and what to put into CHANGELOG.md"
EXAMPLE_FILES = sorted(EXAMPLES.rglob("*.json"))
each_topic = pytest.mark.parametrize("topic", topics.ALL, ids=lambda topic: topic.name)
each_example = pytest.mark.parametrize("path", EXAMPLE_FILES, ids=lambda path: path.stem)


def frozen(topic: Topic) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FROZEN / publish.file_name(topic)).read_text(encoding="utf-8"))
    return found


@each_topic
def test_a_schema_does_not_change_silently(topic: Topic) -> None:
    assert publish.as_text(publish.json_schema(topic)) == (FROZEN / publish.file_name(topic)).read_text("utf-8"), ADVICE


@pytest.mark.parametrize("path", sorted(FROZEN.iterdir()), ids=lambda path: path.name)
def test_the_changelog_names_every_published_shape(path: Path) -> None:
    """Also those of older versions: what was published once is never edited."""
    line = f"`{path.name}` {compat.digest(json.loads(path.read_text('utf-8')))}"
    assert line in (ROOT / "CHANGELOG.md").read_text("utf-8"), f"CHANGELOG.md must say what changed in: {line}"


def test_no_frozen_schema_is_an_orphan() -> None:
    names = {re.sub(r"\.v\d+\.schema\.json$", "", path.name) for path in FROZEN.iterdir()}
    assert names == set(topics.BY_NAME)


@each_topic
def test_frozen_schemas_are_legal_json_schemas(topic: Topic) -> None:
    Draft202012Validator.check_schema(frozen(topic))


@each_example
def test_every_example_decodes(path: Path) -> None:
    codec.decode(path.relative_to(EXAMPLES).parts[0], path.read_bytes())


@each_example
def test_every_example_is_valid_against_its_frozen_schema(path: Path) -> None:
    topic, version, _ = path.relative_to(EXAMPLES).parts
    schema = json.loads((FROZEN / f"{topic}.v{version}.schema.json").read_text("utf-8"))
    Draft202012Validator(schema).validate(json.loads(path.read_text("utf-8")))


def test_every_fact_has_at_least_two_examples_and_no_example_is_an_orphan() -> None:
    shown = [type(codec.decode(path.relative_to(EXAMPLES).parts[0], path.read_bytes())) for path in EXAMPLE_FILES]
    assert {fact.__name__ for fact in topics.OF_FACT if shown.count(fact) < 2} == set()
    assert {path.name for path in EXAMPLES.iterdir()} == set(topics.BY_NAME)


@each_example
def test_examples_are_named_by_what_is_odd_in_them(path: Path) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", path.stem)


@each_topic
def test_a_schema_read_back_from_its_frozen_file_breaks_nothing(topic: Topic) -> None:
    assert compat.breaks(frozen(topic), publish.json_schema(topic)) == []
    assert compat.digest(frozen(topic)) == compat.digest(publish.json_schema(topic))


def patterns(kind: msgspec.inspect.Type) -> Iterator[str]:
    """Every pattern inside a type, those of its fields included."""
    for part in msgspec.structs.asdict(kind).values():
        inner = part if isinstance(part, tuple) else (part,)
        for one in (each.type if isinstance(each, msgspec.inspect.Field) else each for each in inner):
            if isinstance(one, msgspec.inspect.Type):
                yield from patterns(one)
    if isinstance(kind, msgspec.inspect.StrType) and kind.pattern:
        yield kind.pattern


def test_no_pattern_of_a_fact_lets_a_newline_follow() -> None:
    """Python's ``$`` does, so ``anna`` and ``anna`` with a newline would be two users."""
    found = {one for fact in topics.OF_FACT for one in patterns(msgspec.inspect.type_info(fact))}
    assert len(found) >= 6
    assert {one for one in found if one.endswith("$")} == set()


def test_outsiders_are_told_patterns_as_json_schema_has_them() -> None:
    told = "".join(publish.as_text(publish.json_schema(topic)) for topic in topics.ALL)
    assert r"\\Z" not in told
    assert '"pattern": "^[a-z0-9][a-z0-9._@+-]{0,127}$"' in told


def change(**edits: Any) -> list[str]:
    """What ``breaks`` says about the segments schema after edits to SegmentRecorded."""
    new = copy.deepcopy(frozen(topics.SEGMENTS))
    shape = new["$defs"]["SegmentRecorded"]
    shape["properties"] |= edits.get("add", {})
    shape["required"] += edits.get("require", [])
    for name in edits.get("drop", []):
        shape["properties"].pop(name)
    return compat.breaks(frozen(topics.SEGMENTS), new)


@pytest.mark.parametrize(
    ("edits", "said"),
    [
        pytest.param({}, [], id="nothing"),
        pytest.param({"add": {"mood": {"type": "string", "default": ""}}}, [], id="an optional field is no break"),
        pytest.param(
            {"add": {"mood": {}}, "require": ["mood"]}, ["SegmentRecorded.mood became required"], id="required"
        ),
        pytest.param({"drop": ["origin"]}, ["SegmentRecorded.origin is gone"], id="a field left out"),
        pytest.param({"add": {"frames": {"type": "number"}}}, ["SegmentRecorded.frames changed"], id="another type"),
        pytest.param(
            {"add": {"container": {"enum": ["fmp4"], "default": "fmp4", "maximum": 1 << 60}}},
            [],
            id="a bound beyond which nothing was of use",
        ),
        pytest.param(
            {"add": {"container": {"enum": ["fmp4"], "default": "fmp4", "maximum": 100}}},
            ["SegmentRecorded.container changed"],
            id="a bound that shuts out what was of use",
        ),
    ],
)
def test_only_optional_fields_may_be_added_to_a_version(edits: dict[str, Any], said: list[str]) -> None:
    assert change(**edits) == said


def test_a_fact_taken_off_a_topic_is_a_break_and_a_new_one_is_not() -> None:
    old, new = frozen(topics.SEGMENTS), frozen(topics.SEGMENTS)
    new["$defs"]["RecordingPaused"] = new["$defs"].pop("RecordingGap")
    assert compat.breaks(old, new) == ["RecordingGap is gone"]


def test_the_digest_sees_shapes_and_not_words() -> None:
    old = frozen(topics.STORAGE)
    reworded = old | {"description": "other words"}
    reshaped = old | {"$defs": {}}
    assert compat.digest(reworded) == compat.digest(old) != compat.digest(reshaped)


def test_the_digest_sees_a_field_that_is_called_description() -> None:
    assert compat.digest({"properties": {"description": {"type": "string"}}}) != compat.digest({"properties": {}})


# The AsyncAPI document. The shape below is what the AsyncAPI 3.0.0 specification requires of the parts that we use;
# the whole document was also checked against the specification's own JSON Schema.

REF = {"type": "object", "required": ["$ref"], "properties": {"$ref": {"type": "string", "pattern": "^#/"}}}
KAFKA_CHANNEL = {
    "type": "object",
    "additionalProperties": False,
    "required": ["topic", "partitions", "replicas", "topicConfiguration", "bindingVersion"],
    "properties": {
        "topic": {"type": "string"},
        "partitions": {"type": "integer", "exclusiveMinimum": 0},
        "replicas": {"type": "integer", "exclusiveMinimum": 0},
        "topicConfiguration": {
            "type": "object",
            "properties": {
                "cleanup.policy": {"type": "array", "items": {"enum": ["compact", "delete"]}},
                "retention.ms": {"type": "integer", "minimum": -1},
            },
        },
        "bindingVersion": {"const": "0.5.0"},
    },
}
ASYNCAPI = {
    "type": "object",
    "required": ["asyncapi", "info", "channels", "operations", "components"],
    "properties": {
        "asyncapi": {"const": "3.0.0"},
        "info": {"type": "object", "required": ["title", "version"]},
        "servers": {"additionalProperties": {"type": "object", "required": ["host", "protocol"]}},
        "channels": {
            "additionalProperties": {
                "type": "object",
                "required": ["address", "messages", "bindings"],
                "properties": {
                    "messages": {"additionalProperties": REF},
                    "bindings": {"properties": {"kafka": KAFKA_CHANNEL}, "required": ["kafka"]},
                },
            }
        },
        "operations": {
            "additionalProperties": {
                "type": "object",
                "required": ["action", "channel"],
                "properties": {"action": {"enum": ["send", "receive"]}, "channel": REF},
            }
        },
        "components": {
            "type": "object",
            "properties": {
                "messages": {
                    "additionalProperties": {
                        "type": "object",
                        "required": ["name", "headers", "payload", "bindings"],
                        "properties": {"headers": REF, "payload": REF},
                    }
                }
            },
        },
    },
}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return publish.asyncapi("1.2.3", "broker.example:9092", partitions=48, replicas=3, prefix="t.")


def test_the_asyncapi_document_has_the_shape_that_the_specification_asks_for(document: dict[str, Any]) -> None:
    Draft202012Validator(ASYNCAPI).validate(document)


def test_every_reference_in_the_asyncapi_document_leads_somewhere(document: dict[str, Any]) -> None:
    for reference in re.findall(r'"\$ref": "#/([^"]+)"', publish.as_text(document)):
        node: Any = document
        for step in reference.split("/"):
            node = node[step]


def test_channels_say_how_the_topic_stands_on_this_broker(document: dict[str, Any]) -> None:
    segments = document["channels"]["segments"]
    assert segments["address"] == segments["bindings"]["kafka"]["topic"] == "t.segments"
    assert segments["bindings"]["kafka"]["partitions"] == 48
    assert document["channels"]["dead-letters"]["bindings"]["kafka"]["partitions"] == 1
    assert document["channels"]["media"]["bindings"]["kafka"]["topicConfiguration"]["cleanup.policy"] == ["compact"]
    assert document["channels"]["storage"]["bindings"]["kafka"]["topicConfiguration"]["retention.ms"] == 604_800_000


def test_every_topic_has_a_channel_and_every_fact_a_message_with_cloudevents_headers(document: dict[str, Any]) -> None:
    assert set(document["channels"]) == set(topics.BY_NAME)
    assert set(document["components"]["messages"]) == {fact.__name__ for fact in topics.OF_FACT}
    headers = document["components"]["schemas"]["CloudEventHeaders"]["properties"]
    assert set(headers) == {"ce_specversion", "ce_id", "ce_type", "ce_source", "ce_time", "ce_subject"}


@each_example
def test_examples_are_valid_against_the_payloads_of_the_asyncapi_document(path: Path, document: dict[str, Any]) -> None:
    fact = type(codec.decode(path.relative_to(EXAMPLES).parts[0], path.read_bytes())).__name__
    Draft7Validator({"$ref": f"#/components/schemas/{fact}"} | {"components": document["components"]}).validate(
        json.loads(path.read_text("utf-8"))
    )
