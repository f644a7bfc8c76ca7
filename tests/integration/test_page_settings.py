"""What people set for themselves, and how the house looks."""

from typing import Any

import httpx
import pytest

from tests.integration.paged import PASSWORD, WEB, add_user, address, admin, browser, faults, go, signed_in, world

__all__ = ["address", "admin", "browser", "go", "world"]
LOGO = WEB / "public" / "icons" / "icon-192.png"


def test_a_name_and_a_language_are_kept_and_the_page_speaks_it_at_once(admin: httpx.Client, go: Any) -> None:
    add_user(admin, "anna", title="Anna")
    page = go("/settings", token="")
    signed_in(page, "anna")
    page.fill("[data-test=my-title]", "Anna Kowalska")
    page.select_option("[data-test=my-language]", "pl")
    page.click("[data-test=my-save]")
    page.wait_for_selector("h1:has-text('Ustawienia')")
    page.wait_for_selector("nav .name:text-is('Anna Kowalska')")
    assert admin.get("users/anna").json().items() >= {"title": "Anna Kowalska", "language": "pl"}.items()


def test_a_theme_is_kept_by_the_browser(go: Any) -> None:
    page = go("/settings", color_scheme="light")
    assert page.evaluate("document.documentElement.dataset.theme") == "light"
    page.check("[data-test=theme-dark]", force=True)
    page.reload()
    page.wait_for_selector("nav")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(13, 16, 20)"


def test_a_password_is_changed_and_other_sessions_end(admin: httpx.Client, go: Any) -> None:
    add_user(admin, "anna")
    other, page = go("/settings", token=""), go("/settings", token="")
    signed_in(other, "anna")
    signed_in(page, "anna")
    page.fill("[data-test=password-current]", "not this one")
    page.fill("[data-test=password-new]", "another horse 8")
    page.fill("[data-test=password-again]", "another horse 9")
    assert page.is_disabled("[data-test=password-save]")
    page.fill("[data-test=password-again]", "another horse 8")
    page.click("[data-test=password-save]")
    page.wait_for_selector("[data-test=password-current][aria-invalid=true]")
    page.fill("[data-test=password-current]", PASSWORD)
    page.click("[data-test=password-save]")
    page.wait_for_selector("[data-test=toast]:has-text('changed')")
    other.reload()
    other.wait_for_selector("[data-test=login]")
    signed_in(other, "anna", "another horse 8")


def test_sessions_are_told_by_browser_and_end_one_by_one(admin: httpx.Client, go: Any) -> None:
    add_user(admin, "anna")
    other, page = go("/settings", token=""), go("/settings", token="")
    signed_in(other, "anna")
    signed_in(page, "anna")
    page.wait_for_selector("[data-test=session]:has-text('Chrome on Linux')")
    page.wait_for_function("() => document.querySelectorAll('[data-test=session]').length === 2")
    page.click("[data-test=session]:not(:has-text('this browser')) [data-test=session-end]")
    page.wait_for_selector("[data-test=toast]:has-text('1 session ended')")
    other.reload()
    other.wait_for_selector("[data-test=login]")
    page.wait_for_function("() => document.querySelectorAll('[data-test=session]').length === 1")
    page.click("[data-test=session-end]")
    page.wait_for_selector("[data-test=login]")


def test_a_title_a_colour_and_a_logo_are_seen_by_everybody(go: Any) -> None:
    page = go("/settings", color_scheme="light")
    page.fill("[data-test=brand-title]", "Acme Watch")
    page.fill("[data-test=brand-colour]", "yellow")
    page.wait_for_selector("[data-test=brand-colour][aria-invalid=true]")
    page.fill("[data-test=brand-colour]", "#ffcc00")
    page.wait_for_selector("[data-test=brand-contrast]:has-text('too low')")
    page.set_input_files("[data-test=brand-logo]", LOGO)
    page.wait_for_selector("[data-test=brand-logo-preview]")
    page.click("[data-test=brand-save]")
    page.wait_for_selector("[data-test=toast]:has-text('Saved')")
    login = go("/", token="", color_scheme="light")
    login.wait_for_selector("h1:has-text('Acme Watch')")
    assert login.evaluate("document.title").endswith("Acme Watch")
    login.wait_for_function("() => document.querySelector('img[src*=branding]')?.naturalWidth > 0")
    assert login.evaluate("document.documentElement.style.getPropertyValue('--accent')") not in {"", "#ffcc00"}
    assert not faults(login)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_settings_have_no_serious_fault_of_reach(admin: httpx.Client, go: Any, theme: str) -> None:
    add_user(admin, "anna", admin=True)
    page = go("/settings", token="", color_scheme=theme)
    signed_in(page, "anna")
    page.fill("[data-test=brand-colour]", "#777777")
    assert not faults(page)
