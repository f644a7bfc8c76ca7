"""Bytes in a bucket: whatever comes and goes while it is listed is counted once."""

from hypothesis import given
from hypothesis import strategies as st

from producers.storage.ledger import Ledger

KEYS = [f"segments/cam{n // 4}/{n % 4}.mp4" for n in range(12)]


def test_what_was_last_known_counts_until_a_listing_is_done() -> None:
    ledger = Ledger(500)
    ledger.begin()
    ledger.list(KEYS[0], 70)
    ledger.store(KEYS[5], 10)
    assert ledger.used_bytes == 510
    ledger.list(KEYS[5], 10)
    ledger.end()
    assert ledger.used_bytes == 80


def test_a_listing_that_was_cut_off_counts_for_nothing() -> None:
    ledger = Ledger(500)
    ledger.begin()
    ledger.list(KEYS[0], 70)
    ledger.abandon()
    ledger.store(KEYS[0], 5)
    assert ledger.used_bytes == 505


def test_a_level_never_falls_below_nothing() -> None:
    ledger = Ledger()
    ledger.delete(KEYS[0], 50)
    assert ledger.used_bytes == 0


changes = st.lists(st.tuples(st.sampled_from(KEYS), st.integers(0, 12)), max_size=30)


@given(st.dictionaries(st.sampled_from(KEYS), st.integers(1, 9)), changes)
def test_a_listing_sums_what_is_there_whatever_comes_and_goes_meanwhile(
    stands: dict[str, int], changes: list[tuple[str, int]]
) -> None:
    """A change is (key, after how many objects were listed): what is there goes, what is not comes."""
    stands, ledger, reached = dict(stands), Ledger(12345), ""
    ledger.begin()
    for step in range(len(KEYS) + 1):
        for changed, at in changes:
            if at == step and changed in stands:
                ledger.delete(changed, stands.pop(changed))
            elif at == step:
                stands[changed] = 5
                ledger.store(changed, 5)
        if (key := min((key for key in stands if key > reached), default=None)) is None:
            break
        ledger.list(key, stands[key])
        reached = key
    ledger.end()
    assert ledger.used_bytes == sum(stands.values())
