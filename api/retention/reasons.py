"""Reasons that a moment is kept, gone or was never there: what tables say, in sentences. Decides nothing. Pure."""

from typing import Any, NamedTuple
from urllib.parse import quote

from api.retention import words
from api.retention.known import Known
from api.times import iso
from projections.expirations.reads import StoredDeletion, StoredExpiration, StoredFootage
from projections.protected_ranges.reads import StoredHold, StoredLock, StoredRange
from schemas.intervals import Span

_API = "/api/v1"
_SOON_MS = 3_600_000
"""An order that waits for longer wants somebody to look."""


class Reason(NamedTuple):
    """One reason: a kind that programs know, a sentence for people, and what both rest on."""

    kind: str
    text: str
    more: dict[str, Any]

    def body(self) -> dict[str, Any]:
        """As an answer shows it."""
        return {"kind": self.kind, "text": self.text} | self.more


def stored(one: StoredFootage) -> Reason:
    """Footage is there."""
    text = f"recorded {words.span(Span(one.start_ms, one.end_ms))}, {words.size(one.size_bytes)}"
    return Reason("stored", text, {"start_ms": one.start_ms, "end_ms": one.end_ms, "size_bytes": one.size_bytes})


def hold(known: Known, stretch: StoredRange, one: StoredHold, keeps: str = "keeps it") -> Reason:
    """Something keeps it, or would keep it."""
    what, more = _holder(known, one)
    told = {
        "hold": {"kind": one.kind, "id": str(one.id)}, "start_ms": stretch.start_ms, "end_ms": stretch.end_ms,
        "policy_version": stretch.policy_version, "since_ms": stretch.observed_ms,
    }  # fmt: skip
    span = words.span(Span(stretch.start_ms, stretch.end_ms))
    return Reason("hold", f"{what} {keeps}, with {span}", told | more)


def expiring(one: StoredExpiration, now_ms: int) -> Reason:
    """It was decided that it goes, and it waits."""
    text = f"it goes after {iso(one.delete_after_ms)}: {_why(one)}; {_take_back(one)}"
    if now_ms >= one.delete_after_ms:
        text = f"it goes as soon as all that was taken in before {iso(one.delete_after_ms)} is judged: {_why(one)}"
    if one.requested_ms is not None:
        text += f"; it was asked for back at {iso(one.requested_ms)}, which is not answered yet"
    return Reason("expiring", text, _decision(one))


def restored(one: StoredExpiration) -> Reason:
    """A decision that it goes was taken back."""
    by = "because a hold came" if one.restored_by == "protection" else f"by {one.restored_by}"
    text = f"a decision to delete it ({_why(one)}) was taken back at {iso(one.restored_ms or 0)} {by}"
    return Reason("restored", text, _decision(one))


def expired(one: StoredExpiration) -> Reason:
    """The decision that took it."""
    return Reason("expired", f"at {iso(one.expired_ms)} it was decided that it goes: {_why(one)}", _decision(one))


def ordered(one: StoredExpiration, waits_ms: int | None) -> Reason:
    """Its deletion was ordered. ``waits_ms``: so long ago, and it is there; None: it is gone."""
    text = f"its deletion was ordered at {iso(one.ordered_ms or 0)}: the grace was over, and no hold had come"
    rest = "" if waits_ms is None else "; it is being deleted, and may be seen until then"
    if waits_ms is not None and waits_ms > _SOON_MS:
        rest = (
            f"; it is there {words.length(waits_ms)} later: `sightlog doctor` says whether orders are carried out,"
            " `sightlog letters list` whether the store refuses to let it go"
        )
    more = {"expiration_id": str(one.expiration_id), "ordered_ms": one.ordered_ms, "policy_version": one.ordered_policy}
    return Reason("ordered", text + rest, more | {"link": _link(one)})


