"""Every fact of Sightlog. Start reading here.

A fact is one immutable record on a topic, named in the past tense. JSON objects; ``type`` holds the kebab-case
name, ``v`` the version of its shape. Times are UTC ms (``_ms``), spans half-open ``[start_ms, end_ms)``.
``observed_ms`` is when *we* learned it: the only "now" a rule may use. The public episode record is in
``schemas/episode.py``, the facts of mail in ``schemas/mail.py``, those of motion in ``schemas/motion.py``, of what
keeps footage in ``schemas/protection.py``, of what goes in ``schemas/retention.py``, of people in
``schemas/access.py``. Unknown fields are ignored, so
that an older reader survives a newer writer.
"""

from typing import Annotated, ClassVar, Literal

from msgspec import Meta, Struct

from schemas.access import (
    ActionAudited,
    BrandingConfigured,
    EpisodeReviewed,
    GroupConfigured,
    GroupName,
    GroupRemoved,
    SessionEnded,
    SessionOpened,
    ShareIssued,
    ShareRevoked,
    TokenIssued,
    TokenRevoked,
    UserConfigured,
    UserRemoved,
)
from schemas.checksums import Sha256, is_sha256
from schemas.episode import EpisodeRecord
from schemas.fact import Count, Fact, Id, Key, Length, Ms, Size, SpanFact, Text
from schemas.mail import AlarmReceived, AlarmsTicked, AlertClaimed, AlertDelivered, MailFact, MailReceived, MailRefused
from schemas.motion import (
    Look,
    MotionConfig,
    MotionSpan,
    MotionTicked,
    ReprocessCompleted,
    ReprocessDropped,
    ReprocessPromoted,
    ReprocessRequested,
    ReprocessStarted,
    RunFact,
    SegmentScanned,
)
from schemas.protection import (
    FootageDeleted,
    Hold,
    HoldPlaced,
    HoldsTicked,
    LockReleased,
    LockRequested,
    ProtectConfig,
    ProtectionConfigured,
    RangeProtected,
    RangeReleased,
)
from schemas.retention import (
    DeletionOrdered,
    FootageRemoved,
    FootageStored,
    LevelNoted,
    PolicyNoted,
    ProtectionNoted,
    RangeExpired,
    RangeRestored,
    RestoreNoted,
    RestoreRequested,
    RoomAlertClaimed,
    RoomAlertDelivered,
    Settled,
    SettlingStarted,
    StorageExhausted,
    StorageMeasured,
)

__all__ = [
    "ActionAudited", "AlarmReceived", "AlarmsTicked", "AlertClaimed", "AlertDelivered", "BrandingConfigured",
    "DeletionOrdered", "EpisodeReviewed", "Fact", "FootageDeleted", "FootageRemoved", "FootageStored",
    "GroupConfigured", "GroupRemoved", "Hold", "HoldPlaced", "HoldsTicked", "LevelNoted", "LockReleased",
    "LockRequested", "Look", "MailFact", "MailReceived", "MailRefused", "MotionConfig", "MotionSpan",
    "MotionTicked", "PolicyNoted", "ProtectConfig", "ProtectionConfigured", "ProtectionNoted", "RangeExpired",
    "RangeProtected", "RangeReleased", "RangeRestored", "ReprocessCompleted", "ReprocessDropped",
    "ReprocessPromoted", "ReprocessRequested", "ReprocessStarted", "RestoreNoted", "RestoreRequested",
    "RoomAlertClaimed", "RoomAlertDelivered", "RunFact", "SegmentScanned", "SessionEnded", "SessionOpened",
    "Settled", "SettlingStarted", "ShareIssued", "ShareRevoked", "SpanFact", "StorageExhausted", "StorageMeasured",
    "TokenIssued", "TokenRevoked", "UserConfigured", "UserRemoved",
]  # fmt: skip
"""What is told elsewhere and is found here as well."""

GapReason = Literal[
    "source_lost", "source_unreadable", "recorder_stopped", "recorder_crashed", "clock_jump", "spool_full",
    "disk_full", "media_disabled", "store_lost",
]  # fmt: skip
"""Why footage is missing. A detail for people goes into ``detail``."""


# cameras: topic `media`


