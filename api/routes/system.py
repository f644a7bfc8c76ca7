"""How the system is, in one answer: for admins."""

from typing import Any

from fastapi import APIRouter, Request, Response

from api.auth import Asking
from api.episodes.shapes import answer
from api.system.asks import Asks

router = APIRouter(tags=["operations"])
_JSON: dict[int | str, dict[str, Any]] = {200: {"content": {"application/json": {"schema": {"type": "object"}}}}}


@router.get("/system", responses=_JSON)
def system(request: Request, scope: Asking) -> Response:
    """What runs, what lags, what is being made anew, how full the stores are, and what somebody has to mend.

    Everything is asked at the same time. What does not answer within a quarter of a second is told as it was last
    (``as_of_ms`` says when), or null.
    """
    scope.require_admin()
    asks: Asks = request.app.state.asks
    said = asks.told()
    told = {name: one.value for name, one in said.items()}
    return answer(told | {"as_of_ms": {name: one.at_ms for name, one in said.items()}})
