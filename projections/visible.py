"""What a caller may look at, as one condition of a WHERE clause; values are bound, never written into it. Pure."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from schemas.visible import Shown, Visible

Moment = Callable[[str], str]
"""Name of a bound UTC ms → what columns of the table are compared with."""
_NAMES = 1_000
"""Most names in one bound value: the engine takes no value longer than 128 KiB, and a name has up to 128 bytes."""


def at(name: str) -> str:
    """The bound UTC ms ``name`` as a time."""
    return f"fromUnixTimestamp64Milli({{{name}:Int64}}, 'UTC')"


def ms(name: str) -> str:
    """The bound UTC ms ``name`` as it is."""
    return f"{{{name}:Int64}}"


def inside(visible: Visible, starts: Sequence[str], ends: Sequence[str], moment: Moment) -> tuple[str, dict[str, Any]]:
    """The condition that all of a row may be shown, and its values. ``starts``: columns that none may lie before."""

    def times(number: int, one: Shown) -> Iterator[str]:
        if one.from_ms:
            yield from (f"{column} >= {moment(f'visible_from_{number}')}" for column in starts)
        if one.to_ms is not None:
            yield from (f"{column} < {moment(f'visible_to_{number}')}" for column in starts)
            yield from (f"{column} <= {moment(f'visible_to_{number}')}" for column in ends)

    return _any(visible, times)


def reaching(visible: Visible, start: str, end: str, moment: Moment) -> tuple[str, dict[str, Any]]:
    """The condition that some of a row may be shown, and its values."""

    def times(number: int, one: Shown) -> Iterator[str]:
        if one.from_ms:
            yield f"{end} > {moment(f'visible_from_{number}')}"
        if one.to_ms is not None:
            yield f"{start} < {moment(f'visible_to_{number}')}"

    return _any(visible, times)


def named(names: Iterable[str] | None, prefix: str = "visible") -> tuple[str, dict[str, Any]]:
    """The condition that the camera is one of ``names`` (None: any), and its values."""
    if names is None:
        return "true", {}
    ordered = sorted(names)
    parts = {f"{prefix}_{first}": ordered[first : first + _NAMES] for first in range(0, len(ordered), _NAMES)}
    return _or([f"media IN {{{name}:Array(String)}}" for name in parts]), parts


def _any(visible: Visible, times: Callable[[int, Shown], Iterable[str]]) -> tuple[str, dict[str, Any]]:
    if visible is None:
        return "true", {}
    parts: list[str] = []
    values: dict[str, Any] = {}
    for number, one in enumerate(visible):
        condition, names = named(one.media, f"visible_media_{number}")
        parts.append(" AND ".join([condition, *times(number, one)]))
        values |= names | ({f"visible_from_{number}": one.from_ms} if one.from_ms else {})
        values |= {} if one.to_ms is None else {f"visible_to_{number}": one.to_ms}
    return _or(parts), values


def _or(parts: Sequence[str]) -> str:
    return f"({' OR '.join(parts)})" if parts else "false"
