"""A client of the broker that has given itself up."""

from collections.abc import Callable
from typing import Any

import pytest
from confluent_kafka import KafkaError, KafkaException

from infra import kafka
from infra.kafka import KafkaLog
from infra.log import LogUnavailable
from infra.settings import load


class Client:
    """A producer that can be told to have met a fatal error."""

    made: "list[Client]"

    def __init__(self, _config: object) -> None:
        self.refuses: KafkaError | None = None
        self.held: list[Callable[..., None]] = []
        self.made.append(self)

    def produce(self, _topic: str, _value: bytes, _key: bytes, _at: int, told: Any, headers: object) -> None:
        if self.refuses:
            raise KafkaException(self.refuses)
        self.held.append(told)

    def purge(self) -> None:
        for told in self.held:
            told(KafkaError(KafkaError._PURGE_QUEUE), None)
        self.held.clear()

    def poll(self, _timeout_s: float) -> int:
        return 0

    def flush(self, _timeout_s: float) -> int:
        return 0


@pytest.fixture
def clients(monkeypatch: pytest.MonkeyPatch) -> list[Client]:
    made: list[Client] = []
    monkeypatch.setattr(Client, "made", made, raising=False)
    monkeypatch.setattr(kafka, "Producer", Client)
    return made


def test_a_client_that_met_a_fatal_error_is_replaced_and_what_it_held_has_failed(clients: list[Client]) -> None:
    log = KafkaLog(load(kafka="127.0.0.1:1"))
    held = log.append_raw("mails", b"a", b"1")
    clients[0].refuses = KafkaError(KafkaError._FATAL)
    log.append_raw("mails", b"a", b"2")
    with pytest.raises(LogUnavailable):
        held.result(60)
    assert [len(client.held) for client in clients] == [0, 1]
    log.close()


def test_a_client_that_refuses_one_record_goes_on(clients: list[Client]) -> None:
    log = KafkaLog(load(kafka="127.0.0.1:1"))
    clients[0].refuses = KafkaError(KafkaError.MSG_SIZE_TOO_LARGE)
    with pytest.raises(KafkaException):
        log.append_raw("mails", b"a", b"1")
    assert len(clients) == 1
    log.close()
