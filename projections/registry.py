"""Every projection, in the order a newcomer should read them."""

from projections.alarms import rows as alarms
from projections.audit import rows as audit
from projections.dead_letters import rows as dead_letters
from projections.episodes import rows as episodes
from projections.expirations import rows as expirations
from projections.mail_refusals import rows as mail_refusals
from projections.media import rows as media
from projections.motion import rows as motion
from projections.protected_ranges import rows as protected_ranges
from projections.reprocess import rows as reprocess
from projections.reviews import rows as reviews
from projections.segments import rows as segments
from projections.spec import Projection
from projections.storage import rows as storage

SEGMENTS = Projection(
    name="segments",
    topics=("segments",),
    tables={
        segments.SegmentRow: "segments",
        segments.GapRow: "recording_gaps",
        segments.DeletionRow: "deletions",
    },
    derived=("footage",),
    rows=segments.rows,
    views=(
        "segments", "recording_gaps", "segment_extents", "deletions", "footage_history", "footage_hourly",
        "footage_sums", "footage_days",
    ),
)  # fmt: skip
EPISODES = Projection(
    name="episodes",
    topics=("episode-changes",),
    tables={episodes.VersionRow: "versions", episodes.RefusalRow: "refusals"},
    derived=("episodes", "changes", "ids"),
    rows=episodes.rows,
    views=(
        "episodes", "episode_versions", "episode_refusals", "episodes_hourly", "episode_changes", "episode_ids",
        "episode_spans", "episode_progress",
    ),
)  # fmt: skip
ALARMS = Projection(
    name="alarms",
    topics=("alarms",),
    tables={alarms.AlarmRow: "alarms"},
    derived=("times", "reaches"),
    rows=alarms.rows,
    views=("alarms", "alarm_times", "alarm_reaches"),
)
MAIL_REFUSALS = Projection(
    name="mail_refusals",
    topics=("mail-refusals",),
    tables={mail_refusals.RefusalRow: "mail_refusals"},
    rows=mail_refusals.rows,
    views=("mail_refusals",),
)
REPROCESS = Projection(
    name="reprocess",
    topics=("reprocess",),
    tables={reprocess.StepRow: "steps"},
    rows=reprocess.rows,
    views=("reprocess_runs",),
)
MOTION = Projection(
    name="motion",
    topics=("motion",),
    tables={motion.ScanRow: "segment_scans"},
    rows=motion.rows,
    views=("segment_scans",),
)
"""After ``REPROCESS``: its view leaves out what dropped runs said."""
PROTECTED_RANGES = Projection(
    name="protected_ranges",
    topics=("protections",),
    tables={protected_ranges.RangeRow: "protected_ranges", protected_ranges.LockRow: "locks"},
    rows=protected_ranges.rows,
    views=("protected_ranges", "locks", "lock_spans"),
)
EXPIRATIONS = Projection(
    name="expirations",
    topics=("expirations",),
    tables={expirations.ExpirationRow: "expirations"},
    rows=expirations.rows,
    views=("expirations",),
)
STORAGE = Projection(
    name="storage",
    topics=("storage",),
    tables={storage.LevelRow: "storage_levels", storage.ExhaustionRow: "storage_exhaustions"},
    rows=storage.rows,
    views=("storage_levels", "storage_exhaustions"),
)
MEDIA = Projection(name="media", topics=("media",), tables={media.MediaRow: "media"}, rows=media.rows, views=("media",))
REVIEWS = Projection(
    name="reviews",
    topics=("reviews",),
    tables={reviews.ReviewRow: "reviews"},
    rows=reviews.rows,
    views=("reviews",),
)
AUDIT = Projection(
    name="audit", topics=("audit",), tables={audit.ActionRow: "actions"}, rows=audit.rows, views=("audit",)
)
DEAD_LETTERS = Projection(
    name="dead_letters",
    topics=("dead-letters",),
    tables={dead_letters.LetterRow: "dead_letters"},
    rows=dead_letters.rows,
    views=("dead_letters",),
    told="failed_ms",
)

ALL: tuple[Projection, ...] = (
    SEGMENTS, EPISODES, ALARMS, MAIL_REFUSALS, REPROCESS, MOTION, PROTECTED_RANGES, EXPIRATIONS, STORAGE, MEDIA,
    REVIEWS, AUDIT, DEAD_LETTERS,
)  # fmt: skip
BY_NAME: dict[str, Projection] = {projection.name: projection for projection in ALL}
