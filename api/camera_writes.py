"""Facts about cameras, written so that they count in this process at once."""

from collections.abc import Sequence

from api import writes
from api.deps import Deps
from schemas.facts import MediaConfigured, MediaRemoved


def append(app: Deps, facts: Sequence[MediaConfigured | MediaRemoved]) -> None:
    """Write them. Raises LogUnavailable; then some may be there all the same."""
    for fact, position in zip(facts, writes.append(app.log, facts), strict=True):
        app.registry.learn(fact, position.offset)
