"""Envelopes as cameras write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from producers.alarms import envelope

PATHS = [
    ("FROM:<a@b>", "a@b", {}), ("from: <a@b> SIZE=12 BODY=8BITMIME", "a@b", {"SIZE": "12", "BODY": "8BITMIME"}),
    ("FROM <a@b>", "a@b", {}), ("FROM:a@b SIZE=1", "a@b", {"SIZE": "1"}), ("FROM:<a@b", "a@b", {}), ("FROM:<>", "", {}),
    ("FROM:", "", {}), ("FROM:< a@b >", "a@b", {}), ('FROM:"Cam 1" <a@b> X', "a@b", {"X": ""}),
    ("FROM:a@b AUTH=<>", "a@b", {"AUTH": "<>"}), ("FROM:<a\x00@b>", "a@b", {}), ("FROM:<a b@c>", "a b@c", {}),
]  # fmt: skip


@pytest.mark.parametrize(("said", "address", "parameters"), PATHS, ids=[said for said, *_ in PATHS])
def test_an_address_is_read_however_it_is_written(said: str, address: str, parameters: dict[str, str]) -> None:
    assert envelope.path("FROM", said) == envelope.Path(address, parameters)


@pytest.mark.parametrize("said", ["", "TO:<a@b>", "FROMAGE@b", "<a@b>"])
def test_what_does_not_begin_with_the_word_is_no_address(said: str) -> None:
    assert envelope.path("FROM", said) is None


@given(st.text(max_size=80))
def test_nothing_said_makes_it_fail(said: str) -> None:
    found = envelope.path("FROM", f"FROM:{said}")
    assert found is not None
    assert found.size >= 0
    assert not any(ord(letter) < 32 for letter in found.address)


@given(st.binary(max_size=30))
def test_bytes_become_text_that_can_be_told_and_ascii_stays(content: bytes) -> None:
    told = envelope.readable(content.decode("utf-8", "surrogateescape"))
    assert told.encode().decode() == told
    assert told.encode() == content or told.encode("latin-1") == content


@pytest.mark.parametrize("address", ["@a,@b:c@d", "user%other@b", "there!user", "u@o@b", "other.example!u@b", "u@x!y"])
def test_an_address_that_asks_for_more_than_a_camera_is_a_relay(address: str) -> None:
    assert envelope.is_relay(address, frozenset())


def test_domains_are_ours_any_or_none() -> None:
    ours = frozenset({"example.com"})
    assert [envelope.is_relay(address, ours) for address in ("a@Example.Com", "a@example.com.", "a", "a@b")] == [
        False, False, False, True,
    ]  # fmt: skip
    assert not envelope.is_relay("a@b", frozenset())


def test_a_mail_is_keyed_by_the_surest_that_is_known_of_it() -> None:
    assert envelope.route("NVR", ("cam@b",), "x@y", "1.2.3.4") == "nvr"
    assert envelope.route("", ("Cam@b", "other@b"), "x@y", "1.2.3.4") == "cam@b"
    assert envelope.route("", (), "X@y", "1.2.3.4") == "x@y"
    assert envelope.route("", (), "", "1.2.3.4") == "1.2.3.4"
    assert envelope.route("", (), "", "") == "unknown"
    assert len(envelope.route("", ("x" * 2_000,), "", "")) == 512
    assert [envelope.local_part(each) for each in ("Cam1@b", "Cam1", '"cam 1"@b')] == ["cam1", "cam1", "cam 1"]
