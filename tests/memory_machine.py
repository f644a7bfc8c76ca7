"""A machine on which what a test says is so."""

from collections.abc import Mapping, Sequence

from api.system.machine import Group, Part, Rebuild, Warned
from projections.dead_letters.reads import CountedLetters


class StillMachine:
    """Nothing runs, nothing lags, until somebody says so."""

    def __init__(self) -> None:
        self.running: list[Part] = []
        self.behind: list[Group] = []
        self.ill: list[Warned] = []
        self.making: list[Rebuild] = []
        self.written: list[CountedLetters] = []

    def parts(self) -> Sequence[Part]:
        return self.running

    def groups(self) -> Sequence[Group]:
        return self.behind

    def warnings(self) -> Sequence[Warned]:
        return self.ill

    def rebuilds(self) -> Sequence[Rebuild]:
        return self.making

    def letters(self) -> Sequence[CountedLetters]:
        return self.written

    def versions(self) -> Mapping[str, str]:
        return {"sightlog": "1.2.3"}
