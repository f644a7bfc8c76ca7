"""What is told of a mail that has been read. Pure."""

from msgspec import structs

from processors.alarms.reading.outcome import Reading
from schemas import ids
from schemas.mail import AlarmReceived, MailReceived, object_key

SAME_MS = 30_000
"""Mails without any date or number, alike to the byte, are one when they come within the same so many milliseconds."""


def alarms(mail: MailReceived, reading: Reading, mail_key: str, preview_key: str | None) -> tuple[AlarmReceived, ...]:
    """One alarm for each camera that the mail speaks of. The mail stands at ``mail_key``, its picture at the other."""
    return tuple(
        AlarmReceived(
            media=found.media, observed_ms=mail.observed_ms, received_ms=mail.observed_ms, claimed_ms=found.claimed_ms,
            alarm_id=alarm_id(mail, found.media, reading.is_dated), kind=found.kind, matched=_text(found.matched, 4096),
            subject=_text(reading.subject, 4096), sender=_text(reading.sender, 4096),
            recipient=_text(reading.recipient, 4096), peer=mail.peer, login=mail.login,
            device=_text(found.device, 256), channel=_text(found.channel, 256), event=_text(found.event, 256),
            vendor=_text(found.vendor, 64), preview_key=preview_key, pictures=len(reading.pictures), mail_key=mail_key,
        )
        for found in reading.found
    )  # fmt: skip


def alarm_id(mail: MailReceived, media: str, is_dated: bool) -> int:
    """The same for a mail that its camera sends again; another for the next mail that merely looks the same."""
    content = ("alarm", media, mail.sha256)
    return ids.derived(*content) if is_dated else ids.derived(*content, mail.observed_ms // SAME_MS)


def key_of(mail: MailReceived) -> str:
    """Where the mail stands in the object store, or is to stand."""
    return mail.mail_key or object_key(mail.sha256)


def slim(mail: MailReceived) -> MailReceived:
    """The same fact with the mail itself in the object store: small enough for any letter, and read like the first."""
    return structs.replace(mail, raw=b"", mail_key=key_of(mail))


def _text(text: str, most: int) -> str:
    """As much as the fact takes, without what cannot be written as UTF-8."""
    return text[:most].encode("utf-8", "replace").decode()
