"""A world in which every route has something to say of camera ``gate``, and people who may one thing each with it."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from hashlib import sha256
from typing import Any
from unittest.mock import patch

import msgspec
from fastapi import FastAPI

from api.app import create
from cli.api_service import doors
from infra import clock
from schemas import codec
from schemas.access import BrandingConfigured, GroupConfigured, SessionOpened, ShareIssued, TokenIssued, UserConfigured
from schemas.facts import AlarmReceived, DeadLettered, LockRequested, MediaConfigured
from tests.accepted_facts import accepted, refused
from tests.access_facts import audited
from tests.alarm_facts import alarm, mail
from tests.expiration_facts import expired
from tests.footage import Footage, Shape, record
from tests.people import group, user
from tests.scan_facts import asked, looked, scan, started
from tests.unit.api.client import World

RIGHTS = ("live", "archive", "export", "protect", "configure")
NOW_MS = clock.now_ms()
START_MS = NOW_MS - 41_000
SEEN, OTHER = "gate", "yard"
EPISODE, ALARM, LOCK, EXPIRATION, SHARE, TOKEN_ID, SESSION = 7001, 7002, 7003, 7004, 7005, 7006, 7007
PICTURE = "previews/" + "a" * 64 + ".jpg"
MAIL = "mails/" + "b" * 64 + ".eml"


def people() -> dict[str, tuple[str, ...]]:
    """Login → rights on ``gate``: one for each set of rights that some route asks for, and whoever has none."""
    sets = [(right,) for right in RIGHTS] + [("archive", "export"), ("archive", "protect"), ()]
    return {"-".join(rights) or "stranger": rights for rights in sets}


GROUPS = tuple(f"of-{login}" for login, rights in people().items() if rights)


def secret_of(login: str) -> str:
    """The token of a user; they have one each, with every scope but admin."""
    return f"sl_secret-of-{login}"


@cache
def footage() -> list[Footage]:
    """Forty seconds of ``gate`` that ended a second ago."""
    shape = Shape(media=SEEN, start_ms=START_MS, seconds=40, segment_ms=4000, width=64, height=36, fps=5, gop=5)
    return record(shape)


class _Forward:
    """The log of the world seeded last, for doors that are made once."""

    to: Any = None

    def append(self, fact: Any) -> Any:
        return self.to.append(fact)


_FORWARD = _Forward()


@cache
def with_doors() -> FastAPI:
    """An app with all routes, those of doors too."""
    world = World()
    return create(world.settings, world.app.state.deps, doors(_FORWARD))  # type: ignore[arg-type]


@contextmanager
def seeded() -> Iterator[World]:
    """The world, anew, with every door. Its time goes on from ``NOW_MS``, however long ago that was."""
    like, world = with_doors(), World()
    like.dependency_overrides.clear()
    world.app.router.routes, world.app.dependency_overrides = like.router.routes, like.dependency_overrides
    _FORWARD.to = world.log
    _configure(world)
    world.keep(footage())
    _mark(world)
    _retain(world)
    _operate(world)
    began_ms, real = clock.now_ms(), clock.now_ms
    try:
        with patch.object(clock, "now_ms", lambda: NOW_MS + real() - began_ms):
            yield world
    finally:
        world.audit.close()
        world.access.close()
        world.registry.close()


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


def _configure(world: World) -> None:
    groups: list[GroupConfigured] = []
    users: list[UserConfigured] = [user("boss", "", admin=True)]
    tokens = [msgspec.structs.replace(_token(98, "boss"), scopes=(*RIGHTS, "admin"))]
    for number, (login, rights) in enumerate(people().items(), 1):
        given = {right: right in rights for right in RIGHTS}
        groups += [group(f"of-{login}", **given)] if rights else []
        users.append(user(login, "", groups=(f"of-{login}",) if rights else ()))
        tokens.append(_token(number, login))
    groups.append(group("neighbours", **dict.fromkeys(RIGHTS, True)))
    users.append(user("neighbour", "", groups=("neighbours",)))
    tokens.append(_token(99, "neighbour"))
    own = TokenIssued(token_id=TOKEN_ID, user="", digest=_digest("sl_own"), scopes=("live",), observed_ms=NOW_MS)
    world.tell(
        *groups, *users, *tokens, msgspec.structs.replace(own, user="boss"),
        ShareIssued(
            share_id=SHARE, user="", digest=_digest("sls_own"), media=SEEN, from_ms=START_MS, to_ms=NOW_MS,
            expires_ms=NOW_MS + 3_600_000, observed_ms=NOW_MS,
        ),
        SessionOpened(
            session_id=SESSION, user="", digest=_digest("cookie"), expires_ms=NOW_MS + 3_600_000, observed_ms=NOW_MS
        ),
        BrandingConfigured(title="House", logo_key="logo.png", observed_ms=NOW_MS),
    )  # fmt: skip
    for media, theirs in ((SEEN, GROUPS), (OTHER, ("neighbours",))):
        world.log.append(MediaConfigured(media=media, observed_ms=1, groups=theirs))
        world.alarms.camera(media, NOW_MS - 1000)
        world.protection.places[media] = 0


def _token(token_id: int, login: str) -> TokenIssued:
    return TokenIssued(
        token_id=token_id, user=login, digest=_digest(secret_of(login)), scopes=RIGHTS, observed_ms=NOW_MS
    )


def _mark(world: World) -> None:
    end_ms = START_MS + 20_000
    times: dict[str, Any] = {"opened_at": START_MS + 5000, "updated_at": end_ms, "closed_at": end_ms}
    told = accepted(at_ms=START_MS + 20_000, pictures={"preview_key": PICTURE}, episode_id=EPISODE, media=SEEN, **times)
    world.episodes.accept(told)
    world.episodes.refuse(refused(1, at_ms=START_MS + 21_000, episode_id=EPISODE, media=SEEN, **times))
    mailed: AlarmReceived = alarm(1, SEEN, START_MS + 6000, preview_key=PICTURE, mail_key=MAIL)
    world.alarms.receive(msgspec.structs.replace(mailed, alarm_id=ALARM))
    world.motion.all.append(scan(SEEN, START_MS, length_ms=4000))
    world.store.put(PICTURE, b"\xff\xd8\xff\xd9", "image/jpeg")
    world.store.put(MAIL, b"Subject: x\r\n\r\nbody of the mail\r\n", "message/rfc822")


def _retain(world: World) -> None:
    lock = LockRequested(
        media=SEEN, observed_ms=START_MS + 1000, start_ms=START_MS, end_ms=START_MS + 8000, lock_id=LOCK,
        reason="a reason to keep", requested_by="boss",
    )  # fmt: skip
    world.protection.show(lock)
    going = expired(SEEN, START_MS + 1000, 2000)
    world.retention.facts = [msgspec.structs.replace(going, expiration_id=EXPIRATION)]
    world.history.facts += [one.fact for one in footage()]
    world.footage.record(SEEN, START_MS - START_MS % 3_600_000, 1000)


def _operate(world: World) -> None:
    value = codec.encode(mail(b"Subject: x\r\n\r\ny"))
    world.letters.post(
        DeadLettered(
            topic="mails", partition=0, offset=0, key=SEEN.encode(), value=value, consumer="processor-alarms",
            error="no_match", reason="no word", failed_ms=NOW_MS, code_version="1",
        )
    )  # fmt: skip
    for fact in (asked("night", media=(SEEN,)), started("night"), looked("night")):
        world.runs.show(fact)
    world.store.put("logo.png", b"\x89PNG", "image/png")
    world.actions.show(audited(1, NOW_MS, media=SEEN))
