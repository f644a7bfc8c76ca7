"""``sightlog topics``: what is on each topic, who writes it, how long it is kept, and how much stands there."""

from pathlib import Path
from typing import Annotated, Any

import typer
from rich import print as show
from rich.table import Table

from cli.console import add_row
from cli.telling import tell, tell_json
from infra import kafka
from infra.log import LogUnavailable
from infra.settings import Settings, load
from schemas import topics as registry
from schemas.topics import Topic

_DAY_MS = 86_400_000


def topics(
    data: Annotated[Path | None, typer.Option(help="Folder of the running stack (SIGHTLOG_DATA)")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON array instead of a table")] = False,
) -> None:
    """List the topics; with a running broker also their partitions and how many records stand on them.

    Examples:

        sightlog topics
        sightlog topics --json | jq '.[] | select(.name == "segments").records'
    """
    settings = load(data=data)
    standing = _standing(settings)
    rows = [_row(topic) | standing.get(topic.name, {}) for topic in registry.ALL]
    if as_json:
        tell_json(rows)
    else:
        show(_table(rows, settings))


def kept(topic: Topic) -> str:
    """How long records stay, for people: ``for ever``, ``7 d``, ``last per key``."""
    if topic.cleanup == "compact":
        return "last per key"
    return "for ever" if topic.retention_ms < 0 else f"{topic.retention_ms // _DAY_MS} d"


def _row(topic: Topic) -> dict[str, Any]:
    return {
        "name": topic.name,
        "facts": [fact.__name__ for fact in topic.facts],
        "written_by": topic.written_by,
        "key": topic.key,
        "kept": kept(topic),
        "about": topic.about,
    }


def _standing(settings: Settings) -> dict[str, dict[str, Any]]:
    """Topic → partitions and records on the broker; empty when there is none, or it does not answer."""
    if not settings.kafka:
        return {}
    try:
        return {topic.name: _counts(settings, topic.name) for topic in registry.ALL}
    except LogUnavailable as error:
        tell(f"records cannot be counted now: {error}", err=True)
        return {}


def _counts(settings: Settings, topic: str) -> dict[str, Any]:
    begin, end = kafka.begin_offsets(settings, topic), kafka.end_offsets(settings, topic)
    return {"partitions": len(end), "records": sum(end.values()) - sum(begin.values())}


def _table(rows: list[dict[str, Any]], settings: Settings) -> Table:
    note = f"broker {settings.kafka}" if settings.kafka else "no broker is running here: `sightlog up` starts one"
    table = Table(caption=note)
    for heading in ("topic", "facts", "kept", "records"):
        table.add_column(heading, no_wrap=True)
    table.add_column("written by", overflow="fold")
    for row in rows:
        records = f"{row['records']} in {row['partitions']}" if "records" in row else "-"
        add_row(table, row["name"], row["facts"], row["kept"], records, row["written_by"])
    return table
