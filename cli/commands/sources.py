"""``sightlog sources``: analytics nodes that are polled for episodes; kept on the topics themselves."""

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import parse_qs, urlsplit

import typer
from rich.console import Console
from rich.table import Table

from cli.console import add_row
from cli.telling import tell, tell_json
from infra import clock, kafka
from infra.journal import redact_url
from infra.settings import Settings, load
from producers.episodes.node import address
from producers.episodes.rules import Reached, query
from schemas import codec, topics
from schemas.errors import BadFact
from schemas.facts import SourceConfigured, SourceFact, SourcePolled, SourceRemoved

ABOUT = "Analytics nodes that are polled for their episodes."
EPISODE_LIST = "/vision/api/v3/episodes"
SILENT_MS = 180_000
"""A node that nobody has spoken of for so long is not being read."""
OURS = {*query(Reached(cursor="x"), 0)}
"""Parameters that every poll sets."""
_ACKNOWLEDGED_S = 15.0
_CHANGED_BY = "cli"
Data = Annotated[Path | None, typer.Option(help="Folder of the running stack (SIGHTLOG_DATA)")]


def add(
    url: Annotated[str, typer.Argument(help=f"Address of its episode list; without a path: {EPISODE_LIST}")],
    name: Annotated[str | None, typer.Option(help="What to call it; otherwise its host and port")] = None,
    token: Annotated[str | None, typer.Option(help="Sent as Authorization: Bearer; - reads it from the input")] = None,
    data: Data = None,
) -> None:
    """Poll an analytics node for its episodes, from the first to every new one; or change one that is polled.

    It must answer GET URL?poll_timeout=30&updated_at_gt=MS with {"episodes": […]}; a `next` in the answer is sent
    back as `cursor`. User and password may stand in the URL. An address that changes is read from its beginning.

    Examples:

        sightlog sources add http://192.168.1.30:8090 --name gate-analytics
        sightlog sources add https://operator:password@analytics.example.com/vision/api/v3/episodes
        sightlog sources add https://analytics.example.com --token - < token.txt
    """
    url = _checked(url)
    settings = _settings(data)
    configured = _configured(settings)
    chosen = name or _host(url)
    before = configured.get(chosen)
    is_same = before is not None and address(before.url) == address(url)
    if before and not name and not is_same:
        raise typer.BadParameter(f"{chosen} is {address(before.url)} already; give this one a --name of its own")
    given = sys.stdin.readline().strip() if token == "-" else token
    kept = before.token if before and is_same and given is None else ""
    _append(settings, _fact(chosen, url, given or kept))
    tell(f"{'changed' if before else 'added'} {chosen}: {redact_url(address(url))}")


def list_sources(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON array instead of a table")] = False,
    data: Data = None,
) -> None:
    """Which nodes are polled, how far each has been read, and what is wrong.

    reading: it answers. failing: it does not, and why. waiting: not polled yet. silent: nobody polls, is the intake
    running?

    Examples:

        sightlog sources list
        sightlog sources list --json | jq -r '.[] | select(.state == "failing").error'
    """
    settings = _settings(data)
    polled = _last(settings, topics.SOURCE_POLLS.name)
    now_ms = clock.now_ms()
    found = [told(each, polled.get(name), now_ms) for name, each in sorted(_configured(settings).items())]
    if as_json:
        tell_json(found)
        return
    table = Table()
    for heading in ("source", "address", "state", "last poll", "episodes", "read up to", "error"):
        table.add_column(heading, overflow="fold")
    for one in found:
        add_row(
            table, one["source"], one["address"], one["state"], _time(one["polled_ms"]), str(one["episodes"]),
            _time(one["updated_ms"]), one["error"],
        )  # fmt: skip
    Console().print(table)


