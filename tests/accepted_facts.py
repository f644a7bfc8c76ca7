"""Accepted and refused versions of episodes, as the lifecycle tells them, for tests of what comes after it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from hypothesis import strategies as st

from schemas import ids
from schemas.episode import EpisodeRecord, Originator
from schemas.facts import EpisodeAccepted, EpisodeRefused
from schemas.visible import Shown

BEGAN_MS = 1_790_000_000_000
CAMERAS = ("gate", "yard", "tył")


def record(**fields: Any) -> EpisodeRecord:
    given: dict[str, Any] = {"episode_id": 7, "media": "gate", "opened_at": BEGAN_MS, "updated_at": BEGAN_MS}
    return EpisodeRecord(**(given | fields))


def accepted(
    rev: int = 1, at_ms: int = BEGAN_MS, pictures: Mapping[str, str] = MappingProxyType({}), **fields: Any
) -> EpisodeAccepted:
    """``pictures``: preview_key, frame_preview_key, preview_dropped."""
    told = record(**fields)
    assert isinstance(told.episode_id, int)
    save_id = ids.derived(told.media, told.episode_id, rev)
    return EpisodeAccepted(
        media=told.media, observed_ms=at_ms, episode_id=told.episode_id, rev=rev, save_id=save_id, record=told,
        **pictures,  # type: ignore[arg-type]
    )  # fmt: skip


def refused(number: int, reason: str = "stale", at_ms: int = BEGAN_MS, **fields: Any) -> EpisodeRefused:
    told = record(**fields)
    assert isinstance(told.episode_id, int)
    return EpisodeRefused(
        media=told.media, observed_ms=at_ms, episode_id=told.episode_id, save_id=ids.derived("refused", number),
        reason=reason, detail="told before", record=told,
    )  # fmt: skip


TEXTS = st.sampled_from(("", "Gate 7", "ŻÓŁW", 'say "hi"', "a,b", "tab\there"))
_NEAR = st.integers(0, 40).map(lambda n: BEGAN_MS + 100 * n)
VISIBLES = st.lists(
    st.builds(
        Shown, st.none() | st.frozensets(st.sampled_from(CAMERAS), max_size=2), st.just(0) | _NEAR, st.none() | _NEAR
    ),
    max_size=2,
).map(tuple)
"""What readers may see: of some cameras, from and to some time."""
EPISODES = st.lists(
    st.fixed_dictionaries(
        {
            "media": st.sampled_from(CAMERAS),
            "episode_id": st.sampled_from((0, 1, 2, 3, (1 << 53) + 1, ids.MAX_ID)),
            "opened_at": st.sampled_from((BEGAN_MS, BEGAN_MS + 700, BEGAN_MS - 40 * 86_400_000)),
        },
        optional={
            "started_at": _NEAR,
            "closed_at": _NEAR,
            "episode_type": st.sampled_from(("face", "generic", "a,b")),
            "title": TEXTS,
            "labels": st.lists(TEXTS, max_size=2).map(tuple),
            "license_plate_text": TEXTS,
            "payload": st.dictionaries(TEXTS, TEXTS, max_size=2),
            "score": st.sampled_from((0.0, 0.5, 1.0)),
            "originator": st.sampled_from((Originator(), Originator(source="alarm", hostname="nvr"))),
        },
    ),
    min_size=1,
    max_size=30,
)


def versions_of(drawn: list[dict[str, Any]]) -> list[EpisodeAccepted]:
    """Versions as a lifecycle would accept them: one opening per episode, ``updated_at`` and ``rev`` growing."""
    known: dict[tuple[str, int], tuple[int, int]] = {}
    told = []
    for number, fields in enumerate(drawn):
        key = fields["media"], fields["episode_id"]
        rev, opened_at = known.get(key, (0, fields["opened_at"]))
        known[key] = (rev + 1, opened_at)
        updated_at = opened_at + 10 * (number % 5) + 1000 * rev
        told.append(
            accepted(rev + 1, BEGAN_MS + number, **(fields | {"opened_at": opened_at, "updated_at": updated_at}))
        )
    return told


SEARCHES = st.fixed_dictionaries(
    {},
    optional={
        "visible": VISIBLES,
        "media": st.sampled_from((("gate",), ("gate", "tył"), ("nobody",))),
        "episode_type": st.sampled_from((("face",), ("a,b",), ("face", "generic"))),
        "source": st.sampled_from((("api",), ("alarm", "person"))),
        "label": TEXTS.map(lambda text: (text,)),
        "opened_at_gte": _NEAR,
        "opened_at_lt": _NEAR,
        "overlaps_from": _NEAR,
        "overlaps_to": _NEAR,
        "updated_at_gt": _NEAR,
        "words": st.sampled_from((("gate",), ("żółw",), ("hi",), ('"hi',), ("gate", "7"), ("%",), ("\\",), ("tab",))),
    },
)
"""Fields of a Search; few values, so that they meet what is stored."""
