"""Cameras exactly as configured, secrets included, followed from topic ``media``. The tables hold no secrets."""

import threading
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from api.followed import Followed
from infra.following import Source
from infra.log import Record
from schemas.facts import MediaConfigured, MediaRemoved

CameraFact = MediaConfigured | MediaRemoved
Groups = tuple[str, ...]


class Registry:
    """The last configuration of every camera. Follows in a thread of its own from the first question on."""

    def __init__(self, open_source: Callable[[], Source]) -> None:
        self._known: dict[str, tuple[int, CameraFact]] = {}
        """Media → (offset, last fact); a media has one partition, so offsets order its facts."""
        self._by_groups: dict[Groups, set[str]] = {}
        self._learning = threading.Lock()
        self.followed = Followed("media", open_source, self._take)
        self.groups_rev = 0
        """Another one whenever a camera has come to other groups."""

    def configured(self, media: str) -> MediaConfigured | None:
        """The configuration as it was sent; waits until the topic has been read. Raises LogUnavailable."""
        self.followed.wait()
        return self._configured(media)

    def in_group(self, group: str) -> list[MediaConfigured]:
        """The cameras of a group as they were sent, by name; waits as ``configured`` does. Raises LogUnavailable."""
        self.followed.wait()
        names = sorted(name for groups, names in self.by_groups().items() if group in groups for name in names)
        return [config for name in names if (config := self._configured(name))]

    def every(self) -> list[MediaConfigured]:
        """All cameras as they were sent; waits as ``configured`` does. Raises LogUnavailable."""
        self.followed.wait()
        with self._learning:
            return [fact for _, fact in self._known.values() if isinstance(fact, MediaConfigured)]

    def by_groups(self) -> Mapping[Groups, tuple[str, ...]]:
        """Names of the cameras that are in any group, by the groups they are in; as far as the topic has been read."""
        with self._learning:
            return {groups: tuple(names) for groups, names in self._by_groups.items()}

    def counted(self) -> Mapping[str, int]:
        """How many cameras each group has; 0 for one that has none."""
        return Counter(group for groups, names in self.by_groups().items() for _ in names for group in groups)

    def learn(self, fact: CameraFact, offset: int) -> None:
        """Take a fact that stands at ``offset``, unless a later one is known; so our own writes count at once."""
        with self._learning:
            known_at, before = self._known.get(fact.media, (-1, None))
            if offset >= known_at:
                self._known[fact.media] = (offset, fact)
                self._regroup(fact.media, _groups(before), _groups(fact))

    def close(self) -> None:
        """Stop following."""
        self.followed.close()

    def _take(self, record: Record, fact: Any) -> None:
        self.learn(fact, record.offset)

    def _configured(self, media: str) -> MediaConfigured | None:
        _, fact = self._known.get(media, (0, None))
        return fact if isinstance(fact, MediaConfigured) else None

    def _regroup(self, media: str, before: Groups, after: Groups) -> None:
        if before == after:
            return
        if before:
            self._by_groups[before].discard(media)
            if not self._by_groups[before]:
                del self._by_groups[before]
        if after:
            self._by_groups.setdefault(after, set()).add(media)
        self.groups_rev += 1


def _groups(fact: CameraFact | None) -> Groups:
    return tuple(sorted(set(fact.groups))) if isinstance(fact, MediaConfigured) else ()
