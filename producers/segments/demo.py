"""Four demo cameras whose pictures the program makes itself: drawn and encoded once, then played as cameras."""

from pathlib import Path

from infra import journal, kafka, program
from infra.clock import now_ms
from infra.settings import Settings
from producers.segments import cameras as registry
from producers.segments import scenes
from schemas.facts import MediaConfigured

LABEL = "demo"
DEPTH_MS = 120_000
"""So that a visitor sees what is marked stay and the rest go."""
_FOLDER = "demo"
_log = journal.get("demo")


def cameras(settings: Settings) -> list[tuple[str, str]]:
    """(media, source) of the demo cameras. Their footage is made at the first call (about 7 s of one core)."""
    folder = settings.data / _FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    return [(name, str(_made(folder / f"{name}.mp4", scene))) for name, scene in scenes.ALL.items()]


def run(settings: Settings) -> None:
    """Put the demo cameras into the registry, where they are not yet, and wait until told to stop."""
    stopping, beat = program.begin(settings, stalled_after_s=120)
    kafka.ensure_topics(settings)
    known = registry.said(settings)  # an operator may have changed or removed one, and that stands
    log = kafka.KafkaLog(settings, "demo")
    for media, source in cameras(settings):
        beat.touch()
        if media not in known:
            log.append(_configured(media, source)).result(30)
            _log.info("demo camera added", media=media)
    log.close()
    while not stopping.wait(1.0):
        beat.touch()


def _configured(media: str, source: str) -> MediaConfigured:
    return MediaConfigured(
        media=media, source=source, title=scenes.ALL[media].title, labels=(LABEL,), depth_ms=DEPTH_MS,
        changed_by="sightlog demo", observed_ms=now_ms(),
    )  # fmt: skip


def _made(path: Path, scene: "scenes.Scene") -> Path:
    if not path.is_file():
        _log.info("drawing a demo camera", file=str(path))
        fresh = path.with_suffix(".part")
        scenes.encode(scene, fresh)
        fresh.replace(path)
    return path
