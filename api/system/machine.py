"""What only whoever starts the API can know of the system, as answers need it."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from msgspec import Struct

from projections.dead_letters.reads import CountedLetters


class Part(Struct, frozen=True, kw_only=True):
    """One of our programs, or a server that we started ourselves."""

    name: str
    about: str
    is_well: bool
    since_ms: int | None = None
    """When it was started; None: not known."""
    memory_bytes: int | None = None
    """What it holds in memory; None: not known."""


class Group(Struct, frozen=True, kw_only=True):
    """One consumer group between a camera and the deletion of its footage."""

    group: str
    service: str
    """Who should work for it."""
    workers: int
    records: int
    """Not read yet."""


class Warned(Struct, frozen=True, kw_only=True):
    """Something that is not well."""

    level: str
    """``warn``, or ``fail`` where something does not work."""
    subject: str
    what: str
    advice: str
    """What to do; empty: nothing, or it is known to nobody."""


class Rebuild(Struct, frozen=True, kw_only=True):
    """Tables that are being made anew beside those that are shown, and how far one topic has been read for them."""

    projection: str
    generation: int
    topic: str
    facts: int
    """Records on the topic."""
    left: int
    """Of these, not read yet."""


class Machine(Protocol):
    """Every method blocks, and may take seconds while a server is away. Raises LogUnavailable, DatabaseUnavailable."""

    def parts(self) -> Sequence[Part]:
        """What runs on this machine; where nobody supervises, nothing is known."""

    def groups(self) -> Sequence[Group]:
        """Every group, in the order in which facts come to it."""

    def warnings(self) -> Sequence[Warned]:
        """What is not well, in the order in which it should be mended."""

    def rebuilds(self) -> Sequence[Rebuild]:
        """What is being made anew, by projection and topic."""

    def letters(self) -> Sequence[CountedLetters]:
        """Letters by who wrote them and why, the most first."""

    def versions(self) -> Mapping[str, str]:
        """Of the code that runs, and of the servers that tell theirs."""
