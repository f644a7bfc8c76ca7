"""What becomes of a sequence of saves, told a second time straight from rules.md: lists in a dictionary, no state.

Slow and forgetful of nothing: it keeps every version whole and every save it has taken.
"""

from typing import Any

import msgspec

from schemas.facts import ClockTicked, EpisodeAccepted, EpisodeRefused, EpisodeSaved

Told = tuple[Any, ...]
OURS = ("motion_detector", "alarm")
PATIENCE = 288


class Model:
    """``told``: ("accepted", episode, version number, content) and ("refused", episode, save, reason), in order."""

    def __init__(self, timeout_ms: int) -> None:
        self.told: list[Told] = []
        self._timeout_ms = timeout_ms
        self._versions: dict[tuple[str, int], list[dict[str, Any]]] = {}
        self._news: dict[tuple[str, int], list[int]] = {}
        self._taken: set[int] = set()
        self._ticks: set[int] = set()

    def take(self, event: EpisodeSaved | ClockTicked) -> None:
        """One more event of the log; told a second time it changes nothing."""
        if isinstance(event, ClockTicked):
            self._tick(event.observed_ms)
        elif event.save_id not in self._taken:
            self._taken.add(event.save_id)
            self._save(event)

    def _save(self, event: EpisodeSaved) -> None:
        name = (event.media, int(event.record.episode_id))
        content = msgspec.to_builtins(event.record) | {"preview_key": event.preview_key}
        reason = self._objection(self._versions.get(name, []), content)
        if reason == "":
            self._accept(name, content, event.observed_ms)
        elif reason != "duplicate":
            self.told.append(("refused", name, event.save_id, reason))

    def _accept(self, name: tuple[str, int], content: dict[str, Any], at_ms: int) -> None:
        self._versions.setdefault(name, []).append(content)
        self._news.setdefault(name, []).append(at_ms)
        self.told.append(("accepted", name, len(self._versions[name]), content))

    @staticmethod
    def _objection(versions: list[dict[str, Any]], content: dict[str, Any]) -> str:
        """Why the save cannot be the next version; empty when it can."""
        opened_at, closed_at = content["opened_at"], content.get("closed_at")
        if versions and opened_at != versions[0]["opened_at"]:
            return "opened_at_changed"
        if closed_at is not None and closed_at < opened_at:
            return "closed_before_opened"
        if versions and content["updated_at"] == versions[-1]["updated_at"] and same(content, versions[-1]):
            return "duplicate"
        if versions and content["updated_at"] <= versions[-1]["updated_at"]:
            return "stale"
        ends = {version["closed_at"] for version in versions if version.get("closed_at") is not None}
        return "closed_at_changed" if ends and ends != {closed_at} else ""

    @staticmethod
    def _mark_end(said: Any) -> int:
        """What a source says of its mark's end, where that is a time."""
        return said if not isinstance(said, bool | float) and str(said).isdecimal() and len(str(said)) == 13 else 0

    def _tick(self, at_ms: int) -> None:
        if at_ms in self._ticks:
            return
        self._ticks.add(at_ms)
        for name, versions in self._versions.items():
            last = versions[-1]
            is_ours = last.get("originator", {}).get("source") in OURS
            is_last_moment = last["updated_at"] == 9_999_999_999_999
            mark_end = self._mark_end((last.get("payload") or {}).get("until_ms"))
            is_silent = at_ms - max(self._news[name]) >= self._timeout_ms * (PATIENCE if mark_end else 1)
            if is_ours and last.get("closed_at") is None and is_silent and not is_last_moment:
                end = max(last["opened_at"], last["updated_at"], mark_end)
                ending = {"closed_at": end, "close_reason": "timeout", "updated_at": last["updated_at"] + 1}
                self._accept(name, last | ending, at_ms)


def same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """True for equal JSON, the order of names aside; 1 and 1.0 are two things."""
    return msgspec.json.encode(one, order="sorted") == msgspec.json.encode(other, order="sorted")


def plain(fact: EpisodeAccepted | EpisodeRefused) -> Told:
    """A fact of ours as the model tells it."""
    name = (fact.media, fact.episode_id)
    if isinstance(fact, EpisodeRefused):
        return ("refused", name, fact.save_id, fact.reason)
    return ("accepted", name, fact.rev, msgspec.to_builtins(fact.record) | {"preview_key": fact.preview_key})