class MediaConfigured(Fact, frozen=True, kw_only=True, tag="media-configured"):
    """An operator (API, CLI, CSV) said how a camera is to be recorded and kept. The whole configuration, every time."""

    identity: ClassVar[tuple[str, ...]] = ("media", "observed_ms")

    source: Annotated[str, Meta(max_length=2048)] | None = None
    """Where the recorder reads: rtsp/http URL, file path or /dev/videoN. None: fed by ingest or mail only. May hold
    a password: never log it, never answer it."""
    title: Annotated[str, Meta(max_length=256)] = ""
    enabled: bool = True
    """False: known, but not recorded."""
    audio: Literal["keep", "drop"] = "keep"
    depth_ms: Length = 21_600_000
    """Continuous archive, ms (6 h)."""
    keep_ms: Length | None = None
    """How long episodes may live beyond depth, ms. None: while there is room."""
    quota_bytes: Count | None = None
    catch: tuple[Annotated[str, Meta(min_length=1, max_length=128)], ...] = ("motion",)
    """Words that make a mail an alarm, searched case-insensitively in subject, then body."""
    labels: tuple[Annotated[str, Meta(min_length=1, max_length=128)], ...] = ()
    """Free words to find cameras by."""
    groups: tuple[GroupName, ...] = ()
    """The groups whose members may do something with it; none: only admins."""
    folder: Annotated[str, Meta(max_length=512)] = ""
    """Where it stands in the list of cameras, ``site/floor``."""
    mail_login: Annotated[str, Meta(max_length=256)] = ""
    """Login of its own that the camera's mails come with; empty: the listener's."""
    mail_password: Annotated[str, Meta(max_length=256)] = ""
    """Never log it; answered only where its mail page is filled in."""
    mail_aliases: tuple[Annotated[str, Meta(min_length=1, max_length=320)], ...] = ()
    """Other names that its mails go by: ``NAME`` or ``NAME#CHANNEL``; NAME is a login, a local part or an address.
    With a channel (number or name) the mail must name that channel too: how one recorder's sender is many cameras."""
    time_zone: Annotated[str, Meta(max_length=64)] = ""
    """IANA zone of the camera's own clock, for times without one in its mails; empty: the setting ``time_zone``."""
    motion: MotionConfig = MotionConfig()
    """How motion is sought in its footage."""
    protect: ProtectConfig = ProtectConfig()
    """Which of its episodes keep footage beyond depth."""
    changed_by: Annotated[str, Meta(max_length=256)] = ""


class MediaRemoved(Fact, frozen=True, kw_only=True, tag="media-removed"):
    """An operator took a camera away. Its footage stays until retention takes it."""

    changed_by: Annotated[str, Meta(max_length=256)] = ""


# footage: topic `segments`


class Keyframe(Struct, frozen=True, kw_only=True):
    """One key frame of a segment, readable on its own by a ranged GET."""

    at_ms: Ms
    byte_offset: Count
    """From the start of the object."""
    size_bytes: Size


class SegmentRecorded(SpanFact, frozen=True, kw_only=True, tag="segment-recorded"):
    """The recorder (or ingest) stored one stretch of footage as one self-contained fragmented MP4."""

    object_key: Key
    size_bytes: Size
    sha256: Sha256
    container: Literal["fmp4"] = "fmp4"
    video_codec: Annotated[str, Meta(min_length=1, max_length=32)]
    """FFmpeg's name: h264, hevc, mjpeg, av1 …"""
    audio_codec: Annotated[str, Meta(min_length=1, max_length=32)] | None = None
    width_px: Count
    height_px: Count
    frames: Count
    """Video frames in the object."""
    run_id: Annotated[str, Meta(min_length=1, max_length=64)]
    """One unbroken recording: same codec, same clock. A new run is a discontinuity for players."""
    init_len: Size
    """Bytes of ftyp+moov at the start of the object (the HLS initialisation section)."""
    codecs: Annotated[str, Meta(max_length=128)]
    """RFC 6381, for example ``avc1.640028,mp4a.40.2``."""
    keyframes: tuple[Keyframe, ...]
    """Ascending; the first is at ``start_ms``."""
    gop_bytes: tuple[Count, ...]
    """Video bytes per GOP without its key frame; one entry per key frame."""
    origin: Literal["recorder", "ingest"] = "recorder"

    def __post_init__(self) -> None:
        SpanFact.__post_init__(self)
        if len(self.gop_bytes) != len(self.keyframes):
            raise ValueError(f"gop_bytes has {len(self.gop_bytes)} entries for {len(self.keyframes)} key frames")
        if not is_sha256(self.sha256):
            raise ValueError(f"sha256 {self.sha256!r} is not 64 lower-case hexadecimal digits")
        last_ms = self.start_ms
        for keyframe in self.keyframes:
            if keyframe.at_ms < last_ms:
                raise ValueError(f"key frame at {keyframe.at_ms} is before the segment or out of order")
            if keyframe.byte_offset + keyframe.size_bytes > self.size_bytes:
                raise ValueError(f"key frame at {keyframe.at_ms} ends behind the object's {self.size_bytes} bytes")
            last_ms = keyframe.at_ms


