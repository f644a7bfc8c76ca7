"""``sightlog smtp``: what to type into a camera's page, whether its mails arrive, and a mail to try it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, get_args

import typer
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from api.alarms.camera_mail import Door, Encryption, NotTaken, composed, sent
from cli.client import answer, camera_path, connected, pages
from cli.console import add_row, typed
from cli.followed import NotInTime, NotUnderstood, followed
from cli.telling import tell, tell_json
from infra.clock import monotonic_s, now_ms
from infra.settings import load

ABOUT = "Mail of the cameras: what to type into their pages, a mail to try it, who has fallen silent."
EVERY_MAIL = "*"
_WORD = "motion"
Data = Annotated[Path | None, typer.Option(help="Folder of the running stack (SIGHTLOG_DATA)")]
Name = Annotated[str, typer.Argument(help="Name of the camera")]


def send_test(
    media: Name,
    stop: Annotated[bool, typer.Option("--stop", help="The mail that says that it is over")] = False,
    word: Annotated[str | None, typer.Option(help="What the mail says; otherwise the camera's catch word")] = None,
    picture: Annotated[Path | None, typer.Option(help="A JPEG to attach", exists=True, dir_okay=False)] = None,
    server: Annotated[str | None, typer.Option(help="Address of the listener, as the camera would reach it")] = None,
    port: Annotated[int | None, typer.Option(help="Its port; otherwise the one for the encryption")] = None,
    tls: Annotated[str, typer.Option(help="starttls, tls (from the first byte) or none")] = "starttls",
    login: Annotated[str | None, typer.Option(help="Otherwise what its page is told; empty: none")] = None,
    password: Annotated[str | None, typer.Option(help="Its password; - reads it from the input")] = None,
    wait_s: Annotated[float, typer.Option(help="Longest wait for the mark, seconds")] = 30.0,
    data: Data = None,
) -> None:
    """Send the mail that a camera would send, and follow it to its mark on the archive. It leaves a real mark.

    Exit code 0: it arrived and made its mark. 1: it was refused, or not understood; the line says why and what to
    do. 2: nobody answers.

    Examples:

        sightlog smtp test gate-1
        sightlog smtp test gate-1 --stop
        sightlog smtp test gate-1 --picture door.jpg --server 192.0.2.5 --tls none
    """
    settings = load(data=data)
    began_s, sent_ms = monotonic_s(), now_ms()
    with connected(settings) as api:
        page = answer(api.get(f"{camera_path(media)}/smtp"))
        door = _door(page, _encryption(tls), server, port, login, password)
        said = word or next((each for each in page["subject_words"] if each != EVERY_MAIL), _WORD)
        raw = composed(door, said, stop, picture.read_bytes() if picture else None, sent_ms)
        with _told_why(began_s, door):
            _tell(began_s, f"to {door}")
            _tell(began_s, sent(door, raw))
            for step in followed(api, page["media"], raw, sent_ms, wait_s):
                _tell(began_s, step)
    _tell(began_s, f"see it at {settings.base_url}/")


def show(media: Name, data: Data = None) -> None:
    """What to type into the camera's page, its password included.

    Examples:

        sightlog smtp show gate-1
    """
    with connected(load(data=data)) as api:
        page = answer(api.get(f"{camera_path(media)}/smtp"))
    table = Table("field", "type")
    for field in ("server", "port", "encryption", "login", "password", "sender", "recipient"):
        add_row(table, field, _shown(page, field))
    others = {name: port for name, port in page["ports"].items() if port != page["port"]}
    for name, port in others.items():
        add_row(table, f"or port, {name.replace('_', ' ')}", str(port))
    add_row(table, "catch words", ", ".join(page["subject_words"]) or "(none: add one with --catch)")
    Console().print(table)
    for note in (*page["notes"], f"try it: {page['test']}"):
        tell(note)


def health(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON array instead of a table")] = False,
    data: Data = None,
) -> None:
    """When each camera mailed last, how often, how wrong its clock is, and who has fallen silent.

    Exit code 1: a camera that used to mail is silent.

    Examples:

        sightlog smtp health
        sightlog smtp health --json | jq -r '.[] | select(.state == "silent").media'
    """
    with connected(load(data=data)) as api:
        found = pages(api, "/alarms/health", "cameras")
    if as_json:
        tell_json(found)
    else:
        Console().print(_table(found))
        for line in _letters(found):
            tell(line)
    if any(one["state"] == "silent" for one in found):
        raise typer.Exit(1)


WORDS: dict[str, Callable[..., Any]] = {"test": send_test, "show": show, "health": health}


def _door(
    page: dict[str, Any], encryption: Encryption, server: str | None, port: int | None, login: str | None,
    password: str | None,
) -> Door:  # fmt: skip
    """The door that the camera's page is told, changed where an option says so."""
    if port is None:
        port = page["ports"].get("tls") if encryption == "tls" else page["port"]
    if port is None:
        raise typer.BadParameter("there is no port for TLS from the first byte: set SIGHTLOG_SMTP_TLS_PORT, or --port")
    if login is None:
        login, known = page["login"] or "", page["password"] or ""
    else:
        known = page["password"] or "" if login == page["login"] else ""
    given = typed(password)
    return Door(
        server or page["server"], port, encryption, page["sender"], page["recipient"], login,
        known if given is None else given,
    )  # fmt: skip


def _shown(page: dict[str, Any], field: str) -> str:
    """What to type; the listener's own login is told to admins only."""
    if field in ("login", "password") and page[field] is None:
        return "(ask an admin)"
    return str(page[field] or "(leave empty)")


def _encryption(text: str) -> Encryption:
    for known in get_args(Encryption):
        if text == known:
            return known  # type: ignore[no-any-return]
    raise typer.BadParameter(f"--tls {text!r} is none of {', '.join(get_args(Encryption))}")


@contextmanager
def _told_why(began_s: float, door: Door) -> Iterator[None]:
    """Ends the command with one line when a step does not come about."""
    try:
        yield
    except (NotTaken, NotUnderstood, NotInTime) as error:
        _tell(began_s, str(error))
        raise typer.Exit(1) from None
    except OSError as error:
        tell(f"sightlog: {door.server}:{door.port} does not answer ({error}); is `smtp` running?", err=True)
        raise typer.Exit(2) from None


def _tell(began_s: float, what: str) -> None:
    tell(f"{monotonic_s() - began_s:6.2f} s  {what}")


def _table(cameras: list[dict[str, Any]]) -> Table:
    table = Table(box=SIMPLE, pad_edge=False)
    for heading in ("camera", "state", "last mail", "1 h", "24 h", "7 d", "refused", "letters", "clock"):
        table.add_column(heading, overflow="fold")
    for one in cameras:
        add_row(
            table, one["media"], one["state"], _time(one["last_ms"]), str(one["mails_1h"]), str(one["mails_24h"]),
            str(one["mails_7d"]), str(one["refusals_24h"]), str(one["letters_24h"]), _skew(one["skew_ms"]),
        )  # fmt: skip
    return table


def _letters(cameras: list[dict[str, Any]]) -> Iterator[str]:
    """The newest mail of each camera that was not understood, and why."""
    for one in cameras:
        if letter := one["last_letter"]:
            yield f"{one['media']}: {letter['place']} was not understood: {letter['reason']}"


def _time(at_ms: int | None) -> str:
    return datetime.fromtimestamp(at_ms / 1000, UTC).strftime("%Y-%m-%d %H:%MZ") if at_ms else "-"


def _skew(skew_ms: int | None) -> str:
    return "-" if skew_ms is None else f"{round(skew_ms / 1000):+d} s"
