"""Dead letters: records that a consumer could not use, and another chance for them. For who may see everything."""

from collections.abc import Iterable
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, Path, Query, Response
from msgspec import Meta, Struct

from api import sealed, strict
from api.access.cameras import only_admins
from api.deps import Deps, FromApp
from api.errors import Problem
from api.letters import shapes
from api.letters.store import Where
from api.objects import streamed
from api.routes.alarms import mail_headers
from projections.dead_letters.reads import LetterPlace, LetterSearch, mail_in, redrive
from schemas.mail import MAIL_TYPE

MOST = 1000


router = APIRouter(tags=["operations"], dependencies=[Depends(only_admins)])
"""Letters may be about any camera."""
Consumer = Annotated[str, Query(max_length=256, description="Only letters of this consumer")]
Topic = Annotated[str, Query(max_length=256, description="Only letters about this topic")]
Error = Annotated[str, Query(max_length=256, description="Only letters with this error word")]
Limit = Annotated[int, Query(ge=1, le=MOST, description="Most in one answer")]
Sealed = Annotated[str | None, Query(max_length=4096, description="`next` of the page before")]
JsonBody = Annotated[bytes, Depends(strict.json_body)]
_Offset = Annotated[int, Meta(ge=0, le=(1 << 63) - 1)]
_Partition = Annotated[int, Meta(ge=0, le=(1 << 16) - 1)]


class LetterCursor(Struct, frozen=True, array_like=True, tag="letter"):
    """Behind this letter."""

    failed_ms: Annotated[int, Meta(ge=0, le=253_402_300_799_999)]
    consumer: Annotated[str, Meta(max_length=1024)]
    topic: Annotated[str, Meta(max_length=1024)]
    partition: _Partition
    offset: _Offset


class Asked(Struct, forbid_unknown_fields=True):
    """Which records to append again: those named, or those of the letters that a filter names."""

    places: Annotated[tuple[str, ...], Meta(min_length=1, max_length=MOST)] | None = None
    consumer: str = ""
    topic: str = ""
    error: str = ""
    limit: Annotated[int, Meta(ge=1, le=MOST)] = MOST

    @property
    def search(self) -> LetterSearch:
        """The filter."""
        return LetterSearch(consumer=self.consumer, topic=self.topic, error=self.error)


_cursors = msgspec.msgpack.Decoder(LetterCursor)
_asked = msgspec.json.Decoder(Asked)


@router.get("/dead-letters")
def list_letters(
    app: FromApp, consumer: Consumer = "", topic: Topic = "", error: Error = "", limit: Limit = 100,
    cursor: Sealed = None,
) -> dict[str, Any]:  # fmt: skip
    """Letters, newest first: which record, who could not use it, and why."""
    search = LetterSearch(consumer=consumer, topic=topic, error=error)
    after = LetterPlace(*msgspec.structs.astuple(sealed.unseal(cursor, _cursors))) if cursor else None
    found = app.letters.listed(search, limit + 1, after)
    following = sealed.seal(LetterCursor(*found[limit - 1].letter_place)) if len(found) > limit else None
    return {"letters": [shapes.letter(one) for one in found[:limit]], "next": following}


@router.post(
    "/dead-letters/redrive",
    openapi_extra={"requestBody": {"content": {"application/json": {"schema": {"type": "object"}}}}},
)
def redrive_letters(app: FromApp, body: JsonBody) -> dict[str, Any]:
    """Append the original records to their topics again, each once; what is still wrong becomes a letter again."""
    asked = _read(body)
    places = _named(app, asked.places) if asked.places else _found(app, asked)
    return {"redriven": redrive(app.log, app.letters.originals(places))}


@router.get(
    "/dead-letters/{topic}/{partition}/{offset}/mail",
    response_class=Response,
    responses={200: {"content": {MAIL_TYPE: {"schema": {"type": "string", "format": "binary"}}}}},
)
def get_letter_mail(
    app: FromApp,
    topic: str,
    partition: Annotated[int, Path(ge=0, lt=1 << 16)],
    offset: Annotated[int, Path(ge=0, lt=1 << 63)],
) -> Response:
    """The mail that a letter is about, as it came, as a file."""
    letters = app.letters.at(topic, partition, offset)
    mail = mail_in(letters[0].topic, letters[0].value) if letters else None
    if mail is None:
        raise Problem(404, "no-such-letter", f"no letter about a mail at {topic}/{partition}/{offset}")
    headers = mail_headers(f"{topic}-{partition}-{offset}")
    if mail.mail_key and not mail.raw:
        gone = Problem(404, "mail-gone", "the mail is no longer in the object store")
        return streamed(app.store, mail.mail_key, MAIL_TYPE, headers, gone)
    return Response(mail.raw, media_type=MAIL_TYPE, headers=headers)


def _read(body: bytes) -> Asked:
    try:
        asked = _asked.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise _bad(str(error)) from None
    if asked.places is None and asked.search == LetterSearch():
        raise _bad("name places, or at least one of consumer, topic and error")
    if asked.places is not None and asked.search != LetterSearch():
        raise _bad("places and a filter exclude each other")
    return asked


def _bad(rule: str) -> Problem:
    example = '{"places": ["mails/3/1207"]} or {"topic": "mails", "error": "no_match"}'
    return Problem(400, "bad-json", f"{rule}; send {example}")


def _found(app: Deps, asked: Asked) -> list[Where]:
    letters = app.letters.listed(asked.search, asked.limit)
    return sorted({(one.topic, one.partition, one.offset) for one in letters})


def _named(app: Deps, places: Iterable[str]) -> list[Where]:
    """The places as written; 404 that names those without a letter."""
    wanted = [_place(one) for one in dict.fromkeys(places)]
    missing = [one for one in wanted if not app.letters.at(*one)]
    if missing:
        names = ", ".join("/".join(map(str, one)) for one in missing[:10])
        raise Problem(404, "no-such-letter", f"no letter about {names}; nothing was appended")
    return wanted


def _place(text: str) -> Where:
    match text.rsplit("/", 2):
        case [topic, partition, offset] if _is_number(partition, 16) and _is_number(offset, 63):
            return topic, int(partition), int(offset)
    raise _bad(f"{text[:100]!r} is not TOPIC/PARTITION/OFFSET")


def _is_number(text: str, bits: int) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 20 and int(text) >> bits == 0
