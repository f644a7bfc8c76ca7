"""The servers of one box, composed from settings: which parts, on which ports, with which addresses."""

from collections.abc import Mapping
from dataclasses import dataclass

from infra.embedded import broker, database, install, objectserver, ports
from infra.embedded.install import Say
from infra.embedded.parts import Part
from infra.settings import Settings


@dataclass(frozen=True)
class Stack:
    """The parts to run and the addresses they will have (names are fields of Settings)."""

    parts: tuple[Part, ...]
    addresses: Mapping[str, str | int]


def assemble(settings: Settings, say: Say) -> Stack:
    """Everything that settings do not give an address for, on settled ports; downloads the broker when needed.

    Raises StackError with one line that says what to do.
    """
    data = settings.data
    chosen = ports.settle(data / "ports.json", _wanted(settings))
    login = objectserver.login(data / "objects")
    parts: list[Part] = []
    addresses: dict[str, str | int] = {"api_port": chosen["api"]}
    if not settings.kafka:
        libs = install.jars(settings.cache, say)
        parts.append(broker.part(install.java(), libs, data / "kafka", chosen["kafka"], chosen["controller"]))
        addresses["kafka"] = f"127.0.0.1:{chosen['kafka']}"
    if not settings.clickhouse and database.is_present():
        parts.append(database.part(data / "clickhouse", chosen["clickhouse"]))
        addresses["clickhouse"] = f"http://127.0.0.1:{chosen['clickhouse']}"
    if not settings.s3:
        parts.append(objectserver.part(data / "objects", chosen))
        addresses |= {"s3": f"http://127.0.0.1:{chosen['s3']}", "s3_key": login.key, "s3_secret": login.secret}
    return Stack(tuple(parts), addresses)


def _wanted(settings: Settings) -> dict[str, int]:
    given = {
        "api": settings.api_port, "kafka": settings.kafka_port, "clickhouse": settings.clickhouse_port,
        "s3": settings.s3_port,
    }  # fmt: skip
    return given | {name: 0 for name in ("controller", *objectserver.DOORS) if name not in given}
