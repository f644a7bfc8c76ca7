"""The public episode record: body of ``episode_save`` and value on topic ``episodes``. Anyone may append it.

Names follow the published external-analytics contract, so times have no ``_ms`` here; they are UTC ms all the same.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct, structs
from msgspec.structs import force_setattr

from schemas import ids
from schemas import media as media_names

FIRST_MS = 1_000_000_000_000
LAST_MS = 9_999_999_999_999
"""The smallest and the largest time a record may have: nothing can come after the latter."""
EpisodeMs = Annotated[int, Meta(ge=FIRST_MS, lt=LAST_MS + 1)]
EXTRA = "_extra"
GENERIC = "generic"
IDENTITY = ("media", "episode_id", "updated_at")
"""The fields that make one save; a repeat of them is the same save told again."""
Source = Literal["api", "inference", "motion_detector", "alarm", "person"]


class Originator(Struct, frozen=True, kw_only=True):
    """Who made the episode."""

    source: Source = "api"
    hostname: Annotated[str, Meta(max_length=256)] = ""


class EpisodeRecord(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One whole version of one mark; each save overwrites all of it.

    ``episode_id`` is made by the source: an unsigned 64-bit integer, as a number or a decimal string, kept as int.
    """

    episode_id: (
        Annotated[int, Meta(ge=0, extra_json_schema={"maximum": ids.MAX_ID})]
        | Annotated[str, Meta(pattern=r"^[0-9]{1,20}\Z")]
    )
    media: media_names.MediaName
    opened_at: EpisodeMs
    updated_at: EpisodeMs
    started_at: EpisodeMs | None = None
    closed_at: EpisodeMs | None = None
    close_reason: Annotated[str, Meta(max_length=128)] | None = None
    episode_type: Annotated[str, Meta(min_length=1, max_length=20)] = GENERIC
    title: Annotated[str, Meta(max_length=1024)] | None = None
    payload: dict[str, Any] | None = None
    detections: tuple[Any, ...] | None = None
    labels: tuple[str, ...] | None = None
    score: Annotated[float, Meta(ge=0.0, le=1.0)] | None = None
    preview: str | None = None
    """Base64 JPEG; replaced by an object key once accepted."""
    frame_preview: str | None = None
    preview_timestamp: EpisodeMs | None = None
    originator: Originator | None = None
    license_plate_text: Annotated[str, Meta(max_length=64)] | None = None
    match_score: float | None = None

    def __post_init__(self) -> None:
        media_names.require(self.media)
        force_setattr(self, "episode_id", ids.parse(self.episode_id, "episode_id"))
        if self.episode_type == GENERIC:  # the very same text: only then is it left out of the JSON, said or unsaid
            force_setattr(self, "episode_type", GENERIC)

    def with_extra(self, unknown: Mapping[str, Any]) -> "EpisodeRecord":
        """The same record with fields that are not ours kept in ``payload._extra``, beside those already there."""
        payload = self.payload or {}
        kept = payload.get(EXTRA)
        extra = {**kept, **unknown} if isinstance(kept, dict) else dict(unknown)
        return structs.replace(self, payload={**payload, EXTRA: extra})


FIELDS = frozenset(EpisodeRecord.__struct_fields__)
"""Names that are ours; any other name in a save is kept in ``payload._extra``."""
