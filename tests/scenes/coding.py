"""A scene becomes a file as a camera would encode it, and beside it the truth as in ``clips/*.json``."""

import json
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av

from schemas.intervals import Span, subtract, union
from tests.scenes.film import frames
from tests.scenes.plan import Act, Scene

SEEN = 0.3
"""An event begins when so much of what will be seen of the thing at most is seen."""
LEAST = 0.001
"""Share of the picture: the least object that a detector must find, as in the product's own default."""
_TURNED_MS, _STOOD_MS = 1500, 2000
"""What a camera's turning, and a thing's vanishing after it stood, do to the picture is for nobody to judge."""


def make(scene: Scene, folder: Path) -> Path:
    """The file of the scene; its truth stands beside it, under the same name, and is written last."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{scene.name}.mp4"
    seen: list[tuple[int, tuple[float, ...]]] = []
    with av.open(str(path), "w", format="mp4") as container:
        stream = _stream(container, scene)
        for shot in frames(scene):
            frame = av.VideoFrame.from_ndarray(shot.i420, format="yuv420p")
            if scene.coding.codec == "mjpeg":
                frame = frame.reformat(format="yuvj420p")
            frame.pts, frame.time_base = shot.number, Fraction(1, scene.fps)
            container.mux(stream.encode(frame))
            seen.append((shot.number * 1000 // scene.fps, shot.shares))
        container.mux(stream.encode(None))
    path.with_suffix(".json").write_text(json.dumps(truth(scene, seen)))
    return path


def _stream(container: Any, scene: Scene) -> Any:
    coding = scene.coding
    stream = container.add_stream(coding.codec, rate=scene.fps)
    context = stream.codec_context
    stream.width, stream.height, stream.pix_fmt = scene.width, scene.height, "yuv420p"
    context.gop_size, context.max_b_frames = round(coding.gop_s * scene.fps), coding.b_frames
    context.thread_count = 1
    if coding.codec == "mjpeg":
        stream.pix_fmt, context.bit_rate = "yuvj420p", coding.kbit * 1000
    elif coding.codec == "libx265":
        stream.codec_tag = "hvc1"
        stream.options = {"preset": "ultrafast", "crf": "28", "x265-params": _x265(scene)}
    else:
        stream.options = _x264(scene)
    return stream


def _x264(scene: Scene) -> dict[str, str]:
    coding = scene.coding
    limits = f"vbv-maxrate={coding.kbit}:vbv-bufsize={coding.kbit}:scenecut=0"
    if coding.rate == "cbr":
        options = {"b": f"{coding.kbit}k", "x264-params": f"nal-hrd=cbr:{limits}"}
    else:
        options = {"crf": "27", "x264-params": limits}
    return {"preset": "superfast", "bf": str(coding.b_frames), **options}


def _x265(scene: Scene) -> str:
    keyint = round(scene.coding.gop_s * scene.fps)
    return f"log-level=none:keyint={keyint}:min-keyint={keyint}:scenecut=0:bframes={scene.coding.b_frames}:pools=none"


def truth(scene: Scene, seen: Sequence[tuple[int, tuple[float, ...]]]) -> dict[str, Any]:
    """Events and what counts neither way, s; ``seen``: per picture its ms and the share that each act covers."""
    events: list[Span] = []
    either: list[Span] = [Span(round(at * 1000), round(at * 1000) + _TURNED_MS) for at in scene.weather.moved]
    step_ms = 1000 // scene.fps
    for number, act in enumerate(scene.acts):
        shown = [(at_ms, shares[number]) for at_ms, shares in seen if shares[number] > 0]
        if not shown:
            continue
        most = max(share for _, share in shown)
        moves_until_ms = (act.begins_s + act.seconds) * 1000
        plain = [at for at, share in shown if share >= SEEN * most and at < moves_until_ms]
        if act.counts and most >= LEAST and plain:
            events.append(Span(plain[0], plain[-1] + step_ms))
        either.append(Span(shown[0][0], shown[-1][0] + step_ms + _lingers_ms(act)))
    events = union(events)
    return {
        "dur": scene.seconds, "kind": scene.place, "events": _seconds(events),
        "dontcare": _seconds(subtract(union(either), events)),
        "tags": {"seed": scene.seed, "codec": scene.coding.codec, "gop_s": scene.coding.gop_s},
    }  # fmt: skip


def _lingers_ms(act: Act) -> int:
    return _STOOD_MS if act.stays_s else 0


def _seconds(spans: Sequence[Span]) -> list[list[float]]:
    return [[span.start_ms / 1000, span.end_ms / 1000] for span in spans]
