from projections.protected_ranges.reads import Moment, meant
from schemas.intervals import Span

DECIDED_MS = 1000
ORDER = Moment(DECIDED_MS, Span(0, 60))


def test_an_order_means_all_of_its_stretch_but_what_was_stored_since_it_was_decided() -> None:
    again, before = Moment(DECIDED_MS + 1, Span(30, 36)), Moment(DECIDED_MS, Span(6, 12))
    assert meant([ORDER], []) == [Span(0, 60)]
    assert meant([ORDER], [again, before]) == [Span(0, 30), Span(36, 60)]


def test_what_was_stored_again_goes_by_an_order_of_its_own() -> None:
    again, later = Moment(DECIDED_MS + 1, Span(30, 36)), Moment(DECIDED_MS + 5, Span(30, 36))
    assert meant([ORDER, later], [again]) == [Span(0, 60)]
