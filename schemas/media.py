"""Names of media and the object keys made from them. A name is data, never a path."""

import unicodedata
from functools import lru_cache
from typing import Annotated
from urllib.parse import quote

from msgspec import Meta

MAX_BYTES = 128
RULE = "Letters and digits of any script, then also . _ -; first a letter or digit; NFC; at most 128 bytes of UTF-8"
MediaName = Annotated[str, Meta(extra_json_schema={"minLength": 1, "maxLength": MAX_BYTES, "description": RULE})]
"""A name in a fact. The type only tells outsiders the rule; ``require`` enforces it."""
_PUNCTUATION = frozenset("._-")
_DAY_MS = 86_400_000


class BadMediaName(ValueError):
    """The name breaks a rule; the message says which."""


@lru_cache(maxsize=65536)
def require(name: str) -> str:
    """``name`` itself, when it is a legal media name; raises BadMediaName with the rule it breaks.

    Legal: letters and digits of any script and ``._-``, first a letter or digit, NFC-normalised,
    at most 128 bytes of UTF-8. Combining marks count as part of their letter.
    """
    if not name:
        raise BadMediaName("media name is empty")
    if len(name.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise BadMediaName(f"media name is longer than {MAX_BYTES} bytes of UTF-8")
    if not _is_letter_or_digit(name[0]):
        raise BadMediaName(f"media name {name!r} must start with a letter or digit")
    for character in name:
        if not (character in _PUNCTUATION or _is_word(character)):
            raise BadMediaName(f"media name {name!r} holds {character!r}; use letters, digits, '.', '_' and '-'")
    if not unicodedata.is_normalized("NFC", name):
        raise BadMediaName(f"media name {name!r} is not NFC-normalised")
    return name


def normalise(name: str) -> str:
    """The NFC form of a name typed by a person, checked; raises BadMediaName."""
    return require(unicodedata.normalize("NFC", name.strip()))


def segment_key(media: str, start_ms: int) -> str:
    """Object key of a segment: ``segments/<media>/<YYYY>/<MM>/<DD>/<start_ms>.mp4`` (day in UTC)."""
    year, month, day = civil_date(start_ms)
    return f"segments/{quote(media, safe='')}/{year:04d}/{month:02d}/{day:02d}/{start_ms}.mp4"


def civil_date(at_ms: int) -> tuple[int, int, int]:
    """(year, month, day) in UTC of a time in ms. Source: Howard Hinnant, days_from_civil inverse."""
    days = at_ms // _DAY_MS + 719_468
    era, day_of_era = divmod(days, 146_097)
    year_of_era = (day_of_era - day_of_era // 1460 + day_of_era // 36_524 - day_of_era // 146_096) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    shifted = (5 * day_of_year + 2) // 153
    month = shifted + 3 if shifted < 10 else shifted - 9
    return year_of_era + era * 400 + (month <= 2), month, day_of_year - (153 * shifted + 2) // 5 + 1


def _is_letter_or_digit(character: str) -> bool:
    """Letters and decimal digits only: ``str.isalnum`` would also take ½, ² and Ⅷ."""
    category = unicodedata.category(character)
    return category.startswith("L") or category == "Nd"


def _is_word(character: str) -> bool:
    return _is_letter_or_digit(character) or unicodedata.category(character) in ("Mn", "Mc")
