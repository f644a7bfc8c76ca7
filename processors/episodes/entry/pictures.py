"""The pictures of a save: out of the record, checked, into the object store under their own checksum (rule 1.10)."""

from infra.objects import ObjectStore
from processors.episodes.entry.rules import Kept
from processors.pictures import jpeg
from processors.pictures.jpeg import BadPicture
from processors.pictures.shown import TYPE, is_key, key_of, shown
from schemas.episode import EpisodeRecord


class Pictures:
    """Keeps the pictures of saves. Thread-safe."""

    def __init__(self, store: ObjectStore, most_bytes: int, most_pixels: int) -> None:
        self._store = store
        self._most_bytes, self._most_pixels = most_bytes, most_pixels

    def keep(self, record: EpisodeRecord) -> Kept:
        """Where the pictures of the record are, and why one is not: a bad picture never loses its episode.

        Raises StoreUnavailable or StoreRefused: then keep it again later, putting the same bytes twice is one object.
        """
        preview_key, why = self._keep(record.preview)
        frame_key, frame_why = self._keep(record.frame_preview)
        reasons = {"preview": why, "frame_preview": frame_why}
        return Kept(preview_key, frame_key, "; ".join(f"{name}: {why}" for name, why in reasons.items() if why))

    def _keep(self, text: str | None) -> tuple[str | None, str]:
        """The key of the picture, or why there is none. A source of ours names one that it has stored itself."""
        if not text or is_key(text):
            return text or None, ""
        try:
            data = picture(text, self._most_bytes, self._most_pixels)
        except BadPicture as bad:
            return None, str(bad)
        key = key_of(data)
        self._store.put(key, data, TYPE)
        return key, ""


def has_any(record: EpisodeRecord) -> bool:
    """True when the record brings a picture."""
    return bool(record.preview or record.frame_preview)


def picture(text: str, most_bytes: int, most_pixels: int) -> bytes:
    """The JPEG in base64, once it is known to be one that can be decoded within these limits. Raises BadPicture."""
    return shown(jpeg.from_base64(text, most_bytes), most_pixels)
