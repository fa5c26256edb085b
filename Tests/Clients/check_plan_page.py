#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Drives `hadal plan --page` in Chromium: by mouse and by keyboard, at desktop and phone width.

Usage: check_plan_page.py HADAL [--screens DIR]

axe-core must find nothing serious, the page must ask nobody but its own server, a link must give the
same page again. --screens writes the screenshots that Documentation/Screens keeps.
"""
import argparse
import json
import os
import shutil
import signal
import subprocess
import sys

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

WIDTHS = {"desktop": (1280, 900), "phone": (390, 844)}
PUBLISHED = (
    "deepseek-v3 --tokens 14.8T --hardware h800 --count 2048 --batch 15360 "
    "--layout pipeline=16,expert=64,schedule=dualpipe"
)
failures = []


def check(what, holds, found=""):
    print(("ok    " if holds else "FAILED ") + what + (f": {found}" if found and not holds else ""))
    if not holds:
        failures.append(what)


def settled(page):
    # The curve is asked for when a slider rests.
    page.wait_for_timeout(300)
    page.locator("#results:not([aria-busy])").wait_for(state="attached")
    page.wait_for_timeout(400)


def headlines(page):
    return page.locator("#headlines").inner_text()


def check_accessibility(page, name):
    results = Axe().run(page).response
    found = [
        f"{entry['id']} ({entry['impact']}): {entry['nodes'][0]['html'][:120]}"
        for entry in results["violations"]
        if entry["impact"] in ("serious", "critical")
    ]
    check(f"{name}: axe-core finds nothing serious", not found, "; ".join(found))


def check_look(browser, url, screens):
    for width_name, (width, height) in WIDTHS.items():
        for scheme in ("light", "dark"):
            name = f"{width_name}, {scheme}"
            context = browser.new_context(
                viewport={"width": width, "height": height}, color_scheme=scheme
            )
            page = context.new_page()
            errors, asked = [], []
            page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
            page.on("pageerror", lambda error: errors.append(str(error)))
            page.on("request", lambda request: asked.append(request.url))
            page.goto(url)
            settled(page)
            check(f"{name}: no error on the console", not errors, "; ".join(errors))
            base = url.split("#")[0]
            others = [a for a in asked if not a.startswith((base, "data:"))]
            check(f"{name}: nobody else is asked", not others, " ".join(others))
            overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            check(f"{name}: nothing stands out to the side", overflow <= 0, f"{overflow} px")
            check(f"{name}: the published run takes 54 to 55 days", "54 d" in headlines(page),
                  headlines(page))
            for summary in page.locator("summary").all():
                summary.click()
            check_accessibility(page, name)
            for summary in page.locator("summary").all():
                summary.click()
            if screens and (width_name, scheme) in (("desktop", "light"), ("phone", "dark")):
                end = "" if width_name == "desktop" else "-phone"
                page.evaluate("scrollTo(0, 0)")
                page.screenshot(path=os.path.join(screens, f"plan-page{end}.png"), full_page=True)
            context.close()


def check_keyboard(page, url):
    page.goto(url)
    settled(page)
    seen = []
    for _ in range(60):
        page.keyboard.press("Tab")
        seen.append(page.evaluate("document.activeElement.id || document.activeElement.tagName"))
        if seen[-1] == "tokens-slider":
            break
    check("the keyboard reaches the first slider", seen[-1] == "tokens-slider", " ".join(seen))
    before = headlines(page)
    for _ in range(5):
        page.keyboard.press("ArrowLeft")
    settled(page)
    check("an arrow key moves it, and the figures", headlines(page) != before)
    check("its value is said", page.get_attribute("#tokens-slider", "aria-valuetext") not in
          (None, "", "14.8T"))
    page.fill("#tokens", "2T")
    page.keyboard.press("Enter")
    settled(page)
    check("a typed number is taken", "tokens=2T" in page.url, page.url)
    seen = set()
    for _ in range(80):
        page.keyboard.press("Tab")
        seen.add(page.evaluate("document.activeElement.id"))
    wanted = {"model", "hardware", "count-slider", "layout-auto", "pipeline-slider", "copy"}
    check("the keyboard reaches every control", wanted <= seen, str(wanted - seen))


def check_state(browser, page, url):
    page.goto(url)
    settled(page)
    width = page.evaluate("document.querySelector('#memory-bar span').style.width")
    page.evaluate(
        "s => { s.value = 0; s.dispatchEvent(new Event('input', {bubbles: true})); }",
        page.query_selector("#expert-slider"),
    )
    settled(page)
    check("a slider of the layout moves the memory's bar",
          page.evaluate("document.querySelector('#memory-bar span').style.width") != width)
    other = browser.new_context().new_page()
    other.goto(page.url)
    settled(other)
    check("a link gives the same page again", headlines(other) == headlines(page))
    other.close()
    page.evaluate("location.hash = 'model=deepseek-v3&hardware=h800&count=8&layout=pipeline=64'")
    settled(page)
    text = page.locator("#fault").inner_text()
    check("an impossible layout names its rule", "impossible" in text, text)
    page.click("#nearest")
    settled(page)
    check("the nearest that is possible is one click away",
          page.locator("#fault").is_hidden() and "layout=" in page.url, page.url)
    for button in page.locator("[data-state]").all():
        button.click()
        settled(page)
        check(f"the example '{button.inner_text()}' is planned",
              page.locator("#fault").is_hidden(), page.locator("#fault").inner_text())
    page.evaluate("location.hash = 'model=nano&tokens=20M&hardware=here'")
    settled(page)
    page.wait_for_timeout(3000)
    settled(page)
    check("this machine is measured", "tokens/s" in headlines(page) and
          page.locator("#fault").is_hidden(), page.locator("#fault").inner_text())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("hadal")
    parser.add_argument("--screens")
    options = parser.parse_args()
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if not chromium:
        print("check_plan_page: chromium is not installed", file=sys.stderr)
        return 69
    command = [options.hadal, "plan", *PUBLISHED.split(), "--page", "--port", "0", "--json"]
    program = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        url = json.loads(program.stdout.readline())["url"]
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
            )
            check_look(browser, url, options.screens)
            page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
            check_keyboard(page, url)
            check_state(browser, page, url)
            browser.close()
    finally:
        program.send_signal(signal.SIGINT)
        program.wait(10)
    check("Ctrl-C ends it", program.returncode == 130, str(program.returncode))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
