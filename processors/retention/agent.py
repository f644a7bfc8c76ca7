"""Retention as a processor: footage, ranges, policies, levels and settled rounds in; decisions to delete out.

One partition: all cameras share one store, so one order decides. All that time decides is decided at a tick
(``LevelNoted``); a hold, a policy or a person takes back at once.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from infra.settings import Settings
from processors.retention import footage, taking_back, ticking
from processors.retention.rules.terms import Marks, Terms
from processors.spec import Processor, States
from schemas import topics
from schemas.facts import (
    DeletionOrdered,
    FootageRemoved,
    FootageStored,
    LevelNoted,
    PolicyNoted,
    ProtectionNoted,
    RangeExpired,
    RangeRestored,
    RestoreNoted,
    Settled,
    SettlingStarted,
    StorageExhausted,
)

Outputs: TypeAlias = Sequence[RangeExpired | RangeRestored | DeletionOrdered | StorageExhausted]
_FOLDS: Mapping[type, Callable[[Any, States, Terms], Outputs]] = {
    FootageStored: footage.store,
    FootageRemoved: footage.remove,
    ProtectionNoted: taking_back.protect,
    PolicyNoted: taking_back.configure,
    RestoreNoted: taking_back.restore,
    SettlingStarted: ticking.begin_settling,
    Settled: ticking.settle,
    LevelNoted: ticking.tick,
}


def processor(settings: Settings, version: int = 1) -> Processor:
    """Retention with these settings."""
    marks = Marks(settings.storage_high, settings.storage_low, settings.storage_hard_cap)
    terms = Terms(marks, settings.grace_ms, settings.settle_ms, settings.expire_ms)

    def fold(fact: Any, states: States) -> Outputs:
        return _FOLDS[type(fact)](fact, states, terms)

    return Processor(name="retention", version=version, source=topics.RETENTION_INPUTS, fold=fold)
