"""What a processor is: facts of one topic in, facts out, and between them states that it keeps by key."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

from schemas.codec import AnyFact
from schemas.topics import Topic


class States(Protocol):
    """The states of the partition that a fact stands on."""

    @property
    def offset(self) -> int:
        """Where the fact stands on its partition: the same when it is folded again after a crash."""

    def get(self, key: bytes) -> bytes | None:
        """The state last put under ``key``; None: never."""

    def put(self, key: bytes, value: bytes, mark_ms: int | None = None) -> None:
        """Keep ``value`` under ``key``. ``mark_ms``: a time by which ``marked`` finds it; None: it is not sought."""

    def marked(self, until_ms: int, limit: int, since_ms: int = 0) -> list[tuple[int, bytes]]:
        """(mark, key) of states whose mark lies between the two, both included: in that order, ``limit`` at most."""


Fold: TypeAlias = Callable[[Any, States], Sequence[AnyFact]]
"""A fact of the source and the states of its partition → the facts it makes. Sees no clock and no disk, so that the
same facts in the same order always make the same; raises nothing that is not a bug."""


@dataclass(frozen=True, kw_only=True)
class Processor:
    """One processor. Another ``version`` has its own group and its own states: it reprocesses beside the live one."""

    name: str
    version: int
    source: Topic
    fold: Fold
    is_vital: bool = False
    """True where a record that cannot be used may say what keeps footage: it stops the processor, and a person decides.
    Folding what was folded before must tell nothing then."""

    @property
    def consumer(self) -> str:
        """Its name as a consumer: that of its group, of its letters and of its folder."""
        return f"processor-{self.name}-v{self.version}"

    @property
    def changelog(self) -> str:
        """The topic, without prefix, that its states are kept on."""
        return f"{self.consumer}-states"
