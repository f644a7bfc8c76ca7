"""The SELECT behind the list of what people did. Blocks; raises what Database raises."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec
from msgspec import Struct

from infra.clickhouse import Database
from projections.columns import LAST_MS

__all__ = ["LAST_MS", "ActionPlace", "ActionSearch", "AuditReads", "StoredAction"]

_COLUMNS = "action_id, at_ms, user, who, via, action, media, from_ms, to_ms, subject, detail, peer"


class ActionPlace(NamedTuple):
    """Where an action stands among all; no two stand at the same place."""

    at_ms: int
    action_id: int


class StoredAction(Struct, frozen=True, kw_only=True):
    """One thing that somebody did."""

    action_id: int
    at_ms: int
    user: str
    who: str
    via: str
    action: str
    media: str
    from_ms: int | None
    to_ms: int | None
    subject: str
    detail: str
    peer: str

    @property
    def place(self) -> ActionPlace:
        """Where it stands among all."""
        return ActionPlace(self.at_ms, self.action_id)


class ActionSearch(Struct, frozen=True, kw_only=True):
    """Conditions that must all hold; None: not asked. Lists mean any of them."""

    user: str | None = None
    media: tuple[str, ...] | None = None
    action: tuple[str, ...] | None = None
    from_ms: int | None = None
    to_ms: int | None = None


class AuditReads:
    """Answers about what people did, from the public view in database ``public``."""

    def __init__(self, database: Database, public: str) -> None:
        self._database = database
        self._public = public

    def page(self, search: ActionSearch, limit: int, after: ActionPlace | None = None) -> list[StoredAction]:
        """At most ``limit`` actions, the latest first, those behind ``after``."""
        asked = {name: value for name, value in msgspec.structs.asdict(search).items() if value is not None}
        values: dict[str, Any] = {name: list(one) if isinstance(one, tuple) else one for name, one in asked.items()}
        parts = ["true", *(_CONDITIONS[name] for name in asked)]
        if after:
            parts += [f"acted_at <= {_at('at')}", f"(acted_at, action_id) < ({_at('at')}, {{at_id:UInt64}})"]
            values |= {"at": after.at_ms, "at_id": after.action_id}
        sql = f"""SELECT {_COLUMNS} FROM {{public:Identifier}}.audit WHERE {" AND ".join(parts)}
          ORDER BY acted_at DESC, action_id DESC LIMIT {{n:UInt32}}"""
        rows = self._database.rows(sql, {"public": self._public, "n": limit, **values})
        return msgspec.convert(rows, list[StoredAction])


def _at(name: str) -> str:
    return f"fromUnixTimestamp64Milli({{{name}:Int64}}, 'UTC')"


_CONDITIONS: Mapping[str, str] = {
    "user": "user = {user:String}",
    "media": "media IN {media:Array(String)}",
    "action": "action IN {action:Array(String)}",
    "from_ms": f"acted_at >= {_at('from_ms')}",
    "to_ms": f"acted_at < {_at('to_ms')}",
}
