"""Questions about dead letters, over the real engine: page by page, by way of the mail, and their records again."""

from collections.abc import Iterator

import pytest

from api.letters.store import StoredLetters
from projections.dead_letters.reads import LetterPlace, LetterSearch, MailLetters
from projections.generations.store import Generation, Generations
from projections.registry import DEAD_LETTERS
from schemas.facts import DeadLettered
from tests.footage_facts import START_MS
from tests.integration.sql_desk import keep, tables

LONG = b"x" * 70_000
SECRETS = {"media": b'{"source":"rtsp://u:hidden@h/1"}', "sources": b'{"token":"hidden"}'}


def letter(number: int, topic: str = "mails", key: bytes | None = b"gate", value: bytes | None = b"{}") -> DeadLettered:
    return DeadLettered(
        consumer=f"c{number % 2}", topic=topic, partition=number % 3, offset=number, key=key, value=value,
        error="no_match", reason=f"reason {number}", failed_ms=START_MS + number // 4, code_version="1",
    )  # fmt: skip


FACTS = [
    *(letter(number, key=b"nvr@x" if number % 5 else b"\xff") for number in range(40)),
    letter(40, value=LONG), letter(41, key=None), letter(42, value=None),
    *(letter(43 + number, topic, value=value) for number, (topic, value) in enumerate(SECRETS.items())),
]  # fmt: skip


@pytest.fixture(scope="module")
def letters(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StoredLetters]:
    with tables(tmp_path_factory.mktemp("letters")) as (settings, database):
        keep(settings, database, "dead_letters", FACTS)
        live = Generation(projection="dead_letters", number=1, state="live", shape=DEAD_LETTERS.shape())
        Generations(settings, database).move(live, "live")
        yield StoredLetters(settings, database)


@pytest.mark.parametrize("limit", [1, 7, 100])
def test_pages_hold_every_letter_once_newest_first(letters: StoredLetters, limit: int) -> None:
    found: list[LetterPlace] = []
    while page := letters.listed(LetterSearch(), limit, found[-1] if found else None):
        found += [one.letter_place for one in page]
    assert found == sorted(found, key=lambda one: (-one.failed_ms, *one[1:]))
    assert {one.offset for one in found} == set(range(len(FACTS)))


def test_long_and_secret_values_stay_out_of_lists(letters: StoredLetters) -> None:
    found = {one.offset: one for one in letters.listed(LetterSearch(), 100)}
    assert (found[40].value, found[40].size_bytes, found[42].size_bytes) == (None, len(LONG), None)
    assert [found[number].value for number in (43, 44)] == [None, None]
    assert letters.at("mails", 1, 40)[0].value == LONG


def test_letters_are_chosen_by_what_is_known_of_them(letters: StoredLetters) -> None:
    assert {one.topic for one in letters.listed(LetterSearch(topic="media"), 9)} == {"media"}
    assert len(letters.listed(LetterSearch(consumer="c1", topic="mails", error="no_match"), 100)) == 21
    assert letters.listed(LetterSearch(error="other"), 9) == []


def test_letters_about_mails_are_counted_by_the_way_they_came(letters: StoredLetters) -> None:
    found = {one.route: one for one in letters.mails_since(START_MS + 4)}
    assert found.keys() == {"nvr@x", "�", "gate"}
    assert found["nvr@x"] == MailLetters(
        route="nvr@x", letters=16, reason=found["nvr@x"].reason, place=found["nvr@x"].place, failed_ms=START_MS + 9
    )
    assert found["gate"].letters == 2


def test_the_records_come_back_byte_for_byte_also_the_secret_ones(letters: StoredLetters) -> None:
    places = [("media", 1, 43), ("mails", 1, 40), ("mails", 2, 41), ("mails", 0, 999)]
    found = list(letters.originals(places))
    assert [(one.place, one.key, one.value) for one in found] == [
        ("media/1/43", b"gate", SECRETS["media"]), ("mails/1/40", b"gate", LONG), ("mails/2/41", None, b"{}"),
    ]  # fmt: skip
