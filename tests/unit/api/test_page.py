"""The page's files: each of its addresses leads to the document, packed files are sent as they lie."""

import asyncio
import gzip
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from api.routes import page
from infra.settings import Settings

SCRIPT = "export const found = true;"


class Client:
    """Asks an app as browsers do, which say what they take packed."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app

    def get(self, path: str, accepted: str = "gzip, br") -> httpx.Response:
        async def asked() -> httpx.Response:
            transport = httpx.ASGITransport(self._app)
            async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
                return await client.get(path, headers={"Accept-Encoding": accepted})

        return asyncio.run(asked())


@pytest.fixture
def client(tmp_path: Path) -> Client:
    for name, text in {
        "index.html": "<!doctype html><title>Sightlog</title>",
        "sw.js": "self;",
        "manifest.webmanifest": "{}",
        "assets/main-1234.js": SCRIPT,
        "icons/icon.svg": "<svg/>",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    (tmp_path / "assets" / "main-1234.js.gz").write_bytes(gzip.compress(SCRIPT.encode()))
    app = FastAPI()
    page.install(app, Settings(s3="http://store:9000/bucket"), tmp_path)
    return Client(app)


@pytest.mark.parametrize("path", ["/", "/archive", "/archive/ty%C5%82", "/cameras/a%20b", "/users", "/login"])
def test_every_address_of_the_page_leads_to_its_document(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert "<title>Sightlog" in answer.text
    assert answer.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("path", ["/nowhere", "/users/anna", "/index.html", "/assets/none.js", "/assets/../index.html"])
def test_what_is_no_page_and_no_file_is_not_there(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_nothing_from_outside_may_run_in_the_page_or_frame_it(client: Client) -> None:
    headers = client.get("/").headers
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'self';")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert "connect-src 'self' http://store:9000;" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize(("accepted", "packed"), [("gzip, br", True), ("gzip;q=0", False), ("", False)])
def test_files_are_sent_packed_to_who_takes_them(client: Client, accepted: str, packed: bool) -> None:
    answer = client.get("/assets/main-1234.js", accepted)
    assert answer.text == SCRIPT
    assert answer.headers.get("Content-Encoding") == ("gzip" if packed else None)
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert "immutable" in answer.headers["Cache-Control"]


def test_the_service_worker_may_answer_for_the_whole_page_and_is_never_stale(client: Client) -> None:
    answer = client.get("/sw.js")
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert answer.headers["Cache-Control"] == "no-cache"
    assert client.get("/manifest.webmanifest").headers["Content-Type"] == "application/manifest+json"


def test_without_a_build_the_page_says_how_to_make_one(tmp_path: Path) -> None:
    app = FastAPI()
    page.install(app, Settings(), tmp_path)
    answer = Client(app).get("/archive")
    assert answer.status_code == 404
    assert "npm run build" in answer.text
