"""One mail, read: whose it is, what it says, when it says it was."""

import re

from processors.alarms.reading.directory import Directory
from processors.alarms.reading.outcome import Found, LocalTime, Reading
from schemas.mail import MailReceived

__all__ = ["Directory", "Found", "LocalTime", "Reading", "read"]

_SUBJECT = re.compile(rb"^subject:[ \t]*([^\r\n]*)", re.M | re.I)
_DATED = re.compile(rb"^(date|message-id):", re.M | re.I)


def read(mail: MailReceived, raw: bytes, directory: Directory, local_time: LocalTime) -> Reading:
    """What ``mail`` with the bytes ``raw`` says. Never raises; costs at most what its limits allow."""
    found = _SUBJECT.search(raw[:65_536])
    subject = found[1].decode("utf-8", "replace") if found else ""
    text = raw[:262_144].decode("utf-8", "replace").casefold()
    reading = Reading((), subject, mail.mail_from, ", ".join(mail.rcpt_to), (), bool(_DATED.search(raw[:65_536])))
    for address in (mail.login, *mail.rcpt_to, mail.mail_from):
        if address and (known := directory.named(address)):
            for media in known[1].whole:
                for folded, word in directory.cameras[media].catch:
                    if folded in text:
                        start = Found(media, "start", word, "", "", "", "generic", None)
                        return reading._replace(found=(start,))
            return reading._replace(error="no_match", reason=f"no catch word of {known[0]} is in the mail")
    return reading._replace(error="unknown_camera", reason="no camera is named by the mail")