class RecordingGap(Fact, frozen=True, kw_only=True, tag="recording-gap"):
    """The recorder knows that footage is missing. ``end_ms`` None: still so; the same start with an end closes it."""

    identity: ClassVar[tuple[str, ...]] = ("media", "start_ms", "end_ms")

    start_ms: Ms
    end_ms: Ms | None = None
    reason: GapReason
    detail: Text = ""
    """For people; never holds a password."""

    def __post_init__(self) -> None:
        Fact.__post_init__(self)
        if self.end_ms is not None and self.end_ms <= self.start_ms:
            raise ValueError(f"end_ms {self.end_ms} must be after start_ms {self.start_ms}")


class SegmentsDeleted(SpanFact, frozen=True, kw_only=True, tag="segments-deleted"):
    """The expire effect verified that these objects are gone."""

    identity: ClassVar[tuple[str, ...]] = ("media", "start_ms", "end_ms", "expiration_id")
    id_fields: ClassVar[tuple[str, ...]] = ("expiration_id",)

    segment_starts_ms: tuple[Ms, ...]
    """``start_ms`` of every deleted segment, ascending."""
    size_bytes: Count
    """Bytes freed."""
    expiration_id: Id
    """The RangeExpired that ordered it."""


# marks: topic `episode-saves` (ours), from `episodes` (public)


class EpisodeSaved(Fact, frozen=True, kw_only=True, tag="episode-saved"):
    """A save on the public topic was read: its place in the one order in which the lifecycle takes saves.

    ``observed_ms`` is when the broker took the save, so it is the same whoever reads it, however often.
    """

    identity: ClassVar[tuple[str, ...]] = ("media", "save_id")
    id_fields: ClassVar[tuple[str, ...]] = ("save_id",)

    save_id: Id
    """Derived from topic, partition, offset and ``observed_ms`` of the save: one id for one record on the topic."""
    record: EpisodeRecord
    """As saved, its pictures taken out."""
    preview_key: Key | None = None
    """The object that holds the record's ``preview``."""
    frame_preview_key: Key | None = None
    preview_dropped: Text = ""
    """Why a picture was not kept; the episode was."""
    src_partition: Annotated[int, Meta(ge=0)]
    """Partition of the save on topic ``episodes``."""
    src_offset: Count


class ClockTicked(Struct, frozen=True, kw_only=True, tag_field="type", tag="clock-ticked"):
    """Time passed on one partition of a topic: how a rule that waits learns of it, live and in a replay."""

    identity: ClassVar[tuple[str, ...]] = ("partition", "observed_ms")
    keyed_by: ClassVar[str] = "partition"

    partition: Annotated[int, Meta(ge=0)]
    observed_ms: Ms
    v: Literal[1] = 1


class WorkerSeated(Struct, frozen=True, kw_only=True, tag_field="type", tag="worker-seated"):
    """A worker took the one seat whose holder reads ``episodes`` and writes ``episode-saves``."""

    identity: ClassVar[tuple[str, ...]] = ("worker", "observed_ms")

    worker: Annotated[str, Meta(min_length=1, max_length=256)]
    """Host name and process id."""
    observed_ms: Ms
    v: Literal[1] = 1


# decisions: topic `episode-changes`


