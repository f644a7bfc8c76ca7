"""A mail as the readers look at it, and what they make of it."""

import re
from functools import cached_property
from typing import NamedTuple

from processors.alarms.reading import channels, labels
from processors.alarms.reading.channels import Channel
from processors.alarms.reading.labels import Label, Meaning
from processors.alarms.reading.message import Message
from schemas.folding import folded

_MARKED_CHARS = 3000
_GLUED = re.compile(r":20\d{15}$")
_NOT_WORD = re.compile(r"[\W_]+")


class Said(NamedTuple):
    """What a mail says, in the vendor's words."""

    vendor: str
    event: str = ""
    device: str = ""
    channels: tuple[Channel, ...] = ()
    is_stop: bool = False


class View:
    """One mail with what several readers ask of it, worked out once."""

    def __init__(self, message: Message) -> None:
        self.message = message
        self.subject = " ".join(message.subject[:500].split())
        self.labels: tuple[Label, ...] = labels.of(message.text)

    def value(self, *meanings: Meaning) -> str:
        """The first value under a label of these meanings, the first meaning first."""
        for meaning in meanings:
            for label in self.labels:
                if label.meaning == meaning:
                    return label.value
        return ""

    @cached_property
    def folded_subject(self) -> str:
        """The whole subject as words are searched in it."""
        return folded(self.message.subject)

    @cached_property
    def folded_text(self) -> str:
        """The whole text as words are searched in it."""
        return folded(self.message.text)

    @cached_property
    def marks(self) -> str:
        """Who wrote it, subject and the first lines, as words with one blank around each: what vendors are known by."""
        told = f"{self.message.mailer}\n{self.subject}\n{self.message.text[:_MARKED_CHARS]}"
        glued = " glued 17 digits " if _GLUED.search(self.subject) else ""
        return f" {_NOT_WORD.sub(' ', told.lower())} {glued}"

    @cached_property
    def channels(self) -> tuple[Channel, ...]:
        """The channels under labels, else those in the subject."""
        return channels.of(self.labels) or channels.in_words(self.subject)
