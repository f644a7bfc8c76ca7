"""Saves of episodes for tests, and random histories of what may stand on topic ``episode-saves``."""

from typing import Any

from hypothesis import strategies as st

from processors.episodes.rules import LAST_MS
from schemas import ids
from schemas.episode import EpisodeRecord, Originator
from schemas.facts import ClockTicked, EpisodeSaved

NOW_MS = 1_790_000_000_000
TIMEOUT_MS = 300_000
STEP_BACK_MS = 2_000
"""Most that a later save's time may be before an earlier one's."""
Event = EpisodeSaved | ClockTicked


def record(**fields: Any) -> EpisodeRecord:
    """An episode record of camera ``yard``, opened and updated now, unless ``fields`` say otherwise."""
    given: dict[str, Any] = {"episode_id": 7, "media": "yard", "opened_at": NOW_MS, "updated_at": NOW_MS}
    return EpisodeRecord(**(given | fields))


def saved(
    offset: int, at_ms: int = NOW_MS, partition: int = 0, preview_key: str | None = None, **fields: Any
) -> EpisodeSaved:
    """The save at ``offset`` of ``partition``, taken by the broker at ``at_ms``."""
    content = record(**fields)
    return EpisodeSaved(
        media=content.media, observed_ms=at_ms, save_id=ids.derived("episodes", partition, offset, at_ms),
        record=content, preview_key=preview_key, src_partition=partition, src_offset=offset,
    )  # fmt: skip


_TIMES = st.sampled_from((1_000_000_000_000, *(NOW_MS + n for n in range(8)), LAST_MS - 1, LAST_MS))
_EPISODES = (("yard", 7), ("yard", 7), ("yard", ids.MAX_ID), ("tył", (1 << 53) + 1), ("tył", 0))
RECORDS = st.builds(
    lambda episode, fields: {"media": episode[0], "episode_id": episode[1]} | fields,
    st.sampled_from(_EPISODES),
    st.fixed_dictionaries(
        {
            "opened_at": st.sampled_from((NOW_MS,) * 8 + (NOW_MS + 1, 1_000_000_000_000)),
            "updated_at": _TIMES,
            "originator": st.sampled_from(
                [Originator(source=source) for source in ("api", "alarm", "motion_detector")]
            ),
        },
        optional={
            "closed_at": _TIMES,
            "title": st.sampled_from(("gate", "gate ")),
            "payload": st.sampled_from(
                (
                    {"a": 1, "b": 1 << 70},
                    {"b": 1 << 70, "a": 1},
                    {"a": 1.0},
                    {"until_ms": NOW_MS + 5},
                    {"until_ms": float(NOW_MS)},
                    {"until_ms": 1 << 70},
                    {"until_ms": True},
                    {"until_ms": None},
                )
            ),
            "preview_key": st.sampled_from((None, "previews/a.jpg")),
        },
    ),
)
"""Fields of saves of few episodes, so that they meet often; ids and times reach their ends."""
_STEPS = st.integers(-STEP_BACK_MS, STEP_BACK_MS) | st.sampled_from(
    (0, 1, -1, TIMEOUT_MS - 1, TIMEOUT_MS, 288 * TIMEOUT_MS)
)
_SAVES = st.tuples(st.integers(0, 2), RECORDS)
_MOMENTS = st.tuples(_STEPS, st.one_of(_SAVES, _SAVES, _SAVES, st.none(), st.just("anew")))


@st.composite
def histories(draw: st.DrawFn, least: int = 12, most: int = 50) -> list[Event]:
    """What one reader of topic ``episodes`` forwards, undisturbed: saves of three partitions, and ticks between.

    The broker's clock may step back a little, and the topic may be made anew: its offsets then begin at 0 again.
    """
    latest_ms, at_ms = NOW_MS, NOW_MS
    ends = [0, 0, 0]
    events: list[Event] = []
    for step_ms, moment in draw(st.lists(_MOMENTS, min_size=least, max_size=most)):
        at_ms = max(at_ms + step_ms, latest_ms - STEP_BACK_MS)
        if moment == "anew":
            ends, at_ms = [0, 0, 0], latest_ms + STEP_BACK_MS + 1
        elif moment is None:
            events.append(ClockTicked(partition=0, observed_ms=at_ms))
        else:
            partition, fields = moment
            events.append(saved(ends[partition], at_ms, partition, **fields))
            ends[partition] += 1
        latest_ms = max(latest_ms, at_ms)
    return events
