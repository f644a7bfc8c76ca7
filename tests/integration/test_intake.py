"""The pull door as a process of its own: real nodes, well behaved and not, and a real log."""

import contextlib
import json
import secrets
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.commands import sources
from cli.main import build
from infra import clock, kafka
from infra.kafka import Follower, KafkaLog
from infra.settings import Settings, child_environment
from producers.episodes import rules
from schemas import codec, topics
from schemas.episode import EpisodeRecord
from schemas.facts import DeadLettered, SourceConfigured, SourcePolled, SourceRemoved
from tests.integration.analytics_nodes import NOW_MS, Node, episode, serving
from tests.integration.recording import wait_for

ROOT = Path(__file__).parents[2]
IDS = [0, 1, 2**53 + 1, 2**63, 2**64 - 1]


class Heard:
    """Everything that the intake has said since the test began."""

    def __init__(self, settings: Settings) -> None:
        self._followers = [Follower(settings, name) for name in ("episodes", "source-polls", "dead-letters")]
        self.facts: list[object] = []
        self._hear()
        self.facts.clear()

    def _hear(self) -> None:
        for follower in self._followers:
            while records := follower.poll(0.1):
                self.facts += [codec.decode(record.topic, record.value) for record in records]
            while not follower.caught_up:
                self.facts += [codec.decode(record.topic, record.value) for record in follower.poll(0.1)]

    def episodes(self, media: str) -> list[EpisodeRecord]:
        self._hear()
        return [fact for fact in self.facts if isinstance(fact, EpisodeRecord) and fact.media == media]

    def letters(self, source: str) -> list[DeadLettered]:
        self._hear()
        return [fact for fact in self.facts if isinstance(fact, DeadLettered) and fact.reason.startswith(source)]

    def last(self, source: str) -> SourcePolled | None:
        self._hear()
        polls = [fact for fact in self.facts if isinstance(fact, SourcePolled) and fact.source == source]
        return polls[-1] if polls else None

    def close(self) -> None:
        for follower in self._followers:
            follower.close()


@pytest.fixture(scope="module")
def stack(stack: Settings) -> Settings:
    """The shared servers with topics of these tests' own."""
    return stack.model_copy(update={"topic_prefix": f"i{secrets.token_hex(3)}."})


@pytest.fixture
def heard(stack: Settings) -> Iterator[Heard]:
    kafka.ensure_topics(stack)
    listening = Heard(stack)
    yield listening
    listening.close()


@contextlib.contextmanager
def intake(settings: Settings, said: Path) -> Iterator[subprocess.Popen[bytes]]:
    """An intake process; its journal goes to ``said``."""
    with said.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "cli.services", "intake"], cwd=ROOT, stdout=output, stderr=output,
            env=child_environment(settings.as_environment()),
        )  # fmt: skip
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            assert process.wait(120) == 0, said.read_text()


@contextlib.contextmanager
def configured(settings: Settings, name: str, url: str, token: str = "") -> Iterator[None]:
    """A source for as long as the block runs."""
    log = KafkaLog(settings, "test")
    log.append(SourceConfigured(source=name, observed_ms=clock.now_ms(), url=url, token=token)).result(60)
    try:
        yield
    finally:
        log.append(SourceRemoved(source=name, observed_ms=clock.now_ms())).result(60)
        log.close()


def fault(heard: Heard, source: str) -> str:
    last = heard.last(source)
    return last.error if last else ""


