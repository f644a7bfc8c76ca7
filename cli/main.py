"""``sightlog``: every command, and what a person sees when something is wrong."""

import inspect
import re
import sys
from collections.abc import Callable
from typing import Any

import typer

from cli.commands import (
    check,
    demo,
    doctor,
    explain,
    ingest,
    letters,
    lock,
    media,
    motion,
    rebuild,
    reprocess,
    retention,
    run,
    schemas,
    smtp,
    sources,
    topics,
    up,
)
from infra.clickhouse import DatabaseUnavailable
from infra.embedded.parts import StackError
from infra.log import LogUnavailable
from infra.objects import StoreRefused, StoreUnavailable
from infra.settings import BadSettings

COMMANDS: tuple[Callable[..., Any], ...] = (
    up.up, demo.demo, run.run, doctor.doctor, check.check, rebuild.rebuild, topics.topics,
    schemas.schemas, ingest.ingest, explain.explain,
)  # fmt: skip

GROUPS: dict[str, tuple[str, dict[str, Callable[..., Any]]]] = {
    "letters": (letters.ABOUT, letters.WORDS),
    "lock": (lock.ABOUT, lock.WORDS),
    "media": (media.ABOUT, media.WORDS),
    "motion": (motion.ABOUT, motion.WORDS),
    "reprocess": (reprocess.ABOUT, reprocess.WORDS),
    "retention": (retention.ABOUT, retention.WORDS),
    "smtp": (smtp.ABOUT, smtp.WORDS),
    "sources": (sources.ABOUT, sources.WORDS),
}
"""Commands of two words: the first word, what it is about, and the second words."""

EXPECTED = (BadSettings, StackError, LogUnavailable, DatabaseUnavailable, StoreUnavailable, StoreRefused)
"""What an operator can cause and mend: one line, no traceback."""

ABOUT = """Event-sourced archive for surveillance cameras: every decision is a fact.

Start here:

    sightlog demo          four cameras that need no camera

    sightlog up            the same without them

    sightlog doctor        what is wrong, and what to do
"""


def build() -> typer.Typer:
    """The command line, ready to be called."""
    app = typer.Typer(help=ABOUT, no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None)
    for command in COMMANDS:
        app.command(help=_as_written(command))(command)
    for name, (about, words) in GROUPS.items():
        group = typer.Typer(help=about, no_args_is_help=True, rich_markup_mode=None)
        for word, command in words.items():
            group.command(word, help=_as_written(command))(command)
        app.add_typer(group, name=name)
    return app


def _as_written(command: Callable[..., Any]) -> str:
    """A command's docstring whose indented lines stay lines: click would join them into a paragraph."""
    return re.sub(r"\n\n(?=    )", "\n\n\b\n", inspect.cleandoc(command.__doc__ or ""))


def main() -> None:
    """Run the command line; exit code 2 when the operator has something to mend."""
    try:
        build()()
    except EXPECTED as error:
        for line in str(error).splitlines():
            sys.stderr.write(f"sightlog: {line}\n")
        sys.exit(2)


if __name__ == "__main__":
    main()
