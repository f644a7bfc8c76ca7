"""What questions cost, and how it is told. Pure."""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bench.peers.questions import Question, Row


@dataclass(frozen=True)
class Cost:
    """One question asked of one peer in one run; ms each time it was asked."""

    wall_ms: float
    cpu_ms: float
    """Of the engine and of whoever asks, together."""


@dataclass(frozen=True)
class Verdict:
    """A line of the ledger."""

    figure: str
    target: str = ""
    is_met: bool = True


def verdict(question: Question, costs: Mapping[str, Sequence[Cost]], *, is_judged: bool) -> Verdict:
    """The figure of a question from the runs of each peer, the product's first; the target where it is judged."""
    (_, ours), *peers = costs.items()
    told = "; ".join(f"{name} {_medians(runs)}" for name, runs in costs.items())
    against = ", ".join(
        f"{_faster(ours, runs):.1f} x {name}, by CPU {_cheaper(ours, runs):.1f} x" for name, runs in peers
    )
    figure = f"{against} ({told})"
    if not is_judged:
        return Verdict(figure)
    if question.times_postgres:
        name, theirs = peers[0]
        is_met = _faster(ours, theirs) >= question.times_postgres
        return Verdict(figure, f">= {question.times_postgres:g} x {name}", is_met)
    if question.cpu_ms:
        cpu_ms = statistics.median(cost.cpu_ms for cost in ours)
        return Verdict(figure, f"<= {question.cpu_ms:g} ms CPU", cpu_ms <= question.cpu_ms)
    return Verdict(figure)


def _faster(ours: Sequence[Cost], theirs: Sequence[Cost]) -> float:
    """How many times as fast we are: the median of the runs, each against its neighbour in time."""
    return statistics.median(their.wall_ms / our.wall_ms for our, their in zip(ours, theirs, strict=True))


def _cheaper(ours: Sequence[Cost], theirs: Sequence[Cost]) -> float:
    """How many times as little processor time we take: the same median."""
    return statistics.median(their.cpu_ms / our.cpu_ms for our, their in zip(ours, theirs, strict=True))


def _medians(runs: Sequence[Cost]) -> str:
    wall = statistics.median(run.wall_ms for run in runs)
    cpu = statistics.median(run.cpu_ms for run in runs)
    return f"{wall:.1f} ms, CPU {cpu:.1f}"


def difference(answers: Mapping[str, Sequence[Row]]) -> str:
    """Where two peers' answers to one question differ; empty: they do not. The order of rows means nothing."""
    (first, wanted), *others = ((name, sorted(map(repr, rows))) for name, rows in answers.items())
    for name, found in others:
        if found != wanted:
            only = sorted(set(wanted) - set(found))[:3], sorted(set(found) - set(wanted))[:3]
            return f"{first}: {len(wanted)} rows, alone {only[0]}; {name}: {len(found)} rows, alone {only[1]}"
    return ""
