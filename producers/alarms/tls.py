"""The listener's TLS: contexts for today's peers and for old cameras, and a certificate where none is given."""

import ssl
import warnings
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from infra.clock import now_ms
from infra.private import write_private
from infra.settings import BadSettings, Settings

_YEARS = 20
"""Cameras that check a certificate at all are told to trust this one, by hand; it should outlive them."""


def context(settings: Settings, is_legacy: bool) -> ssl.SSLContext:
    """A server's context. Legacy: down to TLS 1.0, with the ciphers and keys of its time.

    Raises BadSettings when the certificate cannot be used.
    """
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if is_legacy:
        with warnings.catch_warnings(action="ignore", category=DeprecationWarning):  # we know
            made.minimum_version = ssl.TLSVersion.TLSv1
        made.set_ciphers("ALL:!aNULL:!eNULL:@SECLEVEL=0")
    else:
        made.minimum_version = ssl.TLSVersion.TLSv1_2
    certificate = Path(settings.smtp_cert) if settings.smtp_cert else _own(settings.data / "smtp", name(settings))
    try:
        made.load_cert_chain(certificate, settings.smtp_key or None)
    except (OSError, ssl.SSLError) as error:
        raise BadSettings(
            f"SIGHTLOG_SMTP_CERT {certificate} cannot be used ({error}); it and SIGHTLOG_SMTP_KEY must be PEM files"
        ) from None
    return made


def name(settings: Settings) -> str:
    """What the listener is called: the first of its domains."""
    return settings.smtp_domains.split(",")[0].strip() or "sightlog.local"


def _own(folder: Path, name: str) -> Path:
    """The key and certificate made here, one file for its owner only; made at the first call."""
    path = folder / "certificate.pem"
    if not path.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        write_private(path, _made(name))
    return path


def _made(name: str) -> str:
    """A new key and its certificate, signed by itself, as PEM."""
    key = rsa.generate_private_key(public_exponent=65_537, key_size=2048)  # what the oldest cameras know
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    today = datetime.fromtimestamp(now_ms() / 1000, UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - timedelta(days=2))  # clocks of cameras
        .not_valid_after(today + timedelta(days=365 * _YEARS))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    return (private + certificate.public_bytes(serialization.Encoding.PEM)).decode()
