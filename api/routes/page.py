"""The page at ``/``: static files built from ``web/``, or how to build them."""

from pathlib import Path
from urllib.parse import urlsplit

from fastapi import APIRouter, FastAPI
from fastapi.responses import FileResponse, PlainTextResponse, Response
from starlette.staticfiles import StaticFiles

from infra.settings import Settings

DIST = Path(__file__).parents[2] / "web" / "dist"
_NOT_BUILT = """The page is not part of this installation: it could not be built when Sightlog was installed.
Build it with Node.js:    cd web && npm ci && npm run build
The API is here all the same: /openapi.json
"""


def install(app: FastAPI, settings: Settings, dist: Path = DIST) -> None:
    """Serve the page of ``dist`` at ``/`` and its files under ``/assets``."""
    headers = {"Content-Security-Policy": policy(settings.s3_public or settings.s3), "Cache-Control": "no-cache"}
    router = APIRouter(include_in_schema=False)

    @router.get("/")
    def page() -> Response:
        if not (dist / "index.html").is_file():
            return PlainTextResponse(_NOT_BUILT, 404)
        return FileResponse(dist / "index.html", headers=headers)

    app.include_router(router)
    app.mount("/assets", StaticFiles(directory=dist / "assets", check_dir=False), name="assets")


def policy(store_url: str) -> str:
    """The page's Content-Security-Policy: itself, and the object store for footage."""
    store = "{0.scheme}://{0.netloc}".format(urlsplit(store_url)) if store_url else ""
    return (
        f"default-src 'self'; connect-src 'self' {store}; media-src 'self' blob: {store}; img-src 'self' blob: data:; "
        "worker-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
