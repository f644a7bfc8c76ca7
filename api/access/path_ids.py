"""Ids in paths."""

from typing import Annotated

from fastapi import Depends, Path

from api.errors import Problem, bad_field
from schemas import ids


def path_id(text: Annotated[str, Path(alias="id", description="As answered: digits")]) -> int:
    """The id in the path; 400 with the rule."""
    try:
        return ids.parse(text, "id")
    except ValueError as error:
        raise Problem(400, "bad-id", str(error), errors=[bad_field("id", str(error), "path")]) from None


PathId = Annotated[int, Depends(path_id)]
