"""What Faust and its libraries say, in our own journal."""

import logging

from infra import journal

_FAMILIES = {
    "faust": logging.WARNING,
    "mode": logging.ERROR,  # it warns of every timer that a busy machine delays
    "aiokafka": logging.WARNING,
    "asyncio": logging.WARNING,
}


def through_journal() -> None:
    """From now on their warnings and errors are journal lines; what they say of every rebalance is left out."""
    for family, level in _FAMILIES.items():
        logger = logging.getLogger(family)
        logger.handlers = [_ToJournal(level)]
        logger.propagate = False


class _ToJournal(logging.Handler):
    """One line per record; an exception in it keeps its traceback."""

    def emit(self, record: logging.LogRecord) -> None:
        line = journal.get(record.name.split(".")[0])
        say = line.error if record.levelno >= logging.ERROR else line.warning
        say(" ".join(record.getMessage().split()), **({"exc_info": record.exc_info} if record.exc_info else {}))
