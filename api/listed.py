"""Lists in query parameters: parts between commas, each checked."""

from collections.abc import Callable

from api.errors import bad_query
from schemas import media as media_names


def listed(name: str, text: str | None, read: Callable[[str], str]) -> tuple[str, ...] | None:
    """The parts of a list with commas, sorted, each once, each as ``read`` gives it; 400 for one that it refuses."""
    if text is None:
        return None
    try:
        return tuple(sorted({read(part) for part in text.split(",")}))
    except ValueError as error:
        raise bad_query(name, str(error)) from None


def cameras(text: str | None) -> tuple[str, ...] | None:
    """The parameter ``media``: names of cameras as they are stored."""
    return listed("media", text, media_names.normalise)
