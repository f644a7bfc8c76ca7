"""What ``sightlog doctor`` looks at: each check gives findings, and never raises for a thing that is merely ill."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from cli import keeping, services
from cli.findings import Finding, Level
from infra import kafka, lock
from infra.clickhouse import Database, DatabaseError, DatabaseUnavailable
from infra.embedded import install, objectserver, ports
from infra.embedded.parts import StackError
from infra.embedded.probes import http_ok
from infra.log import LogUnavailable
from infra.objects import S3Store, StoreRefused, StoreUnavailable
from infra.settings import Settings
from projections import registry
from projections.generations.checkpoints import Checkpoints
from projections.generations.store import Generation, Generations
from schemas import topics

LOW_DISK_BYTES = 5 << 30
MANY_FACTS = 1000


def examine(settings: Settings) -> Iterator[Finding]:
    """Every finding, in the order in which they should be mended."""
    yield from disk(settings.data)
    if settings.is_embedded or lock.is_held(settings.data):
        yield from _machine(settings)
        yield from _stack(settings)
    if not settings.is_embedded:
        yield from running(settings)


def running(settings: Settings) -> Iterator[Finding]:
    """What can be found of servers and services that run, whatever machine they are on."""
    yield from _broker(settings)
    yield from _database(settings)
    yield from _objects(settings)
    yield from _lag(settings)
    yield from keeping.lagging(settings)
    yield from keeping.level(settings)
    yield from _services(settings)


def disk(data: Path) -> Iterator[Finding]:
    """Whether there is room where the data is."""
    place = next(folder for folder in (data, *data.parents) if folder.exists())
    free = shutil.disk_usage(place).free
    what = f"{free / 2**30:.1f} GiB free on the disk of {data}"
    if free < LOW_DISK_BYTES:
        yield Finding(Level.WARN, "disk", what, "recording stops when it is full; free some, or move SIGHTLOG_DATA")
    else:
        yield Finding(Level.OK, "disk", what)


def _machine(settings: Settings) -> Iterator[Finding]:
    try:
        java = install.java()
        yield Finding(Level.OK, "java", f"{java}, version {install.java_version(java)}")
    except StackError as error:
        yield Finding(Level.FAIL, "java", str(error), "see README, section Installing")
    jars = install.folder(settings.cache)
    if jars.is_dir():
        yield Finding(Level.OK, "broker", f"{sum(1 for _ in jars.iterdir())} jars in {jars}")
    else:
        yield Finding(Level.WARN, "broker", f"no jars in {jars} yet", "`sightlog up` downloads them once, about 44 MB")
    try:
        yield Finding(Level.OK, "objects", objectserver.binary())
    except StackError as error:
        yield Finding(Level.FAIL, "objects", str(error), "make setup")


def _stack(settings: Settings) -> Iterator[Finding]:
    if lock.is_held(settings.data):
        yield Finding(Level.OK, "stack", f"process {lock.holder(settings.data)} runs on {settings.data}")
        return
    yield Finding(Level.WARN, "stack", f"nothing runs on {settings.data}", "sightlog up")
    for option, port in (("port", settings.api_port), ("smtp-port", settings.smtp_port)):
        if port and not ports.is_free(port):
            variable = "SIGHTLOG_API_PORT" if option == "port" else "SIGHTLOG_SMTP_PORT"
            advice = f"stop it, or: sightlog up --{option} 0 (or {variable})"
            yield Finding(Level.FAIL, "port", f"{port} is in use by another program", advice)


def _broker(settings: Settings) -> Iterator[Finding]:
    for topic in topics.ALL:
        try:
            found = len(kafka.end_offsets(settings, topic.name))
        except LogUnavailable as error:
            yield Finding(Level.FAIL, "kafka", str(error), f"is a broker running at {settings.kafka}?")
            return
        if not found:
            yield Finding(Level.FAIL, "topic", f"{topic.name} is missing", "any `sightlog run` or `up` creates it")
    yield Finding(Level.OK, "kafka", f"{settings.kafka}, {len(topics.ALL)} topics of ours")


def _database(settings: Settings) -> Iterator[Finding]:
    try:
        version = Database(settings).value("SELECT version()")
        yield Finding(Level.OK, "clickhouse", f"version {version}")
    except (DatabaseUnavailable, DatabaseError) as error:
        yield Finding(Level.FAIL, "clickhouse", str(error), "is SIGHTLOG_CLICKHOUSE right, and the server running?")


def _objects(settings: Settings) -> Iterator[Finding]:
    try:
        next(S3Store(settings).list("segments/"), None)
        yield Finding(Level.OK, "s3", f"{settings.s3}, bucket {settings.s3_bucket}")
    except (StoreUnavailable, StoreRefused) as error:
        yield Finding(Level.FAIL, "s3", str(error), "are SIGHTLOG_S3, its key and its secret right?")


def _lag(settings: Settings) -> Iterator[Finding]:
    """How many facts each live projection has not read yet."""
    database = Database(settings)
    generations = Generations(settings, database)
    try:
        for generation in generations.all():
            if generation.state == "live":
                behind = _behind(settings, database, generations, generation)
                level = Level.OK if behind < MANY_FACTS else Level.WARN
                yield Finding(level, "projection", f"{generation.projection} is {behind} facts behind")
    except (DatabaseUnavailable, DatabaseError, LogUnavailable) as error:
        yield Finding(Level.WARN, "projection", f"lag is not known: {error}", "sightlog run projections")


def _behind(settings: Settings, database: Database, generations: Generations, generation: Generation) -> int:
    read = Checkpoints(database, generations.database_of(generation.projection, generation.number)).load()
    behind = 0
    for topic in registry.BY_NAME[generation.projection].topics:
        begins = kafka.begin_offsets(settings, topic)
        for partition, end in kafka.end_offsets(settings, topic).items():
            at = read[topic, partition].next_offset if (topic, partition) in read else 0
            behind += end - max(at, begins.get(partition, 0))
    return behind


def _services(settings: Settings) -> Iterator[Finding]:
    """Our own programs, where this machine's stack runs them; elsewhere only the API can be asked."""
    known = ports.remembered(settings.data / "ports.json") if lock.is_held(settings.data) else {}
    for name in services.supervised(with_demo=False):
        port = settings.api_port if name == "api" else known.get(services.health_port(name), 0)
        path = "/readyz" if name == "api" else "/healthz"
        if port and http_ok(port, path):
            yield Finding(Level.OK, name, *_found(name, settings, port))
            if name == "processor:retention":
                yield from keeping.settled(settings, port)
        elif port:
            yield Finding(Level.FAIL, name, f"does not answer on port {port}", f"see {settings.data}/logs/{name}.log")


def _found(name: str, settings: Settings, port: int) -> tuple[str, str]:
    """What a service that is well says of itself, and what its operator may want to know."""
    if name == "smtp":
        only_here = settings.smtp_host.startswith("127.")
        advice = "cameras elsewhere need SIGHTLOG_SMTP_HOST=0.0.0.0, see docs/guide/camera-mail.md" if only_here else ""
        return f"takes mail at {settings.smtp_host}:{settings.smtp_port}", advice
    return settings.base_url if name == "api" else f"health on port {port}", ""
