"""What a running API holds, passed in by whoever starts it, and how a request reaches it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Path, Request

from api.access.audit import Audit
from api.access.known import Access
from api.alarms.health import Health
from api.alarms.store import Alarms, MailRefusals
from api.archive import Archive
from api.episodes.feed import Feed
from api.episodes.store import Episodes
from api.errors import Problem, bad_field
from api.letters.store import Letters
from api.metrics import Metrics
from api.motion.store import Motion, Runs
from api.protection.certainty import Certainty
from api.protection.store import Protection
from api.registry import Registry
from api.retention.past import Footage
from api.retention.store import Expirations, History, Levels
from infra.log import FactLog
from infra.objects import ObjectStore
from infra.settings import Settings
from schemas import media as media_names
from schemas.what_if import MakeWhatIf

Check = Callable[[], object]
"""Returns when a server answers, raises what is wrong otherwise."""


@dataclass(frozen=True)
class Deps:
    """The world behind the API."""

    store: ObjectStore
    log: FactLog
    archive: Archive
    episodes: Episodes
    alarms: Alarms
    refusals: MailRefusals
    letters: Letters
    motion: Motion
    runs: Runs
    protection: Protection
    certainty: Certainty
    retention: Expirations
    levels: Levels
    history: History
    footage: Footage
    what_if: MakeWhatIf
    registry: Registry
    audit: Audit
    access: Access
    checks: Mapping[str, Check] = field(default_factory=dict)
    """Name of a server → how ``/readyz`` asks it."""
    metrics: Metrics = field(default_factory=Metrics)


def _deps(request: Request) -> Deps:
    found: Deps = request.app.state.deps
    return found


def _settings(request: Request) -> Settings:
    found: Settings = request.app.state.settings
    return found


def _archive(request: Request) -> Archive:
    return _deps(request).archive


def _episodes(request: Request) -> Episodes:
    return _deps(request).episodes


def _motion(request: Request) -> Motion:
    return _deps(request).motion


def _runs(request: Request) -> Runs:
    return _deps(request).runs


def _protection(request: Request) -> Protection:
    return _deps(request).protection


def _health(request: Request) -> Health:
    deps = _deps(request)
    return Health(deps.alarms, deps.refusals, deps.letters)


def _feed(request: Request) -> Feed:
    """The one feed of this process: everybody who waits, waits there."""
    found: Feed = request.app.state.feed
    return found


def _secret(request: Request) -> bytes:
    """What our own signed addresses are signed with."""
    found: bytes = request.app.state.token_digest
    return found


def _media_name(media: Annotated[str, Path(description="Name of the camera, percent-encoded")]) -> str:
    """The NFC form of the name in the path; 400 with the rule it breaks."""
    try:
        return media_names.normalise(media)
    except media_names.BadMediaName as error:
        raise Problem(400, "bad-media-name", str(error), errors=[bad_field("media", str(error), "path")]) from None


FromApp = Annotated[Deps, Depends(_deps)]
FromSettings = Annotated[Settings, Depends(_settings)]
Secret = Annotated[bytes, Depends(_secret)]
FromEpisodes = Annotated[Episodes, Depends(_episodes)]
FromHealth = Annotated[Health, Depends(_health)]
FromMotion = Annotated[Motion, Depends(_motion)]
FromRuns = Annotated[Runs, Depends(_runs)]
FromProtection = Annotated[Protection, Depends(_protection)]
FromFeed = Annotated[Feed, Depends(_feed)]
FromArchive = Annotated[Archive, Depends(_archive)]
Media = Annotated[str, Depends(_media_name)]
