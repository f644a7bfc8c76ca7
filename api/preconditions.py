"""What a request demands of what is there before it changes anything."""

from typing import Annotated

from fastapi import Depends, Header

from api.errors import Problem, bad_field

IfNoneMatch = Annotated[
    str, Header(alias="If-None-Match", description="`*`: only where there is none yet, else 412 `exists`")
]


def _only_new(if_none_match: IfNoneMatch = "") -> bool:
    """Whether only something new may be set: ``If-None-Match: *``. Anything else is 400, for nothing here has tags."""
    if if_none_match not in ("", "*"):
        rule = "only * is known here: nothing that is set has a tag"
        errors = [bad_field("If-None-Match", rule, "header")]
        raise Problem(400, "bad-parameter", f"If-None-Match: {rule}", errors=errors)
    return bool(if_none_match)


OnlyNew = Annotated[bool, Depends(_only_new)]


def require_free(only_new: bool, there: object, field: str, name: str) -> None:
    """412 naming ``field`` where only something new may be set and there is one by this ``name`` already."""
    if only_new and there is not None:
        error = bad_field(field, "exists already", "path")
        raise Problem(412, "exists", f"{field} {name} exists already; nothing was changed", errors=[error])
