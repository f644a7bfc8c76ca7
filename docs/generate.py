"""Writes the generated half of docs/ref/ from the code itself: ``make docs``. A test compares."""

import ast
import inspect
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
from pydantic import SecretStr

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from cli import main as command_line  # noqa: E402 - the path comes first
from cli.commands.topics import kept  # noqa: E402
from infra.settings import Settings  # noqa: E402
from schemas import episode, facts, motion, publish, topics  # noqa: E402

MADE = "\n<!-- Made by docs/generate.py from the code; change the code and run `make docs`. -->\n\n"


def main() -> None:
    """Write every generated page."""
    for name, text in pages().items():
        (ROOT / "docs" / "ref" / name).write_text(text, encoding="utf-8")


def pages() -> dict[str, str]:
    """File name → text of the page."""
    return {"settings.md": settings(), "topics.md": topic_list(), "facts.md": fact_list(), "commands.md": commands()}


def settings() -> str:
    """Every setting with its variable, default and meaning."""
    rows = [
        (f"`SIGHTLOG_{name.upper()}`", _default(field.default), f"{field.description}{_limits(field.metadata)}")
        for name, field in Settings.model_fields.items()
    ]
    return (
        "# Settings\n" + MADE + "Environment variables, or the same names without `SIGHTLOG_` and in lower case in the"
        " TOML file that\n`SIGHTLOG_CONFIG` names. What wins: a command's own option, then the environment, then the"
        " file, then the addresses\nof a stack running on the same `SIGHTLOG_DATA`, then the default. An empty variable"
        " counts as absent; a wrong value\nstops the program with one line that names it.\n\n"
        + _table(("variable", "default", "meaning"), rows)
    )


def topic_list() -> str:
    """Every topic with its facts, writers, key and how long it is kept."""
    rows = [
        (f"`{topic.name}`", ", ".join(_link(fact) for fact in topic.facts), topic.about, topic.written_by,
         f"`{topic.key}`", kept(topic), "as many as `SIGHTLOG_PARTITIONS`" if topic.partitioned else "1")
        for topic in topics.ALL
    ]  # fmt: skip
    return (
        "# Topics\n" + MADE + "Values are JSON, one fact each. Names on the broker start with"
        " `SIGHTLOG_TOPIC_PREFIX`. Every record of ours carries\nCloudEvents headers (`ce_specversion`, `ce_id`,"
        " `ce_type`, `ce_source`, `ce_subject`, `ce_time`). As one machine-readable\ndocument:"
        " `sightlog schemas --asyncapi`.\n\n"
        + _table(("topic", "facts", "about", "written by", "key", "kept", "partitions"), rows)
    )


def fact_list() -> str:
    """Every fact and nested struct with each field's type, default and meaning."""
    parts = [
        "# Facts\n" + MADE + "The fields of every fact, in the order of `schemas/facts.py`. `identity` is what makes a"
        " fact unique: told again, it is\nthe same fact. JSON Schemas: `schemas/frozen/`, examples:"
        " `schemas/examples/`.\n"
    ]
    for fact, topic in topics.OF_FACT.items():
        identity = ", ".join(episode.IDENTITY if fact is episode.EpisodeRecord else fact.identity)  # type: ignore[attr-defined]
        tag = "no `type` field" if fact is episode.EpisodeRecord else f"`type` is `{publish.tag(fact)}`"
        parts.append(_struct(fact, f"Topic `{topic.name}`, {tag}, identity: {identity}."))
    nested = (
        facts.Keyframe, facts.MotionConfig, motion.Zone, motion.Hours, facts.MotionSpan, facts.Look, motion.Stretch,
        facts.Hold, facts.ProtectConfig, episode.Originator,
    )  # fmt: skip
    parts += [_struct(part, "Inside other facts.") for part in nested]
    return "\n".join(parts)


