"""Objects: what we need of a store, and the S3 adapter for it (any S3: SeaweedFS, MinIO, AWS)."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple, Protocol
from urllib.parse import urlsplit

import urllib3
from minio import Minio
from minio.deleteobjects import DeleteObject
from minio.error import MinioException, S3Error

from infra.presign import Presigner
from infra.settings import Settings

_CHUNK = 256 << 10
_PAGE = 1000
_GONE = frozenset({"NoSuchKey", "NoSuchObject", "NoSuchVersion", "NotFound", "ResourceNotFound"})
_FORBIDDEN = frozenset({"AccessDenied", "InvalidRequest", "MethodNotAllowed", "ObjectLocked", "InvalidObjectState"})
"""Said of one object among several that were to be deleted: a person must act. Whatever else is said passes."""
_LOCKLESS = frozenset({
    "NoSuchObjectLegalHold", "NoSuchObjectLockConfiguration", "ObjectLockConfigurationNotFoundError",
    "InvalidRequest", "MethodNotAllowed", "NotImplemented", "XNotImplemented",
})  # fmt: skip
_UNSAID = frozenset({"AccessDenied", "MethodNotAllowed", "NotImplemented", "XNotImplemented"})


class StoreUnavailable(Exception):
    """The store cannot be reached, is full, or asks to slow down: try again later. The message says which."""


class StoreRefused(Exception):
    """The store said no (wrong key, no right, no bucket): a person must act; retrying does not help."""


class ObjectMissing(Exception):
    """No object has this key."""


class ObjectInfo(NamedTuple):
    """What the store knows of one object. ``metadata`` keys are lower-case; empty in listings."""

    key: str
    size_bytes: int
    metadata: dict[str, str]
    modified_ms: int = 0
    """When it was put, by the store's clock, which may tell whole seconds only."""


class NotDeleted(NamedTuple):
    """An object that the store will not delete, and the store's word for why."""

    key: str
    code: str


class ObjectStore(Protocol):
    """Objects of one bucket. Thread-safe. Raises StoreUnavailable, StoreRefused or ObjectMissing."""

    def put(
        self,
        key: str,
        data: bytes | Path,
        content_type: str = "application/octet-stream",
        metadata: dict[str, str] | None = None,
    ) -> None:
        """Store the whole object; when it returns, it is durable. Putting it again overwrites."""

    def get(self, key: str) -> bytes:
        """The whole object, in memory."""

    def get_range(self, key: str, offset: int, size: int) -> bytes:
        """``size`` bytes from ``offset``; fewer only when the object ends before."""

    def stream(self, key: str, offset: int = 0, size: int | None = None) -> Iterator[bytes]:
        """The object in pieces of at most 256 KiB."""

    def head(self, key: str) -> ObjectInfo | None:
        """What is known of the object; None when there is none."""

    def delete(self, keys: Iterable[str]) -> list[NotDeleted]:
        """Delete objects for good, with every version of them; those that the store refused one by one.

        Deleting what is not there succeeds. That nothing was refused is a hint: look again before you rely on it.
        """

    def list(self, prefix: str, after: str = "", most: int | None = None) -> Iterator[ObjectInfo]:
        """Objects whose key starts with ``prefix`` and comes after ``after``, in key order; all, or the first ``most``.

        ``after`` need be no object's key. One request per 1,000.
        """

    def is_held(self, key: str) -> bool:
        """True where the object has a lock of the store's own: a legal hold, or a time of retention."""

    def hold(self, key: str, is_held: bool) -> None:
        """Put a legal hold on the object as it is now, or take it off: no key deletes it while it is on."""

    def require_locks(self) -> None:
        """Raises StoreRefused, with what to do, where the bucket keeps no object locks."""

    def presign(self, key: str, now_ms: int, expires_s: int) -> str:
        """A URL that lets anyone GET this one object until it expires. Makes no request."""

    def ensure_bucket(self) -> None:
        """Create the bucket unless it exists; with object locks where settings want them."""


