"""What can be asked of episodes, as one WHERE clause. Values are always bound, never written into the statement."""

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import Struct

from projections.visible import at, inside
from schemas.visible import Visible, has


class Search(Struct, frozen=True, kw_only=True):
    """Conditions that must all hold; None: not asked. Lists mean any of them. Times are UTC ms."""

    visible: Visible = None
    """Of these only episodes that lie wholly inside what the caller may look at."""
    media: tuple[str, ...] | None = None
    episode_type: tuple[str, ...] | None = None
    source: tuple[str, ...] | None = None
    label: tuple[str, ...] | None = None
    opened_at_gte: int | None = None
    opened_at_lt: int | None = None
    overlaps_from: int | None = None
    overlaps_to: int | None = None
    updated_at_gt: int | None = None
    words: tuple[str, ...] | None = None
    """Each must be found, in any case, in the title, a label, the number plate or the text of the payload."""

    reviewer: str | None = None
    """Whose word counts in ``reviewed`` and ``favourite``, given with them; empty: the admin token's."""
    reviewed: bool | None = None
    favourite: bool | None = None

    def may_be_of(self, media: str) -> bool:
        """False when no episode of this camera can be among the answers."""
        return has(self.visible, media) and (self.media is None or media in self.media)


def where(search: Search) -> tuple[str, dict[str, Any]]:
    """The condition, and the values bound in it."""
    asked = {name: value for name, value in msgspec.structs.asdict(search).items() if value is not None}
    visible, words = asked.pop("visible", None), asked.pop("words", ())
    seen, values = inside(visible, ("opened_at", "started_at"), ("ended_at",), at)
    parts = [_CONDITIONS[name] for name in asked] + [_word(number) for number in range(len(words))]
    parts += [] if visible is None else [seen]
    values |= {name: sorted(value) if isinstance(value, tuple) else value for name, value in asked.items()}
    for number, word in enumerate(words):
        values |= {f"word{number}": word, f"escaped{number}": msgspec.json.encode(word).decode()[1:-1]}
    return " AND ".join(parts) or "true", values


def where_to_look(search: Search) -> str:
    """What follows from the condition and the key knows: only episodes opened inside the times asked for, and those few
    others that ``episode_spans`` names, need be read. For the view ``episodes``, with the values of ``where``.
    """
    parts = []
    if search.overlaps_from is not None or search.overlaps_to is not None:
        parts.append(_inside_or_named(search, {"overlaps_from": ">=", "overlaps_to": "<"}))
    if search.updated_at_gt is not None:
        parts.append(_inside_or_named(search, {"updated_at_gt": ">="}))
    if search.favourite:  # few, and anywhere: their ids lead to them
        parts.append(_FAVOURITES)
    return " AND ".join(parts) or "true"


def _inside_or_named(search: Search, bounds: Mapping[str, str]) -> str:
    asked = {name: sign for name, sign in bounds.items() if getattr(search, name) is not None}
    inside = " AND ".join(f"opened_at {sign} {at(name)}" for name, sign in asked.items())
    named = " AND ".join(_CONDITIONS[name] for name in (*asked, *(("media",) if search.media else ())))
    return f"""({inside} OR (media, opened_at, episode_id) IN (
      SELECT media, opened_at, episode_id FROM {{public:Identifier}}.episode_spans WHERE {named} AND NOT ({inside})))"""


_OF_REVIEWER = "{public:Identifier}.reviews WHERE user = {reviewer:String}"
_FAVOURITES = f"""(media, opened_at, episode_id) IN (
  SELECT media, opened_at, episode_id FROM {{public:Identifier}}.episode_ids
  WHERE episode_id IN (SELECT episode_id FROM {_OF_REVIEWER} AND favourite))"""


def _said(name: str) -> str:
    """What the reviewer said; of most episodes they said nothing, which is no."""
    key = "(episode_id, cityHash64(media))"  # a set of numbers is made in a third of the time
    said = f"{key} IN (SELECT episode_id, cityHash64(media) FROM {_OF_REVIEWER} AND {name})"
    return f"({said}) = {{{name}:Bool}}"


_IS_MOMENT = "started_at = ended_at"
_CONDITIONS: Mapping[str, str] = {
    "media": "media IN {media:Array(String)}",
    "episode_type": "episode_type IN {episode_type:Array(String)}",
    "source": "source IN {source:Array(String)}",
    "reviewer": "true",
    "reviewed": _said("reviewed"),
    "favourite": _said("favourite"),
    "label": "hasAny(labels, {label:Array(String)})",
    "opened_at_gte": f"opened_at >= {at('opened_at_gte')}",
    "opened_at_lt": f"opened_at < {at('opened_at_lt')}",
    "overlaps_from": f"ended_at >= {at('overlaps_from')} AND (ended_at > {at('overlaps_from')} OR {_IS_MOMENT})",
    "overlaps_to": f"started_at < {at('overlaps_to')}",
    "updated_at_gt": f"updated_at > {at('updated_at_gt')}",
}


def _word(number: int) -> str:
    """One word. The payload is JSON text, so it is looked for as JSON writes it."""
    word, escaped = f"{{word{number}:String}}", f"{{escaped{number}:String}}"
    texts = {"title": word, "license_plate_text": word, "payload": escaped}
    found = [f"positionCaseInsensitiveUTF8({column}, {text}) > 0" for column, text in texts.items()]
    found.append(f"arrayExists(label -> positionCaseInsensitiveUTF8(label, {word}) > 0, labels)")
    return f"({' OR '.join(found)})"
