"""Who may log in, and for which cameras a login speaks. Pure: the registry's facts in, verdicts out."""

import hmac
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from schemas.facts import MediaConfigured
from schemas.folding import folded

_NOBODY = b"\x00 no password is this"


@dataclass(frozen=True)
class Grant:
    """A login that was right."""

    login: str
    """As configured, or as said where any login is taken."""
    cameras: frozenset[str] | None
    """Media it may speak for; None: every one."""


@dataclass(frozen=True)
class _Pair:
    login: str
    passwords: tuple[bytes, ...] = field(repr=False)
    cameras: frozenset[str] | None


class Logins:
    """What the listener and the cameras have as logins. Unchanging; a change of the registry makes a new one."""

    def __init__(self, login: str = "", password: str = "", cameras: Iterable[MediaConfigured] = ()) -> None:
        self.is_needed = bool(login)
        """True when a mail without a login is refused."""
        self._names: dict[str, str] = {}
        own: dict[str, list[MediaConfigured]] = defaultdict(list)
        for camera in cameras:
            self._names[folded(camera.media)] = camera.media
            if camera.mail_login:
                own[folded(camera.mail_login)].append(camera)
        self._pairs = {name: _of_cameras(of_one) for name, of_one in own.items()}
        self._own = {folded(camera.media): camera.mail_login for of_one in own.values() for camera in of_one}
        self._listener = _Pair(login, (password.encode(),), None) if login else None

    def verdict(self, login: bytes, password: bytes) -> Grant | None:
        """What a login may do, or None when login and password do not belong together.

        Takes the same time whatever is wrong. Where no login is known at all, any is right: pages of cameras often
        insist on sending one.
        """
        said = login.decode("utf-8", "replace")
        known = self._known(said)
        if not known and not self._pairs and self._listener is None:
            return Grant(said[:256], None)
        granted = None
        for pair in known or (_Pair("", (_NOBODY,), frozenset()),):
            is_right = [hmac.compare_digest(password, each) for each in pair.passwords]
            if any(is_right) and pair.login:
                granted = granted or Grant(pair.login, pair.cameras)
        return granted

    def camera_of(self, login: str) -> str:
        """The camera a login is or names, for people who look for it; empty: none we know."""
        known = [pair for pair in self._known(login) if pair.cameras]
        cameras = known[0].cameras if known else None
        return min(cameras) if cameras else self._names.get(_local(folded(login)), "")

    def camera_named(self, address: str) -> str:
        """The camera that is the whole local part of an address; empty: none."""
        return self._names.get(_local(folded(address)), "")

    def may_reach(self, grant: Grant | None, address: str) -> bool:
        """False for the address of a camera with a login of its own, unless this login or the listener's came."""
        camera = self.camera_named(address)
        if not camera or not self._own.get(folded(camera)):
            return True
        return grant is not None and (grant.cameras is None or camera in grant.cameras)

    def _known(self, login: str) -> list[_Pair]:
        """Pairs of this login. Cameras that know only addresses log in as ``login@anything``."""
        names = dict.fromkeys((folded(login), _local(folded(login))))
        pairs = [self._pairs[name] for name in names if name in self._pairs]
        if self._listener is not None and folded(self._listener.login) in names:
            pairs.insert(0, self._listener)
        return pairs


def _local(name: str) -> str:
    return name.rpartition("@")[0] or name


def _of_cameras(cameras: list[MediaConfigured]) -> _Pair:
    passwords = tuple(dict.fromkeys(camera.mail_password.encode() for camera in cameras))
    return _Pair(cameras[0].mail_login, passwords, frozenset(camera.media for camera in cameras))
