"""The way from a camera's mail or footage to a protected range, as stages of settling. Pure.

Names of groups are those that other slices give themselves; a test compares.
"""

from processors.retention.entry.settling import Hop, Stage
from schemas import topics

FOOTAGE = topics.SEGMENTS.name
_PROTECTION = "processor-protection-entry"


def stages(settle_s: float) -> tuple[Stage, ...]:
    """All of them in order. Rules may keep a mark back for ``settle_s`` after its verdict (holes in footage)."""
    judged = Stage(
        (
            Hop(topics.MAILS.name, "processor-alarms-entry", is_common=True),
            Hop(FOOTAGE, "processor-motion-entry"),
        ),
        rest_s=settle_s,
    )
    marked = Stage((Hop(topics.ALARMS.name, "processor-alarms-v1"), Hop(topics.MOTION.name, "processor-motion-v1")))
    saved = Stage(
        (Hop(topics.EPISODES.name, "processor-episodes-entry", workers="processor-episodes-seat", is_common=True),)
    )
    accepted = Stage((Hop(topics.EPISODE_SAVES.name, "processor-episodes-v1"),))
    held = Stage(
        tuple(Hop(topic.name, _PROTECTION) for topic in (topics.EPISODE_CHANGES, topics.PROTECTIONS, topics.MEDIA))
    )
    protected = Stage((Hop(topics.HOLDS.name, "processor-protection-v1"),))
    told = Stage(tuple(Hop(topic.name, "") for topic in (topics.PROTECTIONS, topics.MEDIA, topics.EXPIRATIONS)))
    return judged, marked, saved, accepted, held, protected, told
