"""What a command says: words of people, cameras and servers go to a terminal that shall obey none of them."""

import json
import re
from typing import Any

import typer

from infra.plain import plain

_CONTROL = re.compile("[\x7f-\x9f]")
"""Those that JSON may hold as they are; it escapes the others itself."""


def tell(*lines: object, err: bool = False) -> None:
    """Print each as one line; ``err``: on standard error."""
    for line in lines:
        typer.echo(plain(str(line)), err=err)


def tell_json(value: Any, indent: int | None = 2) -> None:
    """Print a value for programs; ``indent`` None: in one line."""
    text = json.dumps(value, indent=indent, ensure_ascii=False)
    typer.echo(_CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", text))
