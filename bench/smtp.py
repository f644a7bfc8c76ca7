"""Durable mails per second against listeners that store nothing: ``python -m bench.smtp``.

Our listener as ``sightlog up`` runs it, on the real broker, which flushes every batch before it acknowledges: a mail is
counted when the client has its 250, and at the end every mail must stand on the topic. Beside it, in turn: aiosmtpd's
own listener with a handler that forgets every mail, postfix's smtp-sink, and two ways of ours that were tried: the log
alone, and the spool first (fdatasync, 250, and the log afterwards, from the spool). The client of all is postfix's
smtp-source, ``SESSIONS`` of them at once, one connection and one mail of 20 to 50 kB with a picture each. Medians; the
same at 1 x, 4 x and 16 x the mails. Mails per CPU-second count the listener's process alone. ``--quick``: one run of
the smallest size.
"""

import asyncio
import base64
import os
import random
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from bench import ledger
from bench.projection import cpu_s, servers
from infra.clock import monotonic_s, sleep_s
from infra.kafka import begin_offsets, end_offsets, ensure_topics
from infra.settings import Settings, child_environment, load

BASE, RUNS, SESSIONS = 500, 5, 20
TARGET, TARGET_PER_S = 0.6, 167
PARTITIONS = 48
START_S, DRAIN_S = 30, 300
SIDES = ("ours", "stock aiosmtpd", "smtp-sink", "log alone", "spool first")
PEERS, WITHOUT_LOG = SIDES[1:], SIDES[1:3]


class Figures(NamedTuple):
    """One run of one side."""

    per_s: float
    per_cpu_s: float
    arrived_per_s: float
    """Until the log has all; the same as ``per_s`` without a log."""


def mail(number: int) -> bytes:
    """A camera's mail with a picture, 20 to 50 kB, as smtp-source takes it: line ends without CR, no lone dots."""
    chance = random.Random(number)
    picture = base64.encodebytes(b"\xff\xd8\xff\xe0" + chance.randbytes(chance.randrange(14_500, 36_500))).decode()
    return (
        f"From: cam-{number}@site\nTo: cam-{number}@archive\nSubject: Motion detected by cam-{number}\n"
        "Date: Sat, 21 Nov 2026 12:00:00 +0000\nMIME-Version: 1.0\n"
        'Content-Type: multipart/mixed; boundary="part"\n\n--part\nContent-Type: text/plain\n\nEVENT TYPE: Motion\n'
        "--part\nContent-Type: image/jpeg; name=shot.jpg\nContent-Transfer-Encoding: base64\n\n"
        f"{picture}--part--\n"
    ).encode()


def serve_ours(settings: Settings) -> None:
    """In a process of its own: our listener."""
    from producers.alarms import service

    service.run(settings)


def serve_log_alone(settings: Settings) -> None:
    """In a process of its own: our listener, but no mail goes to the spool."""
    from producers.alarms import durable, service

    class LogAlone(durable.Durable):
        async def _refusal_of_spool(self, *_: object) -> durable.Outcome:
            return durable.Outcome.LOG_AWAY

    durable.Durable = LogAlone  # type: ignore[misc]
    service.run(settings.model_copy(update={"smtp_ack_s": 60}))  # or a busy machine makes it refuse mails


def serve_spool_first(settings: Settings) -> None:
    """In a process of its own: our listener, but every mail goes to the spool, and from there to the log."""
    from producers.alarms import durable, service

    class SpoolFirst(durable.Durable):
        async def _sending(self, *_: object) -> None:
            return None

    durable.Durable = SpoolFirst  # type: ignore[misc]
    service.run(settings)


def serve_stock(settings: Settings) -> None:
    """In a process of its own: aiosmtpd's listener with its handler that stores nothing."""
    from aiosmtpd.handlers import Sink
    from aiosmtpd.smtp import SMTP

    async def listen() -> None:
        loop = asyncio.get_running_loop()
        await loop.create_server(lambda: SMTP(Sink()), settings.smtp_host, settings.smtp_port)
        await asyncio.Event().wait()

    asyncio.run(listen())


SERVES = {
    "ours": serve_ours, "stock aiosmtpd": serve_stock, "log alone": serve_log_alone, "spool first": serve_spool_first,
}  # fmt: skip


def command(side: str, port: int) -> list[str]:
    """What runs a side."""
    if side == "smtp-sink":
        as_nobody = [] if os.getuid() else ["-u", "nobody"]  # it refuses to be root
        return ["smtp-sink", *as_nobody, f"127.0.0.1:{port}", "100"]
    return [sys.executable, "-m", "bench.smtp", "--serve", side]


