from projections.standing import Standing, sum_up


def test_where_partitions_lag_the_slowest_of_them_is_the_watermark() -> None:
    assert sum_up([Standing(0, 10), Standing(5, 70), Standing(1, 80), Standing(0, 99)]) == Standing(6, 70)


def test_where_none_lags_the_newest_fact_is_the_watermark_so_that_quiet_cameras_hold_nothing_back() -> None:
    assert sum_up([Standing(0, 10), Standing(0, 99)]) == Standing(0, 99)


def test_a_lagging_partition_that_was_never_read_holds_the_watermark_at_nothing() -> None:
    assert sum_up([Standing(3, 0), Standing(0, 99)]) == Standing(3, 0)


def test_no_partitions_are_no_lag() -> None:
    assert sum_up([]) == Standing(0, 0)
