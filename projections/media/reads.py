"""The SELECTs behind the camera list and one camera. Block; raise what Database raises."""

from collections.abc import Collection, Mapping, Sequence
from typing import Literal

import msgspec
from msgspec import Struct

from infra.clickhouse import Database
from projections.visible import named

_COLUMNS = (
    "media, observed_ms, source, title, enabled, audio, depth_ms, keep_ms, quota_bytes, catch, labels, mail_login,"
    " mail_password, mail_aliases, time_zone, motion, protect, groups, folder, changed_by,"
    " nullIf(last_ms, 0) AS last_ms"
)
CameraStatus = Literal["recording", "lost", "never"]
_STATUS: Mapping[CameraStatus | None, str] = {
    None: "true", "recording": "last_ms > {since:Int64}", "lost": "last_ms BETWEEN 1 AND {since:Int64}",
    "never": "ifNull(last_ms, 0) = 0",
}  # fmt: skip
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
    groups: tuple[str, ...]
    folder: str
    changed_by: str
    last_ms: int | None
    """End of its newest segment ever stored; None: never recorded."""


class CameraSearch(Struct, frozen=True, kw_only=True):
    """Which cameras are asked for: every condition narrows the rest."""

    text: str = ""
    """Part of a name, title or label, in any case."""
    names: Collection[str] | None = None
    """Only these; None: any."""
    group: str = ""
    folder: str = ""
    """This one and those below it."""
    status: CameraStatus | None = None
    recorded_since_ms: int = 0
    """What has newer footage is recording; counts with ``status``."""


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

    def page(self, after: str, limit: int, search: CameraSearch) -> list[StoredMedia]:
        """At most ``limit`` cameras of a search by name, those after ``after``."""
        only, named_as = named(search.names)
        sql = f"""SELECT {_COLUMNS} FROM {_FROM} WHERE media > {{after:String}} AND {only}
          AND ({{text:String}} = '' OR positionCaseInsensitiveUTF8(media, {{text:String}}) > 0
            OR positionCaseInsensitiveUTF8(title, {{text:String}}) > 0
            OR arrayExists(label -> positionCaseInsensitiveUTF8(label, {{text:String}}) > 0, labels))
          AND ({{group:String}} = '' OR has(groups, {{group:String}}))
          AND ({{folder:String}} = '' OR startsWith(concat(folder, '/'), concat({{folder:String}}, '/')))
          AND {_STATUS[search.status]}
          ORDER BY media LIMIT {{n:UInt32}}"""
        return self._stored(
            sql, after=after, text=search.text, group=search.group, folder=search.folder,
            since=search.recorded_since_ms, n=limit, **named_as,
        )  # fmt: skip

    def _stored(self, sql: str, **values: object) -> list[StoredMedia]:
        return msgspec.convert(self._database.rows(sql, {"public": self._public, **values}), list[StoredMedia])