def test_what_a_node_has_and_what_it_gets_is_published_digit_for_digit(
    stack: Settings, heard: Heard, tmp_path: Path
) -> None:
    plain, paged = Node(), Node(page=2, has_cursor=True)
    plain.add(*(episode(number, NOW_MS + n, media="plain") for n, number in enumerate(IDS)))
    paged.add(*(episode(number, NOW_MS + n, media="paged", camera={"x": 2**70}) for n, number in enumerate(IDS)))
    with (
        serving(plain) as one, serving(paged) as other,
        configured(stack, "plain", one.replace("://", "://anna:pass-w0rd@")),
        configured(stack, "paged", other, token="t0ken-of-a-node"),
        intake(stack, tmp_path / "said.log"),
    ):  # fmt: skip
        wait_for(lambda: len(heard.episodes("plain")) == len(heard.episodes("paged")) == 5)
        plain.add(episode(7, NOW_MS + 100, media="plain"))
        paged.add(episode(7, NOW_MS - 100, media="paged"))  # a cursor brings it, however old it is
        wait_for(lambda: len(heard.episodes("plain")) == len(heard.episodes("paged")) == 6)
        wait_for(lambda: (last := heard.last("plain")) and last.episodes == 6 and last.updated_ms == NOW_MS + 100)
        wait_for(lambda: plain.asked[-1][0] == {"poll_timeout": "30", "updated_at_gt": str(NOW_MS + 100)})
    for media in ("plain", "paged"):
        assert [record.episode_id for record in heard.episodes(media)] == [*IDS, 7]
    assert heard.episodes("paged")[0].payload == {"_extra": {"camera": {"x": 2**70}}}
    assert plain.asked[0][1]["authorization"].startswith("Basic ")
    assert paged.asked[0][1]["authorization"] == "Bearer t0ken-of-a-node"
    said = (tmp_path / "said.log").read_text()
    assert "pass-w0rd" not in said
    assert "t0ken" not in said


def test_bad_episodes_become_letters_and_the_rest_goes_on(stack: Settings, heard: Heard, tmp_path: Path) -> None:
    node = Node()
    bad = [{"episode_id": 1.5, "updated_at": NOW_MS + 1}, {"media": "x", "updated_at": NOW_MS + 2}]
    node.add(episode(1, NOW_MS, media="mixed"), *bad, episode(2, NOW_MS + 3, media="mixed"))
    with serving(node) as url, configured(stack, "mixed", url), intake(stack, tmp_path / "said.log"):
        wait_for(lambda: len(heard.episodes("mixed")) == 2 and len(heard.letters("mixed")) == 2)
        wait_for(lambda: (last := heard.last("mixed")) and last.episodes == 2 and last.updated_ms == NOW_MS + 3)
    first, second = heard.letters("mixed")
    assert (first.consumer, first.topic, first.error) == ("intake", "episodes", "bad_episode")
    assert "episode_id" in first.reason
    assert first.value
    assert json.loads(first.value) == bad[0]
    assert first.offset != second.offset


def test_nodes_that_are_ill_hold_up_nobody_and_are_told(stack: Settings, heard: Heard, tmp_path: Path) -> None:
    hangs, garbage, fails, huge, points, healthy = (Node() for _ in range(6))
    over = threading.Event()

    def hang(asked: dict[str, str]) -> None:
        over.wait(600)

    hangs.misbehave = hang
    garbage.misbehave = lambda asked: (200, {}, b"<html>")
    fails.misbehave = lambda asked: (500, {}, b"")
    huge.misbehave = lambda asked: (200, {}, b'{"episodes": [' + b" " * (33 << 20) + b"]}")
    points.misbehave = lambda asked: (302, {"Location": "http://u:secret@127.0.0.1:1/"}, b"")
    ill = {"hangs": hangs, "garbage": garbage, "fails": fails, "huge": huge, "points": points}
    with contextlib.ExitStack() as open_now:
        open_now.callback(over.set)
        for name, node in {**ill, "healthy": healthy}.items():
            open_now.enter_context(configured(stack, name, open_now.enter_context(serving(node))))
        open_now.enter_context(configured(stack, "nobody", "http://127.0.0.1:9/x"))
        open_now.enter_context(intake(stack, tmp_path / "said.log"))
        wait_for(lambda: healthy.asked and hangs.asked)
        healthy.add(episode(1, NOW_MS, media="healthy"))
        wait_for(lambda: heard.episodes("healthy"))
        assert len(hangs.asked) == 1, "the node that hangs was waited for"
        words = {"garbage": "not an answer", "fails": "500", "huge": "larger than", "points": "points to http://127"}
        for name, word in (words | {"nobody": "onnect"}).items():
            wait_for(lambda name=name, word=word: word in fault(heard, name))
        fails.misbehave = lambda asked: None
        wait_for(lambda: ((last := heard.last("fails")) and not last.error) or fails.add(episode(2, NOW_MS)))
    assert len(fails.asked) < 20
    assert "secret" not in fault(heard, "points")


