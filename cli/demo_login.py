"""The login of a demo: a user made at its first start, whose password stands in a file beside everything else."""

import secrets

import httpx

from infra.private import write_private
from infra.settings import Settings

LOGIN = "demo"
FILE = "demo.password"
_TIMEOUT_S = 5.0


def ready(settings: Settings) -> str:
    """``demo / PASSWORD`` once the user is there; empty while the API cannot say so yet. A user who is there stays."""
    user = f"{settings.base_url}/api/v1/users/{LOGIN}"
    headers = {"Authorization": f"Bearer {settings.token()}"}
    wish = {"title": "Demo", "admin": True, "password": _password(settings)}
    try:
        with httpx.Client(headers=headers, timeout=_TIMEOUT_S) as api:
            found = api.get(user)
            if found.status_code == httpx.codes.NOT_FOUND:
                found = api.put(user, json=wish)
    except httpx.TransportError:
        return ""
    return f"{LOGIN} / {_password(settings)}" if found.is_success else ""


def _password(settings: Settings) -> str:
    """What the file says; made at the first question."""
    path = settings.data / FILE
    if not path.is_file():
        write_private(path, secrets.token_urlsafe(9) + "\n")
    return path.read_text().strip()
