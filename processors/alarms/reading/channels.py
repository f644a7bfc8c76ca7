"""Which channels of a recorder a mail names, by number and by name."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from processors.alarms.reading import limits
from processors.alarms.reading.labels import Label

_NUMBER = (
    r"(?:(?:ip[- ]?)?(?:ch|cam|camera|channel|canal|kanal|kanał|канал|通道)[ .#_-]{0,2}|(?:ip[- ]?)?[adcn]-?)?"
    r"\d{1,4}(?:[ -]?ch)?"
)
_BETWEEN = " \t,;&+/|()[]"
_ONE_NUMBER = re.compile(_NUMBER, re.I)
_NUMBER_AND_NAME = re.compile(rf"({_NUMBER})\s*(?:\(([^()]*)\)|\[([^\[\]]*)\])", re.I)
_NAME_AND_NUMBER = re.compile(rf"(?:^|(?<=[,;)]))\s*([^,;()]+)\(({_NUMBER})\)", re.I)
_NUMBER_DASH_NAME = re.compile(rf"({_NUMBER})\s+[-–:]\s+(.+)", re.I)
_IN_WORDS = re.compile(
    r"(?<![^\W_])(?:channel|chan|ch|camera|cam|kanal|kanał|kanale|kanału|canal|canale|voie|канал|канале|камера|通道|摄像机)"
    r"(?:\s+(?:no|nr|number|n°|nº))?[\s.:#№_-]{0,2}([ad]?\d{1,4})(?![\w:]|\.\d)",
    re.I,
)


class Channel(NamedTuple):
    """One channel as a mail names it."""

    number: str = ""
    """As it stands: 4, D4, IP-CH1."""
    names: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.number or next(iter(self.names), "")


def of(labels: Iterable[Label]) -> tuple[Channel, ...]:
    """The channels under ``labels``. A label that comes again is about the next channel."""
    found: list[Channel] = []
    seen: set[str] = set()
    for label in labels:
        if label.meaning not in ("number", "channel", "camera"):
            continue
        told = tuple(_listed(label))
        if len(told) == 1 and found and label.meaning not in seen and _fit(found[-1], told[0]):
            found[-1] = Channel(found[-1].number or told[0].number, (*found[-1].names, *told[0].names))
            seen.add(label.meaning)
        else:
            found.extend(told)
            seen = {label.meaning} if len(told) == 1 else {"number", "channel", "camera"}
    return tuple(dict.fromkeys(found))[: limits.CHANNELS]


def _fit(one: Channel, other: Channel) -> bool:
    return not (one.number and other.number) or one.number == other.number


def _listed(label: Label) -> Iterator[Channel]:
    """The channels in one value: ``CAM 2 Garage(A2)``, ``D4 (Hall)``, ``1,2,5``, ``3[INF.], 4[ENTRANCE]``, a name."""
    value = label.value
    if numbered := _ONE_NUMBER.fullmatch(label.note):
        yield Channel(numbered[0], (value,))
    elif _is_whole(_NAME_AND_NUMBER, value):
        for name, number in _NAME_AND_NUMBER.findall(value):
            yield Channel(number, tuple(dict.fromkeys((name.strip(), value.strip()))))
    elif _is_whole(_ONE_NUMBER, value):
        yield from (Channel(number) for number in _ONE_NUMBER.findall(value))
    elif _is_whole(_NUMBER_AND_NAME, value):
        yield from pairs(value)
    elif pair := _NUMBER_DASH_NAME.fullmatch(value):
        yield Channel(pair[1], (pair[2],))
    else:
        yield Channel("", (value,))


def _is_whole(pattern: "re.Pattern[str]", value: str) -> bool:
    """Are matches and separators all there is?"""
    return not pattern.sub("", value).strip(_BETWEEN)


def pairs(line: str) -> Iterator[Channel]:
    """Every number with a name in brackets in a line: ``3ch [INF.], 4ch [ENTRANCE]``."""
    for found in _NUMBER_AND_NAME.finditer(line):
        name = (found[2] or found[3] or "").strip()
        yield Channel(re.sub(r"(?<=\d)[ -]?ch$", "", found[1], flags=re.I), (name,) if name else ())


def in_words(text: str) -> tuple[Channel, ...]:
    """The channels in running words: ``Motion Detected On Channel A2``."""
    numbers = dict.fromkeys(found[1] for found in _IN_WORDS.finditer(text[: limits.LINE_CHARS]))
    return tuple(Channel(number) for number in numbers)[: limits.CHANNELS]
