"""One open episode of alarms, as it is remembered between two mails. Pure."""

from msgspec import Struct, structs

from schemas.facts import AlarmReceived
from schemas.intervals import Span


class Words(Struct, frozen=True, array_like=True):
    """What the mail that opened an episode said. New fields go last, with a default."""

    subject: str
    matched: str
    event: str
    device: str
    channel: str
    vendor: str


class Episode(Struct, frozen=True, kw_only=True, array_like=True):
    """An open episode. ``opened_at`` is its name for ever; its mark is ``[started_ms, until_ms)``."""

    opened_at: int
    started_ms: int
    until_ms: int
    heard_ms: int
    """When the last news came, by the time told on its partition: later than its mails' own where these come late."""
    mails: int
    first_ms: int
    last_ms: int
    """Receive times of the earliest and the latest mail."""
    last_id: int
    """The alarm counted last."""
    words: Words
    preview_key: str | None
    preview_ms: int
    """When the mail with that picture came."""
    updated_at: int
    """Of the version told last."""
    said_from_ms: int
    said_until_ms: int
    """The mark as that version has it."""

    @property
    def news_ms(self) -> int:
        """How far the mark reaches beyond what the last version says of it, at its worse end."""
        return max(self.said_from_ms - self.started_ms, self.until_ms - self.said_until_ms)

    def grown(self, span: Span, alarm: AlarmReceived, now_ms: int, is_counted: bool) -> "Episode":
        """With one more stretch; both stretches of one alarm count once."""
        picture = (self.preview_key, self.preview_ms)
        if self.preview_key is None and alarm.preview_key is not None:
            picture = (alarm.preview_key, alarm.received_ms)
        return structs.replace(
            self, started_ms=min(self.started_ms, span.start_ms), until_ms=max(self.until_ms, span.end_ms),
            heard_ms=max(self.heard_ms, now_ms), mails=self.mails + (is_counted and alarm.alarm_id != self.last_id),
            first_ms=min(self.first_ms, alarm.received_ms), last_ms=max(self.last_ms, alarm.received_ms),
            last_id=alarm.alarm_id, preview_key=picture[0], preview_ms=picture[1],
        )  # fmt: skip

    def said(self, now_ms: int) -> "Episode":
        """As a version tells it now: each later than the one before, none later than the news in it demands."""
        return structs.replace(
            self, updated_at=max(now_ms, self.updated_at + 1), said_from_ms=self.started_ms, said_until_ms=self.until_ms
        )


def opened(opened_at: int, span: Span, alarm: AlarmReceived, now_ms: int) -> Episode:
    """The episode that begins with this alarm's stretch, its first version told."""
    words = Words(alarm.subject, alarm.matched, alarm.event, alarm.device, alarm.channel, alarm.vendor)
    return Episode(
        opened_at=opened_at, started_ms=span.start_ms, until_ms=span.end_ms, heard_ms=now_ms, mails=1,
        first_ms=alarm.received_ms, last_ms=alarm.received_ms, last_id=alarm.alarm_id, words=words,
        preview_key=alarm.preview_key, preview_ms=alarm.received_ms, updated_at=now_ms,
        said_from_ms=span.start_ms, said_until_ms=span.end_ms,
    )  # fmt: skip
