"""``sightlog check``: do the facts, the rows and the objects agree?"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from cli import checked, mended
from cli.checked import Tell
from cli.console import progress_bar
from cli.telling import tell
from infra.kafka import KafkaLog
from infra.objects import S3Store
from infra.settings import Settings, load
from projections.motion.audit import ScanAudit
from projections.protected_ranges.audit import RangeAudit
from projections.segments.audit import Audit, Told

_SHOWN = 10
_PATIENCE_S = 10.0


def check(
    data: Annotated[Path | None, typer.Option(help="Folder of the running stack (SIGHTLOG_DATA)")] = None,
    grace_s: Annotated[int, typer.Option(help="Objects younger than this may still be on their way to a fact")] = 600,
    repair: Annotated[bool, typer.Option("--repair", help="Mend what can be mended, after a question")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Mend without a question")] = False,
    more_than_half: Annotated[
        bool, typer.Option("--more-than-half", help="Mend also when more than half would go: a store that is lost")
    ] = False,
) -> None:
    """Compare facts, rows and objects of all footage, both ways, and facts and rows of motion and protected ranges.

    Changes nothing, unless told to: --repair deletes objects that no fact names, and tells that footage is gone whose
    object the store has lost. Rows are mended by sightlog rebuild.

    Exit code 0: they agree, or do so now. 1: they do not; each disagreement is listed. 2: a repair was refused.

    Examples:

        sightlog check
        sightlog check --grace-s 0
        sightlog check --repair
    """
    settings = load(data=data)
    settings.require_servers()
    with _progress() as advance:
        found = checked.footage(settings, grace_s * 1000, _PATIENCE_S, advance)
        scans = checked.verdicts(settings, found.told, _PATIENCE_S, advance)
        ranges = checked.ranges(settings, _PATIENCE_S, advance)
    for line in (
        *totals(found.audit, scans, ranges),
        *report(found.audit),
        *report_scans(scans),
        *report_ranges(ranges),
    ):
        tell(line)
    if found.audit.is_whole and scans.is_whole and ranges.is_whole:
        tell("facts, rows and objects agree")
        return
    wanted = mended.plan(found)
    if not (repair and wanted):
        raise typer.Exit(1)
    if not more_than_half and (why := mended.too_much(found)):
        _refuse(f"{why} Nothing was changed; --more-than-half mends all the same")
    _ask(wanted, yes)
    _mend(settings, found, wanted)
    if not _is_mended(found.audit, scans, ranges):
        raise typer.Exit(1)


def run(settings: Settings, grace_ms: int) -> Audit:
    """The audit of a live system's footage, at once: a projection that is behind is not waited for."""
    return checked.footage(settings, grace_ms, 0, _silent).audit


def verdicts(settings: Settings) -> ScanAudit:
    """The same of what was said of motion."""
    return checked.verdicts(settings, Told(checked.Topic(settings, "segments", _silent).facts()), 0, _silent)


def totals(audit: Audit, scans: ScanAudit, ranges: RangeAudit) -> Iterator[str]:
    """How much was compared."""
    yield f"{audit.facts} segments by facts, {audit.rows} rows, {audit.objects} objects"
    if audit.going:
        yield f"{audit.going} of them are being deleted at this moment"
    yield f"{scans.facts} verdicts of motion by facts, {scans.rows} rows"
    yield f"{ranges.facts} protected ranges by facts, {ranges.rows} rows"


def report(audit: Audit) -> Iterator[str]:
    """One line per kind of disagreement, with the first few and what to do next."""
    kinds: list[tuple[str, list[Any], str]] = [
        ("segments without a row", audit.rows_missing, "is the projection behind? see `sightlog doctor`"),
        ("rows without a fact", audit.rows_without_fact, "run `sightlog rebuild segments`"),
        ("rows doubled", audit.rows_doubled, "run `sightlog rebuild segments`, and tell us"),
        (
            "segments whose object is missing", audit.ghosts,
            "if `effects` died over them, start it; else the store lost them, and --repair tells so",
        ),
        ("segments whose object has another size", audit.damaged, "the store cut them short; look at its log"),
        (
            "objects that no fact names", audit.orphans,
            "left by a crash between store and topic; --repair deletes them",
        ),
    ]  # fmt: skip
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


def report_ranges(audit: RangeAudit) -> Iterator[str]:
    """The same of protected ranges."""
    kinds: list[tuple[str, list[Any], str]] = [
        ("protected ranges without their row", audit.missing, "is the projection behind? see `sightlog doctor`"),
        ("rows where no protected range begins", audit.strange, "run `sightlog rebuild protected_ranges`"),
    ]
    return _listed(kinds)


def _listed(kinds: list[tuple[str, list[Any], str]]) -> Iterator[str]:
    for name, found, advice in kinds:
        if found:
            first = ", ".join(
                str(item) if isinstance(item, str) else "/".join(map(str, item)) for item in found[:_SHOWN]
            )
            yield f"{len(found)} {name}: {first}{' …' if len(found) > _SHOWN else ''} ({advice})"


def _ask(wanted: mended.Plan, yes: bool) -> None:
    """Return once a person agrees, or has agreed before."""
    question = f"Delete {len(wanted.orphans)} objects, and tell that {len(wanted.ghosts)} segments are gone?"
    if yes:
        return
    if not sys.stdin.isatty():
        _refuse(f"{question} Nobody can be asked here; --yes does it")
    if not typer.confirm(question):
        _refuse("Nothing was changed")


def _mend(settings: Settings, found: checked.Footage, wanted: mended.Plan) -> None:
    log = KafkaLog(settings, "check")
    try:
        done = mended.mend(settings, found, wanted, S3Store(settings), log)
    finally:
        log.close()
    tell(f"{done.deleted} objects deleted, {done.told} segments told as gone; their rows follow")
    for one in done.refused[:_SHOWN]:
        tell(f"the store keeps {one.key}: {one.code}")
    if done.refused:
        raise typer.Exit(1)


def _is_mended(audit: Audit, scans: ScanAudit, ranges: RangeAudit) -> bool:
    """True when nothing else was wrong than what a repair mends."""
    rows = audit.rows_missing or audit.rows_without_fact or audit.rows_doubled
    return not (rows or audit.damaged) and scans.is_whole and ranges.is_whole


def _refuse(why: str) -> None:
    tell(why, err=True)
    raise typer.Exit(2)


@contextmanager
def _progress() -> Iterator[Tell]:
    """Bars on a terminal, one for each thing that is read."""
    with progress_bar() as bars:
        tasks: dict[str, Any] = {}

        def advance(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(what, total=total)
            bars.update(tasks[what], completed=done, total=total)

        yield advance


def _silent(_what: str, _done: int, _total: int) -> None:
    """Nobody watches."""
