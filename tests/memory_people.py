"""What people did and said, in memory: for tests of the API without a database."""

from collections.abc import Collection, Mapping

from projections.audit.reads import ActionPlace, ActionSearch, StoredAction
from projections.audit.rows import user_of
from projections.reviews.reads import Key, Review
from schemas.facts import ActionAudited, EpisodeReviewed


class MemoryReviews:
    """Facts taken in one after another."""

    def __init__(self) -> None:
        self.said: dict[tuple[str, Key], Review] = {}

    def show(self, fact: EpisodeReviewed) -> None:
        review = Review(fact.reviewed, fact.favourite, fact.observed_ms)
        self.said[fact.user, (fact.media, fact.episode_id)] = review

    def of(self, user: str, episodes: Collection[Key]) -> Mapping[Key, Review]:
        return {key: self.said[user, key] for key in episodes if (user, key) in self.said}


class MemoryActions:
    """Facts taken in one after another."""

    def __init__(self) -> None:
        self.told: list[StoredAction] = []

    def show(self, fact: ActionAudited) -> None:
        self.told.append(
            StoredAction(
                action_id=fact.action_id, at_ms=fact.observed_ms, user=user_of(fact.who), who=fact.who, via=fact.via,
                action=fact.action, media=fact.media, from_ms=fact.from_ms, to_ms=fact.to_ms, subject=fact.subject,
                detail=fact.detail, peer=fact.peer,
            )
        )  # fmt: skip

    def page(self, search: ActionSearch, limit: int, after: ActionPlace | None = None) -> list[StoredAction]:
        found = [
            one
            for one in self.told
            if search.user in (None, one.user)
            and (search.media is None or one.media in search.media)
            and (search.action is None or one.action in search.action)
            and (search.from_ms is None or one.at_ms >= search.from_ms)
            and (search.to_ms is None or one.at_ms < search.to_ms)
            and (after is None or one.place < after)
        ]
        return sorted(found, key=lambda one: one.place, reverse=True)[:limit]
