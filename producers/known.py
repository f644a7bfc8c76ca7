"""The cameras as the registry last had them, kept on disk: a start records whether or not the broker answers."""

from collections.abc import Iterable
from pathlib import Path

from infra import journal
from infra.private import write_private
from schemas import codec, topics
from schemas.errors import BadFact
from schemas.facts import MediaConfigured, MediaRemoved


class KnownCameras:
    """What was last known of every camera. The file is for its owner only: sources hold passwords."""

    def __init__(self, path: Path, part: str = "recorder") -> None:
        self._path = path
        self._log = journal.get(part)
        self._facts = {fact.media: fact for fact in self._read()}

    @property
    def facts(self) -> list[MediaConfigured]:
        """Every camera, by name."""
        return [self._facts[media] for media in sorted(self._facts)]

    def learn(self, news: Iterable[MediaConfigured | MediaRemoved]) -> None:
        """Take in what the registry says. A disk that refuses is told; the next news tries again."""
        before = dict(self._facts)
        for fact in news:
            if isinstance(fact, MediaConfigured):
                self._facts[fact.media] = fact
            else:
                self._facts.pop(fact.media, None)
        if self._facts == before:
            return
        try:
            write_private(self._path, b"\n".join(map(codec.encode, self.facts)).decode())
        except OSError as error:
            self._log.warning("the list of cameras cannot be kept", file=str(self._path), error=error)

    def _read(self) -> list[MediaConfigured]:
        lines = self._path.read_bytes().splitlines() if self._path.is_file() else []
        try:
            return [codec.decode(topics.MEDIA.name, line) for line in lines]
        except BadFact as error:  # the registry has it all; only a start without a broker is poorer
            self._log.warning("the kept list of cameras cannot be read", file=str(self._path), error=error)
            return []
