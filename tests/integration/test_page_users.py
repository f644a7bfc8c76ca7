"""Users and groups, set in the page."""

from typing import Any

import httpx
import pytest

from tests.integration.paged import PASSWORD, add_user, address, admin, browser, faults, go, signed_in, world

__all__ = ["address", "admin", "browser", "go", "world"]


def test_a_group_and_a_user_in_it_are_made_and_the_user_signs_in(admin: httpx.Client, go: Any) -> None:
    page = go("/users")
    page.wait_for_selector("[data-test=empty]:has-text('No users yet')")
    page.click("[data-test=tab-groups]")
    page.click("[data-test=group-add]")
    page.fill("[data-test=group-name]", "guards")
    page.fill("[data-test=group-title]", "Guards")
    page.select_option("[data-test=group-depth-unit]", "days")
    page.fill("[data-test=group-depth]", "2")
    page.check("[data-test=group-export]")
    page.click("[data-test=group-save]")
    page.wait_for_selector("[data-group=guards]:has-text('2 days')")
    assert admin.get("groups/guards").json().items() >= {
        "title": "Guards", "live": True, "archive": True, "archive_depth_ms": 172_800_000, "export": True,
        "protect": False, "configure": False,
    }.items()  # fmt: skip

    page.click("[data-test=tab-users]")
    page.click("[data-test=user-add]")
    page.fill("[data-test=user-login]", "anna")
    page.fill("[data-test=user-title]", "Anna Kowalska")
    page.fill("[data-test=user-password]", PASSWORD)
    page.check("[data-test=user-group-guards]")
    page.click("[data-test=user-save]")
    page.wait_for_selector("[data-user=anna]:has-text('Guards')")
    signed_in(go("/settings", token=""), "anna")


def test_what_the_server_refuses_stands_at_its_field_and_nothing_typed_is_lost(go: Any) -> None:
    page = go("/users")
    page.click("[data-test=user-add]")
    page.fill("[data-test=user-login]", "anna k")
    page.fill("[data-test=user-title]", "Anna")
    page.click("[data-test=user-save]")
    page.wait_for_selector("[data-test=user-login][aria-invalid=true]")
    told = page.get_attribute("[data-test=user-login]", "aria-describedby").split()[0]
    assert page.inner_text(f"[id='{told}']")
    assert page.input_value("[data-test=user-title]") == "Anna"


def test_a_user_is_changed_disabled_enabled_signed_out_and_deleted(admin: httpx.Client, go: Any) -> None:
    add_user(admin, "anna", title="Anna")
    page = go("/users")
    signed_in(go("/settings", token=""), "anna")

    def choose(action: str) -> None:
        page.click("[data-user=anna] [data-test=user-more]")
        page.click(f"[data-test={action}]:visible")

    choose("user-end-sessions")
    page.wait_for_selector("[data-test=toast]:has-text('1 session ended')")
    assert not admin.get("sessions", params={"user": "anna"}).json()["sessions"]
    choose("user-edit")
    page.fill("[data-test=user-title]", "Anna K.")
    page.click("[data-test=user-save]")
    page.wait_for_selector("[data-user=anna]:has-text('Anna K.')")
    choose("user-disable")
    page.click("[data-test=confirm-go]")
    page.wait_for_selector("[data-user=anna].off:has-text('disabled')")
    assert admin.get("users/anna").json()["enabled"] is False
    choose("user-enable")
    page.wait_for_selector("[data-user=anna]:not(.off)")
    assert admin.get("users/anna").json()["has_password"]
    choose("user-delete")
    page.wait_for_selector("[data-test=confirm]:has-text('Anna K.')")
    assert admin.get("users/anna").status_code == 200
    page.click("[data-test=confirm-go]")
    page.wait_for_selector("[data-test=empty]:has-text('No users yet')")
    assert admin.get("users/anna").status_code == 404


def test_a_list_is_imported_whole_or_told_line_by_line_what_is_wrong(admin: httpx.Client, go: Any) -> None:
    admin.put("groups/guards", json={}).raise_for_status()
    page = go("/users")
    page.click("[data-test=user-import]")
    csv = "user,title,groups\nanna,Anna,guards\nbob,Bob,night\n"
    file = {"name": "users.csv", "mimeType": "text/csv", "buffer": csv.encode()}
    page.set_input_files("[data-test=import-file]", file)
    page.wait_for_function("() => document.querySelector('[data-test=import-csv]').value.includes('bob')")
    page.click("[data-test=import-go]")
    page.wait_for_selector("[data-test=import-errors]:has-text('Line 3')")
    assert not admin.get("users").json()["users"]
    page.fill("[data-test=import-csv]", csv.replace("night", "guards"))
    page.click("[data-test=import-go]")
    page.wait_for_selector("[data-test=toast]:has-text('2 added')")
    page.wait_for_selector("[data-user=bob]")


def test_a_thousand_users_are_found_by_name_and_drawn_a_few_at_a_time(admin: httpx.Client, go: Any) -> None:
    lines = "".join(f"user{n},Person {n}\n" for n in range(1000))
    admin.post("users/import", content=f"user,title\n{lines}", headers={"Content-Type": "text/csv"}).raise_for_status()
    page = go("/users")
    page.wait_for_selector("[data-test=user]")
    assert page.locator("[data-test=user]").count() < 40
    page.fill("[data-test=user-search]", "person 777")
    page.wait_for_selector("[data-user=user777]")
    page.wait_for_function("() => document.querySelectorAll('[data-test=user]').length === 1")
    page.wait_for_url("**q=person+777*")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_users_and_groups_have_no_serious_fault_of_reach(admin: httpx.Client, go: Any, theme: str) -> None:
    admin.put("groups/guards", json={"archive_depth_ms": 3_600_000}).raise_for_status()
    add_user(admin, "anna", groups=["guards"], admin=True, watches=False)
    add_user(admin, "bob", enabled=False)
    page = go("/users", color_scheme=theme)
    page.wait_for_selector("[data-user=anna]")
    assert not faults(page)
    page.click("[data-user=anna] [data-test=user-more]")
    page.click("[data-test=user-edit]:visible")
    page.wait_for_selector("[data-test=user-form] form")
    assert not faults(page)
    page.keyboard.press("Escape")
    page.click("[data-test=tab-groups]")
    page.wait_for_selector("[data-group=guards]")
    assert not faults(page)