def remove(
    name: Annotated[str, typer.Argument(help="What `sightlog sources list` calls it")], data: Data = None
) -> None:
    """Poll a node no more. What it gave stays; added again at the same address, it is read on where it was left.

    Examples:

        sightlog sources remove gate-analytics
    """
    settings = _settings(data)
    configured = _configured(settings)
    if name not in configured:
        known = ", ".join(sorted(configured)) or "there are none"
        tell(f"sightlog: no source {name}; known: {known}", err=True)
        raise typer.Exit(1)
    _append(settings, SourceRemoved(source=name, observed_ms=clock.now_ms(), changed_by=_CHANGED_BY))
    tell(f"removed {name}")


WORDS: dict[str, Callable[..., Any]] = {"add": add, "list": list_sources, "remove": remove}


def told(source: SourceConfigured, polled: SourcePolled | None, now_ms: int) -> dict[str, Any]:
    """One source as ``list`` shows it, secrets left out; figures of another address do not count."""
    place = address(source.url)
    last = polled if polled and polled.address == place else None
    state = "waiting"
    if last:
        is_silent = now_ms - last.observed_ms > SILENT_MS
        state = "silent" if is_silent else "failing" if last.error else "reading"
    return {
        "source": source.source, "address": redact_url(place), "state": state,
        "polled_ms": last.observed_ms if last else None, "episodes": last.episodes if last else 0,
        "updated_ms": (last.updated_ms if last else 0) or None, "error": last.error if last else "",
    }  # fmt: skip


def _checked(url: str) -> str:
    """The whole address of an episode list. Ends the command with the rule that ``url`` breaks."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise typer.BadParameter(f"{redact_url(url)!r} is not a URL: {error}") from None
    shown = redact_url(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        raise typer.BadParameter(f"{shown!r} is not a URL like http://192.168.1.30:8090{EPISODE_LIST}")
    if parts.fragment or not url.isprintable() or " " in url or len(url) > 2000:
        raise typer.BadParameter(f"{shown!r} holds a blank, a # or too much; percent-encode what is not a letter")
    if ours := sorted(parse_qs(parts.query).keys() & OURS):
        raise typer.BadParameter(f"leave {', '.join(ours)} out of the address: every poll sets its own")
    return parts._replace(path=EPISODE_LIST).geturl() if parts.path in ("", "/") else url


def _host(url: str) -> str:
    return address(url).split("://", 1)[1].split("/", 1)[0]


def _fact(name: str, url: str, token: str) -> SourceConfigured:
    if not token.isascii() or not token.isprintable() or " " in token:
        raise typer.BadParameter("a token is printable ASCII without blanks")
    fact = SourceConfigured(source=name, observed_ms=clock.now_ms(), url=url, token=token, changed_by=_CHANGED_BY)
    try:
        codec.encode(fact)
    except BadFact as error:
        raise typer.BadParameter(error.reason) from None
    return fact


def _append(settings: Settings, fact: SourceFact) -> None:
    log = kafka.KafkaLog(settings, "cli", delivery_timeout_ms=int(_ACKNOWLEDGED_S * 1000))
    try:
        log.append(fact).result(_ACKNOWLEDGED_S)
    finally:
        log.close(0)


def _configured(settings: Settings) -> dict[str, SourceConfigured]:
    found = _last(settings, topics.SOURCES.name)
    return {name: fact for name, fact in found.items() if isinstance(fact, SourceConfigured)}


def _last(settings: Settings, topic: str) -> dict[str, Any]:
    """The last fact of every source on a topic. Raises LogUnavailable."""
    found = {}
    for record in kafka.read_topic(settings, topic):
        try:
            fact = codec.decode(topic, record.value)
        except BadFact as error:
            tell(f"sightlog: passed over {topic}/{record.partition}/{record.offset}: {error.reason}", err=True)
            continue
        found[fact.source] = fact
    return found


def _settings(data: Path | None) -> Settings:
    settings = load(data=data)
    settings.require_servers()
    kafka.ensure_topics(settings, timeout_s=10)
    return settings


def _time(at_ms: int | None) -> str:
    return datetime.fromtimestamp(at_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M:%SZ") if at_ms else "-"
