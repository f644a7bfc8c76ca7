"""The registry of topics, against the contract."""

import re

from schemas import facts, topics
from schemas.episode import EpisodeRecord

CONTRACT = {
    "media": {"MediaConfigured", "MediaRemoved"},
    "segments": {"SegmentRecorded", "RecordingGap", "SegmentsDeleted"},
    "alarms": {"AlarmReceived", "AlarmsTicked"},
    "episodes": {"EpisodeRecord"},
    "episode-changes": {"EpisodeAccepted", "EpisodeRefused"},
    "motion": {"SegmentScanned", "MotionTicked"},
    "protections": {"RangeProtected", "RangeReleased", "LockRequested", "LockReleased"},
    "storage": {"StorageMeasured", "StorageExhausted"},
    "expirations": {"RangeExpired", "RangeRestored", "RestoreRequested", "DeletionOrdered"},
    "dead-letters": {"DeadLettered"},
}
OURS = {
    "episode-entry": {"WorkerSeated"},
    "episode-saves": {"EpisodeSaved", "ClockTicked"},
    "holds": {"HoldPlaced", "ProtectionConfigured", "FootageDeleted", "HoldsTicked"},
    "retention-inputs": {
        "FootageStored", "FootageRemoved", "ProtectionNoted", "PolicyNoted", "RestoreNoted", "LevelNoted",
        "SettlingStarted", "Settled",
    },
    "mails": {"MailReceived"},
    "mail-refusals": {"MailRefused"},
    "alerts": {"AlertClaimed", "AlertDelivered", "RoomAlertClaimed", "RoomAlertDelivered"},
    "reprocess": {
        "ReprocessRequested", "ReprocessStarted", "ReprocessCompleted", "ReprocessPromoted", "ReprocessDropped",
    },
    "sources": {"SourceConfigured", "SourceRemoved"},
    "source-polls": {"SourcePolled"},
    "access": {
        "UserConfigured", "UserRemoved", "GroupConfigured", "GroupRemoved", "TokenIssued", "TokenRevoked",
        "ShareIssued", "ShareRevoked", "SessionOpened", "SessionEnded", "BrandingConfigured",
    },
    "reviews": {"EpisodeReviewed"},
    "audit": {"ActionAudited"},
}
"""Topics beyond the contract: nobody outside relies on them."""


def test_topics_and_their_facts_are_those_of_the_contract() -> None:
    assert {topic.name: {fact.__name__ for fact in topic.facts} for topic in topics.ALL} == CONTRACT | OURS


def test_every_fact_type_of_the_module_is_on_exactly_one_topic() -> None:
    bases = {facts.Fact, facts.SpanFact, facts.SourceFact, facts.MailFact, facts.RunFact}
    defined = {kind for kind in vars(facts).values() if isinstance(kind, type) and hasattr(kind, "identity")} - bases
    assert set(topics.OF_FACT) == defined | {EpisodeRecord}
    assert len(topics.OF_FACT) == sum(len(topic.facts) for topic in topics.ALL)


def test_only_registries_are_compacted_because_their_key_is_their_identity() -> None:
    compacted = {topic.name for topic in topics.ALL if topic.cleanup == "compact"}
    assert compacted == {"media", "sources", "source-polls", "alerts", "access", "reviews"}


def test_facts_are_kept_for_ever_but_for_levels_refusals_and_what_stands_on_another_topic() -> None:
    kept_for_a_while = {topic.name for topic in topics.ALL if topic.retention_ms >= 0}
    assert kept_for_a_while == {"storage", "episodes", "mails", "mail-refusals"}


def test_the_broker_stamps_what_strangers_write_and_the_footage_that_waits_for_its_predecessor() -> None:
    assert {topic.name for topic in topics.ALL if topic.stamped == "append"} == {"episodes", "segments"}


def test_topics_keyed_by_media_or_by_the_way_of_a_mail_share_one_partition_count() -> None:
    assert all(
        topic.partitioned
        == (topic.key in ("media", "route") and topic.name not in ("mail-refusals", "alerts", "retention-inputs"))
        for topic in topics.ALL
    )


def test_names_are_kebab_case_and_every_topic_says_what_it_is_about() -> None:
    assert all(
        re.fullmatch(r"[a-z]+(-[a-z]+)*", topic.name) and topic.about and topic.written_by for topic in topics.ALL
    )
