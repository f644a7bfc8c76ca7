"""The servers of one box, composed from settings: which parts, on which ports, with which addresses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from infra.embedded import broker, database, install, objectserver, ports
from infra.embedded.install import Say
from infra.embedded.parts import Part
from infra.settings import Settings

Addresses = dict[str, str | int]


@dataclass(frozen=True)
class Stack:
    """The parts to run, the addresses they will have (names are fields of Settings), every settled port by name."""

    parts: tuple[Part, ...]
    addresses: Mapping[str, str | int]
    ports: Mapping[str, int]


def assemble(settings: Settings, port_names: Sequence[str], say: Say) -> Stack:
    """Every server that settings give no address for; downloads the broker when needed.

    ``port_names`` are further ports to settle. Raises StackError with one line that says what to do.
    """
    wanted = _wanted(settings) | dict.fromkeys(port_names, 0)
    chosen = ports.settle(settings.data / "ports.json", wanted, {"smtp": settings.smtp_port})
    addresses: Addresses = {"api_port": chosen["api"], "smtp_port": chosen["smtp"]}
    parts: list[Part] = []
    if not settings.kafka:
        parts.append(_broker(settings, chosen, say))
        addresses["kafka"] = f"127.0.0.1:{chosen['kafka']}"
    if not settings.clickhouse:
        parts.append(database.part(settings.data / "clickhouse", chosen["clickhouse"], settings.database))
        address = f"127.0.0.1:{chosen['clickhouse']}"
        addresses |= {"clickhouse": f"http://{address}", "sql_clickhouse": f"http://reader@{address}"}
    if not settings.s3:
        login = objectserver.login(settings.data / "objects")
        parts.append(objectserver.part(settings.data / "objects", chosen))
        addresses |= {"s3": f"http://127.0.0.1:{chosen['s3']}", "s3_key": login.key, "s3_secret": login.secret}
    return Stack(tuple(parts), addresses, chosen)


def _broker(settings: Settings, chosen: Mapping[str, int], say: Say) -> Part:
    java, libs = install.java(), install.jars(settings.cache, say)
    return broker.part(java, libs, settings.data / "kafka", chosen["kafka"], chosen["controller"])


def _wanted(settings: Settings) -> dict[str, int]:
    wanted = {"api": settings.api_port, "smtp": _mail_port(settings)}
    doors = ("smtp_tls", "smtp_legacy", "smtp_legacy_tls")
    wanted |= {name: port for name in doors if (port := getattr(settings, f"{name}_port"))}
    if not settings.kafka:
        wanted |= {"kafka": settings.kafka_port, "controller": 0}
    if not settings.clickhouse:
        wanted["clickhouse"] = settings.clickhouse_port
    if not settings.s3:
        wanted |= dict.fromkeys(objectserver.DOORS, 0) | {"s3": settings.s3_port}
    return wanted


def _mail_port(settings: Settings) -> int:
    """The port that cameras are told; 0 for a stack beside another, whose API may be anywhere as well."""
    return settings.smtp_port if settings.api_port or "smtp_port" in settings.model_fields_set else 0
