"""What somebody sends to lock footage → LockRequested; every wrong field is named."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from api import times
from api.errors import FieldError, bad_field
from api.storable import wrong_time
from schemas.facts import LockRequested

FIELDS = ("from_ms", "to_ms", "reason", "until_ms")
LONGEST_MS = 10 * 366 * 86_400_000
"""Ten years."""
_REASON_CHARS = 4096


class BadLock(ValueError):
    """Some fields are wrong; ``errors`` names each."""

    def __init__(self, errors: list[FieldError]) -> None:
        super().__init__("; ".join(f"{error['field']}: {error['rule']}" for error in errors))
        self.errors = errors


def requested(media: str, values: Mapping[str, Any], lock_id: int, now_ms: int, by: str) -> LockRequested:
    """The fact that ``values`` make. Raises BadLock."""
    values = {name: value for name, value in values.items() if value is not None}
    errors = [error for name, value in values.items() for error in _wrong(name, value)]
    errors += [bad_field(name, "is missing", "body") for name in ("from_ms", "to_ms", "reason") if name not in values]
    if errors:
        raise BadLock(errors)
    told = {name: times.parse(str(value)) for name, value in values.items() if name != "reason"}
    if errors := list(_unfit(told, now_ms)):
        raise BadLock(errors)
    return LockRequested(
        media=media, observed_ms=now_ms, start_ms=told["from_ms"], end_ms=told["to_ms"], lock_id=lock_id,
        reason=values["reason"].strip(), requested_by=by, until_ms=told.get("until_ms"),
    )  # fmt: skip


def _unfit(told: Mapping[str, int], now_ms: int) -> Iterator[FieldError]:
    """Times that are none together."""
    if told["from_ms"] >= told["to_ms"]:
        yield bad_field("from_ms", "must be before to_ms", "body")
    elif told["to_ms"] - told["from_ms"] > LONGEST_MS:
        yield bad_field("to_ms", "is more than ten years after from_ms; lock a shorter stretch", "body")
    if told.get("until_ms", now_ms + 1) <= now_ms:
        yield bad_field("until_ms", "has passed; leave it out for a lock that stands until it is given back", "body")


def _wrong(name: str, value: Any) -> Iterator[FieldError]:
    if name not in FIELDS:
        yield bad_field(name, f"not a field of a lock; known: {', '.join(FIELDS)}", "body")
    elif rule := _RULES[name](value):
        yield bad_field(name, rule, "body")


def _reason(value: Any) -> str | None:
    if isinstance(value, str) and value.strip() and len(value) <= _REASON_CHARS:
        return None
    return f"must say in 1 to {_REASON_CHARS} characters why"


_RULES: Mapping[str, Callable[[Any], str | None]] = {
    "from_ms": wrong_time, "to_ms": wrong_time, "until_ms": wrong_time, "reason": _reason,
}  # fmt: skip
