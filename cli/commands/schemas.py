"""``sightlog schemas``: the language for outsiders, as JSON Schemas and an AsyncAPI document."""

import json
from pathlib import Path
from typing import Annotated

import typer

from cli.telling import tell
from infra.deadletter import code_version
from infra.settings import Settings, load
from schemas import compat, publish, topics

FROZEN = Path(__file__).parents[2] / "schemas" / "frozen"
_BROKER = "127.0.0.1:9092"


def schemas(
    topic: Annotated[str | None, typer.Argument(help="Only this topic")] = None,
    asyncapi: Annotated[bool, typer.Option("--asyncapi", help="One AsyncAPI 3.0 document of all topics")] = False,
    data: Annotated[Path | None, typer.Option(help="Folder of the running stack (SIGHTLOG_DATA)")] = None,
    out: Annotated[Path | None, typer.Option(help="Write the files into this folder instead")] = None,
    write: Annotated[bool, typer.Option("--write", help="For developers: renew schemas/frozen/")] = False,
) -> None:
    """Print the JSON Schema of one topic or of all, or one AsyncAPI document; --out writes both as files.

    Examples:

        sightlog schemas episodes
        sightlog schemas --asyncapi > sightlog.asyncapi.json
        sightlog schemas --out schemas-for-partners
    """
    if write:
        _freeze(FROZEN)
    elif out:
        _write(out, _json_schemas(topic) | {"asyncapi.json": _asyncapi(load(data=data))})
    elif asyncapi:
        typer.echo(publish.as_text(_asyncapi(load(data=data))), nl=False)
    else:
        found = _json_schemas(topic)
        typer.echo(publish.as_text(found if topic is None else next(iter(found.values()))), nl=False)


def _json_schemas(topic: str | None) -> dict[str, publish.Document]:
    """File name → JSON Schema, of one topic or of all."""
    if topic is not None and topic not in topics.BY_NAME:
        raise typer.BadParameter(f"{topic!r} is not a topic; one of: {', '.join(topics.BY_NAME)}")
    wanted = topics.ALL if topic is None else (topics.BY_NAME[topic],)
    return {publish.file_name(each): publish.json_schema(each) for each in wanted}


def _asyncapi(settings: Settings) -> publish.Document:
    server = settings.kafka.split(",")[0] or _BROKER
    return publish.asyncapi(code_version(), server, settings.partitions, settings.replication, settings.topic_prefix)


def _write(folder: Path, documents: dict[str, publish.Document]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, document in documents.items():
        (folder / name).write_text(publish.as_text(document), encoding="utf-8")
        tell(folder / name)


def _freeze(folder: Path) -> None:
    """Renew the frozen schemas; refuses a change that yesterday's readers or writers would stumble over."""
    documents = _json_schemas(None)
    lines = [line for name, new in documents.items() for line in _breaks(folder / name, new)]
    if lines:
        advice = "raise `v` and add a step to schemas/upcast.py, or delete the frozen file if it was never published"
        raise typer.BadParameter("; ".join(lines) + f": {advice}")
    _write(folder, documents)
    tell("Name these in CHANGELOG.md:")
    for topic in topics.ALL:
        tell(f"- `{publish.file_name(topic)}` {compat.digest(publish.json_schema(topic))}")


def _breaks(frozen: Path, new: publish.Document) -> list[str]:
    old = json.loads(frozen.read_text(encoding="utf-8")) if frozen.is_file() else None
    return [f"{frozen.name}: {line}" for line in compat.breaks(old, new)] if old else []
