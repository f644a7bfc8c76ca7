"""What only whoever starts everything can know of the system: for the API, which may not ask for it itself."""

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import httpx
from prometheus_client import PROCESS_COLLECTOR, Metric
from prometheus_client.parser import text_string_to_metric_families

from api.system.machine import Group, Part, Rebuild, Warned
from cli import checkup, groups, services
from cli.findings import Level
from infra import journal
from infra.clickhouse import Database
from infra.deadletter import code_version
from infra.embedded import ports
from infra.settings import Settings
from projections.dead_letters.reads import CountedLetters, LetterReads
from projections.generations.reads import ProgressReads

_WITHIN_S = 0.2
_STARTED, _MEMORY = "process_start_time_seconds", "process_resident_memory_bytes"


class OurMachine:
    """``api.system.machine.Machine`` over this machine's supervisor, the log and the tables."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._database = Database(settings)

    def parts(self) -> Sequence[Part]:
        """Our own programs that the supervisor of this data folder started; none where nobody supervises."""
        known = ports.remembered(self._settings.data / "ports.json")
        asked = {name: port for name in services.SERVICES if (port := known.get(services.health_port(name), 0))}
        with ThreadPoolExecutor(len(asked) or 1, "parts") as pool:
            return list(pool.map(_part, asked, asked.values()))

    def groups(self) -> Sequence[Group]:
        """See Machine.groups."""
        return [
            Group(group=one.group, service=one.service, workers=one.workers, records=one.records)
            for one in groups.behind(self._settings)
        ]

    def warnings(self) -> Sequence[Warned]:
        """What ``sightlog doctor`` would say of what runs."""
        found = [*checkup.disk(self._settings.data), *checkup.running(self._settings)]
        return [
            Warned(level=one.level.value, subject=one.subject, what=journal.redact_url(one.what), advice=one.advice)
            for one in found
            if one.level is not Level.OK
        ]

    def rebuilds(self) -> Sequence[Rebuild]:
        """See Machine.rebuilds."""
        return [
            Rebuild(
                projection=one.projection, generation=one.generation, topic=one.topic, facts=one.facts, left=one.lag
            )
            for one in ProgressReads(self._settings, self._database).building()
        ]

    def letters(self) -> Sequence[CountedLetters]:
        """See Machine.letters."""
        return LetterReads(self._database, self._settings.database).counted()

    def versions(self) -> Mapping[str, str]:
        """See Machine.versions."""
        return {"sightlog": code_version(), "clickhouse": str(self._database.value("SELECT version()"))}


def _part(name: str, port: int) -> Part:
    """How a program is, as its own page says; the API is the one that asks."""
    about = services.SERVICES[name].about
    try:
        figures = _figures(PROCESS_COLLECTOR.collect() if name == "api" else _page(port))
    except httpx.HTTPError:
        return Part(name=name, about=about, is_well=False)
    since_s, memory = figures.get(_STARTED), figures.get(_MEMORY)
    return Part(
        name=name, about=about, is_well=True, since_ms=None if since_s is None else int(since_s * 1000),
        memory_bytes=None if memory is None else int(memory),
    )  # fmt: skip


def _page(port: int) -> Iterable[Metric]:
    """The figures of a program. Raises HTTPError."""
    page = httpx.get(f"http://127.0.0.1:{port}/metrics", timeout=_WITHIN_S).raise_for_status()
    return text_string_to_metric_families(page.text)


def _figures(families: Iterable[Metric]) -> dict[str, float]:
    """Every figure without labels."""
    return {one.name: one.value for family in families for one in family.samples if not one.labels}
