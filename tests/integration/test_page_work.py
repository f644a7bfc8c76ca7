"""What must not be lost in the page: what is there, what was typed, where one was, and what is said of it."""

from typing import Any

import httpx
import pytest

from tests.integration.paged import PASSWORD, add_user, address, admin, browser, go, signed_in, world
from tests.unit.api.client import TOKEN

__all__ = ["address", "admin", "browser", "go", "world"]
HOUR = 3_600_000
FOCUSED = "document.activeElement.dataset.test"


@pytest.fixture
def camera(admin: httpx.Client) -> str:
    admin.put("media/gate", json={"title": "Gate", "depth_ms": 24 * HOUR, "folder": "yard"}).raise_for_status()
    return "gate"


def test_what_is_added_takes_no_place_of_what_is_there(admin: httpx.Client, go: Any, camera: str) -> None:
    add_user(admin, "anna", title="Anna", admin=True)
    page = go("/cameras")
    page.click("[data-test=camera-add]")
    page.fill("[data-test=camera-name]", camera)
    page.click("[data-test=camera-save]")
    page.wait_for_selector("[data-test=camera-form] :text('exists already')")
    assert admin.get("media/gate").json()["title"] == "Gate"
    page.goto(page.url.replace("/cameras", "/users"))
    page.click("[data-test=user-add]")
    page.fill("[data-test=user-login]", "Anna")
    page.click("[data-test=user-save]")
    page.wait_for_selector("[data-test=user-form] :text('exists already')")
    assert admin.get("users/anna").json()["admin"]


def test_an_emptied_depth_is_refused_and_a_shorter_one_asks_first(admin: httpx.Client, go: Any, camera: str) -> None:
    page = go(f"/cameras/{camera}")
    page.fill("[data-test=set-depth]", "")
    page.click("[data-test=settings-save]")
    page.wait_for_selector("[data-test=set-depth][aria-invalid=true]")
    page.fill("[data-test=set-depth]", "1")
    page.click("[data-test=settings-save]")
    page.wait_for_selector("[data-test=settings-confirm][open]")
    assert admin.get("media/gate").json()["depth_ms"] == 24 * HOUR
    page.click("[data-test=settings-confirm-go]")
    page.wait_for_selector("[data-test=toast]:has-text('Saved')")
    assert admin.get("media/gate").json()["depth_ms"] == HOUR


def test_what_others_set_meanwhile_stays_and_a_tab_keeps_what_was_typed(
    admin: httpx.Client, go: Any, camera: str
) -> None:
    page = go(f"/cameras/{camera}")
    page.fill("[data-test=set-title]", "Main gate")
    theirs = {"title": "Gate", "depth_ms": 24 * HOUR, "folder": "roof", "motion": {"enabled": True}}
    admin.put("media/gate", json=theirs).raise_for_status()
    page.click("[data-test=tab-mail]")
    page.wait_for_selector("#panel-mail")
    page.click("[data-test=tab-settings]")
    assert page.input_value("[data-test=set-title]") == "Main gate"
    page.click("[data-test=settings-save]")
    page.wait_for_selector("[data-test=toast]:has-text('Saved')")
    now = admin.get("media/gate").json()
    assert (now["title"], now["folder"], now["motion"]["enabled"]) == ("Main gate", "roof", True)
    page.wait_for_function("() => document.querySelector('[data-test=set-folder]').value === 'roof'")


def test_a_session_that_ends_in_the_middle_of_work_loses_nothing(admin: httpx.Client, go: Any, camera: str) -> None:
    add_user(admin, "anna", admin=True)
    page = go(f"/cameras/{camera}", token="")
    signed_in(page, "anna")
    page.fill("[data-test=set-title]", "Main gate")
    for one in admin.get("sessions", params={"user": "anna"}).json()["sessions"]:
        admin.delete(f"sessions/{one['session_id']}").raise_for_status()
    page.click("[data-test=settings-save]")
    page.wait_for_selector("[data-test=again][open] [data-test=login-error]:has-text('Sign in again')")
    page.keyboard.press("Escape")
    assert page.is_visible("[data-test=again]")
    page.fill("[data-test=login-name]", "anna")
    page.fill("[data-test=login-password]", PASSWORD)
    page.click("[data-test=login-go]")
    page.wait_for_selector("[data-test=toast]:has-text('Saved')")
    assert admin.get("media/gate").json()["title"] == "Main gate"


def test_a_sign_out_that_fails_is_told_and_has_not_happened(admin: httpx.Client, go: Any) -> None:
    add_user(admin, "anna")
    page = go("/settings", token="")
    signed_in(page, "anna")
    page.route("**/sessions/current", lambda one: one.abort())
    page.click("[data-test=sign-out]")
    page.wait_for_selector("[data-test=toast]:has-text('does not answer')")
    assert page.is_visible("nav")
    page.unroute("**/sessions/current")
    page.click("[data-test=sign-out]")
    page.wait_for_selector("[data-test=login]")


