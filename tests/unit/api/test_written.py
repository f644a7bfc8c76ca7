import pytest

from api import written


@pytest.mark.parametrize(
    ("text", "ms"), [("6h", 21_600_000), ("1.5d", 129_600_000), ("90 min", 5_400_000), ("250ms", 250), ("0s", 0)]
)
def test_a_length_of_time_has_a_unit(text: str, ms: int) -> None:
    assert written.length_ms(text) == ms


@pytest.mark.parametrize(("text", "size"), [("500G", 500 * 10**9), ("1.5tb", 1_500 * 10**9), ("17", 17)])
def test_a_size_may_have_a_unit(text: str, size: int) -> None:
    assert written.size_bytes(text) == size


@pytest.mark.parametrize(
    ("text", "share"), [("0.001", 0.001), ("0.1%", 0.001), ("1", 1.0), (".5", 0.5), ("100 %", 1.0)]
)
def test_a_share_may_be_per_cent(text: str, share: float) -> None:
    assert written.share(text) == pytest.approx(share)


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (written.length_ms, "6"), (written.length_ms, "-1s"), (written.length_ms, "soon"), (written.length_ms, "1.s"),
        (written.size_bytes, "lots"), (written.whole, "1.0"), (written.whole, "²"), (written.share, "-0.1"),
        (written.share, "nan"), (written.yes, "maybe"),
    ],
)  # fmt: skip
def test_what_is_none_is_refused_with_the_text(read, text: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match=repr(text)[1:-1].replace(".", r"\.")):
        read(text)
