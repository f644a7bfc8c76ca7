"""Alerts on their way to people: the journal always, and whatever service the addresses name."""

import logging
from typing import Any

from api.alarms.alert_text import Message
from infra import journal
from infra.settings import BadSettings


class Telling:
    """Sends messages to Apprise addresses; none: everything is told by the journal already. Blocks while it sends."""

    def __init__(self, addresses: str) -> None:
        """``addresses``: with blanks between them. Raises BadSettings for one that no service knows."""
        self._ways = [_way(number, address) for number, address in enumerate(addresses.split(), 1)]

    def send(self, message: Message) -> bool:
        """True when it reached somebody; every way that failed is journalled, without its secrets."""
        kind = "warning" if message.is_warning else "success"
        reached = [way.notify(title=message.title, body=message.body, notify_type=kind) for way in self._ways]
        for number, was_reached in enumerate(reached, 1):
            if not was_reached:
                journal.get("alerts").error("alert not delivered", address=number, of=len(reached))
        return not reached or any(reached)


def _way(number: int, address: str) -> Any:
    import apprise  # seconds and megabytes: only where an alert is wanted

    logging.getLogger("apprise").setLevel(logging.CRITICAL)  # its lines may hold what an address holds
    way = apprise.Apprise()
    if not way.add(address):
        raise BadSettings(f"SIGHTLOG_ALERT_URLS: address {number} is none that Apprise knows; see its list of services")
    return way