@contextmanager
def listening(side: str, settings: Settings) -> Iterator[int]:
    """Pid of a side that listens on the settings' port."""
    environment = child_environment(settings.as_environment())
    with subprocess.Popen(
        command(side, settings.smtp_port), env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            deadline_s = monotonic_s() + START_S
            while not _answers(settings.smtp_port):
                assert process.poll() is None, f"{side} does not start"
                assert monotonic_s() < deadline_s, f"{side} does not listen"
                sleep_s(0.05)
            yield process.pid
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), 1) as connection:
            return connection.recv(3) == b"220"
    except OSError:
        return False


def send(port: int, files: list[Path], mails: int) -> None:
    """Send ``mails`` mails over as many connections as there are files, and return when all are answered 250."""
    each = mails // len(files)
    words = ["smtp-source", "-d", "-s", "1", "-m", str(each), "-f", "cam@site"]
    sources = [
        subprocess.Popen(
            [*words, "-t", f"{file.stem}@archive", "-F", str(file), f"127.0.0.1:{port}"], stderr=subprocess.PIPE
        )
        for file in files
    ]
    for source in sources:
        _, said = source.communicate(timeout=600)
        assert source.returncode == 0, said.decode()


def standing(settings: Settings) -> int:
    """Mails on the topic."""
    begins = begin_offsets(settings, "mails")
    return sum(end - begins[partition] for partition, end in end_offsets(settings, "mails").items())


def run_side(side: str, settings: Settings, files: list[Path], mails: int) -> Figures:
    """Send the mails to one side, and wait until the log has them all where there is one."""
    before = standing(settings)
    with listening(side, settings) as pid:
        send(settings.smtp_port, files, len(files))  # the first connections, batches and files are not measured
        arrived(side, settings, before + len(files))
        began_s, spent_s = monotonic_s(), cpu_s(pid)
        send(settings.smtp_port, files, mails)
        answered_s, spent_s = monotonic_s() - began_s, cpu_s(pid) - spent_s
        arrived(side, settings, before + len(files) + mails)
        return Figures(mails / answered_s, mails / max(0.01, spent_s), mails / (monotonic_s() - began_s))


def arrived(side: str, settings: Settings, count: int) -> None:
    """Returns once so many mails stand on the topic; at once for a side without a log."""
    deadline_s = monotonic_s() + DRAIN_S
    while side not in WITHOUT_LOG and (found := standing(settings)) < count:
        assert monotonic_s() < deadline_s, f"{side}: {count - found} mails are missing"
        sleep_s(0.02)


def compare(settings: Settings, files: list[Path], size: int, runs: int, book: ledger.Ledger) -> None:
    """Tell the medians of all sides at one size."""
    mails = BASE * size
    rounds = [{side: run_side(side, settings, files, mails) for side in SIDES} for _ in range(runs)]
    name = f"smtp, {mails:,} mails"
    for side in SIDES:
        told = [one[side] for one in rounds]
        per_s, per_cpu_s, arrived_per_s = (statistics.median(figure) for figure in zip(*told, strict=True))
        later = "" if side in WITHOUT_LOG else f", {arrived_per_s:,.0f}/s until the log has all"
        figure = f"{per_s:,.0f} mails/s, {per_cpu_s:,.0f} per CPU-second{later}"
        is_ours = side == "ours"
        target = f">= {TARGET_PER_S}/s" if is_ours else ""
        book.tell(f"{name}, {side}", figure, target, per_s >= TARGET_PER_S)
    for peer in PEERS:
        ratio = statistics.median(one["ours"].per_s / one[peer].per_s for one in rounds)
        by_cpu = statistics.median(one["ours"].per_cpu_s / one[peer].per_cpu_s for one in rounds)
        target = f">= {TARGET} x" if peer == "stock aiosmtpd" else ""
        book.tell(f"{name}, ours to {peer}", f"{ratio:.2f} x, by CPU {by_cpu:.2f} x", target, ratio >= TARGET)


def main() -> None:
    """Measure and tell."""
    parser = ledger.parser(__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--serve", choices=SERVES)
    options = parser.parse_args()
    if options.serve:
        SERVES[options.serve](load())
        return
    book, sizes = ledger.Ledger.of(options), (1,) if options.quick else (1, 4, 16)
    with tempfile.TemporaryDirectory() as scratch, servers(Path(scratch) / "data") as found:
        files = []
        for number in range(SESSIONS):
            files.append(Path(scratch) / f"cam-{number}.eml")
            files[-1].write_bytes(mail(number))
        more = {"smtp_port": free_port(), "partitions": PARTITIONS, "data": Path(scratch), "smtp_spool_bytes": 4 << 30}
        settings = found.model_copy(update=more)
        ensure_topics(settings)
        for size in sizes:
            compare(settings, files, size, 1 if options.quick else RUNS, book)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


if __name__ == "__main__":
    main()