class S3Store:
    """The ObjectStore on any S3 server."""

    def __init__(self, settings: Settings, timeout_s: float = 30.0, connections: int = 16) -> None:
        self._bucket = settings.s3_bucket
        secret = settings.s3_secret.get_secret_value()
        endpoint = urlsplit(settings.s3)
        pool = urllib3.PoolManager(
            timeout=urllib3.Timeout(connect=5, read=timeout_s), maxsize=connections, retries=urllib3.Retry(total=0)
        )
        self._client = Minio(
            endpoint.netloc,
            access_key=settings.s3_key,
            secret_key=secret,
            secure=endpoint.scheme == "https",
            region=settings.s3_region,
            http_client=pool,
        )
        self._with_locks = settings.object_lock != "none"
        public = settings.s3_public or settings.s3
        self._presigner = Presigner(public, self._bucket, settings.s3_key, secret, settings.s3_region)

    def put(
        self,
        key: str,
        data: bytes | Path,
        content_type: str = "application/octet-stream",
        metadata: dict[str, str] | None = None,
    ) -> None:
        """See ObjectStore.put."""
        with _translated(key):
            if isinstance(data, Path):
                self._client.fput_object(self._bucket, key, str(data), content_type, metadata=_plain(metadata))
            else:
                self._client.put_object(
                    self._bucket, key, BytesIO(data), len(data), content_type, metadata=_plain(metadata)
                )

    def get(self, key: str) -> bytes:
        """See ObjectStore.get."""
        return b"".join(self.stream(key))

    def get_range(self, key: str, offset: int, size: int) -> bytes:
        """See ObjectStore.get_range."""
        return b"".join(self.stream(key, offset, size))

    def stream(self, key: str, offset: int = 0, size: int | None = None) -> Iterator[bytes]:
        """See ObjectStore.stream."""
        with _translated(key):
            answer = self._client.get_object(self._bucket, key, offset=offset, length=size or 0)
            try:
                yield from answer.stream(_CHUNK)
            finally:
                answer.close()
                answer.release_conn()

    def head(self, key: str) -> ObjectInfo | None:
        """See ObjectStore.head."""
        try:
            with _translated(key):
                found = self._client.stat_object(self._bucket, key)
        except ObjectMissing:
            return None
        metadata = {name.lower(): value for name, value in (found.metadata or {}).items()}
        return ObjectInfo(key, found.size or 0, metadata, _ms(found.last_modified))

    def delete(self, keys: Iterable[str]) -> list[NotDeleted]:
        """See ObjectStore.delete. One request per 1,000 keys; where the bucket keeps versions, one more per key."""
        with _translated("delete"):
            doomed = [one for key in keys for one in self._versions(key)]
            errors = list(self._client.remove_objects(self._bucket, doomed))
        found = [NotDeleted(error.name or "", error.code) for error in errors if error.code not in _GONE]
        if passing := [one for one in found if one.code not in _FORBIDDEN]:
            raise StoreUnavailable(f"{passing[0].key}: {passing[0].code}")
        return sorted(set(found))

    def list(self, prefix: str, after: str = "", most: int | None = None) -> Iterator[ObjectInfo]:
        """See ObjectStore.list."""
        with _translated(prefix):
            # The public method always asks for 1,000, and ten of them cost less than reading those.
            pages = self._client._list_objects(
                self._bucket, prefix=prefix, start_after=after or None, encoding_type="url",
                max_keys=None if most is None else min(most, _PAGE),
            )  # fmt: skip
            for found in islice(pages, most):
                yield ObjectInfo(found.object_name or "", found.size or 0, {}, _ms(found.last_modified))

    def is_held(self, key: str) -> bool:
        """See ObjectStore.is_held. A store, or a bucket, that knows no locks holds nothing."""
        with _translated(key):
            return any(
                _unless(_LOCKLESS, ask, self._bucket, key)
                for ask in (self._client.is_object_legal_hold_enabled, self._client.get_object_retention)
            )

    def hold(self, key: str, is_held: bool) -> None:
        """See ObjectStore.hold."""
        change = self._client.enable_object_legal_hold if is_held else self._client.disable_object_legal_hold
        try:
            with _translated(key):
                change(self._bucket, key)
        except StoreUnavailable:
            if self.head(key) is None:  # some stores answer "internal error" where there is no object
                raise ObjectMissing(key) from None
            raise

    def require_locks(self) -> None:
        """See ObjectStore.require_locks."""
        with _translated(self._bucket):
            found = _unless(_LOCKLESS | _UNSAID, self._client.get_object_lock_config, self._bucket)
        if found is None:
            detail = f"the bucket {self._bucket} keeps no object locks, which SIGHTLOG_OBJECT_LOCK=legal-hold wants"
            raise StoreRefused(f"{detail}; make one that does, move its objects, and name it in SIGHTLOG_S3_BUCKET")

    def _versions(self, key: str) -> Iterator[DeleteObject]:
        """What must be deleted so that nothing of an object is left: without its version, the bytes stay."""
        if not self._keeps_versions:
            yield DeleteObject(key)
            return
        for found in self._client.list_objects(self._bucket, prefix=key, recursive=True, include_version=True):
            if found.object_name == key:
                yield DeleteObject(key, found.version_id)

    @cached_property
    def _keeps_versions(self) -> bool:
        """True where a deleted object would only be hidden. Asked once; a bucket begins to do so by hand only."""
        found = _unless(_UNSAID, self._client.get_bucket_versioning, self._bucket)
        return found is not None and found.status is not None

    def presign(self, key: str, now_ms: int, expires_s: int) -> str:
        """See ObjectStore.presign."""
        return self._presigner.url(key, now_ms, expires_s)

    def ensure_bucket(self) -> None:
        """See ObjectStore.ensure_bucket."""
        with _translated(self._bucket):
            if not self._client.bucket_exists(self._bucket):
                self._make_bucket()

    def _make_bucket(self) -> None:
        try:
            self._client.make_bucket(self._bucket, object_lock=self._with_locks)
        except S3Error as error:
            if error.code not in ("BucketAlreadyOwnedByYou", "BucketAlreadyExists"):  # another process was first
                raise


def _unless(codes: frozenset[str], ask: Callable[..., Any], *about: str) -> Any:
    """What the store answers; None where it answers with one of these codes."""
    try:
        return ask(*about)
    except S3Error as error:
        if error.code in codes:
            return None
        raise


def _ms(told: datetime | None) -> int:
    return 0 if told is None else round(told.timestamp() * 1000)


def _plain(metadata: dict[str, str] | None) -> Any:
    """The SDK's type for metadata also allows lists and is invariant; ours is narrower."""
    return metadata


@contextmanager
def _translated(key: str) -> Iterator[None]:
    """The SDK's and the socket's exceptions as our three."""
    try:
        yield
    except S3Error as error:
        raise _meaning(error, key) from None
    except (urllib3.exceptions.HTTPError, MinioException, ConnectionError, TimeoutError) as error:
        raise StoreUnavailable(f"{key}: {type(error).__name__}") from None


def _meaning(error: S3Error, key: str) -> Exception:
    if error.code in _GONE:
        return ObjectMissing(key)
    status = getattr(error.response, "status", 500)
    text = f"{key}: {error.code} {error.message or ''}".strip()
    return StoreUnavailable(text) if status >= 500 or status == 429 else StoreRefused(text)
