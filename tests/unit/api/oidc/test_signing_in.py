"""Signing in with a provider: who shows a token of theirs, for us, for now, is who they say; nobody else is."""

import json
from collections.abc import Iterator
from urllib.parse import unquote

import httpx
import pytest
from joserfc.jwk import KeySet, RSAKey

from api.access.sign_in import OF_AN_ADDRESS
from api.oidc.claims import ProviderAway
from infra.settings import BadSettings, Settings
from schemas.access import GroupConfigured, SessionOpened, UserConfigured, UserRemoved
from tests.oidc_provider import CLIENT, SECRET, OidcProvider, serving
from tests.unit.api.client import TOKEN, World

GIVEN = {"api_key": TOKEN, "s3": "http://store.invalid:9000", "oidc_client_id": CLIENT, "oidc_client_secret": SECRET}


@pytest.fixture(scope="module")
def _server() -> Iterator[OidcProvider]:
    with serving() as provider:
        yield provider


@pytest.fixture
def provider(_server: OidcProvider) -> OidcProvider:
    """The one server, as if it had just been started."""
    person = {"sub": "42", "email": "anna@example.com", "email_verified": True}
    _server.person, _server.lies, _server.algorithm = person, {}, "RS256"
    _server.published = KeySet([_server.key])
    return _server


class House:
    """A world whose people come from the provider."""

    def __init__(self, provider: OidcProvider, **settings: object) -> None:
        given = GIVEN | {"oidc_issuer": provider.issuer} | settings
        self.provider, self.world = provider, World(settings=Settings.model_validate(given))

    def know(self, *facts: UserConfigured | GroupConfigured) -> None:
        self.world.access.wait()
        self.world.access.append(self.world.log, facts)

    def begin(self) -> httpx.Response:
        return self.world.ask("GET", "/api/v1/auth/oidc/start", token=None)

    def come_back(self, code: str, state: str, cookies: str) -> httpx.Response:
        asked = {"code": code, "state": state, "session_state": "whatever-providers-add"}
        path = "/api/v1/auth/oidc/callback"
        return self.world.ask("GET", path, token=None, params=asked, headers={"Cookie": cookies})

    def sign_in(self) -> httpx.Response:
        begun = self.begin()
        assert begun.status_code == 303, begun.text
        code, state = self.provider.authorize(begun.headers["location"])
        return self.come_back(code, state, cookie_of(begun))

    def me(self, answer: httpx.Response) -> dict[str, object]:
        asked = self.world.ask("GET", "/api/v1/me", token=None, headers={"Cookie": cookie_of(answer)})
        assert asked.status_code == 200, asked.text
        told: dict[str, object] = asked.json()
        return told

    def close(self) -> None:
        self.world.access.close()
        self.world.registry.close()
        self.world.audit.close()


def cookie_of(answer: httpx.Response) -> str:
    return answer.headers["set-cookie"].partition(";")[0]


@pytest.fixture
def house(provider: OidcProvider) -> Iterator[House]:
    made = House(provider)
    made.know(UserConfigured(user="anna", observed_ms=1, subject=f"{provider.issuer}|42"))
    yield made
    made.close()


def test_whose_subject_an_admin_gave_to_a_user_signs_in_as_that_user(house: House) -> None:
    answer = house.sign_in()
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert house.me(answer)["user"] == "anna"
    assert "HttpOnly" in answer.headers["set-cookie"]
    assert [fact.action for fact in house.world.audited.facts] == ["signed-in"]  # type: ignore[union-attr]


def test_the_page_is_told_where_to_sign_in(house: House) -> None:
    told = house.world.ask("GET", "/api/v1/branding", token=None).json()
    assert told["oidc"] == {"title": "Single sign-on", "url": "/api/v1/auth/oidc/start"}


@pytest.mark.parametrize("lie", [{"nonce": "another"}, {"aud": "another-program"}, {"exp": 1_700_000_000}], ids=str)
def test_a_token_that_is_not_for_us_or_not_for_now_signs_nobody_in(house: House, lie: dict[str, object]) -> None:
    house.provider.lies = lie
    answer = house.sign_in()
    assert answer.status_code == 403
    assert "sightlog_session" not in answer.headers.get("set-cookie", "")
    assert [fact.action for fact in house.world.audited.facts] == ["sign-in-refused"]  # type: ignore[union-attr]


def test_a_token_without_a_signature_or_with_another_s_signs_nobody_in(house: House) -> None:
    house.provider.algorithm = "none"
    assert house.sign_in().status_code == 403
    house.provider.algorithm = "RS256"
    house.provider.published = KeySet([RSAKey.generate_key(2048, {"kid": house.provider.key.kid or ""})])
    stranger = House(house.provider)
    stranger.know(UserConfigured(user="anna", observed_ms=1, subject=f"{house.provider.issuer}|42"))
    assert stranger.sign_in().status_code == 403
    stranger.close()


