"""Fixtures for pages in a real browser (Debian's Chromium, driven by Playwright): `page` and `new_page`."""

import contextlib
import os
import shutil
import signal
import threading
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, Playwright

ARGUMENTS = ["--no-sandbox", "--disable-background-networking", "--disable-quic", "--no-first-run"]
AGENT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{version} Safari/537.36"
DESKTOP = (1280, 800)
PHONE = (390, 844)
CLOSED_WITHIN_SECONDS = 20
#: The browser also reports every answer of 4xx as an error; those are the page's own business.
NOT_A_SCRIPT_ERROR = "Failed to load resource"


def chromium_path() -> str | None:
    """The system's Chromium, or None."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


class Chromium:
    """One Chromium for the process, started anew once it is gone.

    Now and then closing a page never ends, when it was closed while it loaded. Killing the browser does not always
    end the wait, because Playwright may go on waiting for an answer of the dead; killing Playwright's driver does.
    So both go, and both are started anew: it costs the run a few seconds.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._playwright: Playwright | None = None
        self._running: Browser | None = None
        self._mark = ""

    @property
    def current(self) -> "Browser":
        """The running browser."""
        if self._running is None or not self._running.is_connected():
            from playwright.sync_api import sync_playwright

            self.close()
            # Playwright keeps an event loop in this thread, which Django would take for asynchronous code.
            os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
            self._playwright = sync_playwright().start()
            self._mark = f"--crm-tests={uuid.uuid4().hex}"
            self._running = self._playwright.chromium.launch(executable_path=self._path, args=[*ARGUMENTS, self._mark])
        return self._running

    def close_context(self, context: "BrowserContext") -> None:
        """Closes a person's pages, at the latest with the browser."""
        from playwright.sync_api import Error

        last = threading.Timer(CLOSED_WITHIN_SECONDS, self._kill)
        last.start()
        try:
            context.close()
        except Error:
            if self._running is not None:
                raise
        finally:
            last.cancel()

    def close(self) -> None:
        """Ends the browser and its driver."""
        if self._running is not None and self._running.is_connected():
            self._running.close()
        if self._playwright is not None:
            self._playwright.stop()
        self._playwright = self._running = None
        os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)

    def process(self) -> Path | None:
        """The running browser's first process, as its folder in /proc."""
        for process in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                words = (process / "cmdline").read_bytes().split(b"\0")
                if self._mark.encode() in words and not any(word.startswith(b"--type=") for word in words):
                    return process
        return None

    def _kill(self) -> None:
        self._running = None
        process = self.process()
        if process is not None:
            driver = (process / "stat").read_text().rpartition(")")[2].split()[1]
            for number in (driver, process.name):
                with contextlib.suppress(OSError):
                    os.kill(int(number), signal.SIGKILL)


@pytest.fixture(scope="session")
def chromium() -> "Iterator[Chromium]":
    """The browser of this process. Skips without one, fails in CI."""
    path = chromium_path()
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("Chromium is missing: .ci/run installs it.")
        pytest.skip("no Chromium on this machine: apt-get install chromium fonts-wqy-microhei")
    running = Chromium(path)
    yield running
    running.close()


@pytest.fixture
def new_page(chromium: Chromium, request: pytest.FixtureRequest) -> "Iterator[Callable[..., Page]]":
    """Opens a page as a new person: `new_page(language="zh-CN", size=PHONE, dark=True, javascript=False)`.

    Script errors and violations of the content security policy fail the test when it ends, unless it is
    marked `console_errors_expected`.
    """
    contexts: list[Any] = []
    errors: list[str] = []
    # Without a window the browser calls itself a machine, and what machines read is not counted.
    browser = chromium.current
    person = AGENT.format(version=browser.version)

    def open_page(
        *,
        language: str = "en-GB",
        size: tuple[int, int] = DESKTOP,
        dark: bool = False,
        javascript: bool = True,
        zone: str = "Asia/Shanghai",
        **options: Any,
    ) -> "Page":
        context = browser.new_context(
            user_agent=person,
            locale=language,
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            java_script_enabled=javascript,
            timezone_id=zone,
            **options,
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(f"{page.url}: {error}"))
        page.on("console", lambda message: _note(errors, message))
        return page

    open_page.errors = errors  # type: ignore[attr-defined]
    yield open_page
    for context in contexts:
        chromium.close_context(context)
    if errors and not request.node.get_closest_marker("console_errors_expected"):
        pytest.fail("The browser reported errors:\n" + "\n".join(errors), pytrace=False)


def _note(errors: list[str], message: Any) -> None:
    if message.type == "error" and not message.text.startswith(NOT_A_SCRIPT_ERROR):
        errors.append(message.text)


@pytest.fixture
def page(new_page: "Callable[..., Page]") -> "Page":
    """An English desktop page; `new_page` opens others."""
    return new_page()
