"""Mails that nobody would send: the corpora cut, spliced and swollen, and bombs built from the structure of mails.

``python -m tests.mail_fuzz 100000`` reads that many and prints the slowest; anything raised ends it with the seed.
"""

import random
import sys
import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

from processors.alarms.reading.read import read
from tests.alarm_mails import OURS, SHARED, camera, directory, local_time, received

CAMERAS = directory(
    camera("yard", "motion", "*"), camera("gate", aliases=("nvr#2", "nvr#Gate")), camera("own", login="own"),
    camera("one", login="shared", aliases=("nvr#1",)), camera("two", login="shared", title="Back Door"),
)  # fmt: skip
_ENVELOPES = (("nvr@x", ""), ("yard@x", ""), ("nobody@x", "shared"), ("own@x", "own"), ("nobody@x", "stranger"))
_HEAD = b"From: <nvr@x>\r\nTo: <yard@x>\r\nSubject: motion\r\n"
TOKENS = [
    b"\r\n", b"\n", b"\r", b"\r\n\r\n", b" ", b"\t", b"=", b"=?", b"?=", b"=?utf-8?B?", b"=?gb2312?Q?=B5?=",
    b":", b";", b",", b'"', b"\\", b"<", b">", b"<a ", b"<!--", b"-->", b"<style>", b"</style>", b"&#x41;",
    b"&amp", b"--", b"--x", b"--x\r\n", b"--x--\r\n", b"/9j/", b"\xff\xd8\xff", b"begin 644 a.jpg\n",
    b"`\nend\n", b"\x00", b"\xff\xfe", b"\xb5\xc4", b"Content-Type: ", b"multipart/mixed; boundary=x\r\n",
    b"message/rfc822\r\n", b"text/html; charset=utf-16\r\n", b"Content-Transfer-Encoding: base64\r\n",
    b"quoted-printable\r\n", b"Time: ", b"Channel: ", b"Camera Name: ", b"Event Type: ", b"2026-01-02",
    b"10:11:12", b"02/03/2026", b" PM", b"GMT+8", b"may 1 26 ", b"(", b")", b"[", b"]", b"1", b"12 ", b"CH1",
    b"D4 (Hall)", b"3ch [INF.], ", b"motion ", b"detected ", b" from ", b"alarm has ", b"disk is ", b"test ",
    b"movimiento ", b"\xd0\xb4", b"\xef\xbc\x9a", b"a", b"aaaaaaaa", b"A=", b"*0*=", b"utf-8''%e2", b"#", b"@",
    b"+", b".", b"name*1*=", b"boundary=", b"charset=", b"Date: ", b"Subject: ", b"\r\n ", b"host name: ",
    b"camch: ", b" - ", b"\xe2\x80\x93",
]  # fmt: skip


def corpus() -> list[bytes]:
    """The mails that the others are made from."""
    return [path.read_bytes() for folder in (OURS, SHARED) for path in sorted(Path(folder).glob("*.eml"))]


def mails(seed: int, many: int) -> Iterator[bytes]:
    """``many`` hostile mails, the same for the same seed."""
    chance = random.Random(seed)
    seeds = corpus()
    makers = (_mutated, _mutated, _spliced, _tokens, _swollen, _tokens_in_text, _repeated)
    for _ in range(many):
        yield chance.choice(makers)(chance, seeds)


def _mutated(chance: random.Random, seeds: list[bytes]) -> bytes:
    raw = bytearray(chance.choice(seeds))
    for _ in range(chance.randint(1, 12)):
        at = chance.randrange(len(raw) + 1)
        match chance.randrange(4):
            case 0:
                raw[at : at + chance.randint(1, 60)] = b""
            case 1:
                raw[at:at] = chance.choice(TOKENS)
            case 2:
                raw[at:at] = chance.randbytes(chance.randint(1, 30))
            case _:
                raw[at : at + 1] = chance.randbytes(1)
    return bytes(raw)


def _spliced(chance: random.Random, seeds: list[bytes]) -> bytes:
    one, other = chance.choice(seeds), chance.choice(seeds)
    return one[: chance.randrange(len(one))] + other[chance.randrange(len(other)) :]


def _tokens(chance: random.Random, seeds: list[bytes]) -> bytes:
    return b"".join(chance.choices(TOKENS, k=chance.randint(1, 400)))


def _tokens_in_text(chance: random.Random, seeds: list[bytes]) -> bytes:
    return _HEAD + b"\r\n" + b"".join(chance.choices(TOKENS, k=chance.randint(1, 200)))


def _repeated(chance: random.Random, seeds: list[bytes]) -> bytes:
    """A few tokens over and over, where patterns that go back over their steps are slow."""
    unit = b"".join(chance.choices(TOKENS, k=chance.randint(1, 4)))
    tail = chance.choice(TOKENS)
    times = chance.choice((50, 500, 5000))
    if chance.random() < 0.5:
        return _HEAD.replace(b"motion", unit * min(times, 900) + tail) + b"\r\n" + unit * 20 + tail
    return _HEAD + chance.choice((b"", b"Content-Type: text/html\r\n")) + b"\r\n" + unit * times + tail


def _swollen(chance: random.Random, seeds: list[bytes]) -> bytes:
    """A mail with one stretch of itself many times over."""
    raw = chance.choice(seeds)
    start = chance.randrange(len(raw))
    stretch = raw[start : start + chance.randint(1, 200)]
    return raw[:start] + stretch * chance.choice((10, 300, 2000)) + raw[start:]


def read_one(raw: bytes) -> float:
    """Reads one mail; the seconds of CPU it took."""
    recipient, login = _ENVELOPES[len(raw) % len(_ENVELOPES)]
    mail = received(b"x", recipient, mail_from="nvr@x", login=login)
    began = time.thread_time()
    said = read(mail, raw, CAMERAS, local_time)
    assert bool(said.found) != bool(said.error), raw
    return time.thread_time() - began


def _memory(raw: bytes) -> int:
    """Bytes that reading needs beside the mail itself."""
    tracemalloc.start()
    read_one(raw)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def main(many: int, seed: int) -> None:
    """Reads and tells the worst."""
    worst: list[tuple[float, int, bytes]] = []
    peak = 0
    for number, raw in enumerate(mails(seed, many)):
        try:
            took = read_one(raw)
        except Exception:
            print(f"mail {number} of seed {seed}: {raw[:2000]!r}")
            raise
        worst = sorted([*worst, (took, number, raw[:300])], reverse=True)[:5]
        if number % 50 == 0:
            peak = max(peak, _memory(raw))
    print(f"{many} mails read, none raised; slowest {worst[0][0] * 1000:.0f} ms, most memory {peak >> 10} KiB")
    for took, number, raw in worst:
        print(f"{took * 1000:8.1f} ms  mail {number}  {raw[:120]!r}")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1)
