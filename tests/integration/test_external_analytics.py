"""The page for developers of analytics products, run word for word: every block, then ids at their limits."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import cv2
import numpy as np
import pytest

from infra.settings import child_environment
from producers.episodes.accept import accept
from tests.integration import whole
from tests.integration.recording import wait_for
from tests.integration.whole import ROOT, Whole

PAGE = (ROOT / "docs" / "guide" / "external-analytics.md").read_text("utf-8")
HTTP, TOPIC, AFTER, PREVIEWS, FETCH = (
    "Over HTTP", "Straight onto the topic", "What became of a save", "Previews", "Let Sightlog fetch them",
)  # fmt: skip
IDS = [0, 1, 2**53 + 1, 2**63, 2**64 - 1]
ID = re.compile(r"\b\d{16,20}(?=n?\b)")
FIRST = "1722279170848854016"


class Block(NamedTuple):
    """One fenced block of the page."""

    section: str
    number: int
    language: str
    code: str

    @property
    def name(self) -> str:
        return f"{self.section.split()[0].lower()}-{self.number}-{self.language}"


def blocks() -> list[Block]:
    found: list[Block] = []
    section, counts = "", dict[str, int]()
    for heading, language, code in re.findall(r"^(?:## ([^\n]+)|```(\w+)\n(.*?)^```)$", PAGE, re.MULTILINE | re.DOTALL):
        section = heading or section
        if language:
            counts[section] = counts.get(section, 0) + 1
            found.append(Block(section, counts[section], language, code))
    return found


BLOCKS = blocks()
CLIENTS = [block for block in BLOCKS if block.section in (HTTP, TOPIC)]


class Desk:
    """A developer's desk: a folder, a shell, and Sightlog running beside it."""

    def __init__(self, system: Whole, folder: Path) -> None:
        self.system, self._folder = system, folder
        settings = system.settings()
        self._words = {
            "http://x:TOKEN@127.0.0.1:8080": settings.base_url.replace("://", f"://x:{settings.token()}@"),
            "http://127.0.0.1:8080": settings.base_url, "127.0.0.1:9092": settings.kafka, "TOKEN": settings.token(),
        }  # fmt: skip
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        self._environment = child_environment({"PATH": path, "SIGHTLOG_DATA": str(system.data), "PYTHONWARNINGS": ""})

    def run(self, language: str, code: str) -> str:
        """What the code prints; fails when it fails."""
        for word, meaning in self._words.items():
            code = code.replace(word, meaning)
        if language == "js":
            (self._folder / "block.mjs").write_text(code)
        command = {
            "bash": ["bash", "-euo", "pipefail", "-c", code], "python": [sys.executable, "-c", code],
            "js": ["node", "block.mjs"],
        }[language]  # fmt: skip
        done = subprocess.run(
            command, cwd=self._folder, env=self._environment, capture_output=True, text=True, timeout=240, check=False
        )
        assert done.returncode == 0, f"{code}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def save(self, number: int) -> dict[str, Any]:
        """A save with a little of everything, as the API shows it then."""
        record = {
            "media": "mirrored", "opened_at": 1699459000000, "updated_at": 1699459000000 + number % 1000,
            "started_at": 1699458990000, "title": "", "labels": [], "payload": {"a": 2**70, "b": None, "c": 1.5},
            "detections": [{"x": 1e-7}], "score": 1, "originator": {"source": "person"}, "heading": 270,
        }  # fmt: skip
        assert self.system.api("PUT", f"/api/v1/episodes/{number}", json=record).status_code == 200
        return self.episode(number, "mirrored")

    def source(self, name: str) -> dict[str, Any]:
        """What `sightlog sources list` says of one source."""
        listed = json.loads(self.run("bash", "sightlog sources list --json"))
        (found,) = [each for each in listed if each["source"] == name]
        return dict(found)

    def episode(self, number: int | str, media: str) -> dict[str, Any]:
        """The episode once the API shows it."""

        def shown() -> Any:
            answer = self.system.api("GET", f"/api/v1/episodes/{number}", params={"media": media})
            return answer.json() if answer.status_code == 200 else None

        found: dict[str, Any] = wait_for(shown, 60)
        return found


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("desk")
    picture = np.full((240, 320, 3), 90, np.uint8)
    cv2.imwrite(str(folder / "car.jpg"), cv2.rectangle(picture, (60, 80), (260, 180), (30, 30, 200), -1))
    with whole.up(tmp_path_factory.mktemp("system") / "data") as system:
        yield Desk(system, folder)


