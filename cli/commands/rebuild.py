"""``sightlog rebuild``: a projection's tables from the first fact, compared, then swapped in."""

from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.text import Text

from cli.telling import tell
from infra.clock import monotonic_s, sleep_s
from infra.settings import load
from projections import registry
from projections.generations.rebuild import Rebuild, RebuildRefused
from projections.generations.store import Generation

_LOOK_S = 0.5
_UNSERVED_S = 10.0
_LINE_S = 10.0


def rebuild(
    name: Annotated[str, typer.Argument(help="Projection: " + ", ".join(registry.BY_NAME))],
    rollback: Annotated[
        bool, typer.Option("--rollback", help="Go back to the generation kept by the last one")
    ] = False,
    yes: Annotated[
        bool, typer.Option("--yes", help="Show the new tables even where they differ, without asking")
    ] = False,
    data: Annotated[Path | None, typer.Option(help="Folder of the running stack (SIGHTLOG_DATA)")] = None,
) -> None:
    """Make a projection's tables anew from the first fact, compare them with those shown, and swap them in.

    Readers see the old tables until the new ones are complete. The projections service does the reading; this
    command may be stopped and run again. No effect is part of it: nothing is deleted, nobody is notified.

    Exit code 0: swapped. 1: not swapped, and why.

    Examples:

        sightlog rebuild segments
        sightlog rebuild segments --rollback
    """
    settings = load(data=data)
    settings.require_servers()
    if name not in registry.BY_NAME:
        raise typer.BadParameter(f"{name!r} is no projection; there are: {', '.join(registry.BY_NAME)}")
    work = Rebuild(settings, registry.BY_NAME[name])
    try:
        _see_through(work, work.begin_rollback() if rollback else work.begin(), yes)
    except RebuildRefused as refused:
        tell(f"sightlog: {refused}", err=True)
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        tell("the projections service goes on reading; run the same command again to see it through", err=True)
        raise typer.Exit(1) from None


def _see_through(work: Rebuild, generation: Generation, yes: bool) -> None:
    _follow(work, generation)
    tell("comparing with the tables that are shown")
    differ = work.compare_and_swap(generation, accept=yes)
    for line in differ:
        tell(line)
    if differ and not yes:
        if not typer.confirm("Show the new tables all the same?"):
            work.abandon(generation)
            tell("dropped; what is shown has not changed")
            raise typer.Exit(1)
        work.compare_and_swap(generation, accept=True)
    said = "they differ as listed" if differ else "every row is equal"
    tell(f"{generation.projection} now shows generation {generation.number}; {said}")
    tell(f"to go back: sightlog rebuild {generation.projection} --rollback")


def _follow(work: Rebuild, generation: Generation) -> None:
    """Show progress until everything on the topics has been read."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), _Rate(), TimeRemainingColumn())
    begun_s = said_s = monotonic_s()
    with Progress(*columns) as shown:
        task = shown.add_task(f"{generation.projection} generation {generation.number}")
        while True:
            standing = work.progress(generation)
            total, left = sum(one.facts for one in standing), sum(one.lag for one in standing)
            shown.update(task, total=total, completed=total - left)
            if left == 0:
                return
            if not shown.console.is_terminal and monotonic_s() - said_s > _LINE_S:
                said_s = monotonic_s()
                tell(f"{total - left} of {total} facts")
            if total == left and monotonic_s() - begun_s > _UNSERVED_S and not work.is_served():
                raise RebuildRefused(
                    "nobody reads: the projections service is not running. Start it (sightlog run projections,"
                    " or sightlog up) and run the same command again"
                )
            sleep_s(_LOOK_S)


class _Rate(ProgressColumn):
    """Facts per second."""

    def render(self, task: Task) -> Text:
        """The rate of the last seconds; blank before it is known."""
        return Text(f"{task.speed:,.0f} facts/s" if task.speed else "")
