"""The cameras as mails may name them. Every look-up takes the same time for one camera and for ten thousand."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from processors.alarms.reading import names
from schemas.facts import MediaConfigured

EVERY_MAIL = "*"


class Camera(NamedTuple):
    """What a mail is judged by, of one camera."""

    media: str
    catch: tuple[tuple[str, str], ...]
    """(word folded, word as the operator wrote it)."""
    zone: str
    is_private: bool
    """It has a login of its own: without that login, or the listener's, nothing touches it."""


class Targets(NamedTuple):
    """Whom one name means."""

    whole: tuple[str, ...] = ()
    """Media that the name itself means."""
    by_channel: Mapping[str, tuple[str, ...]] = {}
    """Folded channel to the media that the name means together with it."""
    shared: tuple[str, ...] = ()
    """Media that share the name as a login: something else must say which of them."""


class Directory:
    """All cameras, indexed by every name. Built once per change of topic ``media``, then only asked."""

    def __init__(self, cameras: Mapping[str, Camera], listener: str) -> None:
        self.cameras = cameras
        self._listener = names.fold(listener)
        self.targets: dict[str, Targets] = {}
        self.logins: dict[str, tuple[str, ...]] = {}
        self.labels: dict[str, tuple[str, ...]] = {}

    @classmethod
    def of(cls, cameras: Iterable[MediaConfigured], zone: str, listener: str = "") -> "Directory":
        """The directory of these cameras. ``zone``: of cameras that say none; ``listener``: the login for all."""
        configured = tuple(cameras)
        directory = cls({camera.media: _camera(camera, zone) for camera in configured}, listener)
        found = _Names()
        for camera in configured:
            found.add(camera)
        directory.logins = {login: tuple(media) for login, media in found.logins.items()}
        directory.labels = {label: tuple(dict.fromkeys(media)) for label, media in found.labels.items()}
        directory.targets = found.targets()
        return directory

    def named(self, address: str) -> Iterator[Targets]:
        """Whom ``address`` means, the most exact of its forms first; nothing when nobody goes by it."""
        for name in names.of_address(address):
            if targets := self.targets.get(name):
                yield targets

    def labelled(self, label: str) -> tuple[str, ...]:
        """The media that a label of a mail's body names: by name, title or alias."""
        return self.labels.get(names.fold(label), ())

    def owned_by(self, login: str) -> tuple[str, ...]:
        """The media whose own login this is, whatever its case, as for the listener."""
        return self.logins.get(names.fold(login), ())

    def is_listeners(self, login: str) -> bool:
        """Is this the login that may speak for every camera?"""
        return bool(self._listener) and names.fold(login) == self._listener


class _Names:
    """Collects who goes by which name."""

    def __init__(self) -> None:
        self.whole: dict[str, list[str]] = {}
        self.by_channel: dict[str, dict[str, list[str]]] = {}
        self.logins: dict[str, list[str]] = {}
        self.labels: dict[str, list[str]] = {}

    def add(self, camera: MediaConfigured) -> None:
        media = camera.media
        self.whole.setdefault(names.fold(media), []).append(media)
        for label in filter(None, (media, camera.title)):
            self.labels.setdefault(names.fold(label), []).append(media)
        if camera.mail_login:
            self.logins.setdefault(names.fold(camera.mail_login), []).append(media)
        for alias in camera.mail_aliases:
            name, is_channel, channel = alias.partition("#")
            if is_channel and name:
                channels = self.by_channel.setdefault(names.fold(name), {})
                channels.setdefault(names.fold(channel), []).append(media)
            else:
                self.whole.setdefault(names.fold(alias), []).append(media)
                self.labels.setdefault(names.fold(alias), []).append(media)

    def targets(self) -> dict[str, Targets]:
        return {
            name: Targets(
                tuple(dict.fromkeys(self.whole.get(name, ()))),
                {channel: tuple(media) for channel, media in self.by_channel.get(name, {}).items()},
                tuple(dict.fromkeys(self.logins.get(name, ()))),
            )
            for name in {*self.whole, *self.by_channel, *self.logins}
        }


def _camera(camera: MediaConfigured, zone: str) -> Camera:
    catch = tuple((folded, word) for word in camera.catch if (folded := names.fold(word)))
    return Camera(camera.media, catch, camera.time_zone or zone, bool(camera.mail_login))
