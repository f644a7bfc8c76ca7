"""Callers of the API in tests."""

from collections.abc import Iterable

from api.access.scope import EVERYTHING, Scope


def only(media: Iterable[str]) -> Scope:
    """Somebody who may do everything with these cameras, and knows of no others."""
    return Scope(who="anna", user="anna", via="session", admin=False, grants=dict.fromkeys(media, EVERYTHING))
