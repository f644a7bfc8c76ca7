"""Who may tell people of a trouble, and of its end: a fold over topic ``alerts``. Knows no clock.

Any number of processes see the same cameras and stores. Each appends a claim before it tells; the first claim on the
topic counts, for as long as a telling may take. What was told is never claimed again.
"""

from collections.abc import Iterable, Iterator
from typing import Any, Literal, NamedTuple

from api.alarms.health import Standing
from projections.storage.reads import StoredExhaustion
from schemas.facts import AlertClaimed, AlertDelivered, RoomAlertClaimed, RoomAlertDelivered

CLAIM_MS = 5 * 60_000
"""A claim that has told nothing for so long is nobody's: its process died, or reached nobody."""
Alert = Literal["silent", "heard", "exhausted", "room"]
"""Of a camera's mail: a silence and its end. Of a store: no room is left to make, and its end."""
Fact = AlertClaimed | AlertDelivered | RoomAlertClaimed | RoomAlertDelivered
_BEGINNINGS: dict[Alert, Alert] = {"heard": "silent", "room": "exhausted"}
"""End → what it is the end of."""


class Thing(NamedTuple):
    """One thing worth telling once."""

    subject: str
    """A camera; or ``store/`` and a store's name, which no camera can have."""
    alert: Alert
    since_ms: int
    """The camera's last mail before the silence, or when it was said that no room is left: which time it is."""

    @property
    def is_of_store(self) -> bool:
        """True where it is about a store."""
        return self.alert in ("exhausted", "room")

    def claimed(self, process: str, now_ms: int) -> Fact:
        """The fact that this process is about to tell it."""
        told = self._told(process, now_ms)
        return RoomAlertClaimed(**told) if self.is_of_store else AlertClaimed(**told)

    def delivered(self, process: str, now_ms: int) -> Fact:
        """The fact that this process has told it."""
        told = self._told(process, now_ms)
        return RoomAlertDelivered(**told) if self.is_of_store else AlertDelivered(**told)

    def _told(self, process: str, now_ms: int) -> dict[str, Any]:
        name = "subject" if self.is_of_store else "media"
        return {name: self.subject, "alert": self.alert, "since_ms": self.since_ms} | {
            "process": process, "observed_ms": now_ms,
        }  # fmt: skip


def subject(store: str) -> str:
    """How alerts call a store."""
    return f"store/{store}"


class _Claim(NamedTuple):
    process: str
    at_ms: int
    is_told: bool

    def stands_at(self, now_ms: int) -> bool:
        """True while nobody else may claim."""
        return self.is_told or now_ms < self.at_ms + CLAIM_MS


class Alerts:
    """What was claimed and told of the latest trouble of each camera and store."""

    def __init__(self) -> None:
        self._troubles: dict[str, tuple[int, dict[Alert, _Claim]]] = {}

    def apply(self, fact: Fact) -> None:
        """Take the next fact of the topic. An older trouble than one already known changes nothing."""
        about = fact.media if isinstance(fact, AlertClaimed | AlertDelivered) else fact.subject
        since_ms, claims = self._troubles.get(about, (-1, {}))
        if fact.since_ms < since_ms:
            return
        if fact.since_ms > since_ms:
            claims = {}
        told = isinstance(fact, AlertDelivered | RoomAlertDelivered)
        if told or not (fact.alert in claims and claims[fact.alert].stands_at(fact.observed_ms)):
            claims[fact.alert] = _Claim(fact.process, fact.observed_ms, told)
        beginning = _BEGINNINGS.get(fact.alert)
        if beginning and beginning not in claims:  # compaction leaves the last fact of a camera or store alone
            claims[beginning] = _Claim(fact.process, fact.observed_ms, True)
        self._troubles[about] = fact.since_ms, claims

    def untold(self, standings: Iterable[Standing]) -> Iterator[Thing]:
        """What is worth telling and was not told. Cameras that are switched off fall silent untold."""
        for camera, state, _ in standings:
            since_ms, claims = self._troubles.get(camera.media, (-1, {}))
            if camera.last_ms is None:
                continue
            thing = None
            if state == "silent" and camera.enabled and camera.last_ms >= since_ms:
                thing = Thing(camera.media, "silent", camera.last_ms)
            elif state == "ok" and camera.last_ms > since_ms and "silent" in claims and claims["silent"].is_told:
                thing = Thing(camera.media, "heard", since_ms)
            if thing and not self._is_told(thing):
                yield thing

    def untold_of_stores(self, exhaustions: Iterable[StoredExhaustion]) -> Iterator[Thing]:
        """What is worth telling of what was said last of each store, and was not told."""
        for said in exhaustions:
            since_ms, claims = self._troubles.get(subject(said.store), (-1, {}))
            thing = None
            if not said.is_over and said.observed_ms >= since_ms:
                thing = Thing(subject(said.store), "exhausted", said.observed_ms)
            elif said.is_over and said.observed_ms > since_ms and "exhausted" in claims and claims["exhausted"].is_told:
                thing = Thing(subject(said.store), "room", since_ms)
            if thing and not self._is_told(thing):
                yield thing

    def is_free(self, thing: Thing, now_ms: int) -> bool:
        """True when no claim to it stands."""
        claim = self._claim(thing)
        return claim is None or not claim.stands_at(now_ms)

    def is_held(self, thing: Thing, process: str) -> bool:
        """True when this process is the one that tells it."""
        claim = self._claim(thing)
        return claim is not None and not claim.is_told and claim.process == process

    def _is_told(self, thing: Thing) -> bool:
        claim = self._claim(thing)
        return claim is not None and claim.is_told

    def _claim(self, thing: Thing) -> _Claim | None:
        since_ms, claims = self._troubles.get(thing.subject, (-1, {}))
        return claims.get(thing.alert) if since_ms == thing.since_ms else None
