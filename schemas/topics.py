"""The typed registry of topics: what is on each, who writes it, how long it is kept."""

from dataclasses import dataclass
from typing import Literal

from schemas import access, episode, facts


@dataclass(frozen=True, kw_only=True)
class Topic:
    """One topic. Its key is the media name, except where ``key`` says otherwise."""

    name: str
    facts: tuple[type, ...]
    """The types a record may have. A single untagged type for ``episodes``."""
    about: str
    written_by: str
    cleanup: Literal["delete", "compact"] = "delete"
    retention_ms: int = -1
    """-1: for ever. Facts are small; history outlives footage, and a rebuild starts at the first fact."""
    key: str = "media"
    stamped: Literal["creation", "append"] = "creation"
    """Whose clock a record's timestamp is: its writer's, or the broker's when it took it."""
    partitioned: bool = True
    """True: SIGHTLOG_PARTITIONS partitions, like every media-keyed topic. False: one."""


MEDIA = Topic(
    name="media", facts=(facts.MediaConfigured, facts.MediaRemoved), cleanup="compact", written_by="api, cli",
    about="Which cameras exist and how each is recorded and kept; the last fact of a media wins",
)  # fmt: skip
SEGMENTS = Topic(
    name="segments", facts=(facts.SegmentRecorded, facts.RecordingGap, facts.SegmentsDeleted),
    written_by="producers/segments, projections/effects", about="Footage stored, missing and deleted",
    stamped="append",
)  # fmt: skip
MAILS = Topic(
    name="mails", facts=(facts.MailReceived,), written_by="producers/alarms", key="route",
    about="Every mail that was answered 250, as it came", retention_ms=30 * 86_400_000,
)  # fmt: skip
MAIL_REFUSALS = Topic(
    name="mail-refusals", facts=(facts.MailRefused,), written_by="producers/alarms", key="route", partitioned=False,
    about="Logins and mails that the listener refused, with the reason", retention_ms=90 * 86_400_000,
)  # fmt: skip
ALARMS = Topic(
    name="alarms", facts=(facts.AlarmReceived, facts.AlarmsTicked), written_by="processors/alarms",
    about="What each mail says of which camera",
)  # fmt: skip
ALERTS = Topic(
    name="alerts",
    facts=(facts.AlertClaimed, facts.AlertDelivered, facts.RoomAlertClaimed, facts.RoomAlertDelivered),
    cleanup="compact", written_by="api", partitioned=False,
    about="Which silences of cameras and which full stores people have been told, by which process of the API",
)  # fmt: skip
EPISODES = Topic(
    name="episodes", facts=(episode.EpisodeRecord,), written_by="intake, external analytics, processors",
    about="Public: marks on the archive as their sources say them; any partitioner, any key or none",
    stamped="append", retention_ms=30 * 86_400_000,
)  # fmt: skip
EPISODE_SAVES = Topic(
    name="episode-saves", facts=(facts.EpisodeSaved, facts.ClockTicked), written_by="processors/episodes",
    about="Every save of `episodes` in the one order in which the lifecycle takes them, pictures in the object store",
)  # fmt: skip
EPISODE_ENTRY = Topic(
    name="episode-entry", facts=(facts.WorkerSeated,), written_by="processors/episodes", partitioned=False,
    about="The worker whose group holds its one partition is the one that reads `episodes`; it says so here",
    key="worker",
)  # fmt: skip
EPISODE_CHANGES = Topic(
    name="episode-changes", facts=(facts.EpisodeAccepted, facts.EpisodeRefused), written_by="processors/episodes",
    about="What the lifecycle accepted and refused",
)  # fmt: skip
MOTION = Topic(
    name="motion", facts=(facts.SegmentScanned, facts.MotionTicked), written_by="processors/motion",
    about="One verdict per segment and detector version",
)  # fmt: skip
REPROCESS = Topic(
    name="reprocess",
    facts=(
        facts.ReprocessRequested, facts.ReprocessStarted, facts.ReprocessCompleted, facts.ReprocessPromoted,
        facts.ReprocessDropped,
    ),
    written_by="api, processors/motion", key="run", partitioned=False,
    about="Runs that look at the past again, beside the live verdicts",
)  # fmt: skip
HOLDS = Topic(
    name="holds",
    facts=(facts.HoldPlaced, facts.ProtectionConfigured, facts.FootageDeleted, facts.HoldsTicked),
    written_by="processors/protection",
    about="What the rules of protection see: episodes, locks, settings and time, translated from their own topics",
)  # fmt: skip
PROTECTIONS = Topic(
    name="protections",
    facts=(facts.RangeProtected, facts.RangeReleased, facts.LockRequested, facts.LockReleased),
    written_by="processors/protection, api", about="Ranges that must survive, and locks asked for by hand",
)  # fmt: skip
STORAGE = Topic(
    name="storage", facts=(facts.StorageMeasured, facts.StorageExhausted),
    written_by="producers/storage, processors/retention", retention_ms=7 * 86_400_000,
    about="How full the store is and what time it is", key="store", partitioned=False,
)  # fmt: skip
RETENTION_INPUTS = Topic(
    name="retention-inputs",
    facts=(
        facts.FootageStored, facts.FootageRemoved, facts.ProtectionNoted, facts.PolicyNoted, facts.RestoreNoted,
        facts.LevelNoted, facts.SettlingStarted, facts.Settled,
    ),
    written_by="processors/retention", partitioned=False,
    about="Everything that the rules of retention see, in the one order in which they see it",
)  # fmt: skip
EXPIRATIONS = Topic(
    name="expirations",
    facts=(facts.RangeExpired, facts.RangeRestored, facts.RestoreRequested, facts.DeletionOrdered),
    written_by="processors/retention, api", about="Decisions to delete, those taken back, and those that are final",
)  # fmt: skip
SOURCES = Topic(
    name="sources", facts=(facts.SourceConfigured, facts.SourceRemoved), cleanup="compact", written_by="cli",
    about="Analytics nodes that are polled for episodes", key="source", partitioned=False,
)  # fmt: skip
SOURCE_POLLS = Topic(
    name="source-polls", facts=(facts.SourcePolled,), cleanup="compact", written_by="producers/episodes",
    about="How far each analytics node has been read", key="source", partitioned=False,
)  # fmt: skip
ACCESS = Topic(
    name="access", facts=access.ACCESS, cleanup="compact", written_by="api, cli", key="entry", partitioned=False,
    about="Users, groups, tokens, links, sessions and branding; followed by every process of the API",
)  # fmt: skip
REVIEWS = Topic(
    name="reviews", facts=(facts.EpisodeReviewed,), cleanup="compact", written_by="api", key="review",
    partitioned=False, about="Which episodes each user has reviewed, and which are favourites",
)  # fmt: skip
AUDIT = Topic(
    name="audit", facts=(facts.ActionAudited,), written_by="api", key="who", partitioned=False,
    about="Who signed in, viewed, exported, protected, deleted and changed what",
)  # fmt: skip
DEAD_LETTERS = Topic(
    name="dead-letters", facts=(facts.DeadLettered,), written_by="every consumer", key="consumer", partitioned=False,
    about="Records a consumer could not use, with the reason",
)  # fmt: skip

ALL: tuple[Topic, ...] = (
    MEDIA, SEGMENTS, MAILS, MAIL_REFUSALS, ALARMS, ALERTS, EPISODES, EPISODE_ENTRY, EPISODE_SAVES, EPISODE_CHANGES,
    SOURCES, SOURCE_POLLS, MOTION, REPROCESS, HOLDS, PROTECTIONS, STORAGE, RETENTION_INPUTS,
    EXPIRATIONS, ACCESS, REVIEWS, AUDIT, DEAD_LETTERS,
)  # fmt: skip
BY_NAME: dict[str, Topic] = {topic.name: topic for topic in ALL}
OF_FACT: dict[type, Topic] = {fact: topic for topic in ALL for fact in topic.facts}
