"""What mails must mark, told a second time straight from rules.md: second by second lists, no state, no saves."""

from collections.abc import Sequence

from schemas.facts import AlarmReceived
from schemas.intervals import Span

BEFORE_MS, AFTER_MS, JOIN_MS = 10_000, 30_000, 30_000
MINUTE_MS, DAY_MS = 60_000, 86_400_000


def marked(alarms: Sequence[AlarmReceived]) -> list[Span]:
    """Every stretch that these mails of one camera must mark; a mail told again marks nothing that must be."""
    seen: set[int] = set()
    found: list[Span] = []
    for alarm in alarms:
        if alarm.kind != "start" or alarm.alarm_id in seen:
            continue
        seen.add(alarm.alarm_id)
        moments = {alarm.received_ms}
        if alarm.claimed_ms is not None and MINUTE_MS < abs(alarm.claimed_ms - alarm.received_ms) <= DAY_MS:
            moments.add(alarm.claimed_ms)
        found += [Span(moment - BEFORE_MS, moment + AFTER_MS) for moment in moments]
    return found


def allowed(alarms: Sequence[AlarmReceived]) -> list[Span]:
    """The most that they may mark: told again they mark once more, and a stop may reach back to any mark before it."""
    again = [Span(one.received_ms - BEFORE_MS, one.received_ms + AFTER_MS) for one in alarms if one.kind == "start"]
    most = marked(alarms) + again
    for one in alarms:
        if one.kind == "stop" and (sooner := [span.end_ms for span in most if span.start_ms <= one.received_ms]):
            most.append(Span(min(sooner), one.received_ms))
    return most


def in_order(times_ms: Sequence[int]) -> list[tuple[int, int, int]]:
    """(start, end, mails) of the episodes of starts that come one after the other, each once."""
    episodes: list[list[int]] = []
    for at_ms in times_ms:
        if episodes and at_ms - BEFORE_MS - (episodes[-1][-1] + AFTER_MS) <= JOIN_MS:
            episodes[-1].append(at_ms)
        else:
            episodes.append([at_ms])
    return [(times[0] - BEFORE_MS, times[-1] + AFTER_MS, len(times)) for times in episodes]
