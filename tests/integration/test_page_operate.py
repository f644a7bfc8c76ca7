"""What an operator looks after in the page: cameras, storage, the system, and what programs use."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.routes import page as routes
from infra.settings import Settings
from tests.integration.operated import CAMERAS, GATE, PASSWORD, furnish
from tests.integration.paged import AXE, PATIENCE_MS, add_user, admin, browser, go, serious, signed_in
from tests.integration.paged import PASSWORD as THEIRS
from tests.integration.recording import wait_for
from tests.integration.served import listening
from tests.unit.api.client import TOKEN, World

__all__ = ["admin", "browser", "go"]
expect = pytest.importorskip("playwright.sync_api").expect
expect.set_options(timeout=PATIENCE_MS)
ON_SMALL = {"viewport": {"width": 390, "height": 844}, "color_scheme": "light"}
PLACES = (
    "/cameras", f"/cameras/{GATE}", f"/cameras/{GATE}?tab=motion", f"/cameras/{GATE}?tab=mail",
    "/storage", "/storage?tab=upcoming", "/storage?tab=what-if",
    "/system", "/system?tab=letters", "/system?tab=runs", "/system?tab=audit",
    "/data", "/data?tab=http", "/data?tab=sql", "/data?tab=topics",
)  # fmt: skip
READY = "[role=tabpanel]:visible, [data-test=camera]"
GO = "(place) => { history.pushState(null, '', place); dispatchEvent(new PopStateEvent('popstate')) }"
WIDER = "Math.max(document.documentElement.scrollWidth, document.querySelector('main').scrollWidth) - innerWidth"


@pytest.fixture(scope="module")
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    """One house for all tests; each changes what no other looks at."""
    built: Path = request.config.getoption("--page") or routes.DIST
    if not (built / "index.html").is_file():
        pytest.skip("the page is not built (cd web && npm ci && npm run build)")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(routes, "DIST", built)
        made = World(settings=Settings(api_key=TOKEN, s3="http://store.invalid:9000"))
        furnish(made, patch)
        yield made
        made.access.close()
        made.registry.close()
        made.audit.close()


@pytest.fixture(scope="module")
def address(world: World) -> Iterator[str]:
    with listening(world.app) as found:
        yield found
        world.app.state.feed.close()


def test_thousands_of_cameras_are_found_by_words_state_and_folder(go: Any) -> None:
    page = go("/cameras")
    page.wait_for_selector(f"[data-test=cameras-count]:has-text('{CAMERAS:,}')")
    assert page.locator("[data-test=camera]").count() < 40
    page.fill("[data-test=cameras-find]", "MILL 12 floor")
    expect(page.locator("[data-test=camera] strong").first).to_contain_text("Old Mill")
    page.fill("[data-test=cameras-find]", "")
    page.select_option("[data-test=cameras-status]", "lost")
    page.wait_for_selector("[data-test=camera]:has-text('lost')")
    expect(page.locator("[data-test=camera]:has-text('recording')")).to_have_count(0)
    page.select_option("[data-test=cameras-folder]", "Harbour/Quay")
    page.wait_for_selector("[data-test=empty]")
    page.reload()
    page.wait_for_selector("[data-test=empty]:has-text('No camera is like that')")
    page.click("[data-test=empty] button")
    page.wait_for_selector(f"[data-test=cameras-count]:has-text('{CAMERAS:,}')")


def test_a_list_of_thousands_draws_only_what_is_in_sight(go: Any) -> None:
    page = go("/cameras")
    page.wait_for_selector("[data-test=camera]")
    page.wait_for_load_state("networkidle")
    told = page.evaluate(SCROLLED)
    print(f"frames of {CAMERAS} cameras: median {told['median']:.1f} ms, worst {told['worst']:.1f} ms of script")
    assert told["rows"] < 60
    assert told["reached"]


SCROLLED = """async () => {
  const box = document.querySelector('[data-test=cameras] .list'), spent = [];
  for (let n = 1; n <= 120; n++) {
    await new Promise(requestAnimationFrame);
    const began = performance.now();
    box.scrollTop = n === 120 ? box.scrollHeight : n * 900;
    box.dispatchEvent(new Event('scroll'));
    await Promise.resolve();
    box.getBoundingClientRect();
    spent.push(performance.now() - began);
  }
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  spent.sort((a, b) => a - b);
  const names = [...document.querySelectorAll('[data-test=camera]')].map((one) => one.dataset.media);
  return {median: spent[60], worst: spent[119], rows: names.length, reached: names.includes('gate')};
}"""
"""Scrolls by more than a screen in each of 120 frames; the time of script and layout in each."""


def test_a_camera_is_added_and_what_is_wrong_stands_at_its_field(admin: httpx.Client, go: Any) -> None:
    page = go("/cameras")
    page.click("[data-test=camera-add]")
    page.fill("[data-test=camera-name]", "new yard")
    page.fill("[data-test=camera-title]", "The new yard")
    page.fill("[data-test=camera-source]", "ftp://192.0.2.1")
    page.click("[data-test=camera-save]")
    page.wait_for_selector("[aria-invalid=true]")
    page.fill("[data-test=camera-name]", "new-yard")
    page.click("[data-test=camera-save]")
    page.wait_for_selector("[data-test=camera-source][aria-invalid=true]")
    assert page.input_value("[data-test=camera-title]") == "The new yard"
    page.fill("[data-test=camera-source]", "rtsp://192.0.2.1/1")
    page.fill("[data-test=camera-depth]", "1.5")
    page.click("[data-test=camera-save]")
    page.wait_for_selector("h1:has-text('The new yard')")
    assert admin.get("media/new-yard").json().items() >= {"depth_ms": 5_400_000, "source": "rtsp://192.0.2.1/1"}.items()
    page.click("[data-test=camera-remove]")
    page.click("[data-test=camera-remove-confirm-go]")
    page.wait_for_selector("[data-test=cameras-find]")
    assert admin.get("media/new-yard").status_code == 404


def test_cameras_from_a_file_are_all_taken_or_none(admin: httpx.Client, go: Any) -> None:
    page = go("/cameras")
    page.click("[data-test=cameras-import]")
    page.fill("[data-test=import-csv]", "media,title,depth\ndock-1,Dock 1,6h\ndock-2,Dock 2,soon\nbad name/,x,6h\n")
    page.click("[data-test=import-go]")
    page.wait_for_selector("[data-test=import-errors]:has-text('Line 3')")
    assert re.search(r"Line 3\s*depth", page.inner_text("[data-test=import-errors]"))
    assert "Line 4" in page.inner_text("[data-test=import-errors]")
    assert admin.get("media/dock-1").status_code == 404
    rows = b"media;title;depth\ndock-1;Dock 1;6h\ndock-2;Dock 2;12h\n"
    page.set_input_files("[data-test=import-file]", {"name": "c.csv", "mimeType": "text/csv", "buffer": rows})
    expect(page.locator("[data-test=import-csv]")).to_have_value(re.compile("12h"))
    page.click("[data-test=import-go]")
    page.wait_for_selector("[data-test=toast]:has-text('2 added, 0 changed')")
    assert admin.get("media/dock-2").json()["depth_ms"] == 43_200_000


def test_settings_are_saved_and_passwords_stay_though_nobody_sees_them(world: World, go: Any) -> None:
    page = go(f"/cameras/{GATE}")
    assert page.input_value("[data-test=set-source]") == "rtsp://viewer:***@192.0.2.10/stream1"
    page.fill("[data-test=set-title]", "Main gate, south")
    page.fill("[data-test=set-depth]", "-1")
    page.click("[data-test=settings-save]")
    page.wait_for_selector("[data-test=set-depth][aria-invalid=true]")
    page.fill("[data-test=set-depth]", "8")
    page.click("[data-test=settings-save]")
    page.wait_for_selector("[data-test=toast]")
    page.wait_for_selector("h1:has-text('Main gate, south')")
    assert PASSWORD not in page.content()
    kept = world.registry.configured(GATE)
    assert kept
    assert kept.source == f"rtsp://viewer:{PASSWORD}@192.0.2.10/stream1"
    assert (kept.mail_password, kept.depth_ms, kept.labels) == (PASSWORD, 28_800_000, ("entrance",))


def test_zones_and_masks_are_drawn_with_a_pointer_and_with_keys(admin: httpx.Client, go: Any) -> None:
    page = go(f"/cameras/{GATE}?tab=motion")
    page.wait_for_function("() => document.querySelector('.picture img')?.naturalWidth > 0")  # nothing moves any more
    page.click("[data-test=zone-add]")
    page.fill("[data-test=zone-name]", "Door")
    page.locator("[data-test=zones-drawing]").scroll_into_view_if_needed()
    box = page.locator("[data-test=zones-drawing]").bounding_box()
    x, y, width, height = box["x"], box["y"], box["width"], box["height"]
    page.hover("[data-test=zone-point] >> nth=0")
    page.mouse.down()
    page.mouse.move(x + width * 0.1, y + height * 0.2, steps=3)
    page.mouse.up()
    page.focus("[data-test=zone-point] >> nth=2")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    page.mouse.dblclick(x + width * 0.4, y + height * 0.9)
    expect(page.locator("[data-test=zone-point]")).to_have_count(5)
    page.focus("[data-test=zone-point] >> nth=1")
    page.keyboard.press("Delete")
    page.keyboard.press("+")
    page.click("[data-test=mask-add]")
    page.mouse.click(x + width * 0.2, y + height * 0.3)  # on the zone alone: it is the one that is drawn again
    page.wait_for_selector("[aria-label='Draw Door'][aria-pressed=true]")
    page.click("[data-test=motion-save]")
    page.wait_for_selector("[data-test=toast]")
    door, mask = admin.get(f"media/{GATE}").json()["motion"]["zones"]
    assert (door["name"], door["kind"], mask["kind"]) == ("Door", "watch", "mask")
    assert door["polygon"][0] == [pytest.approx(0.1, abs=0.01), pytest.approx(0.2, abs=0.01)]
    assert [0.61, 0.61] in door["polygon"]
    assert len(door["polygon"]) == 5
    page.fill("[data-test=motion-sensitivity]", "101")
    page.click("[data-test=motion-save]")
    page.wait_for_selector("[data-test=motion-sensitivity][aria-invalid=true]")


def test_a_camera_s_mails_are_set_and_tried(world: World, go: Any) -> None:
    page = go(f"/cameras/{GATE}?tab=mail")
    page.wait_for_selector("[data-test=copy-box]:has-text('gate@sightlog.local')")
    assert PASSWORD not in page.content()
    page.click("dd button:has-text('Show')")
    page.wait_for_selector(f"[data-test=copy-box]:has-text('{PASSWORD}')")
    page.click("[data-test=mail-test]")
    page.wait_for_selector("[data-test=mail-tested].good:has-text('it arrived and was read as test')")
    page.fill("[data-test=mail-words]", "motion, intruder")
    page.click("[data-test=mail-save]")
    page.wait_for_selector("[data-test=toast]")
    kept = world.registry.configured(GATE)
    assert kept
    assert (kept.catch, kept.mail_password) == (("motion", "intruder"), PASSWORD)


def test_what_is_kept_is_told_and_sorted(go: Any) -> None:
    page = go("/storage")
    page.wait_for_selector("[data-test=total-saving]:has-text('%')")
    assert "68 %" in page.inner_text("[data-test=level]")
    first = page.locator("[data-test=kept] a").first
    expect(first).to_have_text("cam-0038")
    page.click("[data-test=sort-media]")
    page.wait_for_selector("[data-test=sort-media][aria-pressed=true]")
    expect(first).to_have_text("cam-0000")
    page.fill("[data-test=storage-find]", "GATE")
    expect(page.locator("[data-test=kept]")).to_have_count(1)
    assert "60 MB" in page.inner_text("[data-test=kept]")


def test_what_goes_next_can_be_kept(world: World, go: Any) -> None:
    page = go("/storage?tab=upcoming")
    page.wait_for_selector("[data-test=expiration]:has-text('cam-0002')")
    before = page.locator("[data-test=expiration]").count()
    page.click("[data-test=expiration]:has-text('cam-0002') [data-test=restore]")
    page.wait_for_selector("[data-test=toast]:has-text('It stays')")
    expect(page.locator("[data-test=expiration]")).to_have_count(before - 1)


def test_another_policy_is_tried_on_what_was_recorded(go: Any) -> None:
    page = go("/storage?tab=what-if")
    page.fill("[data-test=what-media]", "no-such-camera")
    page.click("[data-test=what-go]")
    page.wait_for_selector("[role=alert]")
    page.fill("[data-test=what-media]", "")
    page.fill("[data-test=what-depth]", "3")
    page.click("[data-test=what-go]")
    page.wait_for_selector("[data-test=what-answer] h2:has-text('would be kept')")
    page.wait_for_selector("[data-test=what-answer] li:has-text('older than depth')")


def test_what_is_wrong_with_the_system_stands_first(go: Any) -> None:
    page = go("/system")
    page.wait_for_selector("[data-test=warnings] .fail:has-text('nobody reads mails')")
    assert page.locator("[data-test=part]").count() == 8
    assert page.inner_text("[data-test=part]:has-text('alarms')").count("does not run") == 1
    assert "12,480" in page.inner_text("[data-test=group-lag]:has-text('alarms')")
    page.wait_for_selector("[data-test=store]:has-text('1.4 TB')")


def test_letters_are_told_again_one_by_one_and_all_at_once(world: World, go: Any) -> None:
    page = go("/system?tab=letters")
    page.wait_for_selector("[data-test=letter]:has-text('segments/3/1207')")
    before = len(world.log.records)
    page.click("[data-test=letter]:has-text('segments/3/1207') [data-test=letter-redrive]")
    page.wait_for_selector("[data-test=toast]:has-text('on its topic again')")
    assert [one.topic for one in world.log.records[before:]] == ["segments"]
    page.click("[data-test=letters-redrive]")
    wait_for(lambda: len(world.log.records) >= before + 4)
    page.wait_for_selector("[data-test=letters-redrive]:enabled")
    assert [one.topic for one in world.log.records[before:]] == ["segments"] * 4


def test_runs_and_rebuilds_show_how_far_they_are_and_a_run_is_made_to_count(go: Any) -> None:
    page = go("/system?tab=runs")
    page.wait_for_selector("[data-test=rebuild] [role=meter][aria-valuenow='75']")
    page.wait_for_selector("[data-run=thorough] [role=meter][aria-valuenow='33']")
    page.click("[data-run=night] [data-test=run-promote]")
    page.wait_for_selector("[data-run=night]:has-text('is promoted')")
    page.click("[data-run=thorough] [data-test=run-drop]")
    page.wait_for_selector("[data-run=thorough]:has-text('dropped')")
    page.click("[data-test=run-add]")
    page.fill("[data-test=run-name]", "not a name")
    page.click("[data-test=run-go]")
    page.wait_for_selector("[data-test=run-name][aria-invalid=true]")
    page.fill("[data-test=run-name]", "weekend")
    page.click("[data-test=run-go]")
    page.wait_for_selector("[data-run=weekend]:has-text('waits')")


def test_who_did_what_is_found_by_person_camera_and_action(go: Any) -> None:
    page = go("/system?tab=audit")
    page.wait_for_selector("[data-test=action]")
    assert page.locator("[data-test=action]").count() == 100
    page.fill("[data-test=audit-user]", "bob")
    page.click("[data-test=audit-find]")
    expect(page.locator("[data-test=action]")).to_have_count(40)
    page.fill("[data-test=audit-user]", "")
    page.fill("[data-test=audit-media]", GATE)
    page.select_option("[data-test=audit-action]", "exported")
    page.wait_for_selector("[data-test=action]:has-text('archive.mp4, 182 MB')")
    page.wait_for_url("**action=exported*")
    page.reload()
    expect(page.locator("[data-test=action]")).to_have_count(40)


def test_a_token_is_shown_once_works_and_is_revoked(admin: httpx.Client, go: Any, address: str) -> None:
    add_user(admin, "anna", admin=True)
    page = go("/data", token="")
    signed_in(page, "anna")
    page.click("[data-test=token-issue]")
    page.fill("[data-test=token-title]", "reports")
    page.fill("[data-test=token-media]", "nowhere")
    page.click("[data-test=token-go]")
    page.wait_for_selector("[data-test=token-media][aria-invalid=true]")
    page.fill("[data-test=token-media]", GATE)
    page.click("[data-test=token-go]")
    secret = page.inner_text("[data-test=token-shown]")
    asked = {"url": f"{address}/api/v1/media", "headers": {"Authorization": f"Bearer {secret}"}, "timeout": 30}
    assert [one["media"] for one in httpx.get(**asked).json()["media"]] == [GATE]  # type: ignore[arg-type]
    page.click("dialog footer button")
    page.wait_for_selector("[data-test=token]:has-text('reports')")
    assert secret not in page.content()
    page.click("[data-test=token]:has-text('reports') [data-test=token-revoke]")
    page.click("[data-test=token-confirm-go]")
    page.wait_for_selector("[data-test=empty]:has-text('No tokens yet')")
    assert httpx.get(**asked).status_code == 401  # type: ignore[arg-type]


def test_a_statement_is_run_its_error_told_and_its_rows_saved(go: Any, tmp_path: Path) -> None:
    page = go("/data?tab=sql")
    page.fill("[data-test=sql-text]", "SELECT * FROM nowhere")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("[data-test=sql-problem]:has-text('nowhere')")
    page.click("[data-test=sql-example] >> nth=3")
    page.wait_for_selector("[data-test=sql-row]:has-text('412')")
    expect(page.locator("[data-test=sql-problem]")).to_have_count(0)
    with page.expect_download() as saved:
        page.click("[data-test=sql-save]")
    saved.value.save_as(tmp_path / "rows.csv")
    assert (tmp_path / "rows.csv").read_bytes().startswith(b'media,episodes,title\r\ngate,412,"say ""x"", =1+1"\r\n')
    page.reload()
    expect(page.locator("[data-test=sql-text]")).to_have_value(re.compile("license_plate_text"))


def test_examples_are_copied_as_they_stand_and_hold_no_secret(go: Any, address: str) -> None:
    page = go("/data?tab=http", permissions=["clipboard-read", "clipboard-write"])
    page.click("[data-test=example] >> nth=1 >> button")
    page.wait_for_selector("[data-test=toast]:has-text('Copied')")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith('curl -sS -H "Authorization: Bearer $TOKEN"')
    assert f"{address}/api/v1/episodes?media=CAMERA" in copied
    page.click("[data-test=tab-topics]")
    page.wait_for_selector("[data-test=example]:has-text('kcat -b $BROKER')")
    assert TOKEN not in page.content()


def test_who_may_not_configure_sees_no_settings_and_no_page_of_admins(admin: httpx.Client, go: Any) -> None:
    rights = {"live": True, "archive": True, "export": False, "protect": False, "configure": False}
    admin.put("groups/guards", json={"title": "Guards"} | rights).raise_for_status()
    add_user(admin, "bob", groups=["guards"])
    admin.put("media/porch", json={"title": "Porch", "groups": ["guards"]}).raise_for_status()
    page = go("/cameras", token="")
    signed_in(page, "bob", THEIRS)
    page.wait_for_selector("[data-test=camera]:has-text('Porch')")
    expect(page.locator("[data-test=camera]")).to_have_count(1)
    for hidden in ("camera-add", "cameras-import", "camera-settings"):
        assert page.locator(f"[data-test={hidden}]").count() == 0
    shown = page.eval_on_selector_all("nav a", "all => all.map((one) => new URL(one.href).pathname)")
    assert not {"/system", "/users"} & set(shown)
    page.goto(page.url.replace("/cameras", "/cameras/porch"))
    page.wait_for_selector("[data-test=empty]:has-text('not yours to see')")
    assert page.locator("form").count() == 0
    page.goto(page.url.replace("/cameras/porch", "/system"))
    page.wait_for_selector("[data-test=not-allowed]")
    page.goto(page.url.replace("/system", "/storage"))
    page.wait_for_selector("[data-test=tab-upcoming]")
    assert page.locator("[data-test=tab-what-if]").count() == 0
    page.goto(page.url.replace("/storage", "/data?tab=sql"))
    page.wait_for_selector("[data-test=tab-http]")
    assert page.locator("[data-test=tab-sql]").count() == 0


@pytest.mark.parametrize("look", [{"color_scheme": "dark"}, ON_SMALL], ids=["dark", "light and small"])
def test_no_place_has_a_serious_fault_asks_elsewhere_or_scrolls_sideways(
    go: Any, address: str, look: dict[str, Any]
) -> None:
    page = go(PLACES[0], **look)
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url))
    page.evaluate(AXE.read_text())
    found: dict[str, tuple[list[str], int]] = {}
    for place in PLACES:
        page.evaluate(GO, place)
        expect(page.locator(f"main :is({READY})").first).to_be_visible()
        expect(page.locator("main svg[role=img]")).to_have_count(0)  # nothing is awaited
        faulty, wide = serious(page), page.evaluate(WIDER)
        found |= {place: (faulty, wide)} if faulty or wide > 0 else {}
    assert not found, json.dumps(found, indent=1)
    assert not [url for url in asked if not url.startswith((address, "blob:", "data:"))]
