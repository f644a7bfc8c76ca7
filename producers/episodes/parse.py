"""The answer of an analytics node, taken apart. Pure."""

from typing import Any, NamedTuple

import msgspec

from schemas.episode import EpisodeMs

MAX_CURSOR = 4096


class BadAnswer(ValueError):
    """The answer is no list of episodes; the message says what it is instead."""


class Answer(NamedTuple):
    """One answer: episodes as they came, undecoded, so that no digit of an id can change."""

    episodes: tuple[bytes, ...]
    next: str = ""
    """The node's own cursor; empty: it gave none, or none that fits."""


class _Page(msgspec.Struct):
    episodes: tuple[msgspec.Raw, ...]
    next: Any = None


_page = msgspec.json.Decoder(_Page)
_object = msgspec.json.Decoder(dict[str, msgspec.Raw])
_SIGNS = frozenset(("version", "accepted_at", "recording_status"))
"""All three together: an answer of Sightlog."""
_ADDED = _SIGNS | {"preview_url", "frame_preview_url", "preview_dropped", "other_media"}


def parse(content: bytes) -> Answer:
    """The episodes and the cursor in an answer. Raises BadAnswer."""
    try:
        page = _page.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadAnswer(f'not an answer like {{"episodes": […]}}: {error}') from None
    fits = isinstance(page.next, str) and len(page.next) <= MAX_CURSOR
    return Answer(tuple(map(bytes, page.episodes)), page.next if fits else "")


def as_saved(content: bytes) -> bytes:
    """The episode without what another Sightlog adds to its answers; what any other node says stays as it is."""
    if b'"recording_status"' not in content:  # most nodes are no Sightlog
        return content
    try:
        given = _object.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return content
    if not given.keys() >= _SIGNS:
        return content
    return msgspec.json.encode({name: raw for name, raw in given.items() if name not in _ADDED})


def updated_ms(content: bytes) -> int:
    """The ``updated_at`` of an episode, however wrong the rest of it is; 0 when there is none to be read."""
    try:
        return _stamp.decode(content).updated_at
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return 0


class _Stamped(msgspec.Struct):
    updated_at: EpisodeMs


_stamp = msgspec.json.Decoder(_Stamped)
