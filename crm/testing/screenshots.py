"""Pictures of pages in both languages and themes, at desk and phone width, with an accessibility check.

python -m crm.testing.screenshots http://127.0.0.1:8000 --user agent@example.com --password … /tickets/ /customers/
python -m crm.testing.screenshots http://127.0.0.1:8000 --user admin@demo.example --password … --all --sheets

The second walks every screen that links lead to, with demo data in the database that DATABASE_URL names too.
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
LONGEST = 2600
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


def shoot(page: Any, target: Path, *, full: bool = False, check: bool = True) -> list[str]:
    """The page as it is now; returns what is wrong with it: sideways scrolling, and what axe complains about."""
    page.screenshot(path=str(target), full_page=full, clip=None if not full else _clip(page))
    overflow = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
    wider = [f"the page is {overflow} px wider than the window"] if overflow > 0 else []
    return wider + (axe.violations(page) if check else [])


def _clip(page: Any) -> dict[str, float]:
    """The page's head, so that a list of a thousand rows is still a picture."""
    height = page.evaluate("() => Math.max(document.documentElement.scrollHeight, innerHeight)")
    return {"x": 0, "y": 0, "width": page.viewport_size["width"], "height": min(height, LONGEST)}


def open_at(page: Any, address: str) -> list[str]:
    """Opens an address; what the console and the status line complain about."""
    errors: list[str] = []

    def heard(message: Any) -> None:
        if message.type == "error":
            errors.append(f"console: {message.text[:300]}")

    page.on("console", heard)
    answer = page.goto(address, wait_until="networkidle")
    page.remove_listener("console", heard)
    return errors + ([f"status {answer.status}"] if answer is not None and answer.status >= 400 else [])


def demo_starts() -> list[str]:
    """Where the walk begins; asked before the browser runs, since its loop forbids queries in this thread."""
    import django

    django.setup()
    from crm.testing import screens

    return [*screens.STARTS, *screens.demo_starts()]


def every_screen(page: Any, base: str, starts: list[str]) -> list[str]:
    """The addresses of all screens that links lead to for whoever is signed in."""
    from crm.testing import screens

    def fetch(address: str) -> str | None:
        answer = page.request.get(f"{base}{address}", max_redirects=0)
        is_page = answer.status == 200 and answer.headers.get("content-type", "").startswith("text/html")
        return answer.text() if is_page else None

    return list(screens.walk(fetch, starts).values())


def sheets(folder: Path, look: str, width: int, columns: int = 0) -> None:
    """Puts the pictures of one look side by side, many to a sheet, in the order of their names."""
    from PIL import Image, ImageDraw

    across, high = (6, 620) if width > 500 else (10, 760)
    across, cell = columns or across, 2400 // (columns or across)
    found = sorted(folder.glob(f"*-{look}.png"))
    for number in range(0, len(found), across * 3):
        sheet = Image.new("RGB", (across * cell, 3 * high), "#888")
        for place, path in enumerate(found[number : number + across * 3]):
            with Image.open(path) as picture:
                small = picture.convert("RGB").resize((cell - 8, int(picture.height * (cell - 8) / picture.width)))
            left, top = place % across * cell, place // across * high
            sheet.paste(small.crop((0, 0, cell - 8, min(small.height, high - 24))), (left + 4, top + 20))
            ImageDraw.Draw(sheet).text((left + 6, top + 5), path.stem[: -len(look) - 1], fill="black")
        sheet.save(folder / f"sheet-{look}-{number // (across * 3):02}.png")


def main() -> int:
    """Shoots every address in every combination; 1 when a check complains."""
    options = _options()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    options.out.mkdir(parents=True, exist_ok=True)
    widths, bad = [int(width) for width in options.widths.split(",")], 0
    starts = demo_starts() if options.all else []
    with browser() as chromium:
        page = chromium.new_page(viewport={"width": widths[0], "height": WIDTHS.get(widths[0], 900)})
        if options.enter:
            page.goto(f"{options.base}{options.enter}")
        elif options.user:
            sign_in(page, options.base, options.user, options.password)
        paths = every_screen(page, options.base, starts) if options.all else options.paths
        for language in options.languages.split(","):
            for theme in options.themes.split(","):
                page.goto(f"{options.base}{paths[0]}")
                prefer(page, options.base, language, theme)
                for path in paths:
                    problems = open_at(page, f"{options.base}{path}")
                    for width in widths:
                        page.set_viewport_size({"width": width, "height": WIDTHS.get(width, 900)})
                        target = options.out / f"{name_of(path)}-{language}-{theme}-{width}.png"
                        problems += shoot(page, target, full=options.full)
                        logger.info("%s%s", target, "".join(f"\n    {line}" for line in problems))
                        bad += len(problems)
                        problems = []
                for width in widths if options.sheets else ():
                    sheets(options.out, f"{language}-{theme}-{width}", width)
    return 1 if bad else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("base")
    parser.add_argument("paths", nargs="*", default=["/"])
    parser.add_argument("--all", action="store_true", help="every screen that links lead to")
    parser.add_argument("--user", default="")
    parser.add_argument("--password", default="")
    parser.add_argument("--enter", default="", help="an address that signs in by itself, for development")
    parser.add_argument("--out", type=Path, default=Path("/tmp/shots"))
    parser.add_argument("--full", action="store_true", help="the whole page, not the first screen")
    parser.add_argument("--sheets", action="store_true", help="also many pictures on one sheet")
    parser.add_argument("--languages", default=",".join(LANGUAGES))
    parser.add_argument("--themes", default=",".join(THEMES))
    parser.add_argument("--widths", default=",".join(map(str, WIDTHS)))
    return parser.parse_intermixed_args()


if __name__ == "__main__":
    raise SystemExit(main())
