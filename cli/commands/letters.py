"""``sightlog letters``: records that could not be used, and how to give them another chance."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from cli import mail_letter
from cli.telling import tell
from infra.clickhouse import Database
from infra.kafka import KafkaLog
from infra.objects import S3Store
from infra.settings import Settings, load
from projections.dead_letters.reads import SECRET_TOPICS, LetterReads, as_text, mail_in, originals
from projections.dead_letters.reads import redrive as again
from schemas.mail import MailReceived

Data = Annotated[Path | None, typer.Option(help="Folder of the running stack (SIGHTLOG_DATA)")]
Consumer = Annotated[str, typer.Option(help="Only letters of this consumer, for example projection-segments")]
Topic = Annotated[str, typer.Option(help="Only letters about this topic")]
Error = Annotated[str, typer.Option(help="Only letters with this error word, for example bad_json")]
Limit = Annotated[int, typer.Option(min=1, max=100_000, help="At most so many, newest first")]
ABOUT = "Records that a consumer could not use: look at them, append them again."


def list_(consumer: Consumer = "", topic: Topic = "", error: Error = "", limit: Limit = 50, data: Data = None) -> None:
    """One line per letter, newest first: record, consumer, error, reason.

    Examples:

        sightlog letters list
        sightlog letters list --topic segments --error bad_json
    """
    found = _reads(_settings(data)).page(limit, consumer=consumer, topic=topic, error=error)
    for one in found:
        tell(f"{one.place}  {one.consumer}  {one.error}  {one.reason}")
    tell(f"{len(found)} letters" if found else "no letters", err=True)


def show(
    place: Annotated[str, typer.Argument(help="TOPIC/PARTITION/OFFSET, as listed")],
    save: Annotated[Path | None, typer.Option(help="Write the mail that it is about into this .eml file")] = None,
    data: Data = None,
) -> None:
    """Everything about one record: who could not use it and why, its key and its value; a mail as it reads.

    Examples:

        sightlog letters show segments/3/1207
        sightlog letters show mails/0/17 --save odd.eml
    """
    settings = _settings(data)
    found = _reads(settings).at(*_parse(place))
    if not found:
        tell(f"sightlog: no letter about {place}; see `sightlog letters list`", err=True)
        raise typer.Exit(1)
    for one in found:
        tell(f"{one.consumer} (version {one.code_version}): {one.error}: {one.reason}")
    tell(f"key: {_text(found[0].key)}")
    if mail := mail_in(found[0].topic, found[0].value):
        _show_mail(mail, settings, save)
    elif save:
        raise typer.BadParameter(f"{place} is no mail, so there is none to --save")
    elif found[0].topic in SECRET_TOPICS:
        tell("value: not shown, may hold a password")
    else:
        tell(f"value: {_text(found[0].value)}")


def redrive(
    place: Annotated[
        str, typer.Argument(help="TOPIC/PARTITION/OFFSET, as listed; empty: all that the options name")
    ] = "",
    consumer: Consumer = "",
    topic: Topic = "",
    error: Error = "",
    limit: Limit = 1000,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask")] = False,
    data: Data = None,
) -> None:
    """Append the original records to their topics again, marked by a header, for instance after a fault was mended.

    Each record once, however many consumers lettered it. Consumers that could use it the first time see the same
    fact told twice, which changes nothing. What is still wrong becomes a letter again.

    Examples:

        sightlog letters redrive segments/3/1207
        sightlog letters redrive --consumer projection-segments --error bad_fact --yes
    """
    settings = _settings(data)
    reads = _reads(settings)
    chosen = reads.at(*_parse(place)) if place else reads.page(limit, consumer=consumer, topic=topic, error=error)
    places = sorted({(one.topic, one.partition, one.offset) for one in chosen})
    if not places:
        tell("no letters", err=True)
        return
    if not yes:
        typer.confirm(f"Append {len(places)} records to their topics again?", abort=True)
    tell(f"{_append(settings, places)} records appended again")


def _show_mail(mail: MailReceived, settings: Settings, save: Path | None) -> None:
    raw = mail_letter.raw_of(mail, S3Store(settings))
    for line in mail_letter.told(mail, raw):
        tell(line)
    if save and raw is None:
        raise typer.Exit(1)
    if save and raw is not None:
        save.write_bytes(raw)
        tell(f"saved:   {save}")


def _append(settings: Settings, places: list[tuple[str, int, int]]) -> int:
    log = KafkaLog(settings, client_id="letters")
    try:
        return again(log, originals(Database(settings), settings, places))
    finally:
        log.close()


def _settings(data: Path | None) -> Settings:
    settings = load(data=data)
    settings.require_servers()
    return settings


def _reads(settings: Settings) -> LetterReads:
    return LetterReads(Database(settings), settings.database)


def _parse(place: str) -> tuple[str, int, int]:
    match place.split("/"):
        case [topic, partition, offset] if partition.isdigit() and offset.isdigit():
            return topic, int(partition), int(offset)
    raise typer.BadParameter(f"{place!r} is not TOPIC/PARTITION/OFFSET, for example segments/3/1207")


def _text(value: bytes | None) -> str:
    told = as_text(value)
    return "(none)" if told is None else told


WORDS: dict[str, Callable[..., None]] = {"list": list_, "show": show, "redrive": redrive}
"""What ``sightlog letters`` can do."""