def test_a_sign_in_is_ended_by_the_browser_that_began_it_once_and_soon(house: House) -> None:
    begun, other = house.begin(), house.begin()
    code, state = house.provider.authorize(begun.headers["location"])
    assert house.come_back(code, "wrong-state", cookie_of(begun)).status_code == 403
    assert house.come_back(code, state, cookie_of(other)).status_code == 403
    assert house.come_back(code, state, "").status_code == 403
    assert house.come_back(code, state, cookie_of(begun)[:-2]).status_code == 403
    assert house.come_back(code, state, cookie_of(begun)).status_code == 303
    assert house.come_back(code, state, cookie_of(begun)).status_code == 403


def test_a_sign_in_that_took_too_long_is_begun_again(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = house.begin()
    code, state = house.provider.authorize(begun.headers["location"])
    monkeypatch.setattr("api.oidc.errand.LIFE_MS", 0)
    late = house.begin()
    code, state = house.provider.authorize(late.headers["location"])
    answer = house.come_back(code, state, cookie_of(late))
    assert answer.status_code == 403
    assert "too long" in answer.text


def test_who_is_nobody_here_is_told_what_to_give_to_an_admin(house: House) -> None:
    house.provider.person = {"sub": "77", "email": "anna@example.com", "email_verified": True}
    answer = house.sign_in()
    assert answer.status_code == 403
    assert f"{house.provider.issuer}|77" in answer.text


def test_a_user_who_may_not_sign_in_may_not_this_way_either(house: House) -> None:
    subject = f"{house.provider.issuer}|42"
    house.know(UserConfigured(user="anna", observed_ms=2, subject=subject, enabled=False))
    assert house.sign_in().status_code == 403


@pytest.mark.parametrize(("verified", "status"), [(True, 303), (False, 403), ("true", 403), (None, 403)])
def test_only_a_verified_address_is_a_login_and_only_where_that_is_wanted(
    provider: OidcProvider, verified: object, status: int
) -> None:
    made = House(provider, oidc_by_email=True)
    made.know(UserConfigured(user="anna@example.com", observed_ms=1))
    provider.person = {"sub": "42", "email": "Anna@example.com", "email_verified": verified}
    assert made.sign_in().status_code == status
    provider.person = {"sub": "43", "email": "anna@example.com", "email_verified": True}
    second = made.sign_in().status_code
    assert second == (403 if status == 303 else 303), "once bound to a subject, the address alone is nobody"
    made.close()


def test_who_is_in_a_group_of_theirs_becomes_a_user_in_ours_where_that_is_wanted(provider: OidcProvider) -> None:
    made = House(provider, oidc_create=True, oidc_groups="Night watch=guards, CN=all=nobodys")
    made.know(GroupConfigured(group="guards", observed_ms=1), UserConfigured(user="bob", observed_ms=1))
    provider.person = {"sub": "9", "preferred_username": "Eve", "name": "Eve E.", "groups": ["Night watch", "CN=all"]}
    told = made.me(made.sign_in())
    assert (told["user"], told["title"], told["groups"], told["admin"]) == ("eve", "Eve E.", ["guards"], False)
    provider.person = {"sub": "10", "preferred_username": "bob", "groups": ["Night watch"]}
    assert made.sign_in().status_code == 403, "nobody becomes somebody who is there"
    provider.person = {"sub": "11", "preferred_username": "mallory", "groups": ["Visitors"]}
    assert made.sign_in().status_code == 403
    made.close()


def meanwhile(house: House, fact: UserConfigured | UserRemoved) -> None:
    """An admin's word reaches the topic between reading a user and writing them."""
    signing = house.world.app.state.signing
    read = signing.user

    def user(*asked: object) -> object:
        found = read(*asked)
        house.world.log.append(fact)
        return found

    signing.user = user


def test_a_first_sign_in_undoes_nothing_that_an_admin_says_at_that_moment(provider: OidcProvider) -> None:
    made = House(provider, oidc_by_email=True)
    made.know(UserConfigured(user="anna@example.com", observed_ms=1, admin=True))
    meanwhile(made, UserConfigured(user="anna@example.com", observed_ms=2, title="Demoted", changed_by="boss"))
    told = made.me(made.sign_in())
    assert (told["title"], told["admin"]) == ("Demoted", False)
    found = made.world.access.entries.user("anna@example.com")
    assert found
    assert (found.subject, found.changed_by) == (f"{provider.issuer}|42", "boss")
    made.close()


@pytest.mark.parametrize(
    "fact",
    [
        UserRemoved(user="anna@example.com", observed_ms=2, changed_by="boss"),
        UserConfigured(user="anna@example.com", observed_ms=2, enabled=False, changed_by="boss"),
        UserConfigured(user="anna@example.com", observed_ms=2, subject="of somebody else", changed_by="boss"),
    ],
    ids=["removed", "disabled", "somebody else's"],
)
def test_who_is_no_longer_the_user_does_not_come_in(provider: OidcProvider, fact: UserConfigured | UserRemoved) -> None:
    made = House(provider, oidc_by_email=True)
    made.know(UserConfigured(user="anna@example.com", observed_ms=1))
    meanwhile(made, fact)
    assert made.sign_in().status_code == 403
    assert made.world.access.entries.every(SessionOpened) == []
    made.close()


def test_nobody_takes_the_login_that_an_admin_gives_to_another_at_that_moment(provider: OidcProvider) -> None:
    made = House(provider, oidc_create=True, oidc_groups="Night watch=guards")
    made.know(GroupConfigured(group="guards", observed_ms=1))
    provider.person = {"sub": "9", "preferred_username": "eve", "groups": ["Night watch"]}
    theirs = UserConfigured(user="eve", observed_ms=2, title="Another Eve", admin=True, changed_by="boss")
    meanwhile(made, theirs)
    assert made.sign_in().status_code == 403
    assert made.world.access.entries.user("eve") == theirs
    made.close()


def test_a_provider_that_changed_its_keys_is_asked_for_them_but_not_all_the_time(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert house.sign_in().status_code == 303
    house.provider.rotate()
    assert house.sign_in().status_code == 403
    monkeypatch.setattr("api.oidc.provider._AGAIN_S", 0.0)
    assert house.sign_in().status_code == 303


def test_a_provider_that_is_away_is_told_in_words(provider: OidcProvider) -> None:
    away = House(provider, oidc_issuer="http://127.0.0.1:9")
    answer = away.begin()
    assert answer.status_code == 503
    assert "does not answer" in answer.text
    away.close()


def test_a_provider_that_is_away_is_not_asked_by_everybody(
    provider: OidcProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each would wait for it, and hold a thread of the API meanwhile."""
    away, asked = House(provider), []

    def silent(method: str, address: str, **_more: object) -> None:
        asked.append(address)
        raise ProviderAway("it does not answer: ConnectTimeout")

    monkeypatch.setattr("api.oidc.provider._asked", silent)
    assert [away.begin().status_code for _ in range(5)] == [503] * 5
    assert len(asked) == 1
    monkeypatch.undo()
    monkeypatch.setattr("api.oidc.provider._AWAY_S", 0.0)
    assert away.begin().status_code == 303
    away.close()


def test_what_the_provider_says_went_wrong_is_told(house: House) -> None:
    path = "/api/v1/auth/oidc/callback?error=access_denied&error_description=no"
    answer = house.world.ask("GET", path, token=None)
    assert answer.status_code == 403
    assert "access_denied" in answer.text


def test_an_address_that_comes_back_as_nobody_many_times_waits_and_the_audit_has_an_end(house: House) -> None:
    for _ in range(OF_AN_ADDRESS):
        assert house.come_back("code", "state", "").status_code == 403
    answer = house.come_back("code", "state", "")
    assert answer.status_code == 429
    assert 0 < int(answer.headers["retry-after"]) <= 15 * 60
    assert len(house.world.audited.records) == OF_AN_ADDRESS


def test_who_is_shown_rightly_is_not_counted(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(house.world.app.state.sign_in._by_address, "_most", 1)
    assert [house.sign_in().status_code for _ in range(3)] == [303] * 3


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"oidc_issuer": "http://id.example.com"}, "SIGHTLOG_OIDC_ISSUER"),
        ({"oidc_client_id": ""}, "SIGHTLOG_OIDC_CLIENT_ID"),
        ({"oidc_groups": "guards"}, "oidc_groups"),
    ],
)
def test_settings_that_would_not_be_safe_are_refused_at_the_start(
    provider: OidcProvider, wrong: dict[str, object], named: str
) -> None:
    with pytest.raises(BadSettings, match=named):
        House(provider, **wrong)


def test_without_a_provider_there_is_no_such_way_in(world: World) -> None:
    assert world.ask("GET", "/api/v1/auth/oidc/start", token=None).status_code == 404


def test_whoever_is_not_let_in_is_led_back_to_the_login_which_says_why_and_no_link_can(house: House) -> None:
    asked = {"error": "<b>access_denied</b>", "state": "x"}
    answer = house.world.ask("GET", "/api/v1/auth/oidc/callback", token=None, params=asked)
    assert answer.headers["content-type"].startswith("text/html")
    assert 'content="0; url=/login"' in answer.text
    assert "&lt;b&gt;access_denied" in answer.text
    cookie = answer.headers["set-cookie"]
    assert json.loads(unquote(cookie.partition("=")[2].partition(";")[0].strip('"'))) == {
        "kind": "refused", "why": "the provider said: <b>access_denied</b>",
    }  # fmt: skip
    assert "Path=/login" in cookie
    assert "SameSite=strict" in cookie
