"""What a trial found, as rows, numbers and pictures for a person."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
from msgspec import structs

from cli.motion import drawing
from cli.motion.drawing import Picture
from cli.motion.plot import Dot, clock, plot
from cli.motion.sheet import MOST, Tile, fitted, sheet
from cli.motion.trial import Trial, episodes
from processors.motion.rules.areas import least_area
from processors.motion.rules.spans import judged, score_of, scores
from processors.motion.rules.zones import watched
from schemas.episode import EpisodeRecord
from schemas.facts import MotionConfig, SegmentScanned
from schemas.intervals import Span, total_ms

OTHERS = (10, 30, 50, 70, 90)
"""Sensitivities that are shown beside each other."""


class Stretch(NamedTuple):
    """An episode by the times of the file."""

    start_ms: int
    end_ms: int
    peak_ms: int
    score: float
    zones: tuple[str, ...]
    why: str
    """Why it could not be read; empty: it moved."""


class Other(NamedTuple):
    """What another sensitivity would have found in the same looks."""

    sensitivity: int
    episodes: int
    motion_ms: int


def stretches(records: Sequence[EpisodeRecord], start_ms: int) -> list[Stretch]:
    """The episodes; ``start_ms`` is where the file begins."""
    return [_stretch(record, start_ms) for record in records]


def others(trial: Trial, config: MotionConfig) -> Iterator[Other]:
    """The same looks judged at other sensitivities, this one among them, ascending."""
    for sensitivity in sorted({*OTHERS, config.sensitivity}):
        wanted = structs.replace(config, sensitivity=sensitivity)
        found = [one for one in episodes([_again(verdict, wanted) for verdict in trial.verdicts]) if one.score]
        spans = [Span(one.start_ms, one.end_ms) for one in stretches(found, 0)]
        yield Other(sensitivity, len(found), total_ms(spans))


def contact_sheet(title: str, trial: Trial, found: Sequence[Stretch], config: MotionConfig) -> Picture:
    """The strongest moments; of more than fit the strongest, in the order of time."""
    shown = sorted(sorted(found, key=lambda one: -one.score)[:MOST], key=lambda one: one.start_ms)
    looks = {look.at_ms: look.grid for verdict in trial.verdicts for look in verdict.looks}
    return sheet(title, [_tile(one, trial, looks, config) for one in shown])


def score_plot(title: str, trial: Trial, found: Sequence[Stretch], config: MotionConfig) -> Picture:
    """Every look's score over the time of the file."""
    first_ms = trial.verdicts[0].start_ms
    looks = sorted((look for verdict in trial.verdicts for look in verdict.looks), key=lambda look: look.at_ms)
    dots = [
        Dot(look.at_ms - first_ms, look.score, counts, look.level != "keyframes")
        for look, counts in zip(looks, scores(looks, config).tolist(), strict=True)
    ]
    least = min((score_of(least_area(zone)) for zone in watched(config)), default=1.0)
    return plot(title, trial.footage_ms, dots, [Span(one.start_ms, one.end_ms) for one in found], least)


def cost(trial: Trial) -> str:
    """What the looking took, in a sentence."""
    looks = [look for verdict in trial.verdicts for look in verdict.looks]
    close = sum(look.level != "keyframes" for look in looks)
    speed = trial.footage_ms / 1000 / max(trial.cpu_s, 1e-3)
    return (
        f"{len(looks) - close} key frames and {close} other pictures looked at; {trial.cpu_s:.1f} s of one core for"
        f" {trial.footage_ms / 1000:.0f} s, {speed:.0f} x real time; {_share(trial):.0f} % of the bytes read"
    )


def as_json(trial: Trial, found: Sequence[Stretch], config: MotionConfig) -> dict[str, Any]:
    """The same for programs; times are ms of the file."""
    first_ms = trial.verdicts[0].start_ms if trial.verdicts else 0
    return {
        "motion": msgspec.to_builtins(config),
        "episodes": [
            {
                "start_ms": one.start_ms, "end_ms": one.end_ms, "peak_ms": one.peak_ms, "score": one.score,
                "zones": list(one.zones), "unreadable": one.why or None,
            }
            for one in found
        ],
        "segments": [_segment(verdict, first_ms) for verdict in trial.verdicts],
        "sensitivities": [one._asdict() for one in others(trial, config)],
        "footage_ms": trial.footage_ms, "cpu_s": round(trial.cpu_s, 3), "bytes_read": trial.bytes_read,
        "bytes_stored": trial.bytes_stored,
    }  # fmt: skip


def moment(at_ms: int) -> str:
    """A time of a file with tenths: ``2:03.4``."""
    return f"{clock(at_ms)}.{at_ms % 1000 // 100}"


def _segment(verdict: SegmentScanned, first_ms: int) -> dict[str, Any]:
    return {
        "start_ms": verdict.start_ms - first_ms, "end_ms": verdict.end_ms - first_ms, "verdict": verdict.verdict,
        "level": verdict.level, "reason": verdict.reason,
        "spans": [
            {"start_ms": one.start_ms - first_ms, "end_ms": one.end_ms - first_ms, "score": one.score}
            for one in verdict.spans
        ],
        "looks": [
            {"at_ms": look.at_ms - first_ms, "score": look.score, "level": look.level} for look in verdict.looks
        ],
    }  # fmt: skip


def _stretch(record: EpisodeRecord, first_ms: int) -> Stretch:
    start_ms = record.started_at or record.opened_at
    payload = record.payload or {}
    end_ms = int(record.closed_at or payload["until_ms"])
    return Stretch(
        start_ms - first_ms, end_ms - first_ms, int(payload.get("peak_ms", start_ms)) - first_ms, record.score or 0.0,
        (record.labels or ()) if record.score else (), str(payload.get("reason", "")),
    )  # fmt: skip


def _again(verdict: SegmentScanned, config: MotionConfig) -> SegmentScanned:
    """The verdict that the same looks make of other wishes."""
    if verdict.verdict == "unreadable":
        return verdict
    spans = judged(Span(verdict.from_ms, verdict.end_ms), verdict.looks, config)
    return structs.replace(verdict, spans=spans, verdict="motion" if spans else "still")


def _tile(one: Stretch, trial: Trial, looks: Mapping[int, bytes], config: MotionConfig) -> Tile:
    jpeg = trial.pictures.get(one.peak_ms)
    picture = fitted(drawing.decoded(jpeg) if jpeg else drawing.blank())
    peak_ms = trial.verdicts[0].start_ms + one.peak_ms
    named = "  ".join([f"{moment(one.start_ms)} - {moment(one.end_ms)}", f"{one.score:.2f}", *one.zones])
    return Tile(drawing.overlaid(picture, looks.get(peak_ms, b""), config), one.why or named)


def _share(trial: Trial) -> float:
    return 100 * trial.bytes_read / max(1, trial.bytes_stored)
