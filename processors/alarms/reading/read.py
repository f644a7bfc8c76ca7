"""One mail, read: whose it is, what it says, when it says it was."""

from processors.alarms.reading import identity, message, reasons, times, vendors
from processors.alarms.reading.channels import Channel
from processors.alarms.reading.directory import Directory
from processors.alarms.reading.identity import Whose
from processors.alarms.reading.kinds import Judge, Verdict
from processors.alarms.reading.message import Message
from processors.alarms.reading.outcome import Found, LocalTime, Reading
from processors.alarms.reading.reasons import tidy
from processors.alarms.reading.said import Said, View
from processors.alarms.reading.times import Claim
from schemas.mail import MailReceived

__all__ = ["Directory", "Found", "LocalTime", "Reading", "read"]

_SUBJECT_CHARS = 998
_ADDRESSES_CHARS = 2048


def read(mail: MailReceived, raw: bytes, directory: Directory, local_time: LocalTime) -> Reading:
    """What ``mail`` with the bytes ``raw`` says. Never raises; costs at most what the limits allow.

    ``local_time`` is asked only for times without a zone of their own, in zones that cameras or settings name.
    """
    held = message.read(raw)
    view = View(held)
    said = vendors.read(view)
    claim = times.claim(view, mail.observed_ms, said.is_stop)
    whose = identity.whose(mail, held, said, directory)
    judge = Judge(view, said)
    cameras = whose.cameras
    if not cameras and judge.is_of_recorder:
        cameras = dict.fromkeys(whose.sharing, identity.NO_CHANNEL)
    found = tuple(
        _found(media, verdict, said, channel, _claimed_ms(claim, directory.cameras[media].zone, local_time))
        for media, channel in cameras.items()
        if (verdict := judge.verdict(directory.cameras[media]))
    )
    reading = _reading(mail, held, found, is_dated=claim is not None)
    return reading if found else _failed(reading, mail, held, said, whose, directory, len(raw))


def _found(media: str, verdict: Verdict, said: Said, channel: Channel, claimed_ms: int | None) -> Found:
    return Found(
        media=media,
        kind=verdict.kind,
        matched=tidy(verdict.matched),
        device=tidy(said.device),
        channel=tidy(str(channel)),
        event=tidy(said.event),
        vendor=said.vendor,
        claimed_ms=claimed_ms,
    )


def _claimed_ms(claim: Claim | None, zone: str, local_time: LocalTime) -> int | None:
    return claim.utc_ms(zone, local_time) if claim else None


def _reading(mail: MailReceived, held: Message, found: tuple[Found, ...], is_dated: bool) -> Reading:
    sender = mail.mail_from or next(held.headers.addresses(b"from", b"sender"), "")
    recipient = ", ".join(mail.rcpt_to) or ", ".join(held.headers.addresses(b"to"))
    return Reading(
        found=found,
        subject=tidy(held.subject, _SUBJECT_CHARS),
        sender=tidy(sender, _ADDRESSES_CHARS),
        recipient=tidy(recipient, _ADDRESSES_CHARS),
        pictures=held.pictures,
        is_dated=is_dated or bool(held.headers.first(b"message-id")) or bool(held.date),
    )


def _failed(
    reading: Reading, mail: MailReceived, held: Message, said: Said, whose: Whose, directory: Directory, size_bytes: int
) -> Reading:
    """The same, with the reason why nothing was found and what to do about it."""
    if held.is_broken:
        return reading._replace(error="broken", reason=reasons.broken(size_bytes))
    if whose.cameras and held.is_cut:
        return reading._replace(error="too_complex", reason=reasons.too_complex())
    if whose.cameras:
        camera = directory.cameras[next(iter(whose.cameras))]
        return reading._replace(error="no_match", reason=reasons.no_match(camera, said, held.subject))
    if whose.refused:
        return reading._replace(error="not_allowed", reason=reasons.not_allowed(whose, mail))
    return reading._replace(error="unknown_camera", reason=reasons.unknown(whose, said, mail, directory))
