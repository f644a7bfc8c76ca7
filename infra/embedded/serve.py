"""Runs the stack on one data folder in the foreground: lock, servers, address file, services, clean stop."""

import contextlib
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from infra import lock
from infra.embedded import stack
from infra.embedded.parts import Part, StackError
from infra.embedded.supervision import Policy
from infra.embedded.supervisor import Say, Supervisor
from infra.settings import STACK_FILE, Settings

Services = Callable[[Settings], Sequence[Part]]
"""Our own programs as parts, given settings that name the running servers."""


def serve(
    settings: Settings, say: Say, ready: Callable[[Settings], None], services: Services = lambda _: (),
    policy: Policy = Policy(),
) -> None:
    """Run servers and services until SIGINT or SIGTERM; ``ready`` is called once, when every part answers.

    Raises StackError when the folder cannot be used or another process runs the stack on it.
    """
    with _hold(settings.data):
        (settings.data / STACK_FILE).unlink(missing_ok=True)
        servers = stack.assemble(settings, lambda line: say("stack", line))
        running = settings.model_copy(update=dict(servers.addresses))
        parts = [*servers.parts, *services(running)]
        supervisor = Supervisor(parts, settings.data / "logs", say, policy)
        supervisor.install_signals()
        watch = _Watch([part.name for part in servers.parts], settings.data, servers.addresses, lambda: ready(running))
        supervisor.run(watch.after_look)
        (settings.data / STACK_FILE).unlink(missing_ok=True)


class _Watch:
    """Publishes the addresses when the servers are ready, and calls ``ready`` when everything is."""

    def __init__(self, servers: Sequence[str], data: Path, addresses: Mapping[str, object], ready: Callable[[], None]) -> None:
        self._servers, self._data, self._addresses, self._ready = servers, data, addresses, ready
        self._published = self._announced = False

    def after_look(self, supervisor: Supervisor) -> None:
        if not self._published and supervisor.is_ready(self._servers):
            publish(self._data, self._addresses)
            self._published = True
        if self._published and not self._announced and supervisor.is_ready():
            self._announced = True
            self._ready()


def publish(data: Path, addresses: Mapping[str, object]) -> None:
    """Write the address file (mode 600: it holds the S3 secret) in one step."""
    draft = data / f"{STACK_FILE}.tmp"
    draft.unlink(missing_ok=True)
    with open(os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "w") as file:
        json.dump({"pid": os.getpid(), "settings": dict(addresses)}, file, indent=1)
    draft.replace(data / STACK_FILE)


@contextlib.contextmanager
def _hold(data: Path) -> Iterator[None]:
    try:
        data.mkdir(parents=True, exist_ok=True)
        held = lock.take(data)
    except OSError as error:
        raise StackError(
            f"{data} cannot be written ({error.strerror}); free the disk or fix its owner, or give another folder with --data"
        ) from None
    if held is None:
        raise StackError(_who_runs(data))
    with held:
        yield


def _who_runs(data: Path) -> str:
    where = ""
    with contextlib.suppress(OSError, ValueError, KeyError):
        where = f" at http://127.0.0.1:{json.loads((data / STACK_FILE).read_text())['settings']['api_port']}"
    return f"already running on {data}: process {lock.holder(data)}{where}; stop it first, or give another folder with --data"
