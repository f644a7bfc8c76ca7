"""A mail as a record of the spool: MessagePack, because the raw mail stands in it as it is."""

import msgspec

from schemas.errors import BadFact
from schemas.mail import MailReceived

_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(MailReceived)


def packed(mail: MailReceived) -> bytes:
    """The record of a mail. Raises BadFact for a mail that could not be appended to the log either."""
    try:
        record = _encoder.encode(mail)
    except (TypeError, ValueError) as error:
        raise BadFact(f"the mail cannot be written to the spool: {error}") from None
    unpacked(record)
    return record


def unpacked(record: bytes) -> MailReceived:
    """The mail of a record. Raises BadFact."""
    try:
        return _decoder.decode(record)
    except (msgspec.MsgspecError, ValueError) as error:
        raise BadFact(f"a record of the spool holds no mail: {error}") from None
