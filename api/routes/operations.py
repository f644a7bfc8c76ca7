"""``/healthz /readyz /metrics``: open to probes; they name no camera."""

from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotInTime
from typing import Any

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST

from api.deps import Check, Deps, FromWorld
from infra import journal
from infra.clickhouse import DatabaseError, DatabaseUnavailable

router = APIRouter(tags=["operations"])
CHECK_S = 5.0


@router.get("/healthz")
async def healthz() -> dict[str, str]:
    """200 while the event loop turns."""
    return {"status": "ok"}


@router.get("/readyz", responses={503: {"description": "Some server behind us does not answer; the body says which"}})
def readyz(app: FromWorld) -> JSONResponse:
    """200 when log, database and store all answer; each with its detail."""
    checks = checked(app)
    ready = all(check == "ok" for check in checks.values())
    body: dict[str, Any] = {"status": "ready" if ready else "not ready", "checks": checks}
    return JSONResponse(body, 200 if ready else 503, {"Cache-Control": "no-store"})


@router.get("/metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}})
def metrics(app: FromWorld) -> Response:
    """Prometheus text: answers, projection lag and watermark, which servers answer."""
    try:
        app.metrics.fresh(app.archive.lags())
        app.metrics.server("database", True)
    except (DatabaseUnavailable, DatabaseError) as error:
        app.metrics.server("database", False)
        journal.get("api").warning("no projection figures", error=error)
    return Response(app.metrics.text(), media_type=CONTENT_TYPE_LATEST)


def checked(app: Deps) -> dict[str, str]:
    """Server → ``ok`` or what is wrong; every check at once, none waited for longer than ``CHECK_S``."""
    pool = ThreadPoolExecutor(max(1, len(app.checks)), "readyz")
    running = {name: pool.submit(_outcome, check) for name, check in app.checks.items()}
    told = {}
    for name, future in running.items():
        try:
            told[name] = future.result(CHECK_S)
        except NotInTime:
            told[name] = f"no answer within {CHECK_S:.0f} s"
    pool.shutdown(wait=False)
    return told


def _outcome(check: Check) -> str:
    try:
        check()
    except Exception as error:  # noqa: BLE001 - whatever a client library raises is the detail
        return journal.redact_url(f"{type(error).__name__}: {error}")
    return "ok"
