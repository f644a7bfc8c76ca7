"""A letter about a mail, as a person reads it: who sent it to whom, what it says, and the mail itself."""

from collections.abc import Iterator

from infra.objects import ObjectMissing, ObjectStore
from infra.plain import plain
from processors.alarms.reading import message
from schemas.mail import MailReceived

_TEXT_LINES = 12


def raw_of(mail: MailReceived, store: ObjectStore) -> bytes | None:
    """The mail as it came, from the letter or from its object; None when the object is gone."""
    if mail.raw or not mail.mail_key:
        return mail.raw
    try:
        return store.get(mail.mail_key)
    except ObjectMissing:
        return None


def told(mail: MailReceived, raw: bytes | None) -> Iterator[str]:
    """Envelope, subject and the beginning of the text, one line each; what a terminal would obey is taken out."""
    return map(plain, _lines(mail, raw))


def _lines(mail: MailReceived, raw: bytes | None) -> Iterator[str]:
    yield f"from:    {mail.mail_from or '(empty)'}  at {mail.peer or '(unknown)'}, {_as_whom(mail)}"
    yield f"to:      {', '.join(mail.rcpt_to) or '(nobody)'}"
    if raw is None:
        yield f"the mail itself is gone: {mail.mail_key} is not in the object store"
        return
    content = message.read(raw)
    yield f"subject: {content.subject or '(none)'}"
    yield f"size:    {len(raw)} bytes, {len(content.pictures)} pictures, sha256 {mail.sha256}"
    lines = [line for line in content.text.splitlines() if line.strip()]
    yield from (f"  | {line}" for line in lines[:_TEXT_LINES])
    if len(lines) > _TEXT_LINES:
        yield f"  | ... {len(lines) - _TEXT_LINES} more lines"


def _as_whom(mail: MailReceived) -> str:
    return f"logged in as {mail.login}" if mail.login else "not logged in"
