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
from projections.motion.audit import ScanAudit, ScanId, ScanRow, told
from projections.motion.audit import compare as compare_scans
from projections.segments.audit import Audit, SegmentId, compare, live_segments
from schemas import codec
from schemas.errors import BadFact

_SHOWN = 10
_ROWS = "SELECT media, start_ms FROM {database}.segments"
_SCANS = "SELECT media, start_ms, run, detector, version, src_partition, src_offset FROM {database}.segment_scans"
_DROPPED = "SELECT run FROM {database}.reprocess_runs WHERE state = 'dropped'"


def check(
    data: Annotated[Path | None, typer.Option(help="Folder of the running stack (SIGHTLOG_DATA)")] = None,
    grace_s: Annotated[int, typer.Option(help="Objects younger than this may still be on their way to a fact")] = 600,
) -> None:
    """Compare facts, rows and objects of all footage, both ways, and facts and rows of its motion. Changes nothing.

    Exit code 0: they agree. 1: they do not; each disagreement is listed.

    Examples:

        sightlog check
        sightlog check --grace-s 0
    """
    settings = load(data=data)
    settings.require_servers()
    audit = run(settings, grace_s * 1000)
    typer.echo(f"{audit.facts} segments by facts, {audit.rows} rows, {audit.objects} objects")
    scans = verdicts(settings)
    typer.echo(f"{scans.facts} verdicts of motion by facts, {scans.rows} rows")
    for line in (*report(audit), *report_scans(scans)):
        typer.echo(line)
    if not (audit.is_whole and scans.is_whole):
        raise typer.Exit(1)
    typer.echo("facts, rows and objects agree")


def run(settings: Settings, grace_ms: int) -> Audit:
    """The audit of a live system. Objects and rows are listed after the facts, so none is missed for being newer."""
    started_ms = now_ms()
    live = live_segments(_facts(settings, "segments"))
    objects = {found.key: found.size_bytes for found in S3Store(settings).list("segments/")}
    rows = Database(settings).rows(_ROWS.format(database=settings.database))
    known = [SegmentId(row["media"], row["start_ms"]) for row in rows]
    newer = live_segments(_facts(settings, "segments")).keys() - live.keys()
    return compare(live, [at for at in known if at not in newer], objects, started_ms - grace_ms)


def verdicts(settings: Settings) -> ScanAudit:
    """The audit of what was said of motion. Rows are listed after the facts, so none is missed for being newer."""
    live = live_segments(_facts(settings, "segments"))
    ends = kafka.end_offsets(settings, "motion")
    database = Database(settings)
    dropped = {row["run"] for row in database.rows(_DROPPED.format(database=settings.database))}
    scans = told(_facts(settings, "motion"), dropped)
    rows = (list(row.values()) for row in database.rows(_SCANS.format(database=settings.database)))
    return compare_scans(scans, (ScanRow(ScanId(*row[:5]), row[5], row[6]) for row in rows), ends, live)


def report(audit: Audit) -> Iterator[str]:
    """One line per kind of disagreement, with the first few and what to do next."""
    kinds: list[tuple[str, list[Any], str]] = [
        ("segments without a row", audit.rows_missing, "is the projection behind? see `sightlog doctor`"),
        ("rows without a fact", audit.rows_without_fact, "run `sightlog rebuild segments`"),
        ("rows doubled", audit.rows_doubled, "run `sightlog rebuild segments`, and tell us"),
        ("segments whose object is missing or cut short", audit.ghosts, "the store lost them; look at its log"),
        ("objects that no fact names", audit.orphans, "left by a crash between store and topic"),
    ]
    return _listed(kinds)


def report_scans(audit: ScanAudit) -> Iterator[str]:
    """The same of motion. Segments that nobody has judged yet are told, and are no disagreement."""
    kinds: list[tuple[str, list[Any], str]] = [
        ("verdicts without a row", audit.rows_missing, "is the projection behind? see `sightlog doctor`"),
        ("verdicts without a fact", audit.rows_without_fact, "run `sightlog rebuild motion`"),
        ("verdicts doubled", audit.rows_doubled, "run `sightlog rebuild motion`, and tell us"),
        ("segments without a verdict of motion", audit.unscanned, "`sightlog run processor:motion` judges them"),
    ]
    return _listed(kinds)


def _listed(kinds: list[tuple[str, list[Any], str]]) -> Iterator[str]:
    for name, found, advice in kinds:
        if found:
            first = ", ".join(
                str(item) if isinstance(item, str) else "/".join(map(str, item)) for item in found[:_SHOWN]
            )
            yield f"{len(found)} {name}: {first}{' …' if len(found) > _SHOWN else ''} ({advice})"


def _facts(settings: Settings, topic: str) -> Iterator[Any]:
    """Every usable fact on a topic; what cannot be decoded is the dead letters' business."""
    for record in kafka.read_topic(settings, topic):
        try:
            yield codec.decode(topic, record.value)
        except BadFact:
            continue
