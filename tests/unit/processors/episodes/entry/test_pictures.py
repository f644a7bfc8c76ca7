"""Rule 1.10: a picture is decoded, checked and kept by its content; a bad one never costs its episode, or us, much."""

import base64
import contextlib
import json
import subprocess
import sys
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.objects import StoreUnavailable
from processors.episodes.entry.pictures import Pictures, picture
from processors.pictures import jpeg
from processors.pictures.jpeg import BadPicture
from tests.episode_facts import record
from tests.fakes import FakeStore
from tests.unit.processors.episodes.entry import pictures

MOST_BYTES, MOST_PIXELS = 4 << 20, 9_000_000
GOOD = pictures.jpeg()


def test_rule_1_10_a_picture_is_stored_by_its_content_and_named_by_its_key() -> None:
    store = FakeStore()
    kept = Pictures(store, MOST_BYTES, MOST_PIXELS).keep(record(preview=pictures.text(GOOD), frame_preview="AAAA"))
    key = f"previews/{sha256(GOOD).hexdigest()}.jpg"
    assert kept == (key, None, "frame_preview: it is not a JPEG")
    assert store.objects == {key: (GOOD, {"content-type": "image/jpeg"})}


def test_rule_1_10_both_pictures_are_kept_and_the_same_picture_is_one_object() -> None:
    store = FakeStore()
    kept = Pictures(store, MOST_BYTES, MOST_PIXELS).keep(
        record(preview=pictures.text(GOOD), frame_preview=pictures.text(GOOD))
    )
    assert kept.preview_key == kept.frame_preview_key
    assert (len(store.objects), kept.dropped) == (1, "")


def test_rule_1_10_a_picture_that_is_in_the_store_already_is_named_by_its_key() -> None:
    store = FakeStore()
    store.down = True
    key = f"previews/{sha256(GOOD).hexdigest()}.jpg"
    assert Pictures(store, MOST_BYTES, MOST_PIXELS).keep(record(preview=key)) == (key, None, "")
    near = ("mails/" + key[9:], key + "\n", key.upper(), "previews/../" + key)
    dropped = [Pictures(store, MOST_BYTES, MOST_PIXELS).keep(record(preview=one)) for one in near]
    assert {kept[:2] for kept in dropped} == {(None, None)}


def test_rule_1_10_a_store_that_is_away_drops_no_picture() -> None:
    store = FakeStore()
    store.down = True
    with pytest.raises(StoreUnavailable):
        Pictures(store, MOST_BYTES, MOST_PIXELS).keep(record(preview=pictures.text(GOOD)))


def test_rule_1_10_a_save_without_a_picture_needs_no_store() -> None:
    store = FakeStore()
    store.down = True
    assert Pictures(store, MOST_BYTES, MOST_PIXELS).keep(record(preview="")) == (None, None, "")


URL_SAFE = base64.urlsafe_b64encode(GOOD).decode()
SPELLINGS = {
    "plain": pictures.text(GOOD),
    "data URL": "data:image/jpeg;base64," + pictures.text(GOOD),
    "lines": base64.encodebytes(GOOD).decode(),
    "no padding": pictures.text(GOOD).rstrip("="),
    "URL-safe": URL_SAFE,
}


@pytest.mark.parametrize("spelling", SPELLINGS.values(), ids=SPELLINGS)
def test_base64_is_read_as_publishers_write_it(spelling: str) -> None:
    assert picture(spelling, MOST_BYTES, MOST_PIXELS) == GOOD


@pytest.mark.parametrize("is_progressive", [False, True], ids=["baseline", "progressive"])
def test_pictures_of_every_size_are_kept_byte_for_byte(is_progressive: bool) -> None:
    for width_px, height_px in ((1, 1), (7, 9), (640, 480), (3000, 3000)):
        data = pictures.jpeg(width_px, height_px, is_progressive)
        assert picture(pictures.text(data), MOST_BYTES, MOST_PIXELS) == data


def test_what_stands_behind_the_end_of_a_picture_is_not_kept() -> None:
    assert picture(pictures.text(GOOD + b"<script>"), MOST_BYTES, MOST_PIXELS) == GOOD


