"""Whoever claims no taken name gets no mail of a camera that is not theirs."""

from hypothesis import given, settings
from hypothesis import strategies as st

from api.alarms.ways import Taken
from processors.alarms.reading import names
from processors.alarms.reading.directory import Directory
from schemas.facts import MediaConfigured

WORDS = st.sampled_from(["cam", "Cam", "dvr", "dvr+x", "yard", "yard@a.b", "dvr@a.b", "cam+1@c", "ą", "Ą@b"])
CHANNELS = st.sampled_from(["4", "04", "D4", "CH 04", "5", "door"])
ALIASES = st.lists(WORDS | st.tuples(WORDS, CHANNELS).map("#".join), max_size=3).map(tuple)


def camera(media: str) -> st.SearchStrategy[MediaConfigured]:
    fields = {"title": WORDS | st.just(""), "mail_login": WORDS | st.just(""), "mail_aliases": ALIASES}
    return st.builds(MediaConfigured, media=st.just(media), observed_ms=st.just(1), **fields)


def found(cameras: list[MediaConfigured], address: str, channel: str, foreign: str) -> bool:
    """True when the camera is among those that an address and a channel mean, and so is nobody else of ours."""
    directory = Directory.of(cameras, "UTC")
    for targets in directory.named(address):
        by_channel = next(
            (targets.by_channel[one] for one in names.of_channel(channel) if one in targets.by_channel), ()
        )
        if meant := by_channel or targets.whole or targets.shared:
            return meant == (foreign,)
    return False


@settings(max_examples=300)
@given(camera("yard"), camera("gate"), WORDS, CHANNELS | st.just(""))
def test_what_reached_one_camera_alone_still_does_after_a_name_that_was_free(
    foreign: MediaConfigured, ours: MediaConfigured, address: str, channel: str
) -> None:
    if Taken([foreign], "").claimed(None, ours):
        return
    reached = found([foreign], address, channel, "yard")
    assert not reached or found([foreign, ours], address, channel, "yard")
    label = Directory.of([foreign, ours], "UTC").labelled(address)
    assert "yard" not in label or label == ("yard",)
    logins = Directory.of([foreign, ours], "UTC").owned_by(address)
    assert "yard" not in logins or logins == ("yard",)
