"""Addresses that carry their own right."""

import pytest

from api.errors import Problem
from api.footage import Piece
from api.signing import STEP_MS, links, live_links, require_cut
from tests.fakes import FakeStore
from tests.footage import Shape, record
from tests.unit.api.client import World
from tests.unit.api.test_footage import segment

NOW = 1_790_000_000_000 // STEP_MS * STEP_MS
START = Shape().start_ms


def test_urls_stay_the_same_between_reloads() -> None:
    def url(now_ms: int) -> str:
        return links(FakeStore(), b"k", "cam", 3600, now_ms).whole("key")

    assert url(NOW) == url(NOW + STEP_MS - 1)
    assert url(NOW) != url(NOW + STEP_MS)


def test_urls_outlive_what_is_watched() -> None:
    url = links(FakeStore(), b"k", "cam", 3600, NOW + STEP_MS - 1, watched_ms=7_200_000).whole("key")
    assert int(url.split("expires=")[1]) * 1000 >= NOW + STEP_MS - 1 + 3_600_000 + 7_200_000


def test_no_url_lives_longer_than_a_week() -> None:
    url = links(FakeStore(), b"k", "cam", 604_800, NOW, watched_ms=10**12).whole("key")
    assert int(url.split("expires=")[1]) * 1000 <= NOW + 7 * 86_400_000


@pytest.mark.parametrize("left_ms", [1000, 60_500, 4_000_000])
def test_no_url_outlives_what_it_was_given_to(left_ms: int) -> None:
    now_ms = NOW + STEP_MS - 1
    for made in (
        links(FakeStore(), b"k", "cam", 3600, now_ms, watched_ms=7_200_000, until_ms=now_ms + left_ms),
        live_links(FakeStore(), b"k", "cam", now_ms, until_ms=now_ms + left_ms),
    ):
        ends_ms = int(made.whole("key").split("expires=")[1]) * 1000
        assert now_ms < ends_ms <= now_ms + left_ms
        cut = made.cut(Piece(segment(0, 9), 5))
        assert int(cut.split("expires_ms=")[1].split("&")[0]) == ends_ms


@pytest.mark.parametrize("change", [("cam2", 1, 2, 9), ("cam", 2, 2, 9), ("cam", 1, 3, 9), ("cam", 1, 2, 10)])
def test_a_signature_is_good_for_one_cut_only(change: tuple[str, int, int, int]) -> None:
    from api.signing import sign_cut

    signature = sign_cut(b"k", "cam", 1, 2, 9)
    require_cut(b"k", "cam", 1, 2, 9, signature, now_ms=8)
    with pytest.raises(Problem):
        require_cut(b"k", *change, signature, now_ms=8)
    with pytest.raises(Problem, match="expired"):
        require_cut(b"k", "cam", 1, 2, 9, signature, now_ms=9)


def test_the_address_of_a_cut_in_a_playlist_works_without_the_token(world: World) -> None:
    world.keep(record(Shape(seconds=6)) + record(Shape(seconds=6, start_ms=START + 5_300, run="run2")))
    text = world.get("media/cam/archive.m3u8", from_ms=START, to_ms=START + 60_000).text
    address = next(line for line in text.splitlines() if line.startswith("/api/v1/media/cam/cut.m4s"))
    answer = world.ask("GET", address, token=None)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "video/mp4")
    assert answer.content[4:8] == b"moof"


def test_names_are_encoded_in_addresses() -> None:
    cut = links(FakeStore(), b"k", "tył", 60, NOW).cut(Piece(segment(0, 9), 5))
    assert cut.startswith("/api/v1/media/ty%C5%82/cut.m4s?start_ms=0&end_ms=5&")
