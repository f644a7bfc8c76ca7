"""What people say of episodes: seen, and to be found again. Everybody has their own word."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Protocol

from api.access.scope import Scope
from api.errors import Problem
from projections.reviews.reads import UNSEEN, Key, Review


class Reviews(Protocol):
    """``projections.reviews.reads.ReviewReads`` is one. Blocks. Raises DatabaseUnavailable."""

    def of(self, user: str, episodes: Collection[Key]) -> Mapping[Key, Review]:
        """What the user said of these episodes; those they said nothing of are left out."""


def has_reviews(scope: Scope) -> bool:
    """False for a share link: whoever has it is nobody in particular."""
    return scope.via != "share"


def reviewer(scope: Scope) -> str:
    """Whose word counts: the login, empty with the admin token. 403 for a share link."""
    if not has_reviews(scope):
        raise Problem(403, "not-allowed", "a link has no reviews; sign in to keep your own")
    return scope.user


def with_reviews(reviews: Reviews, scope: Scope, records: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Records of episodes in answers with what the caller said of them; for a link as they are."""
    if not has_reviews(scope):
        return list(records)
    keys = [(one["media"], int(one["episode_id"])) for one in records]
    said = reviews.of(scope.user, keys)
    return [
        one | {"reviewed": review.reviewed, "favourite": review.favourite}
        for one, key in zip(records, keys, strict=True)
        for review in (said.get(key, UNSEEN),)
    ]
