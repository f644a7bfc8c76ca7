"""How badly a mail may be wrapped and still be read."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processors.alarms.reading import charsets, markup, message, transfer, words
from tests.alarm_mails import mail

JPEG = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 3
B64 = base64.b64encode(JPEG)
IMAGE = b"From: a@b\nContent-Type: image/jpeg\nContent-Transfer-Encoding: base64\n\n"


@given(st.binary(max_size=200), st.integers(1, 90), st.sampled_from([b"\r\n", b"\n", b" \n", b"\r\n\r\n"]))
def test_base64_is_read_at_any_line_length_and_without_padding(data: bytes, width: int, eol: bytes) -> None:
    letters = base64.b64encode(data)
    lines = eol.join(letters[at : at + width] for at in range(0, len(letters), width))
    assert transfer.base64(lines) == data
    assert transfer.base64(lines.rstrip(b"=")) == data


def test_base64_that_is_padded_on_every_line_is_read_to_its_end() -> None:
    assert transfer.base64(b"".join(base64.b64encode(part) + b"\r\n" for part in (b"mot", b"io", b"n"))) == b"motion"


@given(st.binary(max_size=3000))
def test_no_bytes_are_too_odd_to_be_unwrapped(data: bytes) -> None:
    assert isinstance(transfer.base64(data), bytes)
    assert isinstance(transfer.uuencoded(b"begin 644 x\n" + data)[0], bytes)
    for charset in ("", "utf-8", "gb2312", "utf-16", "utf-7", "idna", "iso-2022-jp", "no-such"):
        assert isinstance(charsets.text(data, charset), str)


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b"=?UTF-8?B?UGVyc29uIERldGVjdGVk?=", "Person Detected"),
        (b"=?UTF-8?B?UGVyc29uIERldGVjdGVkIQ?=", "Person Detected!"),
        (b"=?utf-8?Q?Ruch_ty=C5=82?=", "Ruch tył"),
        (b"=?utf-8?B?xY==?= =?utf-8?B?gg==?=", "ł"),
        (b"=?utf-8*en?Q?motion?= alarm", "motion alarm"),
        (b"=?no-such?Q?motion?=", "motion"),
        (b"=?gb2312?B?0sa2r9XssuI=?=", "移动侦测"),
        ("移动侦测 motion".encode("gb18030"), "移动侦测 motion"),
        ("Türe".encode("latin-1"), "Türe"),
        ("tył".encode(), "tył"),
        (b"plain =?half", "plain =?half"),
    ],
)
def test_a_subject_is_read_however_it_is_encoded(raw: bytes, told: str) -> None:
    assert words.decoded(raw) == told


def test_parameters_of_rfc_2231_are_put_together() -> None:
    found = words.parameters('attachment; filename*0*=utf-8\'\'ty%C5%82; filename*1=".jpg"; x="a\\"b"; y = c d')
    assert found == {"filename": "tył.jpg", "x": 'a"b', "y": "c d"}


@pytest.mark.parametrize(
    ("html", "told"),
    [
        ("<p>Motion</p><p>at&nbsp;gate</p>", "Motion\nat gate"),
        ("<tr><td>Event</td><td>Motion</td></tr>", "Event\tMotion"),
        ("<style>motion{}</style>a<script>b<c</script>d<!-- motion <b> -->e", "ade"),
        ("Zm&#322;ana &lt;b&gt;", "Zmłana <b>"),
        ("no end <b", "no end <b"),
        ("a\r\nb", "a b"),
    ],
)
def test_html_is_what_a_person_would_read(html: str, told: str) -> None:
    assert markup.text(html) == told


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(IMAGE + B64, id="one line of any length"),
        pytest.param(IMAGE.replace(b"base64", b"7bit") + B64, id="base64 that nobody declared"),
        pytest.param(IMAGE + JPEG, id="bytes that are called base64"),
        pytest.param(IMAGE.replace(b"image/jpeg", b"application/octet-stream") + B64, id="a wrong type"),
        pytest.param(IMAGE + b"\r\n\r\n" + B64.rstrip(b"="), id="empty lines before, no padding"),
        pytest.param(
            b"From: a@b\nContent-Type: multipart/mixed\n\n--q\nContent-Type: image/jpeg\n"
            b"Content-Transfer-Encoding: base64\n\n" + B64,
            id="multipart without a boundary",
        ),
        pytest.param(
            b"From: a@b\n\n--q\nContent-Type: image/jpeg\nContent-Transfer-Encoding: base64\n\n" + B64 + b"\n--q--",
            id="parts without a Content-Type on top",
        ),
    ],
)
def test_a_picture_is_found_however_it_is_wrapped(raw: bytes) -> None:
    assert message.read(raw).pictures == (JPEG,)


@pytest.mark.parametrize("eol", ["\r\n", "\n", "\r"])
def test_any_line_end_ends_lines(eol: str) -> None:
    read = message.read(mail("motion", "one\ntwo", eol=eol))
    assert (read.subject, read.text.splitlines()) == ("motion", ["one", "two"])


def test_headers_may_be_folded_glued_and_out_of_place() -> None:
    raw = b"From cam Mon\nSubject:motion\n\tin\n  the yard\nthis is no header\nTo:<a@b>\n\nbody"
    read = message.read(raw)
    assert (read.subject, read.text) == ("motion in the yard", "this is no header\nbody")
    assert list(read.headers.addresses(b"to")) == ["a@b"]


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ('"A, B" <yard@x>, gate@y', ["yard@x", "gate@y"]),
        ("<yard>", ["yard"]),
        ("yard", ["yard"]),
        ('"odd one"@x', ['"odd one"@x']),
        ("Some People", []),
        ("tył@cams.example", ["tył@cams.example"]),
    ],
)
def test_addresses_are_found_among_names(value: str, found: list[str]) -> None:
    assert list(words.addresses(value)) == found
