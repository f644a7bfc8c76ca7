"""The names that a camera's mails go by, and whether others go by them already. Pure."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from schemas.facts import MediaConfigured
from schemas.folding import folded

_NUMBER = re.compile(r"0*(\d+)\D*\Z")


class Way(NamedTuple):
    """One name, as names are compared."""

    name: str
    channel: str = ""
    """Only with this channel of a recorder; empty: whatever the mail says of channels."""


class Taken:
    """The names of some cameras, and the login that may speak for all."""

    def __init__(self, cameras: Iterable[MediaConfigured], listener: str) -> None:
        self._channels: dict[str, set[str]] = {}
        """Name → what its channels may be called; ``""`` among them: it is a name without any."""
        for camera in cameras:
            for way in ways(camera):
                self._channels.setdefault(way.name, set()).update(_of_channel(way.channel))
        if listener:
            self._channels.setdefault(_fold(listener), set()).add("")

    def claimed(self, before: MediaConfigured | None, after: MediaConfigured) -> list[str]:
        """The names that ``after`` goes by and ``before`` did not, though one of these cameras does, as they were said.

        One that is more exact than theirs is among them: mails to ``gate@here`` are whose name that is, not ``gate``'s.
        """
        kept = ways(before) if before else {}
        return [said for way, said in ways(after).items() if way not in kept and self._has(way)]

    def _has(self, way: Way) -> bool:
        channels = _of_channel(way.channel)
        found = (self._channels[name] for name in forms(way.name) if name in self._channels)
        return any(not way.channel or "" in theirs or not theirs.isdisjoint(channels) for theirs in found)


def ways(camera: MediaConfigured) -> dict[Way, str]:
    """Each name of the camera → as it is said: its own, its title, its login, its aliases."""
    whole = (camera.media, camera.title, camera.mail_login)
    return {Way(_fold(name)): name for name in whole if name} | dict(map(_of_alias, camera.mail_aliases))


def forms(name: str) -> Iterator[str]:
    """What an address or a login may be known by: all of it, what stands before ``@``, and that without ``+tag``."""
    local = name.rpartition("@")[0] or name
    yield from dict.fromkeys((name, local, local.strip('"'), local.partition("+")[0]))


def _of_alias(alias: str) -> tuple[Way, str]:
    name, _, channel = alias.partition("#")
    return (Way(_fold(name), _fold(channel)) if name and channel else Way(_fold(alias))), alias


def _of_channel(channel: str) -> set[str]:
    number = _NUMBER.search(channel)
    return {channel, number[1]} if number else {channel}


def _fold(name: str) -> str:
    return folded(name).strip()