START = b"\xff\xd8\xff"
SCANS = GOOD[: GOOD.find(b"\xff\xda")]
FRAME = GOOD.find(b"\xff\xc0")
BAD = {
    "no base64": ("*" * 40, "it is not base64"),
    "a stray letter": ("A" * 41, "it is not base64"),
    "no ASCII": ("ż" * 40, "it is not base64"),
    "a PNG": (pictures.text(b"\x89PNG" + bytes(99)), "it is not a JPEG"),
    "only a beginning": (pictures.text(START), "it ends before its end marker"),
    "cut in its header": (pictures.text(GOOD[:100]), "it ends before its end marker"),
    "cut in its picture": (pictures.text(GOOD[: len(GOOD) // 2]), "it ends before its end marker"),
    "no picture in it": (pictures.text(b"\xff\xd8\xff\xd9"), "ends before its picture begins"),
    "no size": (pictures.text(START + GOOD[GOOD.find(b"\xff\xda") + 1 :]), "before its size is stated"),
    "size stated twice": (pictures.text(SCANS + GOOD[2:]), "its size is not stated once"),
    "no width": (pictures.text(pictures.resized(GOOD, 0, 120)), "it is 0 x 120 pixels"),
    "too many pixels": (pictures.text(pictures.resized(GOOD, 65_500, 65_500)), "it is 65500 x 65500 pixels"),
    "forged size": (pictures.text(pictures.resized(pictures.tiny(), 2900, 2900)), "its size is forged"),
    "lossless": (pictures.text(GOOD.replace(b"\xff\xc0", b"\xff\xc3", 1)), "of a kind that browsers do not show"),
    "arithmetic": (pictures.text(GOOD.replace(b"\xff\xc0", b"\xff\xc9", 1)), "of a kind that browsers do not show"),
    "no marker": (pictures.text(b"\xff\xd8\xff\xe0\x00\x04ab" + bytes(40)), "no marker where one belongs"),
    "endless comments": (pictures.text(b"\xff\xd8" + b"\xff\xfe\x00\x02" * 90_000), "more parts than a picture"),
    "endless passes": (pictures.text(pictures.scanned(GOOD, 99)), "passes over its picture"),
    "impossible sampling": (pictures.text(GOOD[:FRAME + 11] + b"\0" + GOOD[FRAME + 12 :]), "it cannot be decoded"),
    "too many bytes": ("A" * (6 << 20), "at most 4194304 are kept"),
}  # fmt: skip


@pytest.mark.parametrize(("written", "why"), BAD.values(), ids=BAD)
def test_rule_1_10_a_bad_picture_is_dropped_with_the_reason(written: str, why: str) -> None:
    store = FakeStore()
    kept = Pictures(store, MOST_BYTES, MOST_PIXELS).keep(record(preview=written))
    assert kept.dropped.startswith("preview: it")
    assert why in kept.dropped
    assert (kept.preview_key, store.objects) == (None, {})


@given(st.binary(max_size=300), st.integers(0, len(GOOD)), st.integers(0, 300))
def test_no_bytes_whatever_do_more_than_be_refused(noise: bytes, at: int, skipped: int) -> None:
    spoilt = GOOD[:at] + noise + GOOD[at + skipped :]
    for data in (noise, START + noise, spoilt):
        with contextlib.suppress(BadPicture):
            assert data.startswith(jpeg.checked(data, MOST_PIXELS))


COST = """
import json, sys, time
from processors.pictures.jpeg import BadPicture
from processors.episodes.entry.pictures import picture

def memory_kb(line):
    return int(next(text for text in open("/proc/self/status") if text.startswith(line)).split()[1])

good, *bombs = json.load(sys.stdin)
picture(good, 4 << 20, 9_000_000)
open("/proc/self/clear_refs", "w").write("5")  # the peak so far is forgotten
def cost_s(bomb):
    began_s = time.process_time()
    try:
        picture(bomb, 4 << 20, 9_000_000)
    except BadPicture:
        pass
    return time.process_time() - began_s

before_kb = memory_kb("VmRSS")
costs = [min(cost_s(bomb) for _ in range(3)) for bomb in bombs]  # what others do at the same time costs too
print(json.dumps([memory_kb("VmHWM") - before_kb, costs]))
"""
LARGE = pictures.jpeg(3000, 3000, is_progressive=True)
BOMBS = {
    "forged 65500 x 65500 in 631 bytes": pictures.resized(pictures.tiny(), 65_500, 65_500),
    "forged to the limit in 631 bytes": pictures.resized(pictures.tiny(), 3000, 3000),
    "forged as far as its bytes allow": pictures.resized(pictures.jpeg(800, 600, is_progressive=True), 3000, 3000),
    "the largest, with as many passes as are allowed": pictures.scanned(LARGE, 6),
    "stuffing without end": pictures.tiny()[:-2] + b"\xff\x00" * (2 << 20) + b"\xff\xd9",
}


def test_no_picture_costs_more_than_100_mb_or_half_a_second() -> None:
    given_to_it = json.dumps([pictures.text(data) for data in (GOOD, *BOMBS.values())])
    child = subprocess.run([sys.executable, "-c", COST], input=given_to_it, capture_output=True, text=True, check=True)
    grown_kb, cpu_s = json.loads(child.stdout)
    assert grown_kb < 100_000
    assert {name: cost_s for name, cost_s in zip(BOMBS, cpu_s, strict=True) if cost_s > 0.5} == {}
