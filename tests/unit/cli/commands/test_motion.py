"""``sightlog motion`` as a person types it: what is wrong is one sentence, before anything is asked or looked at."""

import io
import re
from pathlib import Path

import av
import pytest
from typer.testing import CliRunner

from cli.main import build
from tests.footage import Shape, record

WRONG = {
    "no value": (["--set", "sensitivity"], "--set 'sensitivity' is not NAME=VALUE"),
    "no setting": (["--set", "speed=1"], "'speed' is no setting of motion; known: enabled"),
    "too much": (["--set", "sensitivity=200"], "motion.sensitivity: Expected `int` <= 100"),
    "no shape": (["--set", "zones=door:0,0 1,1"], "motion.zones[0].polygon: Expected `array` of length >= 3"),
    "no profile": (["--profile", "fast"], "motion.profile: must be one of coarse, standard, thorough"),
    "no detector": (["--detector", "yolo@1"], "'yolo@1' is not known; known: cascade@1, mog2@1"),
    "no time": (["--start", "yesterday"], "'yesterday' is not a time; write 2026-11-20T18:00:00Z"),
}


@pytest.mark.parametrize(("options", "told"), WRONG.values(), ids=WRONG.keys())
def test_a_wrong_option_of_a_trial_is_named_with_its_rule(options: list[str], told: str, tmp_path: Path) -> None:
    file = tmp_path / "evening.mp4"
    file.write_text("not looked at")
    done = CliRunner().invoke(build(), ["motion", "try", str(file), *options])
    assert done.exit_code == 2
    assert told in " ".join(done.output.replace("│", " ").split())
    assert list(tmp_path.iterdir()) == [file]


def test_a_file_that_is_no_footage_is_one_line(tmp_path: Path) -> None:
    file = tmp_path / "evening.mp4"
    file.write_text("no footage")
    done = CliRunner().invoke(build(), ["motion", "try", str(file), "--out", str(tmp_path)])
    assert done.exit_code == 2
    assert done.output.startswith(f"sightlog: {file}: ")
    assert len(done.output.splitlines()) == 1


def test_a_file_that_breaks_off_is_tried_as_far_as_it_can_be_read_and_that_is_said(tmp_path: Path) -> None:
    (footage,) = record(Shape(seconds=6, segment_ms=60_000, width=160, height=90))
    file = tmp_path / "evening.mp4"
    with (
        av.open(io.BytesIO(footage.data)) as source,
        av.open(str(file), "w", options={"movflags": "faststart"}) as out,
    ):
        stream = out.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(video=0):
            if packet.pts is not None:
                packet.stream = stream
                out.mux(packet)
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    done = CliRunner().invoke(build(), ["motion", "try", str(file), "--profile", "coarse", "--out", str(tmp_path)])
    assert done.exit_code == 0, done.output
    assert re.search(r"evening.mp4 breaks off: 0:0[23]\.\d of 0:06\.0 can be read", done.stderr)
    assert {path.suffix for path in tmp_path.iterdir()} == {".mp4", ".jpg", ".png"}


@pytest.mark.parametrize("word", ["set", "show", "try", "explain"])
def test_every_word_teaches_with_examples(word: str) -> None:
    shown = CliRunner().invoke(build(), ["motion", word, "--help"])
    assert shown.exit_code == 0
    assert f"sightlog motion {word}" in shown.output
