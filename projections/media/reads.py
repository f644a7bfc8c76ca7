"""The SELECTs behind the camera list and one camera. Block; raise what Database raises."""

from collections.abc import Collection, Sequence

import msgspec
from msgspec import Struct

from infra.clickhouse import Database
from projections.visible import named

_COLUMNS = (
    "media, observed_ms, source, title, enabled, audio, depth_ms, keep_ms, quota_bytes, catch, labels, mail_login,"
    " mail_password, mail_aliases, time_zone, motion, protect, changed_by, nullIf(last_ms, 0) AS last_ms"
)
_FROM = "{public:Identifier}.media LEFT JOIN {public:Identifier}.segment_extents USING (media)"


class StoredMedia(Struct, frozen=True, kw_only=True):
    """One configured camera, as the last fact about it said."""

    media: str
    observed_ms: int
    source: str
    """Secrets are ``***`` here: this is no source to record from. Empty: fed by ingest or mail only."""
    title: str
    enabled: bool
    audio: str
    depth_ms: int
    keep_ms: int | None
    quota_bytes: int | None
    catch: tuple[str, ...]
    labels: tuple[str, ...]
    mail_login: str
    mail_password: str
    """``***``, or empty where the camera has none of its own."""
    mail_aliases: tuple[str, ...]
    time_zone: str
    motion: str
    """How motion is sought, a JSON object; fields left out are at their defaults."""
    protect: str
    """Which episodes keep their footage; the same."""
    changed_by: str
    last_ms: int | None
    """End of its newest segment ever stored; None: never recorded."""


class MediaReads:
    """Answers about cameras from the public views in database ``public``."""

    def __init__(self, database: Database, public: str) -> None:
        self._database = database
        self._public = public

    def get(self, media: str) -> StoredMedia | None:
        """The camera of this name; None when it is not configured."""
        return next(iter(self.named([media])), None)

    def named(self, names: Sequence[str]) -> list[StoredMedia]:
        """Those of ``names`` that are configured, by name."""
        sql = f"SELECT {_COLUMNS} FROM {_FROM} WHERE media IN {{names:Array(String)}} ORDER BY media"
        return self._stored(sql, names=list(names))

    def page(self, after: str, limit: int, text: str = "", names: Collection[str] | None = None) -> list[StoredMedia]:
        """At most ``limit`` cameras (of ``names``) by name, after ``after``, with ``text`` in name, title or label."""
        only, named_as = named(names)
        sql = f"""SELECT {_COLUMNS} FROM {_FROM} WHERE media > {{after:String}} AND {only}
          AND ({{text:String}} = '' OR positionCaseInsensitiveUTF8(media, {{text:String}}) > 0
            OR positionCaseInsensitiveUTF8(title, {{text:String}}) > 0
            OR arrayExists(label -> positionCaseInsensitiveUTF8(label, {{text:String}}) > 0, labels))
          ORDER BY media LIMIT {{n:UInt32}}"""
        return self._stored(sql, after=after, text=text, n=limit, **named_as)

    def _stored(self, sql: str, **values: object) -> list[StoredMedia]:
        return msgspec.convert(self._database.rows(sql, {"public": self._public, **values}), list[StoredMedia])
