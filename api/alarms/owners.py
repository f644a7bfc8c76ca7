"""Whose mails could not be read, as far as their way tells. Pure."""

from collections.abc import Iterable, Sequence

from projections.alarms.reads import Reach
from projections.dead_letters.reads import MailLetters
from schemas.folding import folded


def owners(cameras: Sequence[Reach], letters: Iterable[MailLetters]) -> dict[str, MailLetters]:
    """Camera → the letters about mails that came by its name, its login or one of its aliases.

    A login or a sender that several cameras share is a way of each of them: any may be the one that is not understood.
    """
    ways: dict[str, list[str]] = {}
    for camera in cameras:
        for name in _names(camera):
            ways.setdefault(name, []).append(camera.media)
    found: dict[str, MailLetters] = {}
    for one in letters:
        for media in {media for name in _read(one.route) for media in ways.get(name, ())}:
            found[media] = one.joined(found[media]) if media in found else one
    return found


def _names(camera: Reach) -> set[str]:
    aliases = (alias.partition("#")[0] for alias in camera.mail_aliases)
    return {folded(name) for name in (camera.media, camera.mail_login, *aliases) if name}


def _read(route: str) -> set[str]:
    """The names in a route: all of it, and what stands before ``@``, without ``+tag``."""
    whole = folded(route)
    local = whole.rpartition("@")[0] or whole
    return {whole, local, local.partition("+")[0]}
