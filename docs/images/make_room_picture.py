"""Draw the README's picture of the report room again, as SVG: its shelf at an address, by Chromium and pdftocairo.

PYTHONPATH=include .venv/bin/python docs/images/make_room_picture.py http://127.0.0.1:8080 admin PASSWORD
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import httpx
from playwright.sync_api import sync_playwright

WIDTH, HEIGHT = 1200, 420


def main(address: str, user: str, password: str) -> None:
    """Write ``report-room.svg`` next to this file."""
    token = httpx.post(f"{address}/auth/token", json={"username": user, "password": password}).json()["access_token"]
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path="/usr/bin/chromium")
        context = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT})
        context.add_cookies([{"name": "_token", "value": token, "url": address}])
        page = context.new_page()
        page.goto(f"{address}/executive-suite/groups/-/", wait_until="networkidle")
        page.emulate_media(media="screen")
        paper = Path(folder) / "room.pdf"
        size = {"width": f"{WIDTH}px", "height": f"{HEIGHT}px"}
        page.pdf(path=str(paper), print_background=True, page_ranges="1", **size)
        target = Path(__file__).with_name("report-room.svg")
        subprocess.run(["pdftocairo", "-svg", "-f", "1", "-l", "1", str(paper), str(target)], check=True)  # noqa: S603, S607 - its own paths


if __name__ == "__main__":
    main(*sys.argv[1:4])
