"""MediaConfigured, MediaRemoved → rows of ``media``. Pure. No password passes here."""

import re
from collections.abc import Sequence

import msgspec
from msgspec import Struct

from schemas.errors import BadFact
from schemas.facts import MediaConfigured, MediaRemoved

_USERINFO = re.compile(r"(?P<user>[^:@/?#]*):.*", re.DOTALL)
_QUERY = re.compile(r"(?P<name>[^=&]*)=[^&]*")


class MediaRow(Struct, frozen=True, array_like=True, gc=False):
    """One row of ``media``, fields in column order."""

    media: str
    observed_ms: int
    source: str
    title: str
    enabled: bool
    audio: str
    depth_ms: int
    keep_ms: int | None
    quota_bytes: int | None
    catch: Sequence[str]
    labels: Sequence[str]
    mail_login: str
    mail_password: str
    mail_aliases: Sequence[str]
    time_zone: str
    motion: str
    protect: str
    groups: Sequence[str]
    folder: str
    changed_by: str
    is_deleted: int
    src_partition: int
    src_offset: int


def rows(fact: object, partition: int, offset: int) -> Sequence[Struct]:
    """The row a fact of topic ``media`` makes; the same for the same fact at the same position."""
    if isinstance(fact, MediaConfigured):
        return (_configured(fact, partition, offset),)
    if isinstance(fact, MediaRemoved):
        return (_removed(fact, partition, offset),)
    raise BadFact(f"{type(fact).__name__} makes no media row")


def without_secrets(source: str) -> str:
    """``source`` with the password and every value of its query as ``***``; paths and plain URLs are unchanged.

    The user is taken to end at the last ``@`` of the URL's authority, or of the whole rest where there is no ``/``
    before it, because passwords typed by hand hold ``/`` and ``@`` unescaped.
    """
    scheme, mark, rest = source.partition("://")
    if not mark:
        return source
    userinfo, at, place = rest.rpartition("@")
    if at and ":" in userinfo:
        userinfo = _USERINFO.sub(r"\g<user>:***", userinfo)
    path, question, query = place.partition("?")
    return scheme + mark + userinfo + at + path + question + _QUERY.sub(r"\g<name>=***", query)


def _configured(fact: MediaConfigured, partition: int, offset: int) -> MediaRow:
    return MediaRow(
        fact.media, fact.observed_ms, without_secrets(fact.source or ""), fact.title, fact.enabled, fact.audio,
        fact.depth_ms, fact.keep_ms, fact.quota_bytes, fact.catch, fact.labels, fact.mail_login,
        "***" if fact.mail_password else "", fact.mail_aliases, fact.time_zone,
        msgspec.json.encode(fact.motion).decode(), msgspec.json.encode(fact.protect).decode(), fact.groups, fact.folder,
        fact.changed_by, 0, partition, offset,
    )  # fmt: skip


def _removed(fact: MediaRemoved, partition: int, offset: int) -> MediaRow:
    return MediaRow(
        fact.media, fact.observed_ms, "", "", False, "", 0, None, None, (), (), "", "", (), "", "{}", "{}",
        (), "", fact.changed_by, 1, partition, offset,
    )  # fmt: skip
