"""Rows of the public alarm views as Python sees them, and what can be asked of them."""

from typing import NamedTuple

from msgspec import Struct

from schemas.visible import Visible

COLUMNS = (
    "media, alarm_id, kind, received_ms, claimed_ms, skew_ms, matched, event, device, channel, vendor, subject, sender,"
    " recipient, peer, login, pictures, preview_key, mail_key"
)


class StoredAlarm(Struct, frozen=True, kw_only=True):
    """What one mail said of one camera. Empty text: not said."""

    media: str
    alarm_id: int
    kind: str
    received_ms: int
    """When the mail came the first time."""
    claimed_ms: int | None
    skew_ms: int | None
    """``claimed_ms`` less ``received_ms``."""
    matched: str
    event: str
    device: str
    channel: str
    vendor: str
    subject: str
    sender: str
    recipient: str
    peer: str
    login: str
    pictures: int
    preview_key: str
    mail_key: str

    @property
    def place(self) -> "AlarmPlace":
        """Where it stands among all alarms."""
        return AlarmPlace(self.received_ms, self.media, self.alarm_id)


class AlarmPlace(NamedTuple):
    """Where an alarm stands in the order of receipt; equal times by camera, then id. No two stand at the same place."""

    received_ms: int
    media: str
    alarm_id: int


class AlarmSearch(Struct, frozen=True, kw_only=True):
    """Conditions that must all hold; None: not asked. Lists mean any of them."""

    visible: Visible = None
    """Of these only alarms that came in the time that the caller may look at."""
    media: tuple[str, ...] | None = None
    kind: tuple[str, ...] | None = None
    from_ms: int | None = None
    to_ms: int | None = None

    def holds(self, alarm: StoredAlarm, place: AlarmPlace) -> bool:
        """True when an alarm found at ``place`` is this alarm there, and not the same mail come again."""
        return alarm.place == place and (self.kind is None or alarm.kind in self.kind)
