from processors.motion.turns import Turns


def test_what_can_wait_waits_while_live_footage_is_in_hand() -> None:
    turns, busy = Turns(), [True]
    assert turns.may_others()
    turns.follow(lambda: busy[0])
    assert not turns.may_others()
    busy[0] = False
    assert turns.may_others()
