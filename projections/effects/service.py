"""The service ``effects``: what was decided is done to the world."""

from infra.kafka import KafkaLog
from infra.objects import S3Store
from infra.program import begin
from infra.settings import Settings
from projections.effects.deleting import Deleting
from projections.effects.holding import holding
from projections.effects.metrics import Metrics
from projections.effects.orders import Orders

_STORE_S, _CLOSE_S = 20.0, 3.0
_DELIVERY_MS = 30_000


def run(settings: Settings) -> None:
    """Carry out orders until told to stop. Several such processes share the orders."""
    stopping, beat = begin(settings, stalled_after_s=60.0)
    log = KafkaLog(settings, "effects", _DELIVERY_MS)
    try:
        with holding(settings, stopping):
            Deleting(settings, Orders(settings), S3Store(settings, _STORE_S), log, Metrics(), stopping, beat).run()
    finally:
        log.close(_CLOSE_S)
