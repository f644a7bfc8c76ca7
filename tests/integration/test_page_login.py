"""Signing in with the page, and out."""

from typing import Any

import httpx
import pytest

from tests.integration.paged import PASSWORD, add_user, address, admin, browser, faults, go, signed_in, world
from tests.unit.api.client import TOKEN

__all__ = ["address", "admin", "browser", "go", "world"]
NOBODY = {"token": ""}


def test_a_person_signs_in_sees_their_own_pages_and_signs_out(admin: httpx.Client, go: Any) -> None:
    admin.put("groups/guards", json={"live": True, "archive": False}).raise_for_status()
    add_user(admin, "anna", title="Anna", groups=["guards"])
    page = go("/settings", **NOBODY)
    signed_in(page, " Anna ")
    assert page.url.endswith("/settings")
    page.wait_for_selector("nav .name:text-is('Anna')")
    shown = page.locator("nav li a").evaluate_all("all => all.map(one => one.pathname)")
    assert "/settings" in shown
    assert not {"/users", "/system", "/archive"} & set(shown)
    page.click("[data-test=sign-out]")
    page.wait_for_selector("[data-test=login]")
    page.reload()
    page.wait_for_selector("[data-test=login]")
    assert not page.context.cookies()


def test_the_session_is_a_cookie_that_no_script_reads(admin: httpx.Client, go: Any) -> None:
    add_user(admin, "anna")
    page = go("/settings", **NOBODY)
    signed_in(page, "anna")
    [cookie] = page.context.cookies()
    assert cookie["httpOnly"]
    assert cookie["sameSite"] == "Strict"
    assert page.evaluate("document.cookie + JSON.stringify(sessionStorage) + JSON.stringify(localStorage)").find(
        cookie["value"]
    ) == -1  # fmt: skip
    page.reload()
    page.wait_for_selector("nav")


@pytest.mark.parametrize("login", ["anna", "nobody"])
def test_a_wrong_password_is_told_as_an_unknown_login_is(admin: httpx.Client, go: Any, login: str) -> None:
    add_user(admin, "anna")
    page = go("/", **NOBODY)
    page.fill("[data-test=login-name]", login)
    page.fill("[data-test=login-password]", "wrong password")
    page.click("[data-test=login-go]")
    page.wait_for_selector("[data-test=login-error]:has-text('The login or the password is wrong')")
    assert page.input_value("[data-test=login-name]") == login


def test_too_many_tries_say_when_to_come_again(go: Any) -> None:
    page = go("/", **NOBODY)
    headers = {"Retry-After": "90", "Content-Type": "application/problem+json"}
    page.route("**/api/v1/sessions", lambda one: one.fulfill(status=429, headers=headers, body="{}"))
    page.fill("[data-test=login-name]", "anna")
    page.fill("[data-test=login-password]", PASSWORD)
    page.click("[data-test=login-go]")
    page.wait_for_selector("[data-test=login-error]:has-text('90 seconds')")


def test_a_token_in_the_address_signs_in_and_leaves_it(go: Any) -> None:
    page = go("/users?tab=groups")
    assert page.url.endswith("/users?tab=groups")
    assert TOKEN not in page.evaluate("JSON.stringify(sessionStorage) + JSON.stringify(localStorage)")


def test_a_token_is_typed_where_it_is_unfolded(go: Any) -> None:
    page = go("/", token="wrong")
    assert "token" in page.inner_text("[data-test=login-error]")
    assert not page.is_visible("[data-test=token]")
    page.click("[data-test=login-by-token]")
    page.fill("[data-test=token]", TOKEN)
    page.click("[data-test=token-go]")
    page.wait_for_selector("nav")


def test_a_session_that_ended_elsewhere_asks_to_sign_in_again_and_goes_on_there(admin: httpx.Client, go: Any) -> None:
    add_user(admin, "anna", admin=True)
    page = go("/settings", **NOBODY)
    signed_in(page, "anna")
    page.wait_for_selector("[data-test=session]")
    for one in admin.get("sessions", params={"user": "anna"}).json()["sessions"]:
        admin.delete(f"sessions/{one['session_id']}").raise_for_status()
    page.click("[data-test=nav-users]")
    page.wait_for_selector("[data-test=login-error]:has-text('Sign in again')")
    signed_in(page, "anna")
    page.wait_for_selector("[data-user=anna]")


def test_the_accounts_of_the_house_are_offered_where_it_has_some(go: Any, address: str) -> None:
    page = go("/", **NOBODY)
    assert not page.is_visible("[data-test=login-oidc]")
    told = {"title": "Acme", "colour": "#aa0000", "logo_url": None, "oidc": {"title": "Acme account", "url": "/x"}}
    page.route("**/api/v1/branding", lambda one: one.fulfill(json=told))
    page.reload()
    page.wait_for_selector("[data-test=login-oidc]:has-text('Acme account')")
    page.wait_for_selector("h1:text-is('Acme')")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_login_has_no_serious_fault_of_reach(go: Any, theme: str) -> None:
    page = go("/", token="wrong", color_scheme=theme)
    page.click("[data-test=login-by-token]")
    assert not faults(page)


def test_the_login_speaks_the_language_of_the_browser_or_the_one_chosen(go: Any) -> None:
    page = go("/", **NOBODY)
    page.select_option("[data-test=login-language]", "pl")
    page.wait_for_selector("[data-test=login-go]:has-text('Zaloguj')")
    page.reload()
    page.wait_for_selector("[data-test=login-go]:has-text('Zaloguj')")
    assert page.evaluate("document.documentElement.lang") == "pl"
