from datetime import UTC, datetime, timedelta

import pytest
from minio import Minio

from infra.presign import Presigner


@pytest.mark.parametrize("key", ["a.mp4", "segments/ty%C5%82/2026/11/21/1.mp4", "a b/+&=?#'~.jpg", "ł/ü"])
@pytest.mark.parametrize("endpoint", ["http://127.0.0.1:9000", "https://s3.example.org"])
def test_our_url_is_the_one_the_sdk_signs(key: str, endpoint: str) -> None:
    at = datetime(2026, 11, 21, 11, 42, 3, tzinfo=UTC)
    sdk = Minio(
        endpoint.split("//")[1], access_key="AK/ID", secret_key="s3cr3t", secure=endpoint.startswith("https"),
        region="eu-west-1",
    )  # fmt: skip
    theirs = sdk.get_presigned_url("GET", "bucket", key, expires=timedelta(seconds=900), request_date=at)
    ours = Presigner(endpoint, "bucket", "AK/ID", "s3cr3t", "eu-west-1").url(key, int(at.timestamp() * 1000), 900)
    assert ours == theirs


def test_the_same_second_gives_the_same_url() -> None:
    signer = Presigner("http://127.0.0.1:9000/", "bucket", "id", "secret", "us-east-1")
    assert signer.url("a", 1_700_000_000_000, 60) == signer.url("a", 1_700_000_000_999, 60)
    assert signer.url("a", 1_700_000_000_000, 60) != signer.url("a", 1_700_000_001_000, 60)
