"""The mail listener before the clients that people have: smtplib, curl, swaks, smtp-source, openssl."""

import base64
import shutil
import smtplib
import socket
import ssl
import subprocess
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.settings import BadSettings
from tests.integration.mail_wire import MAIL, Listening, camera, listening
from tests.integration.ports import free_port

NAMES = ("plain", "tls", "legacy", "legacy_tls")
POSTFIX = ("/usr/sbin", "/usr/lib/postfix")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Listening]:
    ports = {f"smtp_{name}_port": free_port() for name in NAMES[1:]}
    with listening(tmp_path_factory.mktemp("smtp"), camera("cam1", "nvr", "pass word"), **ports) as running:
        yield running


@pytest.fixture(autouse=True)
def no_mails(server: Listening) -> None:
    server.mails.clear()


def trusting(version: ssl.TLSVersion | None = None) -> ssl.SSLContext:
    """A client that trusts anybody, of just this version of TLS."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    if version is not None:
        context.set_ciphers("ALL:@SECLEVEL=0")
        with warnings.catch_warnings(action="ignore"):
            context.minimum_version = context.maximum_version = version
    return context


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("secures", [False, True], ids=["as it is", "starttls"])
def test_smtplib_sends_through_every_listener(server: Listening, name: str, secures: bool) -> None:
    port = server.ports[name]
    if name.endswith("tls"):
        client: smtplib.SMTP = smtplib.SMTP_SSL("127.0.0.1", port, context=trusting(), timeout=60)
    else:
        client = smtplib.SMTP("127.0.0.1", port, timeout=60)
    with client:
        if secures and not name.endswith("tls"):
            client.starttls(context=trusting())
        client.login("nvr", "pass word")
        client.sendmail("cam1@example.com", ["cam1@example.com"], MAIL * 2_000)
    assert [(mail.listener, mail.login, mail.raw) for mail in server.mails] == [(name, "nvr", MAIL * 2_000)]


@pytest.mark.parametrize(("name", "version", "works"), [
    ("legacy", ssl.TLSVersion.TLSv1, True), ("legacy", ssl.TLSVersion.TLSv1_1, True),
    ("legacy", ssl.TLSVersion.TLSv1_3, True), ("legacy_tls", ssl.TLSVersion.TLSv1, True),
    ("plain", ssl.TLSVersion.TLSv1_1, False), ("plain", ssl.TLSVersion.TLSv1_2, True),
    ("tls", ssl.TLSVersion.TLSv1, False),
])  # fmt: skip
def test_old_tls_works_on_the_ports_for_it_alone(
    server: Listening, name: str, version: ssl.TLSVersion, works: bool
) -> None:
    def send() -> str:
        context = trusting(version)
        if name.endswith("tls"):
            client: smtplib.SMTP = smtplib.SMTP_SSL("127.0.0.1", server.ports[name], context=context, timeout=60)
        else:
            client = smtplib.SMTP("127.0.0.1", server.ports[name], timeout=60)
            client.starttls(context=context)
        with client:
            client.login("nvr", "pass word")
            client.sendmail("a@b", ["cam1@b"], MAIL)
            return client.sock.version()  # type: ignore[union-attr]

    if works:
        assert send().replace(".", "_").startswith(version.name)  # type: ignore[attr-defined]
        assert len(server.mails) == 1
    else:
        with pytest.raises((ssl.SSLError, OSError)):
            send()
        assert "SIGHTLOG_SMTP_LEGACY_PORT" in server.refused[-1].detail


def test_the_certificate_is_made_once_and_is_its_owners_alone(tmp_path: Path) -> None:
    certificates = []
    for _ in range(2):
        with listening(tmp_path) as server, smtplib.SMTP("127.0.0.1", server.ports["plain"], timeout=60) as client:
            client.starttls(context=trusting())
            certificates.append(client.sock.getpeercert(binary_form=True))  # type: ignore[union-attr]
    assert certificates[0] == certificates[1]
    assert (tmp_path / "smtp" / "certificate.pem").stat().st_mode & 0o777 == 0o600


def test_a_port_or_a_certificate_that_cannot_be_had_is_one_clear_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(BadSettings, match=f"{port} cannot be listened on: Address already in use$"):
            listening(tmp_path, smtp_port=port).__enter__()
    with pytest.raises(BadSettings, match=r"SIGHTLOG_SMTP_CERT .*nothing\.pem cannot be used"):
        listening(tmp_path, smtp_cert=str(tmp_path / "nothing.pem")).__enter__()


def test_what_is_said_before_tls_counts_for_nothing_behind_it(server: Listening) -> None:
    with server.wire() as wire:
        wire.says(b"EHLO c\r\n")
        wire.says(b"AUTH PLAIN " + base64.b64encode(b"\0nvr\0pass word") + b"\r\n")
        wire.sends(b"STARTTLS\r\nMAIL FROM:<injected@b>\r\nRCPT TO:<x@b>\r\n")
        assert wire.reply()[:3] == "220"
        secure = trusting().wrap_socket(wire.socket)
        secure.sendall(b"NOOP\r\nMAIL FROM:<a@b>\r\n")
        assert secure.recv(100) == b"250 OK\r\n"
        assert secure.recv(100)[:3] == b"503"
        secure.close()


def run(*command: str, timeout: float = 240) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, timeout=timeout, check=False)


def tool(name: str) -> str:
    found = shutil.which(name) or next((f"{place}/{name}" for place in POSTFIX if Path(place, name).exists()), None)
    assert found, f"{name} is missing: .ci/run installs it"
    return found


def test_curl_sends(server: Listening, tmp_path: Path) -> None:
    (tmp_path / "mail").write_bytes(MAIL)
    for extra in (["--user", "nvr:pass word"], ["--user", "nvr:pass word", "--login-options", "AUTH=LOGIN"],
                  ["--ssl-reqd", "--insecure", "--user", "nvr:pass word"]):  # fmt: skip
        sent = run("curl", "-sS", f"smtp://127.0.0.1:{server.ports['plain']}", *extra, "--mail-from", "cam1@b",
                   "--mail-rcpt", "cam1@b", "--upload-file", str(tmp_path / "mail"))  # fmt: skip
        assert sent.returncode == 0, sent.stderr
    sent = run("curl", "-sS", "--insecure", f"smtps://127.0.0.1:{server.ports['tls']}", "--user", "nvr:pass word",
               "--mail-from", "cam1@b", "--mail-rcpt", "cam1@b", "--upload-file", str(tmp_path / "mail"))  # fmt: skip
    assert sent.returncode == 0, sent.stderr
    assert [mail.raw for mail in server.mails] == [MAIL] * 4


@pytest.mark.parametrize("extra", [
    ["--auth", "LOGIN"], ["--auth", "PLAIN"], ["--tls", "--auth", "LOGIN"], ["--pipeline", "--auth", "LOGIN"],
], ids=" ".join)  # fmt: skip
def test_swaks_sends(server: Listening, extra: list[str]) -> None:
    sent = run(tool("swaks"), "--server", "127.0.0.1", "--port", str(server.ports["plain"]), "--from", "cam1@b", "--to",
               "cam1@b", "--auth-user", "nvr", "--auth-password", "pass word", "--body", "motion", *extra)  # fmt: skip
    assert sent.returncode == 0, sent.stdout + sent.stderr
    assert len(server.mails) == 1


def test_smtp_source_sends_two_thousand_mails_over_fifty_sessions(tmp_path: Path) -> None:
    with listening(tmp_path) as server:
        sent = run(tool("smtp-source"), "-s", "50", "-m", "2000", "-l", "4096", "-f", "cam1@b", "-t", "cam1@b",
                   f"127.0.0.1:{server.ports['plain']}")  # fmt: skip
        assert sent.returncode == 0, sent.stderr
        assert len(server.mails) == 2_000
        assert server.listeners.held_bytes == 0


@pytest.mark.parametrize("version", ["-tls1", "-tls1_2"])
def test_openssl_speaks_with_the_legacy_port(server: Listening, version: str) -> None:
    said = subprocess.run(
        [tool("openssl"), "s_client", "-quiet", "-connect", f"127.0.0.1:{server.ports['legacy_tls']}", version,
         "-cipher", "ALL:@SECLEVEL=0"],
        input="EHLO c\nQUIT\n", capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert said.stdout.startswith("220 sightlog.local ESMTP Sightlog")
    assert "221 Bye" in said.stdout