def test_a_link_that_has_ended_says_so_instead_of_asking_for_a_login(go: Any, address: str) -> None:
    page = go("/settings", token="")
    page.goto(f"{address}/shared#key=sls_gone")
    page.wait_for_selector("[data-test=link-ended]")
    page.reload()
    page.wait_for_selector("[data-test=link-ended]:has-text('has ended')")
    page.click("[data-test=link-ended] button")
    page.wait_for_selector("[data-test=login]")


def test_what_fails_in_a_dialog_is_told_there_and_the_focus_comes_back(admin: httpx.Client, go: Any) -> None:
    add_user(admin, "anna")
    page = go("/users")
    page.click("[data-test=user-add]")
    page.click("[data-test=user-form] footer button")
    page.wait_for_function(f"() => {FOCUSED} === 'user-add'")
    page.route("**/users/anna", lambda one: one.abort())
    page.click("[data-user=anna] [data-test=user-more]")
    page.click("[data-test=user-delete]:visible")
    page.click("[data-test=confirm-go]")
    page.wait_for_selector("[data-test=confirm] [role=alert]:has-text('does not answer')")


def test_a_list_in_another_encoding_is_refused_before_it_is_imported(go: Any) -> None:
    page = go("/users")
    page.click("[data-test=user-import]")
    file = {"name": "users.csv", "mimeType": "text/csv", "buffer": "user,title\nanna,Łucja\n".encode("cp1250")}
    page.set_input_files("[data-test=import-file]", file)
    page.wait_for_selector("[data-test=import-errors]:has-text('CSV UTF-8')")
    assert page.input_value("[data-test=import-csv]") == ""


def test_files_on_their_way_to_people_are_gone_when_the_page_begins_anew(go: Any) -> None:
    page = go("/settings")
    page.evaluate("navigator.storage.getDirectory().then((all) => all.getFileHandle('export.mp4', {create: true}))")
    page.goto(page.url + f"#token={TOKEN}")
    page.reload()
    page.wait_for_selector("nav")
    page.wait_for_function(
        "async () => (await Array.fromAsync((await navigator.storage.getDirectory()).keys())).length === 0"
    )


def test_links_are_listed_and_ended_in_the_settings(admin: httpx.Client, go: Any, camera: str) -> None:
    body = {"media": camera, "from_ms": 1_000_000, "to_ms": 2_000_000, "title": "police 12/3"}
    made = admin.post("shares", json=body)
    made.raise_for_status()
    page = go("/settings")
    page.click("[data-test=share]:has-text('police 12/3') [data-test=share-revoke]")
    page.click("[data-test=share-confirm-go]")
    page.wait_for_selector("[data-test=toast]:has-text('ended')")
    assert admin.get("shares").json()["shares"] == []


def test_locks_are_listed_with_their_reason_and_given_back(admin: httpx.Client, go: Any, camera: str) -> None:
    body = {"from_ms": 1_000_000, "to_ms": 2_000_000, "reason": "case 7"}
    admin.post(f"media/{camera}/locks", json=body, timeout=30).raise_for_status()
    page = go("/storage?tab=locks")
    page.click("[data-test=lock]:has-text('case 7') [data-test=lock-release]")
    page.click("[data-test=lock-confirm-go]")
    page.wait_for_selector("[data-test=lock][data-state=released]")


def test_the_audit_trail_is_asked_by_time_and_its_address_keeps_that(go: Any) -> None:
    page = go("/system?tab=audit")
    page.wait_for_selector("[data-test=empty]")  # what is asked first is answered, so that the next is what is typed
    page.fill("[data-test=audit-from]", "2026-11-20T10:00")
    with page.expect_response("**/audit?*from_ms=*"):
        page.click("[data-test=audit-find]")
    page.wait_for_url("**/system?*from=*")
    page.reload()
    page.wait_for_function("() => document.querySelector('[data-test=audit-from]')?.value === '2026-11-20T10:00'")
    page.wait_for_selector("[data-test=empty]")


def test_whom_the_accounts_of_the_house_do_not_let_in_the_login_tells_why_once(go: Any, address: str) -> None:
    page = go("/login", token="")
    told = "%7B%22kind%22%3A%22refused%22%2C%22why%22%3A%22nobody%20is%20issuer%7C77%22%7D"
    page.evaluate(f"document.cookie = 'sightlog_refusal={told}; Path=/login'")
    page.reload()
    page.wait_for_selector("[data-test=login-error]:has-text('issuer|77')")
    page.reload()
    page.wait_for_selector("[data-test=login]")
    assert not page.is_visible("[data-test=login-error]")
