"""Runs the stack on one data folder in the foreground: lock, servers, address file, services, clean stop."""

import contextlib
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from infra import lock
from infra.embedded import stack
from infra.embedded.parts import Part, StackError
from infra.embedded.supervision import Policy
from infra.embedded.supervisor import Say, Supervisor
from infra.private import write_private
from infra.settings import STACK_FILE, Settings

LEAST_FREE_BYTES = 256 << 20
_OWN = {"data", "health_host", "health_port", "log_level", "log_json"}
"""Settings of one process, which other commands do not take over."""


Services = Callable[[Settings, Mapping[str, int], tuple[str, ...]], Sequence[Part]]


@dataclass(frozen=True)
class Plan:
    """What is run beside the servers, and what is said.

    ``services`` makes our own programs as parts from settings that name the running servers, the settled ports and
    the names of the servers we start; ``port_names`` are the ports they need. ``announce`` is called after each look
    while all parts are ready that start after no other, until it returns True.
    """

    say: Say
    announce: Callable[[Settings], bool]
    services: Services = lambda _running, _ports, _servers: ()
    port_names: Sequence[str] = ()


def serve(settings: Settings, plan: Plan) -> None:
    """Run servers and services until SIGINT or SIGTERM.

    Raises StackError when the folder cannot be used or another process runs the stack on it.
    """
    with _hold(settings.data):
        (settings.data / STACK_FILE).unlink(missing_ok=True)
        servers = _assemble(settings, plan)
        running = _running(settings, servers.addresses)
        names = tuple(part.name for part in servers.parts)
        parts = [*servers.parts, *plan.services(running, servers.ports, names)]
        supervisor = Supervisor(parts, settings.data / "logs", plan.say, Policy(stall_s=settings.stall_s))
        supervisor.install_signals()
        awaited = [part.name for part in parts if not part.after]
        supervisor.run(_Milestones(running, servers, plan, awaited).after_look)
        for path in (settings.data / STACK_FILE, *(litter for part in parts for litter in part.litter)):
            path.unlink(missing_ok=True)


class _Milestones:
    """Publishes the addresses once the servers are ready, and announces once everything is that people wait for."""

    def __init__(self, running: Settings, servers: stack.Stack, plan: Plan, awaited: Sequence[str]) -> None:
        self._running, self._servers, self._announce, self._say = running, servers, plan.announce, plan.say
        self._awaited = awaited
        self._published = self._announced = False

    def after_look(self, supervisor: Supervisor) -> bool:
        """True when there is nothing left to wait for."""
        if not self._published and supervisor.is_ready([part.name for part in self._servers.parts]):
            self._published = self._publish()
        if not self._announced and supervisor.is_ready(self._awaited):
            self._announced = self._announce(self._running)
        return self._announced

    def _publish(self) -> bool:
        """False when the disk does not take the file now; the next look tries again."""
        try:
            publish(self._running)
        except OSError as error:
            self._say("stack", _unusable(self._running.data, error))
            return False
        return True


def publish(running: Settings) -> None:
    """Write what this stack was given and has settled, for other commands on the same folder (mode 600: secrets)."""
    shared = {name: value for name, value in running.given().items() if name not in _OWN}
    write_private(running.data / STACK_FILE, json.dumps({"pid": os.getpid(), "settings": shared}, indent=1))


def _assemble(settings: Settings, plan: Plan) -> stack.Stack:
    try:
        return stack.assemble(settings, plan.port_names, lambda line: plan.say("stack", line))
    except OSError as error:
        raise StackError(_unusable(settings.data, error)) from None


def _running(settings: Settings, addresses: Mapping[str, str | int]) -> Settings:
    given = {name: getattr(settings, name) for name in settings.model_fields_set}
    return Settings(**(given | dict(addresses)))


@contextlib.contextmanager
def _hold(data: Path) -> Iterator[None]:
    with contextlib.ExitStack() as held:
        try:
            data.mkdir(parents=True, exist_ok=True)
            is_ours = held.enter_context(lock.hold(data))
        except OSError as error:
            raise StackError(_unusable(data, error)) from None
        if not is_ours:
            raise StackError(_who_runs(data))
        if (free := shutil.disk_usage(data).free) < LEAST_FREE_BYTES:
            raise StackError(f"the disk of {data} has {free >> 20} MB left; free some, or give another folder: --data")
        yield


def _unusable(data: Path, error: OSError) -> str:
    return f"{data} cannot be used ({error.strerror}); free the disk or fix its owner, or give another folder: --data"


def _who_runs(data: Path) -> str:
    where = ""
    with contextlib.suppress(OSError, ValueError, KeyError):  # not published yet: the pid alone has to do
        where = f" at http://127.0.0.1:{json.loads((data / STACK_FILE).read_text())['settings']['api_port']}"
    return f"process {lock.holder(data)} already runs on {data}{where}; stop it first, or give another folder: --data"
