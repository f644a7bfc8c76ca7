"""What a fact says about a segment, gathered from its bytes while they are written. Pure."""

from hashlib import sha256
from typing import Literal

from producers.segments import fmp4
from producers.segments.boxes import BadMovie
from producers.segments.rules import milliseconds
from producers.segments.samples import Format
from schemas import media as media_names
from schemas import runs
from schemas.facts import Keyframe, SegmentRecorded

Origin = Literal["recorder", "ingest"]


class Draft:
    """A segment being written: its init section first, then fragments in order."""

    def __init__(self, media: str, start_ms: int, run_id: str, footage: Format, origin: Origin = "recorder") -> None:
        self.media, self.start_ms = media, start_ms
        self.size_bytes = len(footage.init)
        self._run_id, self._format, self._origin = run_id, footage, origin
        self._hash = sha256(footage.init)
        self._keyframes: list[Keyframe] = []
        self._gop_bytes: list[int] = []
        self._frames = 0
        self._sound = False
        self.end_ms = start_ms
        """End of the last picture so far, by the fragments' own times."""

    @property
    def frames(self) -> int:
        """Pictures so far."""
        return self._frames

    def add(self, data: bytes) -> None:
        """One more fragment. Raises BadMovie when the bytes are not one of ours."""
        track = self._format.video
        for fragment in fmp4.fragments(data):
            pictures = fragment.samples.get(track.track_id)
            if not pictures:
                raise BadMovie("a fragment holds no pictures")
            self._sound = self._sound or len(fragment.samples) > 1
            first, at_ms = pictures[0].pts, fragment.wall_ms or self.end_ms
            for picture in pictures:
                if picture.key:
                    earliest_ms = self._keyframes[-1].at_ms if self._keyframes else self.start_ms
                    shown_ms = max(earliest_ms, at_ms + milliseconds(picture.pts - first, track.timescale))
                    offset = self.size_bytes + picture.offset
                    self._keyframes.append(Keyframe(at_ms=shown_ms, byte_offset=offset, size_bytes=picture.size))
                    self._gop_bytes.append(0)
                elif self._gop_bytes:
                    self._gop_bytes[-1] += picture.size
            self._frames += len(pictures)
            last = max(picture.pts for picture in pictures) + pictures[-1].duration
            self.end_ms = at_ms + milliseconds(last - first, track.timescale)
        self._hash.update(data)
        self.size_bytes += len(data)

    def fact(self, end_ms: int, observed_ms: int) -> SegmentRecorded:
        """The finished segment as a fact."""
        return SegmentRecorded(
            media=self.media, start_ms=self.start_ms, end_ms=max(end_ms, self.start_ms + 1), observed_ms=observed_ms,
            object_key=media_names.segment_key(self.media, self.start_ms), size_bytes=self.size_bytes,
            sha256=self._hash.hexdigest(), video_codec=self._format.video.codec,
            audio_codec=self._format.audio.codec if self._format.audio and self._sound else None,
            width_px=self._format.video.width_px, height_px=self._format.video.height_px, frames=self._frames,
            run_id=self._run_id, init_len=len(self._format.init), codecs=self._format.codecs,
            keyframes=tuple(self._keyframes), gop_bytes=tuple(self._gop_bytes), origin=self._origin,
        )  # fmt: skip


def salvage(data: bytes, media: str, start_ms: int) -> Draft | None:
    """The segment in what a crash left of a file: its complete fragments. None when there is not even one.

    Its run id is derived anew: what a crash cut off is a run of its own.
    """
    whole = data[: fmp4.whole_part(data)]
    if not whole:
        return None
    draft = None
    try:
        draft = Draft(media, start_ms, runs.salvaged_id(start_ms), fmp4.read_format(whole))
        for fragment in fmp4.fragments(whole):
            draft.add(whole[fragment.start : fragment.end])
    except BadMovie:  # a power cut can leave blocks of zeros inside: what stands before them is good
        return draft if draft and draft.frames else None
    return draft if draft.frames else None
