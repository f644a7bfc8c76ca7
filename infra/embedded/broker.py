"""A one-node Apache Kafka (KRaft) as a part."""

import base64
import os
import secrets
import shutil
import subprocess
from functools import partial
from pathlib import Path

from infra.embedded.parts import Part, StackError
from infra.embedded.probes import kafka_ok

_JVM = (
    "-Xms128m", "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xss512k",
    "-XX:MaxMetaspaceSize=128m", "-XX:+ExitOnOutOfMemoryError", "-Djava.awt.headless=true",
)  # fmt: skip

_PROPERTIES = """\
process.roles=broker,controller
node.id=1
controller.quorum.bootstrap.servers=127.0.0.1:{controller}
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
controller.listener.names=CONTROLLER
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs={logs}
broker.heartbeat.interval.ms=500
broker.session.timeout.ms=2000
auto.create.topics.enable=false
num.network.threads=2
num.io.threads=2
background.threads=2
num.recovery.threads.per.data.dir=2
default.replication.factor=1
min.insync.replicas=1
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=4
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
share.coordinator.state.topic.num.partitions=1
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
group.consumer.min.session.timeout.ms=1000
group.consumer.min.heartbeat.interval.ms=500
log.cleaner.dedupe.buffer.size=8388608
log.segment.bytes=67108864
metadata.log.segment.bytes=16777216
metadata.max.retention.bytes=67108864
log.retention.check.interval.ms=60000
log.flush.interval.messages=1
log.index.size.max.bytes=1048576
"""
"""Flushed at every batch because a lone broker has no replica: acknowledged must mean on disk, also when the power goes
(docs/decisions/0006-acknowledged-is-on-disk.md). Small index files, because there are 48 partitions a topic.

A short broker session because after a kill the controller, back first, refuses its own broker until the old session
has run out (9 s by default).
"""


def part(java: str, libs: Path, folder: Path, port: int, controller: int) -> Part:
    """The broker on ``folder``, formatted at first use. Raises StackError when the format fails."""
    folder.mkdir(parents=True, exist_ok=True)
    properties = folder / "server.properties"
    properties.write_text(_PROPERTIES.format(port=port, controller=controller, logs=folder / "logs"))
    (folder / "log4j2.properties").write_text(_LOG4J)
    run = (java, *_JVM, f"-Dlog4j2.configurationFile={folder}/log4j2.properties", "-cp", f"{libs}/*")
    _format(run, folder, properties)
    return Part("kafka", (*run, "kafka.Kafka", str(properties)), partial(kafka_ok, port), cwd=folder, grace_s=30)


_LOG4J = """\
appender.out.type=Console
appender.out.name=out
appender.out.layout.type=PatternLayout
appender.out.layout.pattern=%d{ISO8601} %p %c{1} %m%n
rootLogger.level=WARN
rootLogger.appenderRef.out.ref=out
logger.start.name=org.apache.kafka.common.utils.AppInfoParser
logger.start.level=INFO
"""


def _format(run: tuple[str, ...], folder: Path, properties: Path) -> None:
    """Write the cluster id into an empty log folder; a folder half written by a crash is made anew."""
    logs = folder / "logs"
    if (folder / "formatted").exists():
        return
    shutil.rmtree(logs, ignore_errors=True)
    cluster = base64.urlsafe_b64encode(secrets.token_bytes(16)).decode().rstrip("=")  # may begin with a dash
    tool = (*run, "kafka.tools.StorageTool", "format", "--standalone")
    command = (*tool, f"--cluster-id={cluster}", "-c", str(properties))
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder, check=False)
    if done.returncode:
        told = (done.stderr or done.stdout).strip().partition("\n")[0]
        raise StackError(f"the broker's folder {logs} cannot be formatted: {told}")
    (folder / "formatted").touch()
    _sync_tree(folder)


def _sync_tree(folder: Path) -> None:
    """Put every file and folder on disk. The tool does not, and a broker whose format was half lost never starts."""
    for path in (*folder.rglob("*"), folder):
        descriptor = os.open(path, os.O_RDONLY)
        os.fsync(descriptor)
        os.close(descriptor)
