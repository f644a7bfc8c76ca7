"""What an ID token has to say before anybody is believed."""

import pytest

from api.oidc.claims import LEEWAY_S, Identity, NotShown, identity

NOW_S = 1_795_000_000
ISSUER, CLIENT, NONCE = "https://id.example.com", "sightlog", "n-1"
TOLD = {"iss": ISSUER, "aud": CLIENT, "exp": NOW_S + 300, "iat": NOW_S, "nonce": NONCE, "sub": "42"}


def told(**claims: object) -> Identity:
    changed = {name: value for name, value in (TOLD | claims).items() if value is not None}
    return identity(changed, ISSUER, CLIENT, NONCE, NOW_S, "groups")


@pytest.mark.parametrize(
    "lie",
    [
        {"nonce": "another"}, {"nonce": None}, {"aud": "another-program"}, {"aud": None}, {"aud": 7},
        {"aud": [CLIENT, "another-program"]}, {"aud": [CLIENT, "another-program"], "azp": "another-program"},
        {"azp": "another-program"}, {"iss": "https://evil.example.com"}, {"iss": ISSUER + "/"},
        {"exp": NOW_S - LEEWAY_S}, {"exp": None}, {"exp": True}, {"exp": "soon"}, {"iat": NOW_S + 3600}, {"iat": None},
        {"nbf": NOW_S + 3600}, {"sub": ""}, {"sub": 42}, {"sub": None}, {"sub": "x" * 256},
    ],
    ids=str,
)  # fmt: skip
def test_a_token_that_is_not_for_us_or_not_for_now_shows_nobody(lie: dict[str, object]) -> None:
    with pytest.raises(NotShown):
        told(**lie)


@pytest.mark.parametrize(
    "truth",
    [
        {"aud": [CLIENT]}, {"aud": [CLIENT, "other"], "azp": CLIENT}, {"exp": NOW_S - LEEWAY_S + 1}, {"nbf": NOW_S},
        {"iat": NOW_S + LEEWAY_S}, {"exp": NOW_S + 1.5},
    ],
    ids=str,
)  # fmt: skip
def test_clocks_may_differ_a_little_and_one_of_several_audiences_may_be_us(truth: dict[str, object]) -> None:
    assert told(**truth).subject == f"{ISSUER}|42"


def test_only_a_verified_address_counts_and_groups_may_be_one_or_many() -> None:
    assert told(email="A@b.c", email_verified=True).email == "a@b.c"
    assert told(email="a@b.c", email_verified="true").email == ""
    assert told(email="a@b.c").email == ""
    assert told(groups=["x", 7, "y"]).groups == {"x", "y"}
    assert told(groups="x").groups == {"x"}
    assert told(groups={"x": 1}).groups == frozenset()
