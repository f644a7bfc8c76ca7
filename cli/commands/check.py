"""``sightlog check``: do the facts, the rows and the objects agree?"""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from infra import kafka
from infra.clickhouse import Database
from infra.clock import now_ms
from infra.objects import S3Store
from infra.settings import Settings, load
from projections.segments.audit import Audit, SegmentId, compare, live_segments
from schemas import codec
from schemas.errors import BadFact

_SHOWN = 10
_ROWS = "SELECT media, start_ms FROM {database}.segments"


def check(
    data: Annotated[Path | None, typer.Option(help="Folder of the running stack (SIGHTLOG_DATA)")] = None,
    grace_s: Annotated[int, typer.Option(help="Objects younger than this may still be on their way to a fact")] = 600,
) -> None:
    """Compare facts, rows and objects of all footage, both ways. Changes nothing.

    Exit code 0: they agree. 1: they do not; each disagreement is listed.

    Examples:

        sightlog check
        sightlog check --grace-s 0
    """
    settings = load(data=data)
    settings.require_servers()
    audit = run(settings, grace_s * 1000)
    typer.echo(f"{audit.facts} segments by facts, {audit.rows} rows, {audit.objects} objects")
    for line in report(audit):
        typer.echo(line)
    if not audit.is_whole:
        raise typer.Exit(1)
    typer.echo("facts, rows and objects agree")


def run(settings: Settings, grace_ms: int) -> Audit:
    """The audit of a live system. Objects and rows are listed after the facts, so none is missed for being newer."""
    started_ms = now_ms()
    live = live_segments(_segment_facts(settings))
    objects = {found.key: found.size_bytes for found in S3Store(settings).list("segments/")}
    rows = Database(settings).rows(_ROWS.format(database=settings.database))
    known = [SegmentId(row["media"], row["start_ms"]) for row in rows]
    newer = live_segments(_segment_facts(settings)).keys() - live.keys()
    return compare(live, [at for at in known if at not in newer], objects, started_ms - grace_ms)


def report(audit: Audit) -> Iterator[str]:
    """One line per kind of disagreement, with the first few and what to do next."""
    kinds: list[tuple[str, list[Any], str]] = [
        ("segments without a row", audit.rows_missing, "is the projection behind? see `sightlog doctor`"),
        ("rows without a fact", audit.rows_without_fact, "run `sightlog rebuild segments`"),
        ("rows doubled", audit.rows_doubled, "run `sightlog rebuild segments`, and tell us"),
        ("segments whose object is missing or cut short", audit.ghosts, "the store lost them; look at its log"),
        ("objects that no fact names", audit.orphans, "left by a crash between store and topic"),
    ]
    for name, found, advice in kinds:
        if found:
            first = ", ".join(
                str(item) if isinstance(item, str) else "/".join(map(str, item)) for item in found[:_SHOWN]
            )
            yield f"{len(found)} {name}: {first}{' …' if len(found) > _SHOWN else ''} ({advice})"


def _segment_facts(settings: Settings) -> Iterator[Any]:
    """Every usable fact on `segments`; what cannot be decoded is the dead letters' business."""
    for record in kafka.read_topic(settings, "segments"):
        try:
            yield codec.decode("segments", record.value)
        except BadFact:
            continue