def commands() -> str:
    """Every command with its help, as ``--help`` prints it."""
    from typer.main import get_command

    root: Any = get_command(command_line.build())
    parts = ["# Commands\n" + MADE + "`sightlog COMMAND --help` prints the same.\n"]
    parts += [_command(f"sightlog {name}", each) for name, each in root.commands.items()]
    return "\n".join(parts)


def _command(name: str, command: Any) -> str:
    if inner := getattr(command, "commands", None):
        return "\n".join(_command(f"{name} {word}", each) for word, each in inner.items())
    options = [
        (
            f"`{'`, `'.join(given.opts) if given.param_type_name == 'option' else given.name}`",
            _one_line(given.help or ""),
        )
        for given in command.params
        if given.name not in ("help", "install_completion", "show_completion")
    ]
    text = (command.help or "").replace("\b\n", "")  # click's mark for lines that stay lines
    return f"## {name}\n\n{text}\n\n" + _table(("option", "meaning"), options)


def _struct(kind: type, about: str) -> str:
    shape = msgspec.inspect.type_info(kind)
    assert isinstance(shape, msgspec.inspect.StructType)
    schema = msgspec.json.schema_components([kind])[1][kind.__name__]
    meanings = dict(_field_comments(kind))
    rows = [
        (f"`{each.name}`", _type(schema["properties"][each.name]), _required(each), meanings.get(each.name, ""))
        for each in shape.fields
    ]
    text = inspect.cleandoc(kind.__doc__ or "")
    return f"## {kind.__name__}\n\n{text}\n\n{about}\n\n" + _table(("field", "type", "required", "meaning"), rows)


def _required(field: msgspec.inspect.Field) -> str:
    return "yes" if field.required else ""


def _field_comments(kind: type) -> Iterator[tuple[str, str]]:
    """The text under each field in the source, of the class and of those it stands on."""
    for base in reversed(kind.__mro__):
        if base.__module__.startswith("schemas."):
            body = ast.parse(inspect.getsource(base)).body[0].body  # type: ignore[attr-defined]
            for field, text in pairwise(body):
                if (
                    isinstance(field, ast.AnnAssign)
                    and isinstance(text, ast.Expr)
                    and isinstance(text.value, ast.Constant)
                ):
                    yield ast.unparse(field.target), _one_line(str(text.value.value))


def _type(schema: dict[str, Any]) -> str:
    """A JSON Schema as a few words for a table cell."""
    if "anyOf" in schema:
        return " or ".join(_type(part) for part in schema["anyOf"])
    if "enum" in schema:
        return (
            "one of " + ", ".join(f"`{value}`" for value in schema["enum"])
            if len(schema["enum"]) > 1
            else f"`{schema['enum'][0]}`"
        )
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[1]
        return f"[{name}](#{name.lower()})"
    if schema.get("type") == "array":
        return f"array of {_type(schema.get('items', {}))}"
    low, high = schema.get("minimum"), schema.get("maximum", schema.get("exclusiveMaximum"))
    bounds = f" {low} … {'' if high is None else high}".rstrip() if low is not None else ""
    return {"string": "text"}.get(schema.get("type", "any"), schema.get("type", "any")) + bounds


def _limits(metadata: list[Any]) -> str:
    found = {name: getattr(limit, name) for limit in metadata for name in ("ge", "gt", "le") if hasattr(limit, name)}
    words = {"ge": "at least {}", "gt": "more than {}", "le": "at most {}"}
    return f" ({', '.join(words[name].format(value) for name, value in found.items())})" if found else ""


def _default(value: Any) -> str:
    shown = value.get_secret_value() if isinstance(value, SecretStr) else value
    return "empty" if shown == "" else f"`{shown}`"


def _link(fact: type) -> str:
    return f"[{fact.__name__}](facts.md#{fact.__name__.lower()})"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _table(heading: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [heading, tuple("---" for _ in heading), *rows] if rows else []
    return "".join(
        "| " + " | ".join(cell.replace("|", "\\|").replace("<", "\\<") for cell in line) + " |\n" for line in lines
    )


if __name__ == "__main__":
    main()
