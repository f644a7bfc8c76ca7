"""``sightlog motion explain``: what each level saw of one moment, from the stored verdict or by looking again."""

import base64
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import typer
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from api.times import iso
from cli.client import answer, camera_path, connected
from cli.console import add_row
from cli.motion import again, drawing
from cli.motion.again import Again, Gone, config_of
from cli.motion.grid import LEGEND, framed
from cli.telling import tell, tell_json
from infra.settings import Settings
from processors.motion.rules.spans import scores
from schemas.facts import Look, MotionConfig


def verdicts(settings: Settings, media: str, at_ms: int) -> list[dict[str, Any]]:
    """The verdicts that speak of a moment, as the API answers them. Ends the command when there is none."""
    with connected(settings) as api:
        asked = {"from_ms": at_ms, "to_ms": at_ms + 1, "looks": True}
        found: list[dict[str, Any]] = answer(api.get(f"{camera_path(media)}/motion", params=asked))["verdicts"]
    if not found:
        tell(f"sightlog: nobody has judged {iso(at_ms)} yet, or it was not recorded", err=True)
        raise typer.Exit(1)
    return found


def stored(found: Sequence[dict[str, Any]], at_ms: int, as_json: bool) -> None:
    """Print what the verdicts say."""
    if as_json:
        tell_json(found)
        return
    for verdict in found:
        config = config_of(verdict)
        _head(verdict)
        _looks([_look(one) for one in verdict["looks"]], [""] * len(verdict["looks"]), config, at_ms)


def anew(
    settings: Settings, media: str, verdict: dict[str, Any], changes: dict[str, Any], at_ms: int, out: Path
) -> None:
    """Look at the verdict's segment again, print every look and step, write the picture of the moment."""
    config = config_of(verdict, **changes)
    _head(verdict)
    try:
        seen = again.looked_again(settings, media, verdict, config, at_ms)
    except Gone as gone:
        tell(f"sightlog: {gone}", err=True)
        raise typer.Exit(1) from None
    tell(f"looked again: {seen.found.verdict} by {seen.found.level}, {_agrees(verdict, seen, changes)}")
    for step in seen.steps:
        tell(f"- {step}")
    looks = [one.look for one in seen.seen]
    _looks(looks, [one.note for one in seen.seen], config, at_ms)
    path = out / f"{media}-{at_ms}.motion.jpg"
    out.mkdir(parents=True, exist_ok=True)
    nearest = _nearest(looks, at_ms)
    picture = drawing.overlaid(drawing.decoded(seen.picture), nearest.grid if nearest else b"", config)
    path.write_bytes(drawing.encoded(picture, ".jpg"))
    tell(path)


def _head(verdict: dict[str, Any]) -> None:
    table = Table.grid(padding=(0, 2))
    waited_s = (verdict["observed_ms"] - verdict["end_ms"]) / 1000
    why = f" ({verdict['reason']})" if verdict["reason"] else ""
    learned = verdict["baseline_from_ms"]
    add_row(table, "segment", f"{iso(verdict['start_ms'])} to {iso(verdict['end_ms'])}")
    add_row(table, "verdict", f"{verdict['verdict']}, decided by {verdict['level']}{why}")
    add_row(table, "made by", f"{verdict['detector']}, {waited_s:.1f} s after its end")
    add_row(table, "learned from", f"{iso(learned)} on" if learned is not None else "its own pictures alone")
    add_row(table, "settings", ", ".join(f"{name} {_short(value)}" for name, value in verdict["parameters"].items()))
    for span in verdict["spans"]:
        zones = f" in {', '.join(span['zones'])}" if span.get("zones") else ""
        add_row(table, "motion", f"{iso(span['start_ms'])} to {iso(span['end_ms'])}, score {span['score']:.2f}{zones}")
    Console().print(table)


def _looks(looks: Sequence[Look], notes: Sequence[str], config: MotionConfig, at_ms: int) -> None:
    """A line for each look, and the grid of the one nearest to the moment."""
    nearest = _nearest(looks, at_ms)
    table = Table("", "look", "level", "moved", "counts", "", box=SIMPLE, pad_edge=False)
    for look, counts, note in zip(looks, scores(looks, config).tolist(), notes, strict=True):
        mark = ">" if look is nearest else ""
        add_row(table, mark, iso(look.at_ms)[11:], look.level, f"{look.score:.2f}", f"{counts:.2f}", note)
    Console().print(table)
    if nearest is not None and any(nearest.grid):
        tell(f"what moved at {iso(nearest.at_ms)}:", *framed(nearest.grid, config), LEGEND)


def _nearest(looks: Sequence[Look], at_ms: int) -> Look | None:
    return min(looks, key=lambda look: abs(look.at_ms - at_ms), default=None)


def _look(told: dict[str, Any]) -> Look:
    return Look(at_ms=told["at_ms"], score=told["score"], level=told["level"], grid=base64.b64decode(told["grid"]))


def _agrees(verdict: dict[str, Any], seen: Again, changes: dict[str, Any]) -> str:
    if changes:
        return f"with {', '.join(changes)} as asked"
    spans = [(one["start_ms"], one["end_ms"]) for one in verdict["spans"]]
    same = (
        seen.found.verdict == verdict["verdict"] and [(one.start_ms, one.end_ms) for one in seen.found.spans] == spans
    )
    return "the same as stored" if same else "NOT the same as stored: the footage or the detector has changed since"


def _short(value: Any) -> str:
    return f"({len(value)})" if isinstance(value, list) else str(value)
