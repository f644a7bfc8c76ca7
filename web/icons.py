"""Draws the PNG icons from ``public/icons/icon.svg`` with Chromium. Run by hand after the drawing changed."""

from pathlib import Path

from playwright.sync_api import sync_playwright

ICONS = Path(__file__).parent / "public" / "icons"
CHROMIUM = "/usr/bin/chromium"
SIZES = {"icon-192": (192, 1.0), "icon-512": (512, 1.0), "maskable-512": (512, 0.72), "touch-180": (180, 0.86)}
"""Name: pixels, and how much of them the drawing takes; the rest is its ground, for systems that cut icons."""
GROUND = "#101820"


def draw() -> None:
    """Write every icon."""
    svg = (ICONS / "icon.svg").read_text()
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for name, (pixels, share) in SIZES.items():
            page = browser.new_page(viewport={"width": pixels, "height": pixels})
            ground = GROUND if share < 1 else "transparent"
            style = f"margin:0;display:grid;place-items:center;height:100vh;background:{ground}"
            page.set_content(f"<body style='{style}'>{svg.replace('<svg ', f'<svg width={pixels * share:.0f} ', 1)}")
            page.screenshot(path=ICONS / f"{name}.png", omit_background=True)
        browser.close()


if __name__ == "__main__":
    draw()
