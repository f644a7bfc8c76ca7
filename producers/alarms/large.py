"""Mails that no record can hold: the mail becomes an object, and its fact names the object."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from msgspec import structs

from infra import journal
from infra.objects import ObjectStore, StoreRefused, StoreUnavailable
from schemas import codec
from schemas.mail import MAIL_TYPE, MailReceived, object_key

_THREADS = 4
_RECORD_BYTES = codec.MAX_BYTES - (1 << 20)
_log = journal.get("smtp")


def is_large(mail: MailReceived) -> bool:
    """True when the mail as JSON might be more than a record holds: base64 takes 4/3, an escaped letter at most 6."""
    letters = sum(map(len, (mail.route, mail.mail_from, mail.login, mail.hello, *mail.rcpt_to)))
    return len(mail.raw) * 4 // 3 + letters * 6 > _RECORD_BYTES


class LargeMails:
    """Puts large mails into the store, on threads of its own."""

    def __init__(self, store: ObjectStore, within_s: float) -> None:
        self._store, self._within_s = store, within_s
        self._threads = ThreadPoolExecutor(_THREADS, "large-mails")

    async def fitting(self, mail: MailReceived) -> MailReceived | None:
        """A fact that a record can hold: the mail itself unless it is large. None when the store is away."""
        if not is_large(mail):
            return mail
        key = object_key(mail.sha256)
        put = partial(self._store.put, key, mail.raw, MAIL_TYPE)
        try:
            await asyncio.wait_for(asyncio.get_running_loop().run_in_executor(self._threads, put), self._within_s)
        except (StoreUnavailable, StoreRefused, TimeoutError) as error:
            _log.warning("the object store does not take a large mail", key=key, bytes=len(mail.raw), error=error)
            return None
        return structs.replace(mail, raw=b"", mail_key=key)

    def close(self) -> None:
        """Start no more puts. What is under way is not waited for: its mail was told to stand in the spool."""
        self._threads.shutdown(wait=False, cancel_futures=True)
