"""What facts are made of: the kinds of their fields, and what every fact about a camera carries."""

from typing import Annotated, ClassVar, Literal

from msgspec import Meta, Struct

from schemas import ids
from schemas import media as media_names

LAST_MS = 253_402_300_799_999
MOST = (1 << 63) - 1
"""What the columns of engines and the arrays of rules hold; more than that would stop whoever reckons with it."""
Ms = Annotated[int, Meta(ge=0, le=LAST_MS)]
"""UTC milliseconds, 1970 … 9999."""
Length = Annotated[int, Meta(ge=0, le=LAST_MS)]
"""Milliseconds of something that lasts: a time and some lengths together are still far from ``MOST``."""
Count = Annotated[int, Meta(ge=0, le=MOST)]
Size = Annotated[int, Meta(ge=1, le=MOST)]
"""Bytes of what is not empty."""
Id = Annotated[int, Meta(ge=0, extra_json_schema={"maximum": ids.MAX_ID})]
"""Unsigned 64 bit; msgspec cannot state the upper bound, so ``__post_init__`` does."""
Ratio = Annotated[float, Meta(ge=0.0, le=1.0)]
Key = Annotated[str, Meta(min_length=1, max_length=1024)]
"""Object key inside the bucket."""
Text = Annotated[str, Meta(max_length=4096)]


class Fact(Struct, frozen=True, kw_only=True, tag_field="type"):
    """What every fact carries."""

    identity: ClassVar[tuple[str, ...]] = ("media", "observed_ms")
    """The fields that make one fact; a repeat of them is the same fact told again."""
    id_fields: ClassVar[tuple[str, ...]] = ()

    media: media_names.MediaName
    """The camera, and the record's key."""
    observed_ms: Ms
    """When we learned it; any rule's "now"."""
    v: Literal[1] = 1
    """Version of this shape."""

    def __post_init__(self) -> None:
        media_names.require(self.media)
        for name in self.id_fields:
            ids.parse(getattr(self, name), name)


class SpanFact(Fact, frozen=True, kw_only=True):
    """A fact about the stretch ``[start_ms, end_ms)``, never empty."""

    identity: ClassVar[tuple[str, ...]] = ("media", "start_ms")

    start_ms: Ms
    """First millisecond of the span."""
    end_ms: Ms
    """First millisecond after it."""

    def __post_init__(self) -> None:
        Fact.__post_init__(self)
        if self.end_ms <= self.start_ms:
            raise ValueError(f"end_ms {self.end_ms} must be after start_ms {self.start_ms}")
