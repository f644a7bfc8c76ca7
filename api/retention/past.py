"""The footage of many cameras, some cameras at a time: what reports and what-if go through."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

from api.access.scope import Scope
from api.archive import Archive
from api.errors import Problem
from projections.footage.reads import Waiting
from schemas.facts import MediaConfigured
from schemas.intervals import Span
from schemas.protection import ProtectConfig
from schemas.what_if import Held, Hours

AT_ONCE = 250
"""Cameras whose hours are in memory together."""
_PAGE = 1000


class Footage(Protocol):
    """What was ever stored, as arrays; every method blocks. Raises DatabaseUnavailable. A camera's number is its place
    in ``names``."""

    def recorded(self) -> list[str]:
        """Every camera that ever recorded, by name."""

    def hours(self, names: Sequence[str], span: Span) -> Hours:
        """Every hour of ``span`` in which footage of these cameras begins, by camera and hour."""

    def held(self, names: Sequence[str], span: Span) -> Held:
        """What protects footage of these cameras in ``span``, and what did until it went all the same."""

    def held_by(self, names: Sequence[str], protect: ProtectConfig, span: Span) -> Held:
        """What would protect footage in ``span`` if the episodes of these cameras did so by ``protect``, and locks."""

    def freed(self, names: Sequence[str], span: Span) -> int:
        """Bytes of these cameras that were deleted in ``span``."""

    def waiting(self, names: Sequence[str]) -> Mapping[str, Waiting]:
        """Camera → its decisions to delete that wait; those that have any."""


class Chosen(NamedTuple):
    """A camera that is asked about, as it is configured."""

    media: str
    config: MediaConfigured


def chosen(
    archive: Archive, footage: Footage, scope: Scope, media: Sequence[str] | None, labels: Sequence[str] = ()
) -> list[Chosen]:
    """The cameras of these names or with one of these labels, by name; without either all that were ever configured or
    recorded. 404 names those that nobody knows, 403 one that the caller may not configure; where none is named, those
    that they may.

    A camera that is not configured any more is kept as a camera is about which nobody said anything.
    """
    for name in media or ():
        scope.require("configure", name)
    known = {name: MediaConfigured(media=name, observed_ms=0) for name in footage.recorded()}
    known |= {one.media: one for one in _configured(archive)}
    known = {name: config for name, config in known.items() if scope.may("configure", name)}
    if unknown := [name for name in media or () if name not in known]:
        raise Problem(404, "no-such-media", f"no camera is called {', '.join(map(repr, unknown[:10]))}")
    wanted = set(known if media is None and not labels else media or ())
    wanted |= {name for name, config in known.items() if set(config.labels) & set(labels)}
    return [Chosen(name, known[name]) for name in sorted(wanted)]


def parts(cameras: Sequence[Chosen]) -> Iterator[Sequence[Chosen]]:
    """The cameras, so many at a time as are in memory together."""
    return (cameras[first : first + AT_ONCE] for first in range(0, len(cameras), AT_ONCE))


def _configured(archive: Archive) -> Iterator[MediaConfigured]:
    page = archive.cameras("", _PAGE)
    while page:
        yield from (one.config for one in page)
        page = archive.cameras(page[-1].config.media, _PAGE) if len(page) == _PAGE else []
