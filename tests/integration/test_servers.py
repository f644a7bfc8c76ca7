"""The embedded servers are the real ones: each is spoken to with an ordinary client."""

import io
import urllib.request

from confluent_kafka.admin import AdminClient
from minio import Minio

from infra.clickhouse import Database
from infra.settings import Settings


def test_the_broker_lists_itself_on_loopback(stack: Settings) -> None:
    brokers = AdminClient({"bootstrap.servers": stack.kafka}).list_topics(timeout=60).brokers
    assert [broker.host for broker in brokers.values()] == ["127.0.0.1"]


def test_the_object_server_answers_a_presigned_range_to_a_browser(stack: Settings) -> None:
    host = stack.s3.removeprefix("http://")
    client = Minio(host, stack.s3_key, stack.s3_secret.get_secret_value(), secure=False)
    bucket = f"{stack.s3_bucket}-browser"
    client.make_bucket(bucket)
    client.put_object(bucket, "segments/tył/1.mp4", io.BytesIO(b"0123456789"), 10)
    url = client.presigned_get_object(bucket, "segments/tył/1.mp4")
    request = urllib.request.Request(url, headers={"Range": "bytes=2-4", "Origin": "http://127.0.0.1:8080"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        assert (answer.status, answer.read()) == (206, b"234")
        assert answer.headers["Access-Control-Allow-Origin"] in {"*", "http://127.0.0.1:8080"}


def test_rows_are_on_disk_when_they_are_inserted_and_when_they_are_merged(stack: Settings) -> None:
    names = ("fsync_after_insert", "min_rows_to_fsync_after_merge", "min_compressed_bytes_to_fsync_after_merge")
    rows = Database(stack).rows(f"SELECT name, value FROM system.merge_tree_settings WHERE name IN {names}")
    assert {row["name"]: row["value"] for row in rows} == dict.fromkeys(names, "1")
