"""What the listener decides: who may send to whom, and that 250 is said only of a mail that is kept.

aiosmtpd calls the hooks by their names. One door for all connections of all listeners.
"""

import hashlib
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, Literal

from aiosmtpd.smtp import MISSING, AuthResult, LoginPassword

from infra import journal
from infra.clock import monotonic_s, now_ms
from infra.settings import Settings
from producers.alarms import envelope
from producers.alarms.commands import looked_for
from producers.alarms.envelope import readable
from producers.alarms.limits import Rates
from producers.alarms.logins import Grant, Logins
from producers.alarms.metrics import Metrics
from producers.alarms.outcome import Outcome
from producers.alarms.refusals import Refusals
from schemas.mail import MailReceived, MailRefused

Reason = Literal[
    "login", "login_needed", "oversize", "rate", "recipients", "relay", "protocol", "log_away", "spool_full"
]

WRONG_LOGIN = "535 5.7.8 user name or password is wrong; the camera's mail page needs those of Sightlog"
_NO_LOGIN = "530 5.7.0 log in first: enter user name and password in the camera's mail page"
_NOT_YOURS = "530 5.7.0 this camera has a login of its own: enter it in the camera's mail page"
_RELAY = "550 5.7.1 relaying denied: mail is for cameras of Sightlog only and is never sent on"
_RATE = "451 4.7.1 this camera sends too many mails a minute; let it wait longer between alarms"
_AWAY = "451 4.3.0 the mail could not be stored now, try again"
_FULL = "452 4.3.1 no room for mails while the log is away, try again later"
_TROUBLE = "451 4.3.0 something went wrong here, try again"
_LEGACY = "the TLS handshake failed: a camera that knows TLS 1.0 only needs SIGHTLOG_SMTP_LEGACY_PORT, or no encryption"
_log = journal.get("smtp")


