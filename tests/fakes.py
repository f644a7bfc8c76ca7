"""Fakes that pass the same contract suites as the real parts (tests/contract)."""

import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from pathlib import Path

from infra.log import LogUnavailable, Position, Record
from infra.objects import NotDeleted, ObjectInfo, ObjectMissing, StoreUnavailable
from schemas import codec, topics
from schemas.codec import AnyFact

Headers = tuple[tuple[str, bytes], ...]


class FakeLog:
    """A FactLog in memory, one partition per topic. ``down = True`` makes every append fail until it is False."""

    def __init__(self) -> None:
        self.records: list[Record] = []
        self.down = False
        self._open = True
        self._lock = threading.Lock()

    @property
    def facts(self) -> list[AnyFact]:
        return [codec.decode(record.topic, record.value) for record in self.records]

    def append(self, fact: AnyFact, headers: Headers = (), partition: int | None = None) -> "Future[Position]":
        topic = topics.OF_FACT[type(fact)].name
        return self.append_raw(topic, codec.key(fact), codec.encode(fact), headers, partition)

    def append_raw(
        self,
        topic: str,
        key: bytes | None,
        value: bytes | None,
        headers: Headers = (),
        partition: int | None = None,
    ) -> "Future[Position]":
        if not self._open:
            raise RuntimeError("the log is closed")
        done: Future[Position] = Future()
        if self.down:
            done.set_exception(LogUnavailable(f"{topic}: told to be down"))
            return done
        with self._lock:
            at = partition or 0
            offset = sum((record.topic, record.partition) == (topic, at) for record in self.records)
            self.records.append(Record(topic, at, offset, key, value, 0, headers))
        done.set_result(Position(topic, at, offset))
        return done

    def flush(self, timeout_s: float) -> int:
        return 0

    def close(self) -> None:
        self._open = False


class FakeStore:
    """An ObjectStore in memory. ``down = True`` makes every call fail until it is False.

    Objects in ``held`` cannot be deleted; ``now_ms`` is when what is put next was put.
    """

    def __init__(self) -> None:
        self.objects: dict[str, tuple[bytes, dict[str, str]]] = {}
        self.modified_ms: dict[str, int] = {}
        self.held: set[str] = set()
        self.now_ms = 0
        self.down = False

    def put(
        self,
        key: str,
        data: bytes | Path,
        content_type: str = "application/octet-stream",
        metadata: dict[str, str] | None = None,
    ) -> None:
        self._check()
        content = data.read_bytes() if isinstance(data, Path) else bytes(data)
        named = {f"x-amz-meta-{name.lower()}": value for name, value in (metadata or {}).items()}
        self.objects[key] = (content, {"content-type": content_type} | named)
        self.modified_ms[key] = self.now_ms

    def get(self, key: str) -> bytes:
        return b"".join(self.stream(key))

    def get_range(self, key: str, offset: int, size: int) -> bytes:
        return b"".join(self.stream(key, offset, size))

    def stream(self, key: str, offset: int = 0, size: int | None = None) -> Iterator[bytes]:
        self._check()
        if key not in self.objects:
            raise ObjectMissing(key)
        yield self.objects[key][0][offset : None if size is None else offset + size]

    def head(self, key: str) -> ObjectInfo | None:
        self._check()
        found = self.objects.get(key)
        return found and ObjectInfo(key, len(found[0]), found[1], self.modified_ms.get(key, 0))

    def delete(self, keys: Iterable[str]) -> list[NotDeleted]:
        self._check()
        wanted = set(keys)
        for key in wanted - self.held:
            self.objects.pop(key, None)
        return [NotDeleted(key, "AccessDenied") for key in sorted(wanted & self.held)]

    def list(self, prefix: str, after: str = "", most: int | None = None) -> Iterator[ObjectInfo]:
        self._check()
        found = sorted(key for key in self.objects if key.startswith(prefix) and key > after)
        for key in found[:most]:
            yield ObjectInfo(key, len(self.objects[key][0]), {}, self.modified_ms.get(key, 0))

    def is_held(self, key: str) -> bool:
        self._check()
        return key in self.held

    def hold(self, key: str, is_held: bool) -> None:
        self._check()
        if key not in self.objects:
            raise ObjectMissing(key)
        (self.held.add if is_held else self.held.discard)(key)

    def require_locks(self) -> None:
        self._check()

    def presign(self, key: str, now_ms: int, expires_s: int) -> str:
        return f"http://store.invalid/{key}?expires={now_ms // 1000 + expires_s}"

    def ensure_bucket(self) -> None:
        self._check()

    def _check(self) -> None:
        if self.down:
            raise StoreUnavailable("told to be down")
