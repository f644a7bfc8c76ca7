"""One camera's configuration as commands change it: what is named anew, the rest as it was."""

from collections.abc import Mapping
from typing import Any

import httpx

from cli.client import answer, camera_path

_CHANGEABLE = (
    "title", "source", "enabled", "audio", "depth_ms", "keep_ms", "quota_bytes", "catch", "labels", "mail_login",
    "mail_password", "mail_aliases", "time_zone", "motion", "protect", "groups", "folder",
)  # fmt: skip


def stored(api: httpx.Client, name: str) -> dict[str, Any]:
    """The camera as the API answers it; empty: there is none."""
    found = api.get(camera_path(name))
    return {} if found.status_code == httpx.codes.NOT_FOUND else answer(found)


def changed(api: httpx.Client, name: str, before: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """The camera after ``given`` fields were set and those of ``before`` kept."""
    kept = {field: before[field] for field in _CHANGEABLE if field in before}
    return answer(api.put(camera_path(name), json=kept | dict(given)))
