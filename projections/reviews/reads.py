"""The SELECT behind what a user said of episodes. Blocks; raises what Database raises."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from infra.clickhouse import Database

Key = tuple[str, int]
"""Camera and id of an episode."""


class Review(NamedTuple):
    """What a user said of one episode last."""

    reviewed: bool
    favourite: bool
    said_ms: int


UNSEEN = Review(False, False, 0)
"""What nobody has said anything of."""


class ReviewReads:
    """Answers from the public view in database ``public``."""

    def __init__(self, database: Database, public: str) -> None:
        self._database = database
        self._public = public

    def of(self, user: str, episodes: Collection[Key]) -> Mapping[Key, Review]:
        """What the user said of these episodes; those they said nothing of are left out."""
        if not episodes:
            return {}
        sql = """SELECT media, episode_id, reviewed, favourite, said_ms FROM {public:Identifier}.reviews
          WHERE user = {user:String} AND episode_id IN {ids:Array(UInt64)} AND media IN {names:Array(String)}"""
        given = {
            "public": self._public, "user": user, "ids": sorted({number for _, number in episodes}),
            "names": sorted({media for media, _ in episodes}),
        }  # fmt: skip
        found = {
            (row["media"], row["episode_id"]): Review(row["reviewed"], row["favourite"], row["said_ms"])
            for row in self._database.rows(sql, given)
        }
        return {key: found[key] for key in episodes if key in found}  # ids of cameras may be alike
