"""Which reader an address needs."""

from pathlib import Path

from infra import journal
from infra.settings import Settings
from producers.segments import libav
from producers.segments.paced import PacedFile
from producers.segments.rtsp import NotOurs
from producers.segments.rtsp_source import RtspSource
from producers.segments.source import Source, SourceFailed

_URL = "://"
_log = journal.get("recorder")


def connect(address: str, *, audio: bool, settings: Settings) -> Source:
    """A connected source for a camera's address: a URL, a device, or a file that plays as a camera.

    Raises SourceFailed.
    """
    if _URL not in address and not address.startswith("/dev/"):
        if not Path(address).is_file():
            raise SourceFailed("no such file on the recorder's machine", "source_unreadable")
        return PacedFile(Path(address), audio=audio, timeout_s=settings.source_timeout_s)
    timeout_s, transport = settings.source_timeout_s, settings.rtsp_transport
    if address.startswith("rtsp://") and transport == "tcp":
        try:
            return RtspSource(address, audio=audio, timeout_s=timeout_s)
        except NotOurs as reason:
            _log.info("read by libav", source=address, reason=str(reason))
    return libav.connect(address, audio=audio, timeout_s=timeout_s, transport=transport)
