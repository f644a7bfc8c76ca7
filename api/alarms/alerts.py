"""Who may tell people of a silence, and of its end: a fold over topic ``alerts``. Knows no clock.

Any number of processes see the same cameras. Each appends a claim before it tells; the first claim on the topic counts,
for as long as a telling may take. What was told is never claimed again.
"""

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from api.alarms.health import Standing
from schemas.facts import AlertClaimed, AlertDelivered

CLAIM_MS = 5 * 60_000
"""A claim that has told nothing for so long is nobody's: its process died, or reached nobody."""
Alert = Literal["silent", "heard"]


class Thing(NamedTuple):
    """One thing worth telling once."""

    media: str
    alert: Alert
    since_ms: int
    """The camera's last mail before the silence."""


class _Claim(NamedTuple):
    process: str
    at_ms: int
    is_told: bool

    def stands_at(self, now_ms: int) -> bool:
        """True while nobody else may claim."""
        return self.is_told or now_ms < self.at_ms + CLAIM_MS


class Alerts:
    """What was claimed and told of each camera's latest silence."""

    def __init__(self) -> None:
        self._silences: dict[str, tuple[int, dict[Alert, _Claim]]] = {}

    def apply(self, fact: AlertClaimed | AlertDelivered) -> None:
        """Take the next fact of the topic. An older silence than one already known changes nothing."""
        since_ms, claims = self._silences.get(fact.media, (-1, {}))
        if fact.since_ms < since_ms:
            return
        if fact.since_ms > since_ms:
            claims = {}
        told = isinstance(fact, AlertDelivered)
        if told or not (fact.alert in claims and claims[fact.alert].stands_at(fact.observed_ms)):
            claims[fact.alert] = _Claim(fact.process, fact.observed_ms, told)
        if fact.alert == "heard" and "silent" not in claims:  # compaction leaves the last fact of a camera alone
            claims["silent"] = _Claim(fact.process, fact.observed_ms, True)
        self._silences[fact.media] = fact.since_ms, claims

    def untold(self, standings: Iterable[Standing]) -> Iterator[Thing]:
        """What is worth telling and was not told. Cameras that are switched off fall silent untold."""
        for camera, state, _ in standings:
            since_ms, claims = self._silences.get(camera.media, (-1, {}))
            if camera.last_ms is None:
                continue
            thing = None
            if state == "silent" and camera.enabled and camera.last_ms >= since_ms:
                thing = Thing(camera.media, "silent", camera.last_ms)
            elif state == "ok" and camera.last_ms > since_ms and "silent" in claims and claims["silent"].is_told:
                thing = Thing(camera.media, "heard", since_ms)
            claim = self._claim(thing) if thing else None
            if thing and not (claim and claim.is_told):
                yield thing

    def is_free(self, thing: Thing, now_ms: int) -> bool:
        """True when no claim to it stands."""
        claim = self._claim(thing)
        return claim is None or not claim.stands_at(now_ms)

    def is_held(self, thing: Thing, process: str) -> bool:
        """True when this process is the one that tells it."""
        claim = self._claim(thing)
        return claim is not None and not claim.is_told and claim.process == process

    def _claim(self, thing: Thing) -> _Claim | None:
        since_ms, claims = self._silences.get(thing.media, (-1, {}))
        return claims.get(thing.alert) if since_ms == thing.since_ms else None
