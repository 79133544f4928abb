"""`make pictures`: the README's screenshots, taken from the demo world as it is served."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from edu.cli.demo_world import PASSWORD
from edu.config import ROOT
from tests.journeys.conftest import ARGUMENTS, chromium
from tests.journeys.served import free_port, wait_until_served

PICTURES = ROOT / "docs" / "pictures"

#: (file, sign-in, language, width, height, address)
SHOTS = (
    ("home.zh-CN", "zhou.ming", "zh-CN", 1280, 900, "/"),
    ("home.en", "zhou.ming", "en", 1280, 900, "/"),
    ("home-phone.zh-CN", "zhou.ming", "zh-CN", 360, 780, "/"),
    ("module.zh-CN", "zhou.ming", "zh-CN", 1280, 900, "/modules/emergency-1-golden-minutes"),
    ("module.en", "zhou.ming", "en", 1280, 900, "/modules/emergency-1-golden-minutes"),
    ("unit.zh-CN", "lin.wei", "zh-CN", 1280, 900, "/units"),
    ("unit.en", "lin.wei", "en", 1280, 900, "/units"),
    ("write.zh-CN", "wu.jie", "zh-CN", 1280, 900, "/write/law-1-fraud/quiz.zh-CN.md"),
    ("write.en", "wu.jie", "en", 1280, 900, "/write/law-1-fraud/quiz.en.md"),
)


def take(url: str) -> None:
    PICTURES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        for name, login, language, width, height, address in SHOTS:
            page = browser.new_page(base_url=url, locale=language, viewport={"width": width, "height": height})
            page.goto("/sign-in")
            page.locator("[name=login]").fill(login)
            page.locator("[name=password]").fill(PASSWORD)
            page.locator("main button").click()
            page.goto(address)
            page.wait_for_load_state("networkidle")
            page.screenshot(path=PICTURES / f"{name}.png")
            page.close()
        browser.close()


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        instance, port = Path(folder), free_port()
        environment = {**os.environ, "INSTANCE": folder, "PORT": str(port)}
        log = instance / "log"
        with log.open("w") as said:
            command = [sys.executable, "-m", "flask", "--app", "app", "serve"]
            server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=said, stderr=subprocess.STDOUT)
        try:
            wait_until_served(port, server, log)
            take(f"http://127.0.0.1:{port}")
        finally:
            server.terminate()
            server.wait(10)


if __name__ == "__main__":
    main()
