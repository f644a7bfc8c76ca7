"""One question to an analytics node, and its whole answer within bounds."""

import asyncio
import re

import httpx

from producers.episodes import rules
from producers.episodes.rules import Reached
from schemas.facts import SourceConfigured

POLL_S = 30
"""How long a node may wait for news before it answers."""
MAX_ANSWER_BYTES = 32 << 20
_CONNECT_S = 10.0
_SILENCE_S = POLL_S + 15.0
_WHOLE_S = POLL_S + 60.0
_USERINFO = re.compile(r"(?<=://)[^/?#]*@")
_ADVICE = {
    401: "it wants another password or token", 403: "it wants another password or token",
    404: "no such address on it; an episode list is usually at /vision/api/v3/episodes",
}  # fmt: skip


class NodeFailed(Exception):
    """The node gave no usable answer; the message says why, without secrets."""


class CursorRefused(NodeFailed):
    """The node answered 4xx to a question with its own cursor: it has forgotten it."""


def client() -> httpx.AsyncClient:
    """One client for every node: no connection pool limit, so that no node waits for another."""
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=100)
    timeout = httpx.Timeout(_SILENCE_S, connect=_CONNECT_S, pool=None)
    return httpx.AsyncClient(limits=limits, timeout=timeout, follow_redirects=False, trust_env=False)


def address(url: str) -> str:
    """The URL without user and password."""
    return _USERINFO.sub("", url, count=1)


async def poll(http: httpx.AsyncClient, source: SourceConfigured, reached: Reached) -> bytes:
    """The node's answer to what is new after ``reached``. Raises NodeFailed."""
    try:
        url = httpx.URL(source.url).copy_merge_params(rules.query(reached, POLL_S))
        headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
        if source.token:
            url = url.copy_with(username=None, password=None)
            headers["Authorization"] = f"Bearer {source.token}"
        async with asyncio.timeout(_WHOLE_S), http.stream("GET", url, headers=headers) as response:
            _require_success(response, reached)
            return await _whole(response)
    except TimeoutError:
        raise NodeFailed(f"no whole answer within {_WHOLE_S:.0f} s") from None
    except httpx.TimeoutException as error:
        raise NodeFailed(f"it is silent ({type(error).__name__})") from None
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
        raise NodeFailed(address(str(error)) or type(error).__name__) from None


def _require_success(response: httpx.Response, reached: Reached) -> None:
    status = response.status_code
    if status == httpx.codes.OK:
        return
    if response.is_redirect:
        target = address(response.headers.get("location", "nowhere"))
        raise NodeFailed(f"it answers {status} and points to {target[:200]}; if that is right, add that address")
    if response.is_client_error and reached.cursor and status not in _ADVICE:
        raise CursorRefused(f"it answers {status} to its own cursor")
    raise NodeFailed(f"it answers {status}" + (f": {_ADVICE[status]}" if status in _ADVICE else ""))


async def _whole(response: httpx.Response) -> bytes:
    packing = response.headers.get("content-encoding", "identity")
    if packing != "identity":
        raise NodeFailed(f"its answer is packed with {packing[:40]}, which was not asked for")
    pieces = bytearray()
    async for piece in response.aiter_raw():
        pieces += piece
        if len(pieces) > MAX_ANSWER_BYTES:
            raise NodeFailed(f"its answer is larger than {MAX_ANSWER_BYTES} bytes; let it answer in pages")
    return bytes(pieces)
