"""What is known of every camera at a glance, so that room can be made without reading all of them."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple
from zlib import crc32

import msgspec

from processors.retention.rules.footage import NEVER
from processors.retention.rules.standing import Head, overdue_ms
from processors.spec import States

SHARDS = 1024
"""States that the glances are spread over: at ten thousand cameras each has ten."""
_PREFIX = b"/glance/"
"""Before the names of media in the order of keys: a crash never leaves a head without its glance."""


class Glance(NamedTuple):
    """One camera."""

    partition: int
    due_ms: int
    """From when on, by its clock, something may go by depth or keep."""
    free_ms: int
    held_ms: int
    """No later than the oldest was stored that is protected by nothing, or by episodes alone; NEVER: there is none."""
    size_bytes: int
    """Of what is in leaves and not going; with what its tail has it is measured by its share."""
    depth_ms: int
    pending_bytes: int
    pending_ms: int
    """When the grace of the first of its decisions that are not ordered has elapsed."""
    ordered_bytes: int
    gone_bytes: int
    gone_at: int
    """See ``Head``."""
    is_locked: bool
    """A lock is among its ranges."""
    has_footage: bool


Glances = Mapping[str, Glance]
_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(dict[str, Glance])


def glance(head: Head, settle_ms: int) -> Glance | None:
    """A camera at a glance; None: nothing is known of footage."""
    index = head.index
    has_footage = len(index) > 0 or head.tail_ms < NEVER
    if not has_footage and not head.gone_bytes:
        return None
    pending = [one for one in head.going if not one.is_ordered]
    return Glance(
        partition=head.partition, due_ms=overdue_ms(head, settle_ms),
        free_ms=min(int(index["free_ms"].min(initial=NEVER)), head.tail_ms),
        held_ms=min(int(index["held_ms"].min(initial=NEVER)), head.tail_ms),
        size_bytes=int(index["size_bytes"].sum()), depth_ms=head.policy.depth_ms,
        pending_bytes=sum(one.size_bytes for one in pending),
        pending_ms=min((one.until_ms for one in pending), default=NEVER),
        ordered_bytes=sum(one.size_bytes for one in head.going if one.is_ordered),
        gone_bytes=head.gone_bytes, gone_at=head.gone_at, is_locked=bool(head.protected["is_locked"].any()),
        has_footage=has_footage,
    )  # fmt: skip


def put(states: States, media: str, now: Glance | None) -> None:
    """Keep the glance of a camera."""
    key = _PREFIX + b"%d" % (crc32(media.encode()) % SHARDS)
    glances = _read(states, key)
    if glances.get(media) != now:
        others = {name: one for name, one in glances.items() if name != media}
        states.put(key, _encoder.encode(others | {media: now} if now else others))


def every(states: States) -> Iterator[tuple[str, Glance]]:
    """All cameras that have footage."""
    for number in range(SHARDS):
        yield from _read(states, _PREFIX + b"%d" % number).items()


def _read(states: States, key: bytes) -> dict[str, Glance]:
    stands = states.get(key)
    return _decoder.decode(stands) if stands else {}
