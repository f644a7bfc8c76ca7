"""What the rules of retention say, as facts. Pure."""

from processors.retention.rules.footage import Rows, ints, packed
from processors.retention.rules.order import HELD, HELD_WITHIN, Policy
from processors.retention.rules.reasons import detail, policy_version
from processors.retention.rules.standing import Going
from processors.retention.rules.terms import Terms
from schemas import ids
from schemas.facts import DeletionOrdered, RangeExpired, RangeRestored
from schemas.retention import ExpiryReason


def decided(
    media: str, rows: Rows, reason: ExpiryReason, rank: int, policy: Policy, terms: Terms, until_ms: int, offset: int
) -> Going:
    """The decision that a stretch goes. ``offset``: of the fact at which it was made, on the one topic of inputs."""
    start_ms, end_ms = int(rows["start_ms"][0]), int(rows["end_ms"].max())
    return Going(
        expiration_id=ids.derived("expiration", media, start_ms, end_ms, reason, offset), reason=reason,
        start_ms=start_ms, end_ms=end_ms, until_ms=until_ms, youngest_ms=int(rows["stored_ms"].max()),
        is_held=rank in (HELD, HELD_WITHIN), policy_version=policy_version(reason, policy, terms.marks),
        starts=packed(rows["start_ms"]), sizes=packed(rows["size_bytes"]),
    )  # fmt: skip


def expired(media: str, going: Going, rank: int, policy: Policy, terms: Terms, observed_ms: int) -> RangeExpired:
    """A decision as it is told when it is made."""
    grace_ms = 0 if going.reason == "hard_cap" else terms.grace_ms
    return RangeExpired(
        media=media, observed_ms=observed_ms, start_ms=going.start_ms, end_ms=going.end_ms,
        expiration_id=going.expiration_id, reason=going.reason, policy_version=going.policy_version,
        delete_after_ms=observed_ms + grace_ms, size_bytes=going.size_bytes, segments=len(ints(going.starts)),
        detail=detail(going.reason, rank, policy, terms.marks),
    )  # fmt: skip


def ordered(media: str, going: Going, observed_ms: int) -> DeletionOrdered:
    """A decision that is final."""
    return DeletionOrdered(
        media=media, observed_ms=observed_ms, start_ms=going.start_ms, end_ms=going.end_ms,
        expiration_id=going.expiration_id, segment_starts_ms=tuple(ints(going.starts).tolist()),
        size_bytes=going.size_bytes, policy_version=going.policy_version,
    )  # fmt: skip


def restored(media: str, going: Going, restored_by: str, observed_ms: int) -> RangeRestored:
    """A decision that was taken back."""
    return RangeRestored(
        media=media, observed_ms=observed_ms, start_ms=going.start_ms, end_ms=going.end_ms,
        expiration_id=going.expiration_id, restored_by=restored_by,
    )  # fmt: skip
