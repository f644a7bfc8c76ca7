"""What a running API holds, passed in by whoever starts it, and how a request reaches it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request

from api.access.audit import Actions, Audit
from api.access.known import Access
from api.access.passwords import Passwords
from api.access.sign_in import SignIn
from api.alarms.health import Health
from api.alarms.store import Alarms, MailRefusals
from api.archive import Archive
from api.auth import Asking, require
from api.episodes.feed import Feed, VisibleNow
from api.episodes.reviewed import Reviews
from api.episodes.store import Episodes
from api.letters.store import Letters
from api.metrics import Metrics
from api.motion.store import Motion, Runs
from api.protection.certainty import Certainty
from api.protection.store import Protection
from api.registry import Registry
from api.retention.past import Footage
from api.retention.store import Expirations, History, Levels
from api.seen.reach import Reach
from api.seen.world import seen
from api.system.machine import Machine
from infra import clock
from infra.log import FactLog
from infra.objects import ObjectStore
from infra.settings import Settings
from schemas.access import Right
from schemas.visible import Visible
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
    reviews: Reviews
    actions: Actions
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
    machine: Machine
    access: Access
    passwords: Passwords = field(default_factory=Passwords)
    checks: Mapping[str, Check] = field(default_factory=dict)
    """Name of a server → how ``/readyz`` asks it."""
    metrics: Metrics = field(default_factory=Metrics)


def world_of(request: Request) -> Deps:
    """Everything, whoever asks."""
    found: Deps = request.app.state.deps
    return found


class Seen:
    """The world as the caller may see it: footage, and what is told of it, for which they have one of ``rights``."""

    def __init__(self, *rights: Right) -> None:
        self._rights = rights

    async def __call__(self, request: Request, scope: Asking) -> Deps:
        """The stores to ask."""
        return seen(world_of(request), Reach(scope, clock.now_ms(), self._rights))


def _visible_now(request: Request) -> VisibleNow:
    async def now() -> Visible:
        return Reach(await require(request), clock.now_ms()).visible

    return now


def _settings(request: Request) -> Settings:
    found: Settings = request.app.state.settings
    return found


def _feed(request: Request) -> Feed:
    """The one feed of this process: everybody who waits, waits there. It tells what the search that it is given may."""
    found: Feed = request.app.state.feed
    return found


def _sign_in(request: Request) -> SignIn:
    """The one of this process: it counts who was wrong."""
    found: SignIn = request.app.state.sign_in
    return found


def _secret(request: Request) -> bytes:
    """What our own signed addresses are signed with."""
    found: bytes = request.app.state.token_digest
    return found


FromWorld = Annotated[Deps, Depends(world_of)]
"""Everything, whoever asks: for routes that are open, and for those that tests/architecture/test_access.py names."""
FromApp = Annotated[Deps, Depends(Seen("archive"))]
"""What the caller may see of the archive. Whatever else is here is for who has the right that the route asks for."""
FromAppToLook = Annotated[Deps, Depends(Seen("archive", "live"))]
"""The same, and what is recorded now where they may watch live."""
FromAppToProtect = Annotated[Deps, Depends(Seen("archive", "protect"))]
FromAppToConfigure = Annotated[Deps, Depends(Seen("archive", "configure"))]
FromVisible = Annotated[VisibleNow, Depends(_visible_now)]
"""Asks anew what the caller may see, whenever it is called: for answers that take their time."""
FromSignIn = Annotated[SignIn, Depends(_sign_in)]
FromSettings = Annotated[Settings, Depends(_settings)]
Secret = Annotated[bytes, Depends(_secret)]


def _archive(app: FromApp) -> Archive:
    return app.archive


def _episodes(app: FromApp) -> Episodes:
    return app.episodes


def _motion(app: FromApp) -> Motion:
    return app.motion


def _runs(app: FromApp) -> Runs:
    return app.runs


def _protection(app: FromApp) -> Protection:
    return app.protection


def _health(app: FromApp) -> Health:
    return Health(app.alarms, app.refusals, app.letters)


FromEpisodes = Annotated[Episodes, Depends(_episodes)]
FromHealth = Annotated[Health, Depends(_health)]
FromMotion = Annotated[Motion, Depends(_motion)]
FromRuns = Annotated[Runs, Depends(_runs)]
FromProtection = Annotated[Protection, Depends(_protection)]
FromFeed = Annotated[Feed, Depends(_feed)]
FromArchive = Annotated[Archive, Depends(_archive)]
