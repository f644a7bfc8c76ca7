"""Facts of what people said and did, for tests."""

from schemas.facts import ActionAudited, EpisodeReviewed
from tests.footage_facts import START_MS

PEOPLE = ("anna", "bob", "")
CAMERAS = ("gate", "tył")


def reviewed(
    episode_id: int, user: str = "anna", media: str = "gate", at_ms: int = START_MS, *, seen: bool = True,
    favourite: bool = False,
) -> EpisodeReviewed:  # fmt: skip
    """What a user said of an episode."""
    return EpisodeReviewed(
        user=user, media=media, episode_id=episode_id, reviewed=seen, favourite=favourite, observed_ms=at_ms
    )


def audited(action_id: int, at_ms: int = START_MS, **given: object) -> ActionAudited:
    """Something that somebody did."""
    told = {"who": "anna", "via": "session", "action": "viewed", "media": "gate"} | given
    return ActionAudited(action_id=action_id, observed_ms=at_ms, **told)  # type: ignore[arg-type]


def reviews(count: int) -> list[EpisodeReviewed]:
    """``count`` facts, most of them about what was said before."""
    return [
        reviewed(
            number % 23, PEOPLE[number % 3], CAMERAS[number % 2], START_MS + number, seen=number % 5 > 0,
            favourite=number % 7 == 0,
        )
        for number in range(count)
    ]  # fmt: skip


def actions(count: int) -> list[ActionAudited]:
    """``count`` facts, some of them told twice and some at the same time."""
    return [
        audited(
            number - number % 11 // 10, START_MS + number // 2 * 1000, who=f"{PEOPLE[number % 2]} token-7",
            media=CAMERAS[number % 2] if number % 3 else "", action=("viewed", "exported", "changed")[number % 3],
            from_ms=START_MS if number % 2 else None, to_ms=START_MS + 5 if number % 2 else None,
        )
        for number in range(count)
    ]  # fmt: skip
