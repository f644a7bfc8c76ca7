"""What to type into a camera's page so that its mails come here, password included."""

from collections.abc import Iterator
from ipaddress import ip_address
from typing import Any

from infra.settings import Settings
from schemas.facts import MediaConfigured

_EVERYWHERE = frozenset({"", "0.0.0.0", "::", "*"})
_HERE = frozenset({"127.0.0.1", "::1", "localhost"})
_NO_DOMAIN = "sightlog.local"
_EVERY_MAIL = "*"
_OURS = "the login of the listener is for admins: ask one for it, or give this camera a login of its own"


def page(camera: MediaConfigured, settings: Settings, host: str) -> dict[str, Any]:
    """The fields of the page; ``host`` is how the caller reached us, which a camera nearby may use as well."""
    server = host if settings.smtp_host in _EVERYWHERE else settings.smtp_host
    address = _address(camera, settings, host)
    is_own = bool(camera.mail_login)
    return {
        "media": camera.media,
        "server": server,
        "port": settings.smtp_port or None,
        "ports": _ports(settings),
        "encryption": "STARTTLS or none",
        "login": camera.mail_login if is_own else settings.smtp_login,
        "password": camera.mail_password if is_own else settings.smtp_password.get_secret_value(),
        "sender": address,
        "recipient": address,
        "subject_words": list(camera.catch),
        "test": f"sightlog smtp test {camera.media}",
        "notes": list(_notes(camera, settings, server, address)),
    }


def withheld(page: dict[str, Any], camera: MediaConfigured) -> dict[str, Any]:
    """The page for who is no admin: the listener's own login, which mails as any camera, is null."""
    if camera.mail_login or not page["login"]:
        return page
    return page | {"login": None, "password": None, "notes": [*page["notes"], _OURS]}


def _ports(settings: Settings) -> dict[str, int]:
    """Kind of encryption → port, those that are open."""
    ports = {
        "plain": settings.smtp_port,
        "starttls": settings.smtp_port,
        "tls": settings.smtp_tls_port,
        "legacy_starttls": settings.smtp_legacy_port,
        "legacy_tls": settings.smtp_legacy_tls_port,
    }
    return {name: port for name, port in ports.items() if port}


def _address(camera: MediaConfigured, settings: Settings, host: str) -> str:
    """What names the camera: its own name, or an alias that pages of cameras take where they would not take that."""
    plain = (alias for alias in camera.mail_aliases if alias.isascii() and "#" not in alias)
    name = camera.media if camera.media.isascii() else next(plain, camera.media)
    return name if "@" in name else f"{name}@{_domain(settings, host)}"


def _domain(settings: Settings, host: str) -> str:
    named = next((one.strip() for one in settings.smtp_domains.split(",") if one.strip()), "")
    return named or (host if "." in host and not _is_number(host) else _NO_DOMAIN)


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _notes(camera: MediaConfigured, settings: Settings, server: str, address: str) -> Iterator[str]:
    if server in _HERE:
        yield "the listener takes mails of this machine only: set SIGHTLOG_SMTP_HOST=0.0.0.0 for cameras"
    if not settings.smtp_port:
        yield "the port of the listener is not known here: set SIGHTLOG_SMTP_PORT"
    if not camera.mail_login and not settings.smtp_login:
        yield "no login is needed; where the page insists on one, any will do"
    if not address.isascii():
        yield "many cameras take no such letters in an address: add a plain one to mail_aliases, it is shown here then"
    if _EVERY_MAIL in camera.catch:
        yield "every mail marks, whatever it says"
    if any("#" in alias for alias in camera.mail_aliases):
        yield "a recorder that mails for several cameras uses its own address; its channels tell them apart"