class Door:
    """aiosmtpd's handler. ``logins`` is exchanged whenever the registry of cameras changes."""

    def __init__(
        self,
        settings: Settings,
        keep: Callable[[MailReceived], Awaitable[Outcome]],
        refusals: Refusals,
        metrics: Metrics,
    ) -> None:
        self.logins = Logins(settings.smtp_login, settings.smtp_password.get_secret_value())
        self._keep, self._refusals, self._metrics = keep, refusals, metrics
        self._rates = Rates(settings.smtp_rate)
        self._most_recipients = settings.smtp_recipients
        self._most_bytes = settings.smtp_mail_bytes
        self._domains = frozenset(domain.strip().lower() for domain in settings.smtp_domains.split(",")) - {""}

    def __dir__(self) -> Iterable[str]:
        """The hooks: aiosmtpd looks through these names for each connection."""
        return looked_for(type(self))  # type: ignore[arg-type]  # a class is hashable

    def authenticator(self, server: Any, session: Any, envelope: Any, mechanism: str, said: Any) -> AuthResult:
        """What a login may do goes into the session; a wrong one is noted."""
        assert isinstance(said, LoginPassword)
        grant = self.logins.verdict(said.login, said.password)
        self._metrics.logins.labels("right" if grant else "wrong").inc()
        if grant is not None:
            return AuthResult(success=True, auth_data=grant)
        login = said.login.decode("utf-8", "replace")[:256]
        self._refuse(server, "login", "wrong user name or password", login=login, media=self.logins.camera_of(login))
        return AuthResult(success=False, handled=False, message=WRONG_LOGIN)

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> Any:
        """Anybody may send, where no login is asked for."""
        if self.logins.is_needed and session.auth_data is None:
            self._refuse(server, "login_needed", "no login", mail_from=readable(address))
            return _NO_LOGIN
        return MISSING

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> Any:
        """A recipient is taken whatever camera it names, also one not known yet; but nothing is ever sent on."""
        recipient = readable(address)
        reason, reply = self._refusal_of(recipient, session.auth_data, len(envelope.rcpt_tos))
        if reason is None:
            return MISSING
        media = self.logins.camera_named(recipient)
        self._refuse(
            server, reason, reply[4:], recipient=recipient, media=media, mail_from=readable(envelope.mail_from)
        )
        return reply

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """250 once the mail is kept."""
        mail = _received(server, session, envelope)
        began_s = monotonic_s()
        outcome = await self._keep(mail)
        self._metrics.answer_s.observe(monotonic_s() - began_s)
        if outcome is Outcome.KEPT:
            self._metrics.mail_bytes.inc(mail.size_bytes)
            return f"250 2.0.0 kept {mail.sha256[:16]}"
        reason: Reason = "log_away" if outcome is Outcome.LOG_AWAY else "spool_full"
        reply = _AWAY if outcome is Outcome.LOG_AWAY else _FULL
        self._refuse(server, reason, reply[4:], recipient=next(iter(mail.rcpt_to), ""), mail_from=mail.mail_from)
        return reply

    async def handle_REFUSED(self, server: Any, session: Any, envelope: Any, reason: str, reply: str) -> str:
        """What the conversation refuses by itself, in words for operators."""
        told: Reason = "rate" if reason == "crowded" else "oversize" if reason == "oversize" else "protocol"
        if reason == "oversize":
            reply = (
                f"552 5.3.4 mail larger than {self._most_bytes} bytes: fewer or smaller pictures, "
                "or a larger SIGHTLOG_SMTP_MAIL_BYTES"
            )
        detail = _LEGACY if reason == "tls" else reply[4:]
        recipient = readable(next(iter(envelope.rcpt_tos), "")) if envelope else ""
        self._refuse(server, told, detail, recipient=recipient, media=self.logins.camera_named(recipient))
        return reply

    async def handle_exception(self, error: Exception) -> str:
        """Our bug: told in the journal, and the camera tries again."""
        _log.error("a conversation failed", error=error, exc_info=error)
        return _TROUBLE

    def _refusal_of(self, recipient: str, grant: Grant | None, so_far: int) -> tuple[Reason | None, str]:
        """(why it is not taken, the answer); None: it is."""
        if envelope.is_relay(recipient, self._domains):
            return "relay", _RELAY
        if not self.logins.may_reach(grant, recipient):
            return "login_needed", _NOT_YOURS
        if so_far >= self._most_recipients:
            return "recipients", f"452 4.5.3 more than {self._most_recipients} recipients"
        if not self._rates.take(self.logins.camera_named(recipient) or envelope.local_part(recipient), monotonic_s()):
            return "rate", _RATE
        return None, ""

    def _refuse(
        self,
        server: Any,
        reason: Reason,
        detail: str,
        login: str = "",
        media: str = "",
        recipient: str = "",
        mail_from: str = "",
    ) -> None:
        login = login or _login_of(server.session)
        named = (recipient,) if recipient else ()
        refused = MailRefused(
            route=envelope.route(login, named, mail_from, server.peer), observed_ms=now_ms(), peer=server.peer,
            login=login, mail_from=mail_from[:1024], reason=reason, detail=detail, recipient=recipient[:1024],
            media=media,
        )  # fmt: skip
        self._refusals.add(refused)


def _login_of(session: Any) -> str:
    grant = session.auth_data
    return grant.login if isinstance(grant, Grant) else ""


def _received(server: Any, session: Any, envelope_: Any) -> MailReceived:
    """The fact of a whole mail."""
    raw: bytes = envelope_.content
    login, sender = _login_of(session), readable(envelope_.mail_from)[:1024]
    recipients = tuple(readable(each)[:1024] for each in envelope_.rcpt_tos)
    return MailReceived(
        route=envelope.route(login, recipients, sender, server.peer), observed_ms=now_ms(), peer=server.peer,
        login=login, mail_from=sender, rcpt_to=recipients, hello=readable(session.host_name)[:256],
        listener=server.listener, sha256=hashlib.sha256(raw).hexdigest(), size_bytes=len(raw), raw=raw,
    )  # fmt: skip
