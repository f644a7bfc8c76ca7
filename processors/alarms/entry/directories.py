"""The cameras known now, as a directory that mails are read with."""

from collections.abc import Mapping

from infra.settings import Settings
from processors.alarms.reading.read import Directory
from processors.cameras import Cameras
from schemas.facts import MediaConfigured


class Directories:
    """Builds a directory only when a camera has changed. For one thread only."""

    def __init__(self, cameras: Cameras, settings: Settings) -> None:
        self._cameras, self._settings = cameras, settings
        self._built: tuple[Mapping[str, MediaConfigured], Directory] | None = None

    @property
    def latest(self) -> Directory:
        """All cameras known now: the same object until one changes."""
        known = self._cameras.known
        if self._built is None or self._built[0] is not known:
            self._built = known, Directory.of(known.values(), self._settings.time_zone, self._settings.smtp_login)
        return self._built[1]

    def catch_up(self) -> None:
        """Know everything that stands on the topic now. Raises LogUnavailable."""
        self._cameras.catch_up()
