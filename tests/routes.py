"""Every route of the API as OpenAPI tells it, the right that the documentation says it needs, and a request for it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from tests.route_world import (
    ALARM,
    EPISODE,
    EXPIRATION,
    GROUPS,
    LOCK,
    NOW_MS,
    SEEN,
    SESSION,
    SHARE,
    START_MS,
    TOKEN_ID,
)  # fmt: skip

PREFIX = "/api/v1"
PAGE = Path(__file__).parents[1] / "docs" / "ref" / "http.md"
MISSING_ID, MISSING_NAME = 123, "nowhere"
_OF_ID = {
    "episodes": EPISODE, "alarms": ALARM, "locks": LOCK, "expirations": EXPIRATION, "shares": SHARE,
    "tokens": TOKEN_ID, "sessions": SESSION,
}  # fmt: skip
_PATH: Mapping[str, Any] = {
    "media": SEEN, "hostname": "dvr1", "run": "night", "topic": "mails", "partition": 0, "offset": 0,
    "user": "stranger", "group": "of-live",
}  # fmt: skip
_QUERY: Mapping[str, Any] = {
    "from_ms": START_MS, "to_ms": NOW_MS, "at_ms": NOW_MS - 5000, "start_ms": START_MS, "end_ms": START_MS + 1000,
    "expires_ms": NOW_MS, "signature": "x",
}  # fmt: skip
_RECORD = {"episode_id": 9, "media": SEEN, "opened_at": START_MS, "updated_at": NOW_MS}
_SHARE = {"media": SEEN, "from_ms": START_MS, "to_ms": NOW_MS, "expires_ms": NOW_MS + 3_600_000, "title": "for you"}
_USER = {"title": "Somebody", "groups": [], "admin": False, "watches": True, "enabled": True}
_BODIES: Mapping[str, Any] = {
    "PUT /episodes/{id}": _RECORD | {"episode_id": EPISODE},
    "PUT /central/api/v3/episodes/{id}": _RECORD | {"episode_id": EPISODE},
    "POST /episode_save": _RECORD,
    "POST /central/api/v3/episode_save": _RECORD,
    "PUT /episodes/{id}/review": {"media": SEEN, "reviewed": True},
    "PUT /media/{media}": {"title": "Gate", "groups": list(GROUPS)},
    "POST /media/import": f"media,title\n{SEEN},Gate\n",
    "POST /media/{media}/locks": {"from_ms": START_MS, "to_ms": START_MS + 4000, "reason": "theft"},
    "POST /retention/what-if": {"depth_ms": 3_600_000},
    "POST /dead-letters/redrive": {"places": ["mails/0/0"]},
    "POST /reprocess": {"run": "again", "from_ms": START_MS, "to_ms": NOW_MS, "media": [SEEN]},
    "POST /sql": "SELECT 1",
    "POST /users/import": "user,title\nsomebody,Somebody\n",
    "PUT /users/{user}": _USER,
    "PUT /groups/{group}": {"title": "Live", "live": True},
    "POST /tokens": {"title": "a program", "scopes": ["live"], "user": "boss"},
    "POST /shares": _SHARE,
    "PUT /branding": {"title": "House"},
    "PUT /me": {"title": "Me"},
    "PUT /me/password": {"current": "old password", "new": "a much better password"},
    "POST /sessions": {"token": "unit-token"},
}


@dataclass(frozen=True)
class Route:
    """One operation."""

    method: str
    path: str
    """As a template, without the prefix."""
    right: str
    parameters: tuple[Mapping[str, Any], ...] = field(default=(), compare=False)
    root: str = PREFIX

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def is_list(self) -> bool:
        """It tells of many cameras, each if it may be told of."""
        return "of each" in self.right

    @property
    def is_about_a_camera(self) -> bool:
        """A camera, or something of one, is named in it."""
        return any(word in self.right for word in ("known", "live", "archive", "export", "protect", "configure"))

    @property
    def needs(self) -> tuple[frozenset[str], ...]:
        """Sets of rights; one of them is needed, whole."""
        words = self.right.partition(",")[0]
        return tuple(frozenset(one.split(" and ")) - {"known"} for one in words.split(" or "))

    def request(self, media: str = SEEN, is_there: bool = True) -> dict[str, Any]:
        """What asks it; of a camera, an id or a name that is not there where ``is_there`` is False."""
        values = {one["name"]: self._value(one["name"], media, is_there) for one in self._in("path")}
        url = re.sub(r"\{(\w+)\}", lambda found: str(values[found[1]]), self.root + self.path)
        query = {one["name"]: _QUERY[one["name"]] for one in self._in("query") if self._is_asked(one)}
        query |= {"media": media} if "hostname" in values else {}
        body = _BODIES.get(self.name)
        if isinstance(body, dict) and "media" in body and isinstance(body["media"], str):
            body = body | {"media": media}
        if isinstance(body, dict) and "episode_id" in body and "id" in values:
            body = body | {"episode_id": values["id"]}
        if isinstance(body, str):
            return {"url": url, "params": query, "content": body.replace(SEEN, media)}
        return {"url": url, "params": query} | ({} if body is None else {"json": body})

    def _in(self, where: str) -> Iterator[Mapping[str, Any]]:
        return (one for one in self.parameters if one["in"] == where)

    def _is_asked(self, parameter: Mapping[str, Any]) -> bool:
        return bool(parameter.get("required")) or (parameter["name"] == "at_ms" and self.path.endswith("/explain"))

    def _value(self, name: str, media: str, is_there: bool) -> Any:
        if name == "media":
            return media
        if name == "id":
            return self._id(is_there)
        return _PATH[name] if is_there or name in ("hostname", "partition", "offset") else MISSING_NAME

    def _id(self, is_there: bool) -> int:
        kind = self.path.split("/{id}")[0].rsplit("/", 1)[-1]
        return _OF_ID[kind] if is_there else MISSING_ID


@cache
def documented() -> Mapping[str, str]:
    """Route → the right it needs, as the documentation has it."""
    section = re.search(r"^## Who may what\n(.*?)(?=^## )", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    assert section
    rows = re.findall(r"^\| (`.+`) \| (.+) \|$", section[1], re.MULTILINE)
    return {name: right for names, right in rows for name in re.findall(r"`([A-Z]+ [^`]+)`", names)}


def routes(description: Mapping[str, Any]) -> list[Route]:
    """Every operation, with the right that the documentation says; empty where it says none."""
    found = []
    for path, operations in description["paths"].items():
        root = PREFIX if path.startswith(PREFIX) else ""
        for method, told in operations.items():
            name = path.removeprefix(PREFIX)
            right = documented().get(f"{method.upper()} {name}", "")
            found.append(Route(method.upper(), name, right, tuple(told.get("parameters", ())), root))
    return found
