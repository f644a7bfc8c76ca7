"""The fold of retention over states in memory."""

from infra.settings import load
from processors.retention.agent import processor
from tests.folded import Folded
from tests.retention_words import Rules


def folded(rules: Rules) -> Folded:
    """A fold that has seen nothing yet."""
    marks = {"storage_high": rules.high, "storage_low": rules.low, "storage_hard_cap": rules.hard}
    waits = {"grace_ms": rules.grace_ms, "settle_ms": rules.settle_ms, "expire_ms": rules.batch_ms}
    return Folded(processor(load(**marks, **waits)).fold)
