"""What to type into a camera's page, for every way the listener may be set up."""

import pytest

from api.alarms.camera_page import page, withheld
from infra.settings import Settings
from schemas.facts import MediaConfigured

GATE = MediaConfigured(media="gate", observed_ms=1)


@pytest.mark.parametrize(
    ("given", "host", "server", "address"),
    [
        ({}, "cams.example.com", "127.0.0.1", "gate@cams.example.com"),
        ({"smtp_host": "0.0.0.0"}, "cams.example.com", "cams.example.com", "gate@cams.example.com"),
        ({"smtp_host": "0.0.0.0"}, "192.0.2.7", "192.0.2.7", "gate@sightlog.local"),
        ({"smtp_host": "::"}, "2001:db8::7", "2001:db8::7", "gate@sightlog.local"),
        ({"smtp_host": "10.1.1.1"}, "localhost", "10.1.1.1", "gate@sightlog.local"),
        ({"smtp_host": "10.1.1.1", "smtp_domains": "a.org, b.org"}, "x.com", "10.1.1.1", "gate@a.org"),
    ],
)
def test_server_and_address_are_those_that_reach_the_listener(
    given: dict[str, str], host: str, server: str, address: str
) -> None:
    told = page(GATE, Settings.model_validate(given), host)
    assert (told["server"], told["sender"], told["recipient"]) == (server, address, address)


def test_a_camera_without_a_login_of_its_own_uses_the_listeners() -> None:
    settings = Settings.model_validate({"smtp_login": "cams", "smtp_password": "all"})
    own = MediaConfigured(media="gate", observed_ms=1, mail_login="gate", mail_password="one")
    assert [page(GATE, settings, "h")[name] for name in ("login", "password")] == ["cams", "all"]
    assert [page(own, settings, "h")[name] for name in ("login", "password")] == ["gate", "one"]


def test_the_listeners_login_is_kept_from_who_sets_this_camera_alone() -> None:
    settings = Settings.model_validate({"smtp_host": "10.1.1.1", "smtp_login": "cams", "smtp_password": "all"})
    own = MediaConfigured(media="gate", observed_ms=1, mail_login="gate", mail_password="one")
    told = withheld(page(GATE, settings, "h"), GATE)
    assert (told["login"], told["password"]) == (None, None)
    assert "admin" in " ".join(told["notes"])
    assert withheld(page(own, settings, "h"), own) == page(own, settings, "h")
    assert withheld(page(GATE, Settings(), "h"), GATE) == page(GATE, Settings(), "h"), "there is none to keep"


def test_every_open_port_is_named_and_no_other() -> None:
    settings = Settings(smtp_port=25, smtp_tls_port=465, smtp_legacy_port=2526)
    told = page(GATE, settings, "h")
    assert told["ports"] == {"plain": 25, "starttls": 25, "tls": 465, "legacy_starttls": 2526}
    unknown = page(GATE, Settings(smtp_port=0), "h")
    assert (unknown["port"], unknown["ports"]) == (None, {})
    assert "SIGHTLOG_SMTP_PORT" in " ".join(unknown["notes"])


def test_a_name_that_cameras_cannot_type_gives_way_to_a_plain_alias() -> None:
    settings = Settings(smtp_host="10.1.1.1", smtp_domains="a.org")
    bare = page(MediaConfigured(media="tył", observed_ms=1), settings, "h")
    aliased = page(MediaConfigured(media="tył", observed_ms=1, mail_aliases=("nvr#2", "tyl")), settings, "h")
    whole = page(MediaConfigured(media="tył", observed_ms=1, mail_aliases=("back@b.org",)), settings, "h")
    assert [one["recipient"] for one in (bare, aliased, whole)] == ["tył@a.org", "tyl@a.org", "back@b.org"]
    assert "mail_aliases" in " ".join(bare["notes"])
    assert "mail_aliases" not in " ".join(aliased["notes"])


def test_notes_tell_what_the_fields_cannot() -> None:
    odd = MediaConfigured(media="gate", observed_ms=1, catch=("*",), mail_aliases=("nvr#2",))
    notes = " ".join(page(odd, Settings(), "h")["notes"])
    for words in ("SIGHTLOG_SMTP_HOST", "no login is needed", "every mail marks", "recorder"):
        assert words in notes
    quiet = Settings.model_validate({"smtp_host": "10.1.1.1", "smtp_login": "a", "smtp_password": "b"})
    assert page(GATE, quiet, "h")["notes"] == []
