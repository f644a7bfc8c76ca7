"""The end of a mail on the wire, against a reference that looks at every prefix."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from producers.alarms.endofdata import MailText

WIRE = st.lists(st.sampled_from([b"\r\n", b"\n", b"\r", b".", b"..", b"a", b"\x00", b"\r\n.\r\n"]), max_size=24).map(
    b"".join
)
CUTS = st.lists(st.integers(1, 7), max_size=30)
SMUGGLED = (
    b"\n.\n", b"\n.\r\n", b"\r.\r", b"\r.\r\n", b"\r\n.\n", b"\r\n.\r", b"\n.\r", b"\r.\n", b"\r\n\x00.\r\n",
)  # fmt: skip


def reference(wire: bytes, is_bare: bool) -> tuple[bytes, int] | None:
    """(the mail, bytes used), found by asking of every prefix whether it is a whole mail."""
    for used in range(len(wire) + 1):
        prefix = b"\r\n" + wire[:used]
        before_last = prefix[2:-2]
        if prefix.endswith(b"\r\n.\r\n") and used >= 3:
            return unstuffed(prefix[:-3], b"\r\n"), used
        if b"\r\n" not in before_last and prefix.endswith(b"\n.\r\n") and used >= 3:
            return unstuffed(prefix[:-3], b"\n"), used
        if is_bare and b"\r\n" not in prefix[2:] and prefix.endswith(b"\n.\n") and used >= 2:
            return unstuffed(prefix[:-2], b"\n"), used
    return None


def unstuffed(text: bytes, line_end: bytes) -> bytes:
    """``text``, which begins with the line end before the mail, as lines without their first dot."""
    return line_end.join(line.removeprefix(b".") for line in text.split(line_end))[2:]


def fed(wire: bytes, cuts: list[int], is_bare: bool = False, limit: int | None = None) -> tuple[MailText, int | None]:
    mail, at = MailText(limit, is_bare), 0
    for cut in [*cuts, len(wire) or 1]:
        piece = wire[at : at + cut]
        if (used := mail.feed(piece)) is not None:
            return mail, at + used
        at += len(piece)
    return mail, None


@settings(max_examples=600)
@given(WIRE, CUTS, st.booleans())
@example(b".\r\n", [], False)
@example(b"a\n.\r\n", [1, 1, 1, 1], False)
@example(b"\r\n.\r\n", [1] * 5, True)
@example(b".\n", [1], True)
def test_any_cut_of_the_wire_gives_the_mail_of_the_reference(wire: bytes, cuts: list[int], is_bare: bool) -> None:
    mail, used = fed(wire, cuts, is_bare)
    found = reference(wire, is_bare)
    assert used == (None if found is None else found[1])
    if found is not None:
        assert mail.content() == found[0]
        assert mail.size == used


@settings(max_examples=300)
@given(WIRE, CUTS, st.integers(0, 8), st.booleans())
def test_a_mail_that_is_thrown_away_ends_where_it_would_have_ended(
    wire: bytes, cuts: list[int], limit: int, is_bare: bool
) -> None:
    whole, end = fed(wire, cuts, is_bare)
    thrown, its_end = fed(wire, cuts, is_bare, limit)
    assert its_end == end
    assert thrown.size == whole.size
    assert thrown.is_oversize == (whole.size > limit + 3)
    assert thrown.content() == (b"" if thrown.is_oversize else whole.content())
    if thrown.is_oversize:
        assert thrown.held <= 4


@given(WIRE, CUTS, st.integers(0, 20))
def test_a_mail_may_be_dropped_at_any_moment(wire: bytes, cuts: list[int], when: int) -> None:
    _, end = fed(wire, cuts)
    mail, at = MailText(), 0
    for number, cut in enumerate([*cuts, len(wire) or 1]):
        if number == when:
            mail.drop()
        piece = wire[at : at + cut]
        if (used := mail.feed(piece)) is not None:
            assert end == at + used
            return
        at += len(piece)
    assert end is None


@pytest.mark.parametrize("ending", SMUGGLED, ids=repr)
def test_none_of_the_nine_wrong_endings_ends_a_mail_that_has_a_proper_line(ending: bytes) -> None:
    wire = b"Subject: a\r\n\r\nb" + ending + b"MAIL FROM:<x@example.com>\r\nDATA\r\nsmuggled\r\n.\r\n"
    for is_bare in (False, True):
        mail, used = fed(wire, [5, 4, 3, 2, 1] * 9, is_bare)
        assert used == len(wire)
        assert b"smuggled" in mail.content()


def test_a_mail_of_bare_line_ends_ends_with_its_dot() -> None:
    mail, used = fed(b"Subject: a\n\nb\n..c\n.\r\nQUIT\r\n", [])
    assert used == len(b"Subject: a\n\nb\n..c\n.\r\n")
    assert mail.content() == b"Subject: a\n\nb\n.c\n"


def test_lf_dot_lf_ends_a_mail_only_for_a_peer_that_ends_commands_so() -> None:
    wire = b"a\n.\nQUIT\n"
    assert fed(wire, [])[1] is None
    assert fed(wire, [], is_bare=True)[1] == 4


def test_a_large_mail_in_small_pieces_is_scanned_once() -> None:
    line = b"x" * 998 + b"\r\n"
    mail = MailText()
    for _ in range(20_000):
        assert mail.feed(line) is None
    assert mail.feed(b".\r\n") == 3
    assert len(mail.content()) == 20_000_000
