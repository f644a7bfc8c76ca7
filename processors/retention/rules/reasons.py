"""Why footage goes, in words and as a version of the policy that decided. Pure."""

from hashlib import blake2b

from processors.retention.rules.order import HELD, HELD_WITHIN, WITHIN, Policy
from processors.retention.rules.terms import Marks
from schemas.retention import ExpiryReason

RULE_VERSION = 1
_SPANS = ((86_400_000, "d"), (3_600_000, "h"), (60_000, "min"), (1000, "s"), (1, "ms"))
_SIZES = ((10**12, "TB"), (10**9, "GB"), (10**6, "MB"), (10**3, "kB"), (1, "B"))
_RANKS = {HELD: "protected, oldest first", WITHIN: "within depth, oldest first", HELD_WITHIN: "protected, within depth"}


def policy_version(reason: ExpiryReason, policy: Policy, marks: Marks) -> str:
    """A name for the values that decided: other values, another name."""
    values: tuple[object, ...] = {
        "depth": (policy.depth_ms,),
        "keep": (policy.depth_ms, policy.keep_ms),
        "quota": (policy.depth_ms, policy.quota_bytes),
        "room": (policy.depth_ms, marks.high, marks.low),
        "hard_cap": (policy.depth_ms, marks.hard),
    }[reason]
    text = f"{RULE_VERSION} {reason} {values}"
    return f"r{RULE_VERSION}-{blake2b(text.encode(), digest_size=4).hexdigest()}"


def detail(reason: ExpiryReason, rank: int, policy: Policy, marks: Marks) -> str:
    """The rule and its values, for people."""
    depth = said_ms(policy.depth_ms)
    if reason == "depth":
        return f"older than depth {depth}"
    if reason == "keep":
        return f"protected, and older than depth {depth} and keep {said_ms(policy.keep_ms or 0)}"
    what = _RANKS.get(rank, f"older than depth {depth}")
    if reason == "quota":
        return f"above the quota of {said_bytes(policy.quota_bytes or 0)}: {what}"
    if reason == "hard_cap":
        return f"store above its hard cap of {marks.hard:.0%}: {what}"
    return f"store above {marks.high:.0%}, room down to {marks.low:.0%}: {what}"


def said_ms(length_ms: int) -> str:
    """A length as people say it: ``6 h``, ``90 min``."""
    unit_ms, name = next((one for one in _SPANS if length_ms and length_ms % one[0] == 0), _SPANS[-1])
    return f"{length_ms // unit_ms} {name}"


def said_bytes(size_bytes: int) -> str:
    """A size as people say it: ``1.5 GB``."""
    unit, name = next((one for one in _SIZES if size_bytes >= one[0]), _SIZES[-1])
    return f"{size_bytes / unit:.3g} {name}"
