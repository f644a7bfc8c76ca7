"""Parts of objects, many and small: from the store over connections that stay open, or from a folder."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from infra import clock
from infra.connections import Connections, Unanswered
from infra.objects import ObjectMissing, StoreRefused, StoreUnavailable
from infra.presign import Presigner
from infra.settings import Settings

_EXPIRES_S = 3600
_PARTIAL, _WHOLE, _MISSING, _BEYOND, _SLOW_DOWN = 206, 200, 404, 416, 429
_CODE = (b"<Code>", b"</Code>")


class Stretch(NamedTuple):
    """``[start, end)`` of an object, read at once for the parts inside it."""

    start: int
    end: int


def joined(parts: Sequence[tuple[int, int]], gap_bytes: int) -> list[Stretch]:
    """The stretches that hold all (offset, size) parts, ascending: parts no further apart than the gap are read at
    once. Pure."""
    found: list[Stretch] = []
    for offset, size in sorted(parts):
        if found and offset - found[-1].end <= gap_bytes:
            found[-1] = Stretch(found[-1].start, max(found[-1].end, offset + size))
        else:
            found.append(Stretch(offset, offset + size))
    return found


class Ranges:
    """Parts of objects in the store. Signs each URL itself, so a request costs the store's answer and little more.

    Thread-safe. Retries nothing. Raises StoreUnavailable, StoreRefused and ObjectMissing, as ObjectStore does.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        gap_bytes: int = 32 << 10,
        at_once: int = 4,
        timeout_s: float = 30.0,
        now_ms: Callable[[], int] = clock.now_ms,
    ) -> None:
        secret = settings.s3_secret.get_secret_value()
        self._signer = Presigner(settings.s3, settings.s3_bucket, settings.s3_key, secret, settings.s3_region)
        self._gap_bytes, self._now_ms = gap_bytes, now_ms
        self._server = f"{urlsplit(settings.s3).scheme}://{urlsplit(settings.s3).netloc}"
        self._connections = Connections(settings.s3, timeout_s)
        self._threads = ThreadPoolExecutor(at_once, "ranges")

    def ranges(self, key: str, parts: Sequence[tuple[int, int]]) -> list[bytes]:
        """The (offset, size) parts of one object, in their order; shorter only where the object ends before."""
        stretches = joined([part for part in parts if part[1] > 0], self._gap_bytes)
        path = self._signer.url(key, self._now_ms(), _EXPIRES_S).removeprefix(self._server)
        if len(stretches) > 1:
            read = list(self._threads.map(lambda one: self._get(key, path, one), stretches))
        else:
            read = [self._get(key, path, one) for one in stretches]
        held = list(zip(stretches, read, strict=True))
        return [_cut(held, offset, size) for offset, size in parts]

    def close(self) -> None:
        """Let go of connections and threads."""
        self._threads.shutdown()
        self._connections.close()

    def _get(self, key: str, path: str, stretch: Stretch) -> bytes:
        try:
            answer = self._connections.get(path, {"Range": f"bytes={stretch.start}-{stretch.end - 1}"})
        except Unanswered as error:
            raise StoreUnavailable(f"{key}: {error}") from None
        if answer.status == _PARTIAL:
            return answer.body
        if answer.status == _WHOLE:  # a store may answer so where it ignores ranges
            return answer.body[stretch.start : stretch.end]
        if answer.status == _BEYOND:
            return b""
        raise _meaning(key, answer.status, answer.body)


class FolderBytes:
    """Parts of files in a folder, named by their keys."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def ranges(self, key: str, parts: Sequence[tuple[int, int]]) -> list[bytes]:
        """See Ranges.ranges. Raises ObjectMissing, and StoreUnavailable where the disk fails."""
        try:
            with (self._folder / key).open("rb") as file:
                return [file.read(size) for offset, size in parts if file.seek(offset) >= 0]
        except FileNotFoundError:
            raise ObjectMissing(key) from None
        except OSError as error:
            raise StoreUnavailable(f"{key}: {error.strerror}") from None


def _cut(held: Sequence[tuple[Stretch, bytes]], offset: int, size: int) -> bytes:
    for stretch, data in held:
        if stretch.start <= offset and offset + size <= stretch.end:
            return data[offset - stretch.start : offset - stretch.start + size]
    return b""


def _meaning(key: str, status: int, body: bytes) -> Exception:
    code = body.partition(_CODE[0])[2].partition(_CODE[1])[0].decode(errors="replace")[:64]
    if status == _MISSING and code != "NoSuchBucket":
        return ObjectMissing(key)
    text = f"{key}: {status} {code}".strip()
    return StoreUnavailable(text) if status >= 500 or status == _SLOW_DOWN else StoreRefused(text)