@pytest.fixture(scope="module")
def kafkajs(desk: Desk) -> None:
    """kafkajs where the blocks run, or a skip that says what is missing."""
    needs("npm")
    done = subprocess.run(
        ["npm", "install", "--no-audit", "--no-fund", "--no-save", "kafkajs@2"], cwd=desk._folder, check=False,
        capture_output=True, text=True, timeout=360,
    )  # fmt: skip
    if done.returncode:
        pytest.skip(f"npm cannot be reached: {done.stderr.strip()[-300:]}")


def needs(program: str) -> None:
    if not shutil.which(program):
        pytest.skip(f"no {program} here; .ci/run installs it")


def prepare(block: Block, request: pytest.FixtureRequest) -> None:
    if block.language == "js":
        needs("node")
    if "kcat" in block.code:
        needs("kcat")
    if "kafkajs" in block.code:
        request.getfixturevalue("kafkajs")


def test_the_page_has_a_block_for_every_way_in() -> None:
    assert [block.name for block in CLIENTS] == [
        "over-1-bash", "over-2-bash", "over-3-python", "over-4-js",
        "straight-1-bash", "straight-2-python", "straight-3-js",
    ]  # fmt: skip
    languages = {block.language for block in BLOCKS}
    assert languages == {"json", "bash", "python", "js"}
    assert len(re.findall("^```", PAGE, re.MULTILINE)) == 2 * len(BLOCKS)


def test_the_record_on_the_page_is_one_that_is_taken() -> None:
    (record,) = [block for block in BLOCKS if block.language == "json"]
    assert accept(record.code.encode()).episode_id == int(FIRST)


def test_the_published_calls_are_on_the_page_as_they_were_published() -> None:
    for block in CLIENTS[:2]:
        assert "-H 'Content-Type: application-json'" in block.code


@pytest.mark.parametrize("block", CLIENTS, ids=lambda block: block.name)
def test_every_client_on_the_page_saves_an_episode(block: Block, desk: Desk, request: pytest.FixtureRequest) -> None:
    prepare(block, request)
    desk.run(block.language, block.code)
    (number,) = set(ID.findall(block.code))
    assert desk.episode(number, "gate-1")["episode_id"] == number


@pytest.mark.parametrize("block", CLIENTS, ids=lambda block: block.name)
def test_ids_at_their_limits_come_back_digit_for_digit(
    block: Block, desk: Desk, request: pytest.FixtureRequest
) -> None:
    prepare(block, request)
    media = f"limits-{block.name}"
    for number in IDS:
        desk.run(block.language, ID.sub(str(number), block.code).replace("gate-1", media))
    assert [desk.episode(number, media)["episode_id"] for number in IDS] == [str(number) for number in IDS]


def test_what_became_of_a_save_is_told_and_why_another_was_refused(desk: Desk) -> None:
    desk.run("bash", CLIENTS[0].code)
    desk.episode(FIRST, "gate-1")
    look, spoil = [block for block in BLOCKS if block.section == AFTER]
    assert f'"episode_id":"{FIRST}"' in desk.run("bash", look.code)
    wait_for(lambda: "opened_at_changed" in desk.run("bash", spoil.code), 60)


def test_a_preview_is_kept_and_served(desk: Desk) -> None:
    (block,) = [block for block in BLOCKS if block.section == PREVIEWS]
    assert desk.run("python", block.code) == "200\n"
    (number,) = set(ID.findall(block.code))
    served = desk.system.api("GET", desk.episode(number, "gate-1")["preview_url"])
    assert served.status_code == 200
    assert served.content.startswith(b"\xff\xd8\xff")


def test_a_node_is_added_shown_and_removed(desk: Desk) -> None:
    (block,) = [block for block in BLOCKS if block.section == FETCH]
    said = desk.run("bash", block.code)
    assert "added gate-analytics: http://127.0.0.1:8090/vision/api/v3/episodes" in said
    assert "removed gate-analytics" in said
    assert "node-token" not in said


def test_one_sightlog_reads_another_and_what_it_has_already_changes_nothing(desk: Desk) -> None:
    """The other is the very same one: whatever came back changed would be refused, and told."""
    saved = {number: desk.save(number) for number in IDS}
    own = f"{desk.system.settings().base_url}/api/v1/episodes?media=mirrored"
    desk.run("bash", f"sightlog sources add '{own}' --name itself --token TOKEN")
    try:
        wait_for(lambda: desk.source("itself")["episodes"] == len(IDS), 60)
        desk.save(7)  # what comes later comes too, and everything before it has been judged by then
        wait_for(lambda: desk.source("itself")["episodes"] == len(IDS) + 1, 60)
        wait_for(lambda: desk.source("itself")["state"] == "reading")
    finally:
        desk.run("bash", "sightlog sources remove itself")
    assert {number: desk.episode(number, "mirrored") for number in IDS} == saved
    refused = desk.system.api("GET", "/api/v1/episodes/refusals", params={"media": "mirrored"}).json()
    assert refused["refusals"] == []
