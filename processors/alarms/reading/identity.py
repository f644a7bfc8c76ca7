"""Whose mail it is (rule 2.1): by login, recipient, sender, labels; never more than the login may touch."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from processors.alarms.reading import names
from processors.alarms.reading.channels import Channel
from processors.alarms.reading.directory import Directory, Targets
from processors.alarms.reading.message import Message
from processors.alarms.reading.said import Said
from schemas.mail import MailReceived

NO_CHANNEL = Channel()


class Whose(NamedTuple):
    """The cameras that a mail is about; when there are none, what is known about why."""

    cameras: dict[str, Channel]
    """Media to the channel by which the mail named it."""
    refused: tuple[str, ...] = ()
    """Cameras that were named but that the login may not touch."""
    sharing: tuple[str, ...] = ()
    """Cameras that share the login or the recorder, none of which is named."""
    recorder: str = ""
    """A name that is known, but only together with channels that the mail does not name."""


class _Search:
    """One search from the strongest name to the weakest."""

    def __init__(self, mail: MailReceived, said: Said, directory: Directory) -> None:
        self._directory = directory
        self._channels = said.channels
        self._owned = directory.owned_by(mail.login)
        self._is_listener = directory.is_listeners(mail.login)
        self._narrowed: tuple[str, ...] = self._owned if len(self._owned) > 1 else ()
        self._refused: dict[str, None] = {}
        self._recorder = ""
        self._behind: tuple[str, ...] = ()

    def level(self, addresses: Iterable[str]) -> dict[str, Channel]:
        """The cameras that the names of one level mean, as far as they may be touched."""
        found: dict[str, Channel] = {}
        for address in addresses:
            for targets in self._directory.named(address):
                if meant := self._meant(address, targets):
                    found |= meant
                    break
        return found

    def labels(self, said: Said) -> dict[str, Channel]:
        """The cameras whose name, title or alias a label of the body is."""
        found: dict[str, Channel] = {}
        for channel in said.channels:
            for name in channel.names:
                found |= dict.fromkeys(self._allowed(self._directory.labelled(name)), channel)
        if not found and said.device:
            labelled = self._allowed(self._directory.labelled(said.device))
            found = self.level((said.device,)) or dict.fromkeys(labelled, self._only_channel)
        return found

    def whose(self, cameras: dict[str, Channel]) -> Whose:
        return Whose(cameras, tuple(self._refused), self._narrowed or self._behind, self._recorder)

    @property
    def single(self) -> dict[str, Channel]:
        """The one camera that the login belongs to."""
        return {self._owned[0]: self._only_channel} if len(self._owned) == 1 else {}

    @property
    def _only_channel(self) -> Channel:
        return self._channels[0] if self._channels else NO_CHANNEL

    def _meant(self, address: str, targets: Targets) -> dict[str, Channel]:
        """By channel where the mail names one that is known, else the name itself."""
        found: dict[str, Channel] = {}
        is_left = not self._channels
        for channel in self._channels:
            media = self._allowed(_of_channel(targets, channel))
            found |= dict.fromkeys(media, channel)
            is_left |= not media
        if is_left:
            found = dict.fromkeys(self._allowed(targets.whole), self._only_channel) | found
        if not found and targets.by_channel and not (targets.whole or self._recorder):
            self._recorder = address
            self._behind = self._allowed(media for known in targets.by_channel.values() for media in known)
        if not found and not self._narrowed:
            shared = self._allowed(targets.shared)
            if len(shared) == 1:
                return {shared[0]: self._only_channel}
            self._narrowed = shared
        return found

    def _allowed(self, media: Iterable[str]) -> tuple[str, ...]:
        """Those that the login may touch and that a shared login still leaves open."""
        allowed = []
        for name in media:
            if not self._may(name):
                self._refused[name] = None
            elif not self._narrowed or name in self._narrowed:
                allowed.append(name)
        return tuple(allowed)

    def _may(self, media: str) -> bool:
        if self._owned:
            return media in self._owned
        return self._is_listener or not self._directory.cameras[media].is_private


def whose(mail: MailReceived, message: Message, said: Said, directory: Directory) -> Whose:
    """The cameras that the mail is about: those of the first level that names any."""
    search = _Search(mail, said, directory)
    if search.single:
        return search.whose(search.single)
    for addresses in _levels(mail, message):
        if found := search.level(addresses):
            return search.whose(found)
    return search.whose(search.labels(said))


def _levels(mail: MailReceived, message: Message) -> Iterator[Iterable[str]]:
    yield (mail.login,)
    yield mail.rcpt_to
    yield message.headers.addresses(b"to", b"cc", b"delivered-to", b"x-original-to")
    yield (mail.mail_from,)
    yield message.headers.addresses(b"from", b"sender", b"reply-to", b"return-path")


def _of_channel(targets: Targets, channel: Channel) -> tuple[str, ...]:
    for told in (channel.number, *channel.names):
        for name in names.of_channel(told):
            if media := targets.by_channel.get(name):
                return media
    return ()
