"""Why a statement is not run: one class, so that every wall says what it refuses and what to do instead."""


class Refused(Exception):
    """The statement holds what it may not; the message is for the caller, in one sentence or two."""
