"""The language for outsiders: a JSON Schema per topic and one AsyncAPI 3.0 document. Pure: text in, dicts out."""

import json
from collections.abc import Callable
from typing import Any, Union

import msgspec

from schemas import topics
from schemas.episode import EpisodeRecord

Document = dict[str, Any]
_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_BINDING = "0.5.0"
_END = r"\Z"
_HEADERS: Document = {
    "type": "object",
    "description": "CloudEvents 1.0, binary mode. Sightlog sends them with every fact; other publishers need not.",
    "properties": {
        "ce_specversion": {"type": "string", "const": "1.0"},
        "ce_id": {"type": "string", "pattern": "^[0-9a-f]{16}$", "description": "Same fact told again, same id"},
        "ce_type": {"type": "string", "description": "sightlog.<type>, for example sightlog.segment-recorded"},
        "ce_source": {"type": "string", "description": "sightlog/<process>"},
        "ce_time": {"type": "string", "format": "date-time", "description": "When the fact was observed, UTC"},
        "ce_subject": {"type": "string", "description": "The record key: the media"},
    },
}


def version(topic: topics.Topic) -> int:
    """The version of the topic's schema: the newest ``v`` among its facts (the public episode record has none: 1)."""
    return max(1 if fact is EpisodeRecord else _newest(fact) for fact in topic.facts)


def file_name(topic: topics.Topic) -> str:
    """Name of the topic's frozen schema, ``segments.v1.schema.json``."""
    return f"{topic.name}.v{version(topic)}.schema.json"


def json_schema(topic: topics.Topic) -> Document:
    """JSON Schema (2020-12) of a record's value on ``topic``."""
    schema = tidy(msgspec.json.schema(Union[topic.facts]))  # noqa: UP007 - built at run time
    about = {"$schema": _DIALECT, "$id": f"urn:sightlog:{topic.name}:v{version(topic)}", "title": topic.name}
    return {**about, "description": topic.about, **schema}


def asyncapi(code_version: str, server: str, partitions: int, replicas: int, prefix: str = "") -> Document:
    """The AsyncAPI 3.0 document of every topic, as this installation has them.

    ``server`` is a ``host:port`` of the broker, ``prefix`` what stands before every topic name.
    """
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Sightlog",
            "version": code_version,
            "description": "Facts about what cameras saw, what was kept and why. Times are UTC ms, spans half-open.",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "servers": {"broker": {"host": server, "protocol": "kafka"}},
        "channels": {topic.name: _channel(topic, partitions, replicas, prefix) for topic in topics.ALL},
        "operations": dict(pair for topic in topics.ALL for pair in _operations(topic)),
        "components": {
            "messages": {fact.__name__: _message(fact, topic) for fact, topic in topics.OF_FACT.items()},
            "schemas": {"CloudEventHeaders": _HEADERS, **_payloads()},
        },
    }


def as_text(document: Document) -> str:
    """The document as JSON for people and diffs: indented, in the order built, one newline at the end."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def tag(fact: type) -> str:
    """The value of ``type`` in a fact's JSON; for the episode record, which has none, its name in kebab case."""
    return str(_shape(fact).tag or "episode-record")


def _newest(fact: type) -> int:
    versions = next(field.type for field in _shape(fact).fields if field.name == "v")
    assert isinstance(versions, msgspec.inspect.LiteralType)
    return max(value for value in versions.values if isinstance(value, int))


def _shape(fact: type) -> msgspec.inspect.StructType:
    shape = msgspec.inspect.type_info(fact)
    assert isinstance(shape, msgspec.inspect.StructType)
    return shape


def _channel(topic: topics.Topic, partitions: int, replicas: int, prefix: str) -> Document:
    kafka = {
        "topic": prefix + topic.name,
        "partitions": partitions if topic.partitioned else 1,
        "replicas": replicas,
        "topicConfiguration": {"cleanup.policy": [topic.cleanup], "retention.ms": topic.retention_ms},
        "bindingVersion": _BINDING,
    }
    messages = {fact.__name__: {"$ref": f"#/components/messages/{fact.__name__}"} for fact in topic.facts}
    return {
        "address": prefix + topic.name,
        "description": f"{topic.about}. Written by: {topic.written_by}.",
        "messages": messages,
        "bindings": {"kafka": kafka},
    }


def _operations(topic: topics.Topic) -> list[tuple[str, Document]]:
    """Sightlog sends every topic and reads every topic back."""
    channel = {"$ref": f"#/channels/{topic.name}"}
    return [(f"{verb}-{topic.name}", {"action": action, "channel": channel}) for verb, action in _VERBS]


_VERBS = (("append", "send"), ("read", "receive"))


def _message(fact: type, topic: topics.Topic) -> Document:
    key = {"type": "string", "description": f"The fact's {topic.key}; publishers outside may send another or none"}
    return {
        "name": tag(fact),
        "title": fact.__name__,
        "summary": (fact.__doc__ or "").strip().splitlines()[0],
        "contentType": "application/json",
        "headers": {"$ref": "#/components/schemas/CloudEventHeaders"},
        "payload": {"$ref": f"#/components/schemas/{fact.__name__}"},
        "bindings": {"kafka": {"key": key, "bindingVersion": _BINDING}},
    }


def _payloads() -> Document:
    _, parts = msgspec.json.schema_components(topics.OF_FACT, ref_template="#/components/schemas/{name}")
    return {name: tidy(part) for name, part in parts.items()}


def tidy(node: Any) -> Any:
    """The same schema with docstrings as plain paragraphs, and with patterns as JSON Schema has them."""
    if isinstance(node, dict):
        return {name: _WORDS.get(name, tidy)(value) for name, value in node.items()}
    return [tidy(item) for item in node] if isinstance(node, list) else node


def _paragraphs(text: Any) -> Any:
    return "\n".join(line.strip() for line in text.splitlines()) if isinstance(text, str) else tidy(text)


def _pattern(text: Any) -> Any:
    """Python's ``$`` lets a newline follow, so ours end with ``\\Z``; JSON Schema's ``$`` is the very end."""
    if not isinstance(text, str):
        return tidy(text)
    return f"{text.removesuffix(_END)}$" if text.endswith(_END) else text


_WORDS: dict[str, Callable[[Any], Any]] = {"description": _paragraphs, "pattern": _pattern}
