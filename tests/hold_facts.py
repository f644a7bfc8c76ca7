"""Histories of holds: what the rules of protection may see of two cameras, with everything that may go wrong."""

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st
from msgspec import structs

from infra.settings import Settings
from processors.protection.agent import processor
from processors.protection.standing import QUARTER_MS, SERIES_MS
from schemas.facts import FootageDeleted, HoldPlaced, HoldsTicked, ProtectionConfigured
from schemas.protection import Hold, ProtectConfig
from tests.folded import Folded
from tests.protection_model import Event, Model, Told

BASE_MS = SERIES_MS * 4_900
"""The first millisecond of a series, and of a quarter, in the year 2023."""
OPEN_MS = 60_000
MEDIA = ("gate", "yard")
FOLD = processor(Settings(protect_open_ms=OPEN_MS)).fold
EDGES = (0, QUARTER_MS, 2 * QUARTER_MS, 5 * QUARTER_MS, SERIES_MS, SERIES_MS + QUARTER_MS)
LENGTHS = st.sampled_from([1, 5000, 40_000, QUARTER_MS, SERIES_MS, 2 * SERIES_MS])
times = st.builds(lambda edge, at: BASE_MS + edge + at * 1000 - 20_000, st.sampled_from(EDGES), st.integers(0, 40))
"""Close to each other and to where boxes begin and end."""
_medias = st.sampled_from(MEDIA)
_protects = st.builds(
    ProtectConfig, enabled=st.sampled_from([True, True, False]), types=st.sampled_from([(), (), ("face",)]),
    before_ms=st.sampled_from([0, 5000, 30_000]), after_ms=st.sampled_from([0, 5000, 30_000]),
)  # fmt: skip


class Partition(Folded):
    """One partition of ``holds`` in memory."""

    def __init__(self) -> None:
        super().__init__(FOLD)


class Models:
    """The same facts, the slow way."""

    def __init__(self) -> None:
        self.cameras = {media: Model(media, OPEN_MS) for media in MEDIA}

    def take(self, *events: Event) -> None:
        for event in events:
            for camera in self.cameras.values():
                camera.take(event)


def episode(
    number: int, start_ms: int, end_ms: int | None, rev: int = 1, media: str = "gate", **more: Any
) -> HoldPlaced:
    """The hold of an episode, version ``rev``."""
    given = {"opened_ms": start_ms, "heard_ms": start_ms, "episode_type": "face"} | more
    return HoldPlaced(
        media=media, observed_ms=start_ms, hold=Hold(kind="episode", id=number), rev=rev, start_ms=start_ms,
        end_ms=end_ms, **given,
    )  # fmt: skip


def lock(
    number: int, start_ms: int, end_ms: int, until_ms: int | None = None, asked_ms: int = BASE_MS, media: str = "gate"
) -> HoldPlaced:
    """A lock as it is asked for."""
    return HoldPlaced(
        media=media, observed_ms=asked_ms, hold=Hold(kind="lock", id=number), rev=1, start_ms=start_ms, end_ms=end_ms,
        heard_ms=asked_ms, until_ms=until_ms,
    )  # fmt: skip


def released(number: int, media: str = "gate") -> HoldPlaced:
    """The same lock, given back."""
    return HoldPlaced(
        media=media, observed_ms=BASE_MS, hold=Hold(kind="lock", id=number), rev=2, start_ms=0, end_ms=0,
        heard_ms=BASE_MS, is_void=True,
    )  # fmt: skip


def tick(now_ms: int, uptime_ms: int, boot_id: str = "a") -> HoldsTicked:
    """Time on the one partition."""
    return HoldsTicked(partition=0, observed_ms=now_ms, boot_id=boot_id, uptime_ms=uptime_ms)


def deleted(start_ms: int, end_ms: int, media: str = "gate") -> FootageDeleted:
    """Footage that is gone."""
    return FootageDeleted(media=media, observed_ms=end_ms, start_ms=start_ms, end_ms=end_ms)


def configured(media: str = "gate", protect: ProtectConfig | None = None, **settings: Any) -> ProtectionConfigured:
    """Other settings of a camera."""
    return ProtectionConfigured(media=media, observed_ms=BASE_MS, protect=protect or ProtectConfig(**settings))


def story(number: int, rev: int, seed: int) -> HoldPlaced:
    """A version of an episode: the same whenever it is told."""
    mixed = (number * 7919 + rev * 104_729 + seed * 1_299_709) % 1_000_003
    opened_ms = BASE_MS + EDGES[(number + seed) % len(EDGES)] + number * 3571 - 9000
    start_ms = opened_ms - (mixed % 30_000 if mixed % 3 == 0 else 0)
    lengths: Sequence[int | None] = (None, 0, 1, 4000, 15_000, QUARTER_MS, SERIES_MS, mixed % 40_000)
    length = lengths[mixed % len(lengths)]
    return episode(
        number, start_ms, None if length is None else opened_ms + length, rev, MEDIA[number % 2], opened_ms=opened_ms,
        heard_ms=opened_ms + rev * 7000, episode_type="car" if number % 3 == 0 else "face",
        source="alarm" if number % 4 == 0 else "api", is_void=mixed % 7 == 0,
    )  # fmt: skip


def lock_story(number: int, seed: int) -> HoldPlaced:
    """A lock that is the same whenever it is told; some end by themselves."""
    mixed = (number * 7919 + seed * 104_729) % 1_000_003
    start_ms = BASE_MS + EDGES[mixed % len(EDGES)] - 10_000
    lasts = (None, 1000, 20_000)[mixed % 3]
    until_ms = None if lasts is None else BASE_MS + lasts
    return lock(number, start_ms, start_ms + 1 + mixed % 50_000, until_ms, media=MEDIA[number % 2])


def placed(seed: int) -> st.SearchStrategy[Event]:
    """Versions of a few episodes, and a few locks."""
    episodes = st.builds(lambda number, rev: story(number, rev, seed), st.integers(1, 7), st.integers(1, 4))
    return st.one_of(episodes, episodes, st.builds(lambda number: lock_story(number, seed), st.integers(50, 53)))


def others() -> st.SearchStrategy[Event]:
    """What else happens to cameras."""
    return st.one_of(
        st.builds(lambda number: released(number, MEDIA[number % 2]), st.integers(50, 53)),
        st.builds(lambda at, length, media: deleted(at, at + length, media), times, LENGTHS, _medias),
        st.builds(lambda media, protect: configured(media, protect), _medias, _protects),
        st.builds(
            lambda wall, passed: tick(wall, passed), st.integers(-5, 40).map(lambda s: BASE_MS + s * 1000), LENGTHS
        ),
    )


@st.composite
def histories(draw: st.DrawFn) -> list[Event]:
    """Anything in any order; uptimes are those of one machine that is started anew now and then."""
    seed = draw(st.integers(0, 200))
    events = draw(st.lists(st.one_of(placed(seed), placed(seed), others()), max_size=25))
    uptime_ms, told = 0, list[Event]()
    for event in events:
        if isinstance(event, HoldsTicked):
            uptime_ms += event.uptime_ms % 30_000
            event = structs.replace(event, uptime_ms=uptime_ms)
        told.append(event)
    return told


def protections(partition: Folded, media: str = "gate") -> list[Told]:
    """What was told of one camera."""
    return [one for one in partition.saves if one.media == media]
