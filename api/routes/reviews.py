"""What the caller says of an episode: seen, and to be found again."""

from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends
from msgspec import Struct

from api import strict, writes
from api.auth import Asking
from api.deps import FromApp
from api.episodes.reviewed import reviewer
from api.errors import Problem, bad_field
from api.routes.episodes import EpisodeId, no_such_episode
from infra import clock
from projections.reviews.reads import UNSEEN
from schemas import media as media_names
from schemas.facts import EpisodeReviewed

router = APIRouter(tags=["episodes"])
JsonBody = Annotated[bytes, Depends(strict.json_body)]


class Said(Struct, forbid_unknown_fields=True):
    """The body. What is left out stays as it is."""

    media: str
    reviewed: bool | None = None
    favourite: bool | None = None


_said = msgspec.json.Decoder(Said)


@router.put(
    "/episodes/{id}/review",
    openapi_extra={"requestBody": {"content": {"application/json": {"schema": {"type": "object"}}}}},
)
def put_review(episode_id: EpisodeId, scope: Asking, app: FromApp, body: JsonBody) -> dict[str, Any]:
    """Say that you have seen an episode, or want to find it again. Your own word, which the next read shows."""
    user, said = reviewer(scope), _read(body)
    if not app.episodes.with_id(episode_id, None, said.media):
        raise no_such_episode(episode_id, said.media)
    key = (said.media, episode_id)
    before = app.reviews.of(user, [key]).get(key, UNSEEN)
    fact = EpisodeReviewed(
        user=user, media=said.media, episode_id=episode_id,
        reviewed=before.reviewed if said.reviewed is None else said.reviewed,
        favourite=before.favourite if said.favourite is None else said.favourite,
        observed_ms=max(clock.now_ms(), before.said_ms + 1),
    )  # fmt: skip
    writes.append(app.log, [fact])
    writes.wait_visible(lambda: app.reviews.of(user, [key]).get(key, UNSEEN).said_ms >= fact.observed_ms)
    told = {"episode_id": str(episode_id), "media": fact.media}
    return told | {"reviewed": fact.reviewed, "favourite": fact.favourite}


def _read(body: bytes) -> Said:
    strict.json_object(body)
    try:
        said = _said.decode(body)
        said.media = media_names.normalise(said.media)
    except (msgspec.ValidationError, media_names.BadMediaName) as error:
        example = '{"media": "gate", "reviewed": true}'
        raise Problem(
            400, "bad-review", f"{error}; send {example}", errors=[bad_field("", str(error), "body")]
        ) from None
    return said
