"""In step with the demo's recordings: when the loop that a demo camera plays began."""

import httpx

from producers.episodes.demo_sights import LOOP_MS

_LOOK_BACK_MS = 24 * 3_600_000
_UNKNOWN_MS = 5000
"""A camera that does not record yet is asked for again so soon."""


class Loops:
    """Asks the API when each camera's unbroken recording began, once a loop."""

    def __init__(self, http: httpx.Client) -> None:
        self._http = http
        self._known: dict[str, tuple[int, int]] = {}
        """Media → (when one of its loops began, when we asked)."""

    def began_ms(self, media: str, at_ms: int) -> int:
        """When a loop of this camera began: when its recording did. Unknown: 0, a whole minute."""
        began_ms, asked_ms = self._known.get(media, (0, 0))
        if at_ms - asked_ms > (LOOP_MS if began_ms else _UNKNOWN_MS):
            began_ms = self._recording_began(media, at_ms) or began_ms
            self._known[media] = began_ms, at_ms
        return began_ms

    def _recording_began(self, media: str, at_ms: int) -> int:
        """Start of the unbroken recording that goes on now; 0 when that cannot be told."""
        window = {"from_ms": at_ms - _LOOK_BACK_MS, "to_ms": at_ms}
        try:
            answer = self._http.get(f"/media/{media}/ranges", params=window)
        except httpx.TransportError:
            return 0  # told when something cannot be sent
        recorded = answer.json()["recorded"] if answer.is_success else []
        start_ms: int = recorded[-1]["start_ms"] if recorded else 0
        return start_ms if start_ms > window["from_ms"] else 0