def left(one: StoredExpiration, stored_ms: int) -> Reason:
    """Its deletion was ordered, and footage is there that stays. ``stored_ms``: when that was stored."""
    ordered_at = iso(one.ordered_ms or 0)
    text = f"a deletion was ordered at {ordered_at} of what stood here before; this was stored since"
    if stored_ms <= one.expired_ms:
        text = (
            f"the deletion that was ordered at {ordered_at} was carried out, and this is there all the same: the store"
            " does not let it go, which `sightlog letters list` says"
        )
    return Reason("left", text, _decision(one))


def deleted(one: StoredDeletion, is_decided: bool) -> Reason:
    """It is gone for certain."""
    what = f"{one.segments} segments, {words.size(one.size_bytes)}, {words.span(Span(one.start_ms, one.end_ms))}"
    text = f"deleted at {iso(one.observed_ms)} with {what}"
    if not is_decided:
        text = f"found missing at {iso(one.observed_ms)} with {what}: `sightlog check` said so, no decision deleted it"
    more = {"deleted_ms": one.observed_ms, "segments": one.segments, "size_bytes": one.size_bytes}
    told = more | {"start_ms": one.start_ms, "end_ms": one.end_ms}
    return Reason("deleted" if is_decided else "missing", text, told | _of_decision(one, is_decided))


def _holder(known: Known, one: StoredHold) -> tuple[str, dict[str, Any]]:
    """Who holds, in words, and what is known of it."""
    if one.kind == "episode":
        return _episode(known, one.id)
    return _lock(known.locks.get(one.id), one)


def _episode(known: Known, episode_id: int) -> tuple[str, dict[str, Any]]:
    link = {"link": f"{_API}/episodes/{episode_id}?media={quote(known.media, safe='')}"}
    found = known.episodes.get(episode_id)
    if found is None:
        return f"episode {episode_id}", link
    span = Span(found.start_ms, found.end_ms)
    title = f" '{found.title}'" if found.title else ""
    source = f" from {found.source}" if found.source else ""
    told = {"episode_type": found.episode_type, "source": found.source or None, "title": found.title or None}
    times = {"started_ms": found.start_ms, "ended_ms": found.end_ms, "is_open": found.closed_ms is None}
    return f"episode {found.episode_type}{title}{source}, {words.span(span)},", {"episode": told | times} | link


def _lock(found: StoredLock | None, one: StoredHold) -> tuple[str, dict[str, Any]]:
    if found is None:
        return f"{'an export' if one.kind == 'export' else 'lock'} {one.id}", {}
    until = "" if found.until_ms is None else f", until {iso(found.until_ms)},"
    told = {"reason": found.reason, "requested_by": found.requested_by, "until_ms": found.until_ms}
    more = {"lock": told | {"requested_ms": found.requested_ms}}
    if one.kind == "export":
        return f"an export by {found.requested_by} that reads it", more
    link = {"link": f"{_API}/locks/{found.lock_id}"}
    return f"a lock by {found.requested_by} ('{found.reason}'{until})".replace(",)", ")"), more | link


def _why(one: StoredExpiration) -> str:
    return f"{one.detail or one.reason} (policy {one.policy_version})"


def _take_back(one: StoredExpiration) -> str:
    return f"`sightlog retention restore {one.expiration_id}` takes that back"


def _decision(one: StoredExpiration) -> dict[str, Any]:
    return {
        "expiration_id": str(one.expiration_id), "reason": one.reason, "policy_version": one.policy_version,
        "detail": one.detail, "start_ms": one.start_ms, "end_ms": one.end_ms, "expired_ms": one.expired_ms,
        "delete_after_ms": one.delete_after_ms, "link": _link(one),
    }  # fmt: skip


def _of_decision(one: StoredDeletion, is_decided: bool) -> dict[str, Any]:
    return {"expiration_id": str(one.expiration_id)} if is_decided else {}


def _link(one: StoredExpiration) -> str:
    return f"{_API}/expirations/{one.expiration_id}?media={quote(one.media, safe='')}"
