"""What a mail is to one camera: an alarm, its end, a test, or news about the recorder itself."""

from typing import NamedTuple

from processors.alarms.reading import phrases
from processors.alarms.reading.directory import EVERY_MAIL, Camera
from processors.alarms.reading.outcome import Kind
from processors.alarms.reading.said import Said, View
from schemas.folding import folded


class Verdict(NamedTuple):
    """The kind, and the catch word or phrase that made it so."""

    kind: Kind
    matched: str


class Judge:
    """Judges one mail for any number of cameras; what does not depend on the camera is worked out once."""

    def __init__(self, view: View, said: Said) -> None:
        self._view = view
        self._is_stop = said.is_stop
        event = folded(view.value("event"))
        self._test = phrases.test(view.folded_subject, event, view.folded_text)
        self._trouble = phrases.trouble(view.folded_subject, event)
        self._is_told = bool(event)

    @property
    def is_of_recorder(self) -> bool:
        """Is it a test or news about the recorder itself, which no channel needs to be named for?"""
        return bool(self._test or self._trouble)

    def verdict(self, camera: Camera) -> Verdict | None:
        """What the mail is to ``camera``; None: none of its catch words is in it."""
        if self._test:
            return Verdict("test", self._test)
        word = self._word(camera)
        if self._trouble and not (word and self._is_alarm(word)):
            return Verdict("other", self._trouble)
        if word:
            return Verdict("stop" if self._is_stop else "start", word)
        if not self._is_told and (trouble := phrases.trouble_in(self._view.folded_text)):
            return Verdict("other", trouble)
        if any(written == EVERY_MAIL for _, written in camera.catch):
            return Verdict("stop" if self._is_stop else "start", EVERY_MAIL)
        return None

    def _is_alarm(self, word: str) -> bool:
        """Did the operator ask for this very trouble, or does a subject without an event tell of both?"""
        asked = folded(word)
        is_asked_for = asked in self._trouble or self._trouble in asked
        return is_asked_for or (not self._is_told and asked in self._view.folded_subject)

    def _word(self, camera: Camera) -> str | None:
        """The first catch word in the subject, else in the text, as the operator wrote it."""
        for where in (self._view.folded_subject, self._view.folded_text):
            for word, written in camera.catch:
                if written != EVERY_MAIL and word in where:
                    return written
        return None