class EpisodeAccepted(Fact, frozen=True, kw_only=True, tag="episode-accepted"):
    """The lifecycle took a version of an episode."""

    identity: ClassVar[tuple[str, ...]] = ("media", "episode_id", "rev")
    id_fields: ClassVar[tuple[str, ...]] = ("episode_id", "save_id")

    episode_id: Id
    rev: Annotated[int, Meta(ge=1)]
    """Grows by one with every accepted version of this episode."""
    save_id: Id
    """The save it came from."""
    record: EpisodeRecord
    """The whole version, its pictures taken out."""
    preview_key: Key | None = None
    frame_preview_key: Key | None = None
    preview_dropped: Text = ""
    """Why a picture was not kept; the episode was."""


class EpisodeRefused(Fact, frozen=True, kw_only=True, tag="episode-refused"):
    """The lifecycle refused a save; the refused record is kept."""

    identity: ClassVar[tuple[str, ...]] = ("media", "episode_id", "save_id")
    id_fields: ClassVar[tuple[str, ...]] = ("episode_id", "save_id")

    episode_id: Id
    save_id: Id
    """The save that was refused."""
    reason: Annotated[str, Meta(min_length=1, max_length=128)]
    """stale, opened_at_changed, closed_at_changed, closed_before_opened."""
    detail: Text = ""
    """The rule and the two values, for people."""
    record: EpisodeRecord
    """As saved, its pictures taken out."""
    preview_key: Key | None = None
    frame_preview_key: Key | None = None
    preview_dropped: Text = ""


# the sick bay: topic `dead-letters`


class DeadLettered(Struct, frozen=True, kw_only=True, tag_field="type", tag="dead-lettered"):
    """One consumer could not use one record. Key and value are kept byte for byte (base64 in JSON)."""

    identity: ClassVar[tuple[str, ...]] = ("consumer", "topic", "partition", "offset")

    consumer: Annotated[str, Meta(min_length=1, max_length=128)]
    topic: Annotated[str, Meta(min_length=1, max_length=249)]
    partition: Annotated[int, Meta(ge=0)]
    offset: Count
    key: bytes | None
    value: bytes | None
    """None also for a record too large for any letter (its reason says so)."""
    error: Annotated[str, Meta(max_length=256)]
    """Short stable word for grouping: bad_json, bad_schema, unknown_type, oversize, rule …"""
    reason: Text
    """One sentence for a person."""
    failed_ms: Ms
    code_version: Annotated[str, Meta(max_length=64)]
    v: Literal[1] = 1


class SourceFact(Struct, frozen=True, kw_only=True, tag_field="type"):
    """What every fact about an analytics node carries."""

    identity: ClassVar[tuple[str, ...]] = ("source", "observed_ms")

    source: Annotated[str, Meta(min_length=1, max_length=128)]
    """Its name here, and the record's key."""
    observed_ms: Ms
    v: Literal[1] = 1


class SourceConfigured(SourceFact, frozen=True, kw_only=True, tag="source-configured"):
    """An analytics node to poll for episodes, as an operator set it. The last fact of a source wins."""

    url: Annotated[str, Meta(min_length=1, max_length=2048)]
    """Address of its episode list; may hold a password."""
    token: Annotated[str, Meta(max_length=4096)] = ""
    """Sent as ``Authorization: Bearer``; empty: none."""
    changed_by: Annotated[str, Meta(max_length=256)] = ""


class SourceRemoved(SourceFact, frozen=True, kw_only=True, tag="source-removed"):
    """The node is no longer polled; what it gave stays."""

    changed_by: Annotated[str, Meta(max_length=256)] = ""


class SourcePolled(SourceFact, frozen=True, kw_only=True, tag="source-polled"):
    """How far a node has been read: everything up to here is on topic ``episodes``. Also told when nothing came."""

    updated_ms: Ms
    """Where the next poll begins: the largest ``updated_at`` received."""
    cursor: Annotated[str, Meta(max_length=4096)] = ""
    """The node's own ``next``, when it gave one; it goes before ``updated_ms``."""
    since_ms: Ms = 0
    """``updated_at_gt`` that the cursor belongs to."""
    episodes: Count = 0
    """How many have been published in all."""
    address: Annotated[str, Meta(max_length=2048)] = ""
    """What was polled, without its password; another address is read from its beginning."""
    error: Text = ""
    """Why the last poll failed; empty: it did not."""
