"""How motion is sought, as people type it: ``--set NAME=VALUE``."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import typer

from api import motion_text
from cli.console import parsed


def values(sets: Sequence[str] | None, profile: str | None = None, which: str | None = None) -> dict[str, Any]:
    """The fields that are named, as they stand in JSON. What cannot be read ends the command with a sentence."""
    found: dict[str, Any] = {}
    for one in sets or ():
        name, mark, text = one.partition("=")
        if not mark:
            raise typer.BadParameter(f"--set {one!r} is not NAME=VALUE")
        field, value = parsed(partial(motion_text.read, name.strip()), text.strip())
        found[field] = value
    return found | ({"profile": profile} if profile else {}) | ({"detector": which} if which else {})
