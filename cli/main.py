"""``sightlog``: every command, and what a person sees when something is wrong."""

import importlib
import inspect
import re
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

import typer

from infra.clickhouse import DatabaseUnavailable
from infra.embedded.parts import StackError
from infra.log import LogUnavailable
from infra.objects import StoreRefused, StoreUnavailable
from infra.plain import plain
from infra.settings import BadSettings

COMMANDS = ("up", "demo", "run", "doctor", "check", "rebuild", "topics", "schemas", "ingest", "explain", "audit")
"""Each is the function of its name in the module of its name."""

GROUPS = (
    "group", "letters", "lock", "media", "motion", "reprocess", "retention", "smtp", "sources", "token", "user",
)  # fmt: skip
"""Commands of two words, by the first: a module with what it is ABOUT, and the second WORDS."""

EXPECTED = (BadSettings, StackError, LogUnavailable, DatabaseUnavailable, StoreUnavailable, StoreRefused)
"""What an operator can cause and mend: one line, no traceback."""

ABOUT = """Event-sourced archive for surveillance cameras: every decision is a fact.

Start here:

    sightlog demo          four cameras that need no camera

    sightlog up            the same without them

    sightlog doctor        what is wrong, and what to do
"""


def build(only: str = "") -> typer.Typer:
    """The command line, ready to be called. ``only``: with this command or group alone, where there is one of the name.

    What the others import costs a second.
    """
    app = typer.Typer(help=ABOUT, no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None)
    app.callback()(_nothing)  # without it, a single command would take no name
    is_known = only in COMMANDS or only in GROUPS
    for name in (one for one in COMMANDS if one == only or not is_known):
        command = getattr(_module(name), name)
        app.command(help=_as_written(command))(command)
    for name in (one for one in GROUPS if one == only or not is_known):
        app.add_typer(_group(_module(name)), name=name)
    return app


def _group(module: ModuleType) -> typer.Typer:
    group = typer.Typer(help=module.ABOUT, no_args_is_help=True, rich_markup_mode=None)
    for word, command in module.WORDS.items():
        group.command(word, help=_as_written(command))(command)
    return group


def _module(name: str) -> ModuleType:
    return importlib.import_module(f"cli.commands.{name}")


def _nothing() -> None:
    pass


def _as_written(command: Callable[..., Any]) -> str:
    """A command's docstring whose indented lines stay lines: click would join them into a paragraph."""
    return re.sub(r"\n\n(?=    )", "\n\n\b\n", inspect.cleandoc(command.__doc__ or ""))


def main() -> None:
    """Run the command line; exit code 2 when the operator has something to mend."""
    try:
        build(only=sys.argv[1] if len(sys.argv) > 1 else "")()
    except EXPECTED as error:
        for line in str(error).splitlines():
            sys.stderr.write(f"sightlog: {plain(line)}\n")
        sys.exit(2)


if __name__ == "__main__":
    main()
