"""The facts of mail: what the listener took and refused, and what each mail says of which camera."""

from typing import Annotated, ClassVar, Literal

from msgspec import Meta, Struct

from schemas.checksums import Sha256, is_sha256
from schemas.fact import Count, Fact, Id, Key, Ms, Text

MAIL_TYPE = "message/rfc822"
"""Media type of a mail as it came."""


def object_key(sha256: str) -> str:
    """Where the mail with these bytes stands in the object store."""
    return f"mails/{sha256}.eml"


class MailFact(Struct, frozen=True, kw_only=True, tag_field="type"):
    """What every fact of the mail listener carries: whose mail it is is not known yet."""

    identity: ClassVar[tuple[str, ...]] = ("route", "observed_ms")

    route: Annotated[str, Meta(min_length=1, max_length=512)]
    """The record's key, so that one camera's mails keep their order: the login, else the first recipient, else the
    sender, else the peer; lower case."""
    observed_ms: Ms
    """When the listener had the whole mail (or refused it)."""
    peer: Annotated[str, Meta(max_length=64)] = ""
    """IP address that sent it."""
    login: Annotated[str, Meta(max_length=256)] = ""
    """As whom it logged in; empty: nobody. In a refusal: as whom it tried."""
    mail_from: Annotated[str, Meta(max_length=1024)] = ""
    """Envelope sender, without angle brackets."""
    v: Literal[1] = 1


class MailReceived(MailFact, frozen=True, kw_only=True, tag="mail-received"):
    """The listener took a whole mail and answered 250 (or was about to): the mail as it came, not yet read."""

    identity: ClassVar[tuple[str, ...]] = ("route", "observed_ms", "sha256")

    rcpt_to: tuple[Annotated[str, Meta(max_length=1024)], ...] = ()
    """Envelope recipients, without angle brackets, in order."""
    hello: Annotated[str, Meta(max_length=256)] = ""
    listener: Annotated[str, Meta(max_length=32)] = ""
    """Which door: plain, tls, legacy, legacy_tls."""
    sha256: Sha256
    """Of the raw mail."""
    size_bytes: Count
    raw: bytes = b""
    """The mail (base64 in JSON), dot-unstuffed, line ends as they came; empty: it is in the object ``mail_key``."""
    mail_key: Key | None = None
    """The object that holds the mail when ``raw`` does not: ``mails/<sha256>.eml``."""

    def __post_init__(self) -> None:
        if not is_sha256(self.sha256):
            raise ValueError(f"sha256 {self.sha256!r} is not 64 lower-case hexadecimal digits")
        if not self.raw and self.mail_key is None and self.size_bytes:
            raise ValueError("raw and mail_key are both empty")


class MailRefused(MailFact, frozen=True, kw_only=True, tag="mail-refused"):
    """The listener refused a login or a mail. Alike refusals in a row are told together, ``times`` of them."""

    identity: ClassVar[tuple[str, ...]] = ("route", "observed_ms", "reason", "peer")

    reason: Literal[
        "login", "login_needed", "oversize", "rate", "recipients", "relay", "protocol", "log_away", "spool_full"
    ]
    detail: Text = ""
    """For people; never holds a password."""
    recipient: Annotated[str, Meta(max_length=1024)] = ""
    media: Annotated[str, Meta(max_length=512)] = ""
    """The camera whose login or address it was; empty: nobody's we know."""
    times: Annotated[int, Meta(ge=1)] = 1


class AlarmReceived(Fact, frozen=True, kw_only=True, tag="alarm-received"):
    """A mail that was answered 250 has been read and belongs to this media. One mail may be alarms of several media.

    ``observed_ms`` is ``received_ms``.
    """

    identity: ClassVar[tuple[str, ...]] = ("media", "alarm_id")
    id_fields: ClassVar[tuple[str, ...]] = ("alarm_id",)

    alarm_id: Id
    """Deterministic: a camera's retry is the same alarm."""
    received_ms: Ms
    claimed_ms: Ms | None = None
    """The mail's own time, where it has a sane one, whatever it says beside ``received_ms``."""
    kind: Literal["start", "stop", "test", "other"]
    matched: Text = ""
    """The catch word or vendor phrase found."""
    subject: Text = ""
    sender: Text = ""
    recipient: Text = ""
    peer: Annotated[str, Meta(max_length=64)] = ""
    """IP address that sent it."""
    login: Annotated[str, Meta(max_length=256)] = ""
    device: Annotated[str, Meta(max_length=256)] = ""
    """What the mail calls the device."""
    channel: Annotated[str, Meta(max_length=256)] = ""
    """What the mail calls the channel: its number or its name."""
    event: Annotated[str, Meta(max_length=256)] = ""
    """What the mail says happened, in the vendor's words."""
    vendor: Annotated[str, Meta(max_length=64)] = ""
    """The reader that understood it; ``generic``: none did."""
    preview_key: Key | None = None
    """The first picture attached that can be shown."""
    pictures: Count = 0
    """Pictures attached."""
    mail_key: Key


class AlarmsTicked(Struct, frozen=True, kw_only=True, tag_field="type", tag="alarms-ticked"):
    """Time passed on one partition of ``alarms``: how marks that nothing joins any more come to be closed."""

    identity: ClassVar[tuple[str, ...]] = ("partition", "observed_ms")
    keyed_by: ClassVar[str] = "partition"

    partition: Annotated[int, Meta(ge=0)]
    observed_ms: Ms
    v: Literal[1] = 1


class AlertClaimed(Fact, frozen=True, kw_only=True, tag="alert-claimed"):
    """A process is about to tell people about a camera's mail. Of several claims to one thing the first counts."""

    identity: ClassVar[tuple[str, ...]] = ("media", "alert", "since_ms", "process", "observed_ms")

    alert: Literal["silent", "heard"]
    """It mails no longer; it mails again."""
    since_ms: Ms
    """Its last mail before the silence: which silence it is."""
    process: Annotated[str, Meta(min_length=1, max_length=64)]
    """Made anew by each process."""


class AlertDelivered(Fact, frozen=True, kw_only=True, tag="alert-delivered"):
    """People were told about a camera's mail: nobody tells the same thing again."""

    identity: ClassVar[tuple[str, ...]] = ("media", "alert", "since_ms")

    alert: Literal["silent", "heard"]
    since_ms: Ms
    """As in the claim."""
    process: Annotated[str, Meta(min_length=1, max_length=64)]
