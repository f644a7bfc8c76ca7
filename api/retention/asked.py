"""What somebody asks of another policy → a question; every wrong field is named."""

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from api import camera_motion, times
from api.errors import FieldError, Problem, bad_field
from schemas import media as media_names
from schemas.fact import Count, Length, Size
from schemas.facts import MediaConfigured
from schemas.intervals import Span
from schemas.protection import ProtectConfig
from schemas.what_if import KeepPolicy


class Asked(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body. What is left out is as each camera has it."""

    depth_ms: Length | UnsetType = UNSET
    keep_ms: Length | UnsetType | None = UNSET
    """None: while there is room."""
    quota_bytes: Count | UnsetType | None = UNSET
    protect: ProtectConfig | UnsetType = UNSET
    media: Annotated[tuple[str, ...], Meta(min_length=1, max_length=10_000)] | None = None
    labels: Annotated[tuple[str, ...], Meta(max_length=100)] = ()
    from_ms: int | str = 0
    """History before this is left out."""
    to_ms: int | str | None = None
    """The moment asked about; None: now."""
    capacity_bytes: Size | None = None
    """Room for the footage of these cameras; None: of all cameras, that of the store as it was measured last."""
    limit: Annotated[int, Meta(ge=0, le=1000)] = 20
    """Most stretches that are told to go."""

    def policy(self, config: MediaConfigured) -> KeepPolicy:
        """How a camera would be kept."""
        return KeepPolicy(
            _or(self.depth_ms, config.depth_ms), _or(self.keep_ms, config.keep_ms),
            _or(self.quota_bytes, config.quota_bytes),
        )  # fmt: skip


class Question(Struct, frozen=True):
    """What is asked, about which stretch of history."""

    asked: Asked
    media: tuple[str, ...] | None
    span: Span


def question(body: Mapping[str, Any], now_ms: int) -> Question:
    """The question in a body; 400 naming what is wrong."""
    if faults := camera_motion.faults(body["protect"], "protect") if "protect" in body else []:
        raise _refusal(faults)
    try:
        asked = msgspec.convert(body, Asked)
    except msgspec.ValidationError as error:
        raise _wrong(*_place(str(error))) from None
    try:
        media = asked.media and tuple(sorted({media_names.normalise(name) for name in asked.media}))
    except media_names.BadMediaName as error:
        raise _wrong("media", str(error)) from None
    from_ms, to_ms = _time("from_ms", asked.from_ms), now_ms
    if asked.to_ms is not None:
        to_ms = _time("to_ms", asked.to_ms)
    if from_ms >= to_ms:
        raise _wrong("from_ms", "must be before to_ms")
    return Question(asked, media, Span(from_ms, to_ms))


def _time(name: str, value: int | str) -> int:
    try:
        return times.parse(str(value))
    except ValueError as error:
        raise _wrong(name, str(error)) from None


def _or(changed: Any, own: Any) -> Any:
    return own if changed is UNSET else changed


def _place(message: str) -> tuple[str, str]:
    """Field and rule in what msgspec says: ``Expected `int` >= 0 - at `$.depth_ms```."""
    rule, _, path = message.partition(" - at `$.")
    if rule.startswith("Object contains unknown field"):
        return rule.split("`")[1], f"is not asked here; known: {', '.join(Asked.__struct_fields__)}"
    return path.rstrip("`") or "body", rule


def _wrong(field: str, rule: str) -> Problem:
    return _refusal([bad_field(field, rule, "body")])


def _refusal(errors: list[FieldError]) -> Problem:
    detail = "; ".join(f"{error['field']}: {error['rule']}" for error in errors)
    return Problem(400, "bad-what-if", detail, errors=errors)
