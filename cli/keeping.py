"""What ``sightlog doctor`` says of protection and retention: who lags, what is settled, how full the store is."""

from collections.abc import Iterator

import httpx
from prometheus_client.parser import text_string_to_metric_families

from cli import groups
from cli.findings import Finding, Level
from infra.clickhouse import Database, DatabaseError, DatabaseUnavailable
from infra.clock import now_ms
from infra.log import LogUnavailable
from infra.settings import Settings
from producers.storage.levels import UNKNOWN
from projections.storage.reads import StorageReads, StoredLevel

MANY_RECORDS = 1000
LATE_S = 300
"""Footage is settled every few seconds; so long after the time that rules may keep a mark back, something is wrong."""
_UNSETTLED = "sightlog_retention_unsettled_seconds"
_GUIDE = "see docs/guide/retention.md"


def lagging(settings: Settings) -> Iterator[Finding]:
    """Groups that are behind or that nobody works for; one line where there is none."""
    try:
        found = list(groups.behind(settings))
    except LogUnavailable as error:
        yield Finding(Level.WARN, "groups", f"their lag is not known: {error}")
        return
    ill = [one for one in found if one.records >= MANY_RECORDS or not one.workers]
    for one in ill:
        workers = "" if one.workers else ", and nobody works for it"
        advice = f"sightlog run {one.service}; until then nothing is deleted"
        yield Finding(Level.WARN, "group", f"{one.group} is {one.records} records behind{workers}", advice)
    if not ill:
        yield Finding(Level.OK, "groups", f"{len(found)} groups are up to date")


def level(settings: Settings) -> Iterator[Finding]:
    """How full each store of footage is, and whether anybody measures it."""
    try:
        stores = StorageReads(Database(settings), settings.database).latest()
    except (DatabaseUnavailable, DatabaseError) as error:
        yield Finding(Level.WARN, "storage", f"its level is not known: {error}", "sightlog run projections")
        return
    late_ms = now_ms() - LATE_S * 1000 - settings.storage_ms
    measured = [one for one in stores if one.observed_ms > late_ms]
    if not measured:
        advice = "sightlog run processor:retention; a store elsewhere needs SIGHTLOG_STORAGE_BYTES"
        yield Finding(Level.WARN, "storage", "nobody measures the store: nothing is deleted", advice)
    for one in measured:
        yield _filled(one, settings)


def settled(settings: Settings, port: int) -> Iterator[Finding]:
    """Whether it is known what protects the latest footage. ``port``: of the health page of ``processor:retention``."""
    try:
        page = httpx.get(f"http://127.0.0.1:{port}/metrics", timeout=3).text
    except httpx.HTTPError:
        return  # that it does not answer is said of the service
    values = [
        one.value for family in text_string_to_metric_families(page) for one in family.samples if one.name == _UNSETTLED
    ]
    if values and max(values) > LATE_S + settings.settle_ms / 1000:
        what = f"nothing has been settled for {max(values) / 60:.0f} min: nothing is deleted"
        yield Finding(Level.WARN, "retention", what, f"mend what lags above; {_GUIDE}")


def _filled(one: StoredLevel, settings: Settings) -> Finding:
    if one.capacity_bytes == UNKNOWN.capacity:
        what = f"{one.store}: nothing says how large it is, so no room is ever made"
        return Finding(Level.WARN, "storage", what, "set SIGHTLOG_STORAGE_BYTES")
    share = one.used_bytes / one.capacity_bytes
    what = f"{one.store}: {share:.0%} of {one.capacity_bytes / 2**30:.1f} GiB in use"
    if share <= settings.storage_high:
        return Finding(Level.OK, "storage", what)
    return Finding(Level.WARN, "storage", what, f"above the high mark: the oldest footage makes room; {_GUIDE}")
