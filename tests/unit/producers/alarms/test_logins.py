"""Who may log in, and for whom."""

import pytest

from producers.alarms.logins import Grant, Logins
from schemas.facts import MediaConfigured


def camera(media: str, login: str = "", password: str = "") -> MediaConfigured:
    return MediaConfigured(media=media, observed_ms=1_700_000_000_000, mail_login=login, mail_password=password)


CAMERAS = (camera("gate-1", "gate", "one"), camera("yard", "nvr", "two"), camera("tył", "nvr", "two"), camera("free"))


def test_where_no_login_is_known_any_is_right() -> None:
    logins = Logins(cameras=[camera("gate-1")])
    assert logins.verdict(b"who", b"ever") == Grant("who", None)
    assert not logins.is_needed
    assert logins.may_reach(None, "gate-1@b")


RIGHT = [
    (b"all", b"three", "all", None), (b"gate", b"one", "gate", {"gate-1"}), (b"GATE", b"one", "gate", {"gate-1"}),
    (b"gate@any.where", b"one", "gate", {"gate-1"}), (b"nvr", b"two", "nvr", {"yard", "tył"}),
]  # fmt: skip


@pytest.mark.parametrize(("login", "password", "name", "cameras"), RIGHT)
def test_a_login_speaks_for_its_cameras_and_the_listeners_for_all(
    login: bytes, password: bytes, name: str, cameras: set[str] | None
) -> None:
    grant = Logins("all", "three", CAMERAS).verdict(login, password)
    assert grant == Grant(name, None if cameras is None else frozenset(cameras))


@pytest.mark.parametrize(("login", "password"), [
    (b"gate", b"two"), (b"gate", b""), (b"gate", b"ONE"), (b"nobody", b"one"), (b"", b""), (b"all", b"one"),
    (b"\xff\xfe", b"\xff"), (b"free", b""), (b"gate-1", b"one"),
])  # fmt: skip
def test_a_login_and_a_password_that_do_not_belong_together_are_wrong(login: bytes, password: bytes) -> None:
    assert Logins("all", "three", CAMERAS).verdict(login, password) is None


def test_a_camera_of_its_own_login_is_reached_with_it_or_the_listeners_alone() -> None:
    logins = Logins("all", "three", CAMERAS)
    gate, everything = logins.verdict(b"gate", b"one"), logins.verdict(b"all", b"three")
    reached = {
        who: [logins.may_reach(grant, to) for to in ("Gate-1@b", "yard", "free@b", "unknown@b", "TYŁ@b")]
        for who, grant in (("nobody", None), ("gate", gate), ("all", everything))
    }
    assert reached == {
        "nobody": [False, False, True, True, False],
        "gate": [True, False, True, True, False],
        "all": [True] * 5,
    }


def test_a_refusal_names_the_camera_it_is_about() -> None:
    logins = Logins("all", "three", CAMERAS)
    assert [logins.camera_of(login) for login in ("gate", "nvr", "free", "yard@b", "nobody", "all")] == [
        "gate-1", "tył", "free", "yard", "", "",
    ]  # fmt: skip
    assert [logins.camera_named(to) for to in ("GATE-1@x", "tył", "nobody@x")] == ["gate-1", "tył", ""]


def test_no_password_is_shown_by_what_is_printed() -> None:
    logins = Logins("all", "three", CAMERAS)
    shown = repr(logins.__dict__)
    assert not any(secret in shown for secret in ("one'", "two'", "three"))
