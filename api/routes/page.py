"""The page: its addresses all lead to one document built from ``web/``, and its files are sent packed."""

from pathlib import Path
from urllib.parse import urlsplit

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import FileResponse, PlainTextResponse, Response
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from infra.settings import Settings

DIST = Path(__file__).parents[2] / "web" / "dist"
PAGES = (
    "archive", "review", "live", "cameras", "storage", "system", "data", "users", "settings", "shared", "login",
)  # fmt: skip
"""First parts of the page's addresses; ``archive`` and ``cameras`` go on with a camera's name."""
ROOT_FILES = {
    "manifest.webmanifest": "application/manifest+json",
    "sw.js": "text/javascript",
    "offline.html": "text/html",
    "offline.css": "text/css",
}
"""Files that have to lie at the root: the service worker may only answer for what lies below it."""
_PACKED = (("br", ".br"), ("gzip", ".gz"))
_FOR_GOOD = "public, max-age=31536000, immutable"
_ASK_AGAIN = "no-cache"
_NOT_BUILT = """The page is not part of this installation: it could not be built when Sightlog was installed.
Build it with Node.js:    cd web && npm ci && npm run build
The API is here all the same: /openapi.json
"""


class Files(StaticFiles):
    """Files of one folder, packed where the build packed them; ``cache`` is their Cache-Control."""

    def __init__(self, directory: Path, cache: str) -> None:
        super().__init__(directory=directory, check_dir=False)
        self._cache = cache

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The packed file if the client takes it, else the file; 404 where there is none."""
        accepted = encodings(Request(scope).headers.get("Accept-Encoding", ""))
        for name, suffix in _PACKED:
            if name in accepted and (answer := await self._packed(path, suffix, scope)):
                answer.headers["Content-Encoding"] = name
                return self._told(answer)
        return self._told(await super().get_response(path, scope))

    async def _packed(self, path: str, suffix: str, scope: Scope) -> Response | None:
        try:
            answer = await super().get_response(path + suffix, scope)
        except HTTPException as missing:
            if missing.status_code != 404:
                raise
            return None
        answer.headers["Content-Type"] = FileResponse(path).headers["Content-Type"]
        return answer

    def _told(self, answer: Response) -> Response:
        answer.headers["Cache-Control"] = self._cache
        answer.headers["X-Content-Type-Options"] = "nosniff"
        answer.headers["Vary"] = "Accept-Encoding"
        return answer


def install(app: FastAPI, settings: Settings, dist: Path | None = None) -> None:
    """Serve the document of ``dist`` (else ``DIST``) at every address of the page, and its files."""
    dist = dist or DIST
    headers = document_headers(settings.s3_public or settings.s3)
    router = APIRouter(include_in_schema=False)

    def document() -> Response:
        if not (dist / "index.html").is_file():
            return PlainTextResponse(_NOT_BUILT, 404)
        return FileResponse(dist / "index.html", headers=headers)

    def root_file(request: Request) -> Response:
        name = request.url.path.rsplit("/", 1)[-1]
        if not (dist / name).is_file():
            return PlainTextResponse(_NOT_BUILT, 404)
        return FileResponse(dist / name, media_type=ROOT_FILES[name], headers=headers)

    for path in ("/", *(f"/{name}" for name in PAGES), "/archive/{media}", "/cameras/{media}"):
        router.add_api_route(path, document, methods=["GET", "HEAD"])
    for name in ROOT_FILES:
        router.add_api_route(f"/{name}", root_file, methods=["GET", "HEAD"])
    app.include_router(router)
    app.mount("/assets", Files(dist / "assets", _FOR_GOOD), name="assets")
    app.mount("/icons", Files(dist / "icons", _ASK_AGAIN), name="icons")


def document_headers(store_url: str) -> dict[str, str]:
    """Headers of the document: asked for anew each time, and as little as the page needs may be done in it."""
    return {
        "Content-Security-Policy": policy(store_url),
        "Cache-Control": _ASK_AGAIN,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "X-Frame-Options": "DENY",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    }


def policy(store_url: str) -> str:
    """The page's Content-Security-Policy: itself, and the object store for footage."""
    store = "{0.scheme}://{0.netloc}".format(urlsplit(store_url)) if store_url else ""
    return (
        f"default-src 'self'; connect-src 'self' {store}; media-src 'self' blob: {store}; img-src 'self' blob: data:; "
        "worker-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


def encodings(header: str) -> set[str]:
    """What an ``Accept-Encoding`` takes; what it takes at ``q=0`` it refuses."""
    given = (one.strip().lower().partition(";") for one in header.split(","))
    return {name.strip() for name, _, rest in given if name and rest.replace(" ", "") not in {"q=0", "q=0.0"}}
