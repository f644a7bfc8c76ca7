"""Mails that mean harm: what they cost, and that nothing they hold is ever raised."""

import time
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import mail_fuzz
from tests.alarm_mails import camera, directory, reading

SIZE = 2 << 20
MOST_S = 1.0
MOST_BYTES = 64 << 20
HEAD = b"From: <a@b>\r\nTo: <yard@x>\r\nSubject: motion\r\n"
IMAGE = HEAD + b"Content-Type: image/jpeg\r\nContent-Transfer-Encoding: base64\r\n\r\n/9j/"
HTML = HEAD + b"Content-Type: text/html\r\n\r\n"
TEXT = HEAD + b"\r\n"
YARD = directory(camera("yard"), camera("gate", aliases=("nvr#1",)))


def mixed(boundary: bytes = b"x") -> bytes:
    return HEAD + b'Content-Type: multipart/mixed; boundary="' + boundary + b'"\r\n\r\n'


def full_of(unit: bytes) -> bytes:
    return unit * (SIZE // len(unit))


def nested() -> bytes:
    level = b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n'
    return HEAD + b"".join(level % (depth, depth) for depth in range(50_000))


BOMBS = {
    "a hundred thousand empty parts": lambda: mixed() + full_of(b"--x\r\n\r\n"),
    "lines that are nearly boundaries": lambda: mixed() + full_of(b"--xy\n"),
    "boundaries with long tails of blanks": lambda: mixed() + full_of(b"--x" + b" " * 1000 + b"y\n"),
    "multiparts in multiparts": nested,
    "a boundary inside itself": lambda: mixed() + full_of(b"--x\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n"),
    "mails in mails": lambda: HEAD + full_of(b"Content-Type: message/rfc822\r\n\r\n"),
    "a subject of encoded words": lambda: HEAD.replace(b"motion", full_of(b"=?utf-8?B?bQ==?= ")) + b"\r\n",
    "a subject of halves of encoded words": lambda: HEAD.replace(b"motion", full_of(b"=?utf-8?B?")) + b"\r\n",
    "header lines without end": lambda: full_of(b"X: y\r\n"),
    "folded lines without end": lambda: b"Subject: a\r\n" + full_of(b" a\r\n"),
    "recipients without end": lambda: b"To: " + full_of(b"a@b,") + b"\r\n\r\n",
    "parameters without end": lambda: HEAD + b"Content-Type: image/jpeg; " + full_of(b"name*1*=utf-8''a;") + b"\n\n",
    "every part another unknown charset": lambda: mixed() + b"".join(
        b"--x\r\nContent-Type: text/plain; charset=x%d\r\n\r\nm\r\n" % number for number in range(50_000)
    ),
    "every part a page": lambda: mixed() + full_of(
        b"--x\r\nContent-Type: text/html\r\n\r\n" + b"<b>a</b>" * 5000 + b"\r\n"
    ),
    "tags that never close": lambda: HTML + full_of(b"<a "),
    "comments that never close": lambda: HTML + full_of(b"<!--"),
    "entities that are none": lambda: HTML + full_of(b"&abcdefghijklmnopqrstuvwxyzabcdefgh"),
    "base64 padded after every letter": lambda: IMAGE + full_of(b"A="),
    "base64 with dirt between": lambda: IMAGE + full_of(b"A \n"),
    "base64 that nobody declared, cut off": lambda: TEXT + full_of(b"bW90aW9u\n"),
    "uuencoded files without end": lambda: TEXT + full_of(b"begin 644 a.jpg\n"),
    "wrong uuencoded lines": lambda: TEXT + b"begin 644 a.jpg\n" + full_of(b"M~~~~~~~~\n"),
    "one line of blanks": lambda: TEXT + full_of(b" "),
    "blanks and nothing else": lambda: full_of(b" "),
    "channels and blanks": lambda: TEXT + full_of(b"Channel: " + b"1 " * 150 + b"x\n"),
    "camera names of nothing but prefixes": lambda: TEXT + full_of(b"Camera Name: " + b"cam " * 80 + b"(\n"),
    "five hundred dates and no time of day": lambda: TEXT + full_of(b"Date: 02/03/2026--x\n"),
    "numbers that might be dates": lambda: TEXT + full_of(b"12 may 1 26 "),
    "phrases that almost end": lambda: TEXT + full_of(b"alarm has has "),
    "lists of channels that never close": lambda: TEXT + b"alarm/sensor rec " + full_of(b"1 ch ["),
    "accents on accents": lambda: HEAD + b"Content-Type: text/plain; charset=utf-8\n\n" + full_of(b"\xcc\x81\xcc\xa3"),
    "zeros": lambda: bytes(SIZE),
    "line ends": lambda: full_of(b"\r"),
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_costs_less_than_a_second_and_64_megabytes(name: str) -> None:
    raw = BOMBS[name]()
    began = time.thread_time()
    said = reading(raw, YARD, "yard@x")
    assert time.thread_time() - began < MOST_S
    assert bool(said.found) != bool(said.error)
    tracemalloc.start()
    reading(raw, YARD, "nobody@x", mail_from="nvr@x")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < MOST_BYTES


def test_mutated_mails_are_read_without_a_crash_and_none_takes_a_second() -> None:
    assert max(mail_fuzz.read_one(raw) for raw in mail_fuzz.mails(seed=4, many=500)) < MOST_S


@given(st.binary(max_size=2000))
def test_any_bytes_are_read(raw: bytes) -> None:
    said = reading(raw, YARD, "yard@x")
    assert bool(said.found) != bool(said.error)


@given(st.lists(st.sampled_from(mail_fuzz.TOKENS), max_size=80).map(b"".join))
def test_any_pieces_of_mails_are_read(raw: bytes) -> None:
    said = reading(raw, YARD, "nvr@x")
    assert bool(said.found) != bool(said.error)
