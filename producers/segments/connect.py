"""Which reader an address needs."""

from pathlib import Path

from infra import journal
from infra.settings import Settings
from producers.segments import libav
from producers.segments.paced import HeldBack, PacedFile
from producers.segments.rtsp import NotOurs
from producers.segments.rtsp_source import RtspSource
from producers.segments.source import Source, SourceFailed

_URL = "://"
_WEB = ("http://", "https://")
_log = journal.get("recorder")


def connect(address: str, *, audio: bool, settings: Settings) -> Source:
    """A connected source for a camera's address: a URL, a device, or a file that plays as a camera.

    Raises SourceFailed.
    """
    if _URL not in address and not address.startswith("/dev/"):
        if not Path(address).is_file():
            raise SourceFailed("no such file on the recorder's machine", "source_unreadable")
        return PacedFile(address, audio=audio, timeout_s=settings.source_timeout_s)
    timeout_s, transport = settings.source_timeout_s, settings.rtsp_transport
    if address.startswith("rtsp://") and transport == "tcp":
        try:
            return RtspSource(address, audio=audio, timeout_s=timeout_s)
        except NotOurs as reason:
            _log.info("read by libav", source=address, reason=str(reason))
    source = libav.connect(address, audio=audio, timeout_s=timeout_s, transport=transport)
    if not address.startswith(_WEB):
        return source
    if source.container.duration:
        source.close()
        return PacedFile(address, audio=audio, timeout_s=timeout_s)
    return HeldBack(source)  # perhaps a file all the same: read at will, it would be recorded into the future
