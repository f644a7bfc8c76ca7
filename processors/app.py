"""The Faust app of a processor, set as decision 0042 says. Faust holds the group, the flow and the offsets."""

from pathlib import Path
from typing import Any

import faust

from infra.kafka import group_name
from infra.settings import Settings
from processors.consumer import CarefulTransport
from processors.recovery import LoadingTables
from processors.spec import Processor

SESSION_S, HEARTBEAT_S, REBALANCE_S = 6, 2, 30
"""A worker that was killed loses its partitions within a session; what it had begun may take a rebalance to end."""
BUFFER = 2048
"""Records between the fetcher and the agent: as many as fold in a tenth of a second."""


def build(settings: Settings, processor: Processor, folder: Path) -> Any:
    """An app without agents yet. ``folder`` is this worker's alone."""
    app = faust.App(
        group_name(settings, processor.consumer),
        broker=f"kafka://{settings.kafka.replace(',', ';kafka://')}",
        datadir=str(folder),
        store="memory://",
        TableManager=LoadingTables,
        processing_guarantee="at_least_once",
        key_serializer="raw",
        value_serializer="raw",
        consumer_auto_offset_reset="earliest",
        consumer_max_fetch_size=4 << 20,
        broker_session_timeout=SESSION_S,
        broker_heartbeat_interval=HEARTBEAT_S,
        broker_rebalance_timeout=REBALANCE_S,
        broker_request_timeout=REBALANCE_S + SESSION_S,
        broker_max_poll_interval=600,
        broker_commit_interval=1.0,
        broker_commit_every=10_000,
        stream_wait_empty=True,
        stream_buffer_maxsize=BUFFER,
        stream_processing_timeout=300,
        stream_recovery_delay=0,
        topic_allow_declare=False,
        topic_disable_leader=True,
        web_enabled=False,
        worker_redirect_stdouts=False,
    )
    app.transport = CarefulTransport(app.conf.broker_consumer, app)
    return app
