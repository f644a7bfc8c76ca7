from prometheus_client import CollectorRegistry, Gauge
from structlog.testing import capture_logs

from infra import journal
from infra.outage import Outage


def test_an_outage_is_told_when_it_begins_and_when_it_is_over() -> None:
    registry = CollectorRegistry()
    gauge = Gauge("waiting", "1 while it waits", registry=registry)
    with capture_logs() as lines:
        outage = Outage(journal.get("test"), "mails wait", "mails go on", gauge)
        outage.say("")
        outage.say("no broker")
        outage.say("no store either")
        assert registry.get_sample_value("waiting") == 1
        outage.say("")
        outage.say("")
    told = [(line["log_level"], line["event"], line.get("reason")) for line in lines]
    assert told == [("warning", "mails wait", "no broker"), ("info", "mails go on", None)]
    assert registry.get_sample_value("waiting") == 0
