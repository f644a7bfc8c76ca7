"""One record of topic ``mails`` → the mail in the object store, and what is told of it."""

import threading
from typing import NamedTuple

from infra import deadletter, journal, zones
from infra.clock import now_ms
from infra.log import Record
from infra.objects import ObjectMissing, ObjectStore
from infra.settings import Settings
from processors.alarms.entry import rules
from processors.alarms.reading.read import Directory, Reading, read
from processors.pictures.jpeg import BadPicture
from processors.pictures.shown import TYPE, key_of, shown
from schemas import codec
from schemas.errors import BadFact
from schemas.facts import DeadLettered
from schemas.mail import MAIL_TYPE, AlarmReceived, MailReceived

CONSUMER = "processor-alarms"
"""As whom we write letters."""
MENDABLE = frozenset({"unknown_camera", "no_match", "not_allowed"})
"""What a newer configuration of cameras may see otherwise."""
_LARGE_BYTES = 2 << 20
_PICTURES = 4
"""Of a mail's pictures so many are tried, until one can be shown."""
_DECODERS = 2
"""At once: the dearest picture takes 90 MB."""

_log = journal.get("alarms.entry")


class Told(NamedTuple):
    """What one record becomes: alarms, or a letter."""

    alarms: tuple[AlarmReceived, ...] = ()
    letter: DeadLettered | None = None
    outcome: str = "alarm"
    """For counting: ``alarm``, or the letter's error."""
    is_picture_kept: bool = False
    is_picture_dropped: bool = False


class Mails:
    """Keeps and reads mails. Thread-safe. Raises StoreUnavailable or StoreRefused: then read the mail again later."""

    def __init__(self, store: ObjectStore, settings: Settings) -> None:
        self._store = store
        self._most_bytes, self._most_pixels = settings.preview_bytes, settings.preview_pixels
        self._one_large = threading.Lock()
        """Of large mails one is in hand at a time: reading takes several times their size."""
        self._few_decoders = threading.Semaphore(_DECODERS)

    def read(self, record: Record, directory: Directory) -> Told:
        """What the mail says. Whatever it does to its reader, it ends as alarms or as a letter."""
        try:
            mail: MailReceived = codec.decode(record.topic, record.value)
        except BadFact as bad:
            return _letter(record, deadletter.kind_of(record), bad.reason)
        if mail.size_bytes < _LARGE_BYTES:
            return self._read(record, mail, directory)
        with self._one_large:
            return self._read(record, mail, directory)

    def refuse(self, record: Record, tries: int) -> Told:
        """The letter of a mail that ended its reader every time: kept, and not looked at."""
        try:
            mail: MailReceived = codec.decode(record.topic, record.value)
        except BadFact as bad:
            return _letter(record, deadletter.kind_of(record), bad.reason)
        self._keep(mail)
        return _letter(
            _slim(record, mail), "poison", f"its reader did not survive it {tries} times; the mail is in the store"
        )

    def _read(self, record: Record, mail: MailReceived, directory: Directory) -> Told:
        try:
            raw = self._keep(mail)
        except ObjectMissing as gone:
            return _letter(record, "mail_gone", f"the mail is no longer in the object store: {gone}")
        try:
            reading = read(mail, raw, directory, zones.utc_ms)
        except Exception as bug:  # noqa: BLE001 - a stranger's mail met our bug: kept as a letter, others go on
            _log.exception("bug", partition=record.partition, offset=record.offset)
            return _letter(_slim(record, mail), "bug", f"{type(bug).__name__}: {bug}")
        if reading.found:
            return self._alarms(mail, reading)
        return _letter(_slim(record, mail), reading.error or "no_match", reading.reason)

    def _keep(self, mail: MailReceived) -> bytes:
        """The mail's bytes, once they are in the object store. Raises ObjectMissing."""
        if mail.mail_key is not None and not mail.raw:
            return self._store.get(mail.mail_key)
        self._store.put(rules.key_of(mail), mail.raw, MAIL_TYPE)
        return mail.raw

    def _alarms(self, mail: MailReceived, reading: Reading) -> Told:
        preview_key = self._picture(reading.pictures)
        alarms = rules.alarms(mail, reading, rules.key_of(mail), preview_key)
        dropped = preview_key is None and bool(reading.pictures)
        return Told(alarms, None, "alarm", preview_key is not None, dropped)

    def _picture(self, pictures: tuple[bytes, ...]) -> str | None:
        """The key of the first picture that can be shown (rule 2.7)."""
        for picture in pictures[:_PICTURES]:
            if len(picture) <= self._most_bytes:
                try:
                    with self._few_decoders:
                        data = shown(picture, self._most_pixels)
                except BadPicture as bad:
                    _log.debug("a picture is not kept", reason=str(bad))
                    continue
                self._store.put(key_of(data), data, TYPE)
                return key_of(data)
        return None


def _slim(record: Record, mail: MailReceived) -> Record:
    return record._replace(value=codec.encode(rules.slim(mail)))


def _letter(record: Record, error: str, reason: str) -> Told:
    return Told((), deadletter.letter(record, CONSUMER, error, reason, now_ms()), error)
