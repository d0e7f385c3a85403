"""Pictures of pages in both languages and themes, at desk and phone width, with an accessibility check.

python -m crm.testing.screenshots http://127.0.0.1:8000 --user agent@example.com --password … /tickets/ /customers/
"""

from __future__ import annotations

import argparse
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from crm.testing import axe

logger = logging.getLogger("screenshots")

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-dev-shm-usage", "--font-render-hinting=none"]
WIDTHS = {1366: 900, 390: 844}
LANGUAGES = ("en", "zh-hans")
THEMES = ("light", "dark")


@contextmanager
def browser() -> Iterator[Any]:
    """The system's Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        try:
            yield chromium
        finally:
            chromium.close()


def sign_in(page: Any, base: str, user: str, password: str) -> None:
    """Through the sign-in page, as a person would."""
    page.goto(f"{base}/accounts/login/")
    page.fill("[name=username]", user)
    page.fill("[name=password]", password)
    page.click("form[method=post] .btn-primary")
    page.wait_for_load_state("networkidle")


def prefer(page: Any, base: str, language: str, theme: str) -> None:
    """Sets language and theme through the endpoint that the frame's own switches use."""
    page.evaluate(
        """([url, language, theme]) => {
            const body = new URLSearchParams({ language, theme });
            const found = document.cookie.split('; ').find((part) => part.startsWith('csrftoken='));
            const token = found?.split('=')[1] ?? '';
            return fetch(url, { method: 'POST', body, headers: { 'X-CSRFToken': token, 'X-Requested-With': 'fetch' } })
              .then((answer) => answer.status);
        }""",
        [f"{base}/preferences/", language, theme],
    )


def name_of(path: str) -> str:
    """A file name for an address."""
    return re.sub(r"[^\w一-鿿]+", "-", path).strip("-") or "home"


def shoot(page: Any, base: str, path: str, target: Path, *, full: bool = False, check: bool = True) -> list[str]:
    """One page as it is now; returns what axe and the console complain about."""
    errors: list[str] = []

    def heard(message: Any) -> None:
        if message.type == "error":
            errors.append(f"console: {message.text[:300]}")

    page.on("console", heard)
    answer = page.goto(f"{base}{path}", wait_until="networkidle")
    page.screenshot(path=str(target), full_page=full)
    overflow = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
    page.remove_listener("console", heard)
    if answer is not None and answer.status >= 400:
        errors.append(f"status {answer.status}")
    if overflow > 0:
        errors.append(f"the page is {overflow} px wider than the window")
    return errors + (axe.violations(page) if check else [])


def main() -> int:
    """Shoots every address in every combination; 1 when a check complains."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("base")
    parser.add_argument("paths", nargs="+")
    parser.add_argument("--user", default="")
    parser.add_argument("--password", default="")
    parser.add_argument("--enter", default="", help="an address that signs in by itself, for development")
    parser.add_argument("--out", type=Path, default=Path("/tmp/shots"))
    parser.add_argument("--full", action="store_true", help="the whole page, not the first screen")
    parser.add_argument("--languages", default=",".join(LANGUAGES))
    parser.add_argument("--themes", default=",".join(THEMES))
    parser.add_argument("--widths", default=",".join(map(str, WIDTHS)))
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    options.out.mkdir(parents=True, exist_ok=True)
    bad = 0
    with browser() as chromium:
        for width in map(int, options.widths.split(",")):
            context = chromium.new_context(viewport={"width": width, "height": WIDTHS.get(width, 900)})
            page = context.new_page()
            if options.enter:
                page.goto(f"{options.base}{options.enter}")
            elif options.user:
                sign_in(page, options.base, options.user, options.password)
            for language in options.languages.split(","):
                for theme in options.themes.split(","):
                    page.goto(f"{options.base}{options.paths[0]}")
                    prefer(page, options.base, language, theme)
                    for path in options.paths:
                        target = options.out / f"{name_of(path)}-{language}-{theme}-{width}.png"
                        problems = shoot(page, options.base, path, target, full=options.full)
                        bad += len(problems)
                        logger.info("%s%s", target, "".join(f"\n    {line}" for line in problems))
            context.close()
    return 1 if bad else 0


if __name__ == "__main__":
    raise SystemExit(main())