def test_a_node_that_always_says_the_same_is_published_once_and_not_hurried(
    stack: Settings, heard: Heard, tmp_path: Path
) -> None:
    said = json.dumps({"episodes": [episode(3, NOW_MS, media="same")], "next": "x"}).encode()
    node, asked_s = Node(), list[float]()
    node.misbehave = lambda asked: asked_s.append(clock.monotonic_s()) or (200, {}, said)  # type: ignore[func-returns-value]
    with serving(node) as url, configured(stack, "same", url), intake(stack, tmp_path / "said.log"):
        wait_for(lambda: len(asked_s) >= 3)
    assert asked_s[2] - asked_s[1] > rules.IDLE_S / 2
    assert len(heard.episodes("same")) == 1


def test_a_cursor_that_the_node_has_forgotten_is_done_without(stack: Settings, heard: Heard, tmp_path: Path) -> None:
    node = Node(page=2, has_cursor=True)
    node.add(*(episode(n, NOW_MS + n, media="forgets") for n in range(5)))
    node.misbehave = lambda asked: (410, {}, b"") if "cursor" in asked else None
    with serving(node) as url, configured(stack, "forgets", url), intake(stack, tmp_path / "said.log"):
        wait_for(lambda: {record.episode_id for record in heard.episodes("forgets")} == {*range(5)})


def test_kill_9_loses_nothing_and_another_process_takes_over(stack: Settings, heard: Heard, tmp_path: Path) -> None:
    node = Node(page=10)
    with serving(node) as url, configured(stack, "grows", url), contextlib.ExitStack() as open_now:
        first = open_now.enter_context(intake(stack, tmp_path / "first.log"))
        wait_for(lambda: node.asked)
        open_now.enter_context(intake(stack, tmp_path / "second.log"))
        for n in range(0, 200, 20):
            node.add(*(episode(n + k, NOW_MS + n + k, media="grows") for k in range(20)))
            if n == 100:
                wait_for(lambda: len(heard.episodes("grows")) > 40)
                assert "reads a node " not in (tmp_path / "second.log").read_text()
                first.kill()
                first.wait(120)
        wait_for(lambda: {record.episode_id for record in heard.episodes("grows")} == {*range(200)})
        assert "reads a node " in (tmp_path / "second.log").read_text()
    assert len(heard.episodes("grows")) < 240  # repeats are harmless, and few


def test_a_source_is_added_shown_and_removed(stack: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, value in stack.as_environment().items():
        monkeypatch.setenv(name, value)
    node = Node()
    node.add(episode(1, NOW_MS, media="commanded"))

    def sightlog(*words: str) -> str:
        done = CliRunner().invoke(build(), ["sources", *words], input="t0ken\n")
        assert done.exit_code == 0, done.output
        return str(done.output)

    def shown() -> dict[str, object]:
        (found,) = [each for each in json.loads(sightlog("list", "--json")) if each["source"] == "gate"]
        return found  # type: ignore[no-any-return]

    with serving(node) as url, intake(stack, tmp_path / "said.log"):
        base = url.removesuffix(sources.EPISODE_LIST)
        assert sightlog("add", base, "--name", "gate", "--token", "-") == f"added gate: {url}\n"
        wait_for(lambda: shown()["state"] == "reading")
        assert shown() | {"polled_ms": 0} == {
            "source": "gate", "address": url, "state": "reading", "polled_ms": 0, "episodes": 1,
            "updated_ms": NOW_MS, "error": "",
        }  # fmt: skip
        assert node.asked[0][1]["authorization"] == "Bearer t0ken"
        assert sightlog("add", url, "--name", "gate").startswith("changed gate")
        assert "removed gate" in sightlog("remove", "gate")
        assert "gate" not in sightlog("list", "--json")
    (last,) = [codec.decode(topics.SOURCES.name, record.value) for record in [*kafka.read_topic(stack, "sources")][-1:]]
    assert isinstance(last, SourceRemoved)
    assert CliRunner().invoke(build(), ["sources", "remove", "gate"]).exit_code == 1
