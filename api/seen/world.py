"""Everything behind the API as one caller may see it."""

from dataclasses import replace
from typing import TYPE_CHECKING

from api.seen.archive import SeenArchive
from api.seen.marks import SeenAlarms, SeenEpisodes
from api.seen.reach import Reach
from api.seen.retention import SeenExpirations, SeenHistory, SeenMotion, SeenProtection

if TYPE_CHECKING:
    from api.deps import Deps


def seen(world: "Deps", reach: Reach) -> "Deps":
    """The same world, less what is out of reach. What is for admins alone is in it as it is."""
    if reach.is_everything:
        return world
    return replace(
        world, archive=SeenArchive(world.archive, reach), episodes=SeenEpisodes(world.episodes, reach),
        alarms=SeenAlarms(world.alarms, reach), motion=SeenMotion(world.motion, reach),
        protection=SeenProtection(world.protection, reach), retention=SeenExpirations(world.retention, reach),
        history=SeenHistory(world.history, reach),
    )  # fmt: skip
