"""aiosmtpd's commands, as wide as cameras need them.

Every relaxation is a habit of a real camera (docs/decisions/0053). What a hook decides, and what is not said here, is
aiosmtpd's.
"""

import asyncio
import binascii
from base64 import b64decode, b64encode
from collections import Counter, defaultdict
from collections.abc import Awaitable, Iterable
from functools import cache
from typing import Any

from aiosmtpd.smtp import ALLOWED_BEFORE_STARTTLS, BOGUS_LIMIT, MISSING, SMTP, AuthResult, TLSSetupException, syntax

from producers.alarms import envelope

_BROWSERS = {"GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "CONNECT", "PATCH", "HOST:", "USER-AGENT:"}
"""Begin lines of HTTP: a page that makes a browser talk to us is not a camera."""
_TLS_HELLO = b"\x16\x03"
_AUTH_LIMIT = 12_288


class TolerantCommands(SMTP):
    """A conversation's commands. ``push``, ``hang_up`` and ``_line`` come with the connection (``protocol.py``)."""

    AuthLoginUsernameChallenge = "Username:"
    AuthLoginPasswordChallenge = "Password:"
    """What every large server sends; some cameras compare it."""

    wrong_login_s = 0.5

    def __init__(self, handler: Any, **stock: Any) -> None:
        super().__init__(handler, **stock)
        self._bad_left = BOGUS_LIMIT
        self._given: Counter[str] = Counter()
        """How often each command came."""
        self._is_after_mail = False
        self._asked_s = 0.0
        self._corked: list[bytes] | None = None
        """Lines of a reply that is sent once it is whole."""
        self.command_size_limits = defaultdict(lambda: self.command_size_limit)  # the stock one is everybody's

    def __dir__(self) -> Iterable[str]:
        """Names that aiosmtpd looks through for each connection: only what it looks for, or it is a third of a mail."""
        return looked_for(type(self))  # type: ignore[arg-type]  # a class is hashable

    def hang_up(self, reply: str = "") -> None:
        """Close the connection, with a last word if there is one."""
        raise NotImplementedError

    async def _line(self) -> bytes | None:
        """The next line without its end; None when the peer says no more."""
        raise NotImplementedError

    def forgive(self) -> None:
        """A mail was taken: commands are counted anew, so that a connection may bring as many mails as it likes."""
        self._given.clear()
        self._bad_left = BOGUS_LIMIT
        self._is_after_mail = True

    async def _refused(self, reason: str, reply: str) -> str:
        """The answer to something refused here, of which the handler (``handle_REFUSED``) is told and may word it."""
        told = await self._call_handler_hook("REFUSED", reason, reply)
        return reply if told is MISSING else str(told)

    async def _obey(self, line: bytes) -> None:
        """One line of the peer."""
        words = line.split(None, 1)
        if not words:
            if not self._is_after_mail:  # some end a mail with one line more than is due
                await self._bad("500 Error: bad syntax")
            self._is_after_mail = False
            return
        self._is_after_mail = False
        name = words[0].upper().decode("latin-1")
        argument = words[1].rstrip().decode("utf-8", "surrogateescape") if len(words) > 1 else None
        if name in _BROWSERS or line.startswith(_TLS_HELLO):
            told = "this port speaks SMTP" + ("; TLS begins with STARTTLS here" if line.startswith(_TLS_HELLO) else "")
            self.hang_up(await self._refused("protocol", f"421 4.7.0 {told}"))
        elif (refusal := self._refusal(name, len(line))) is not None:
            await self.push(refusal)
        elif (method := self._smtp_methods.get(name)) is None:
            is_word = name.isascii() and name.isprintable()
            await self._bad(f'500 Error: command "{name}" not recognized' if is_word else "500 Error: bad syntax")
        elif self._is_spent(name):
            self.hang_up(await self._refused("protocol", f"421 4.7.0 {name} sent too many times"))
        else:
            self._reset_timeout()
            await self._run(method, argument)

    async def _run(self, method: Any, argument: str | None) -> None:
        try:
            await method(argument)
        except (ConnectionError, TLSSetupException, asyncio.CancelledError):
            raise
        except Exception as error:  # noqa: BLE001 - told to the handler, which keeps the journal, and to the peer
            await self.push(await self.handle_exception(error))

    def _refusal(self, name: str, length: int) -> str | None:
        """Why this command is not even looked at now; None: it is."""
        if length > (_AUTH_LIMIT if name == "AUTH" else self._longest(name)):
            return "500 Command line too long"
        if not self._tls_handshake_okay and name != "QUIT":
            return "554 Command refused due to lack of security"
        if self.require_starttls and not self._tls_protocol and name not in ALLOWED_BEFORE_STARTTLS:
            return "530 Must issue a STARTTLS command first"
        return None

    def _longest(self, name: str) -> int:
        extended = self.session is not None and self.session.extended_smtp
        return int(self.command_size_limits[name] if extended else self.command_size_limit)

    def _is_spent(self, name: str) -> bool:
        """True once a command has come more often than the handler's owner allows between two mails."""
        self._given[name] += 1
        return self._enforce_call_limit and self._given[name] > self._call_limit_base.get(
            name, self._call_limit_default
        )

    async def _bad(self, reply: str) -> None:
        """Answer what is no command; a peer that has none but those is sent away."""
        self._bad_left -= 1
        if self._bad_left > 0:
            await self.push(reply)
        else:
            self.hang_up(await self._refused("protocol", "502 5.5.1 Too many unrecognized commands, goodbye."))

    # greetings

    @syntax("HELO hostname")
    async def smtp_HELO(self, hostname: str | None) -> None:
        """HELO, also without a name."""
        await super().smtp_HELO(hostname or "?")

    @syntax("EHLO hostname")
    async def smtp_EHLO(self, hostname: str | None) -> None:
        """EHLO, also without a name, answered in one piece: some cameras read once and look at what they got."""
        self._corked = []
        await super().smtp_EHLO(hostname or "?")
        lines, self._corked = self._corked, None
        await self.push(b"\r\n".join(lines))

    @syntax("QUIT")
    async def smtp_QUIT(self, arg: str | None) -> None:
        """Part."""
        if arg:
            await self.push("501 Syntax: QUIT")
            return
        status = await self._call_handler_hook("QUIT")
        await self.push("221 Bye" if status is MISSING else str(status))
        self.hang_up()

    # the envelope

    @syntax("MAIL FROM: <address>", extended=" [SP <mail-parameters>]")
    async def smtp_MAIL(self, arg: str | None) -> None:
        """A sender, also none. Begins a mail, whatever was begun before."""
        if await self.check_helo_needed() or await self.check_auth_needed("MAIL"):
            return
        sender = envelope.path("FROM", arg or "")
        if sender is None:
            await self.push("501 Syntax: MAIL FROM: <address>" + self._parameters())
            return
        if self.data_size_limit and sender.size > self.data_size_limit:
            told = "552 Error: message size exceeds fixed maximum message size"
            await self.push(await self._refused("oversize", told))
            return
        self._set_rset_state()  # type: ignore[no-untyped-call]
        assert self.envelope is not None
        options = [f"{name}={value}" if value else name for name, value in sender.parameters.items()]
        status = await self._call_handler_hook("MAIL", sender.address, options)
        if status is MISSING:
            self.envelope.mail_from = sender.address
            self.envelope.mail_options.extend(options)
            self.envelope.smtp_utf8 = "SMTPUTF8" in sender.parameters
            status = "250 OK"
        await self.push(status)

    @syntax("RCPT TO: <address>", extended=" [SP <mail-parameters>]")
    async def smtp_RCPT(self, arg: str | None) -> None:
        """One more recipient."""
        if await self.check_helo_needed() or await self.check_auth_needed("RCPT"):
            return
        assert self.envelope is not None
        if self.envelope.mail_from is None:
            await self.push("503 Error: need MAIL command")
            return
        recipient = envelope.path("TO", arg or "")
        if recipient is None or not recipient.address:
            await self.push("501 Syntax: RCPT TO: <address>" + self._parameters())
            return
        if recipient.address.startswith("@") and ":" not in recipient.address:
            await self.push("553 5.1.3 Error: malformed address")
            return
        status = await self._call_handler_hook("RCPT", recipient.address, list(recipient.parameters))
        if status is MISSING:
            self.envelope.rcpt_tos.append(recipient.address)
            self.envelope.rcpt_options.extend(recipient.parameters)
            status = "250 OK"
        await self.push(status)

    def _parameters(self) -> str:
        return " [SP <mail-parameters>]" if self.session and self.session.extended_smtp else ""

    # logins

    @syntax("AUTH <mechanism>")
    async def smtp_AUTH(self, arg: str | None) -> None:
        """A login, also after HELO; the mechanism in any case, an initial answer with or without its padding."""
        if self.session is not None and self.session.host_name:
            self.session.extended_smtp = True
        words = (arg or "").split()
        if words:
            words[0] = words[0].upper()
        if len(words) == 2:  # mechanism and initial answer
            words[1] = _padded(words[1])
        await super().smtp_AUTH(" ".join(words))

    async def auth_LOGIN(self, _: Any, args: list[str]) -> Any:
        """Login and password one after the other."""
        return await self._unhurried(super().auth_LOGIN(_, args))

    async def auth_PLAIN(self, _: Any, args: list[str]) -> Any:
        """Login and password at once."""
        return await self._unhurried(super().auth_PLAIN(_, args))

    def _authenticate(self, mechanism: str, auth_data: Any) -> AuthResult:
        self._asked_s = self.loop.time()
        return super()._authenticate(mechanism, auth_data)

    async def _unhurried(self, attempt: Awaitable[AuthResult]) -> AuthResult:
        """The outcome; a wrong login takes the same time whatever was wrong, and is no way to try many."""
        result = await attempt
        if not result.success and not result.handled:
            await asyncio.sleep(self._asked_s + self.wrong_login_s - self.loop.time())
        return result

    async def challenge_auth(
        self, challenge: str | bytes, encode_to_b64: bool = True, log_client_response: bool = False
    ) -> Any:
        """What the peer answers to a challenge, decoded; MISSING when it gave up or answered no base64."""
        asked = challenge.encode() if isinstance(challenge, str) else challenge
        await self.push(b"334 " + (b64encode(asked) if encode_to_b64 else asked))
        line = await self._line()
        if line is None:
            raise ConnectionResetError("the peer went while logging in")
        if line.strip() == b"*":
            await self.push("501 5.7.0 Auth aborted")
            return MISSING
        try:
            return b64decode(_padded(line.decode("latin-1").strip()), validate=True)
        except (binascii.Error, ValueError):
            await self.push("501 5.5.2 Can't decode base64")
            return MISSING


@cache
def looked_for(kind: type) -> tuple[str, ...]:
    """Names of commands, logins and hooks of a class."""
    return tuple(name for name in dir(kind) if name.startswith(("smtp_", "auth_", "handle_")))


def _padded(text: str) -> str:
    """Base64 with the padding it should have."""
    return text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4)
