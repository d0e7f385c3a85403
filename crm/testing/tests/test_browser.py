"""The browser of the tests: one that does not let go costs itself, not the run."""

from __future__ import annotations

from typing import Any

from crm.testing import browser


class Stuck:
    """A person's pages whose closing ends only with the browser."""

    def __init__(self, context: Any) -> None:
        self.context = context

    def close(self) -> None:
        page = self.context.new_page()
        page.wait_for_function("false", timeout=0)


def test_pages_that_do_not_close_go_with_their_browser(chromium: browser.Chromium, monkeypatch: Any) -> None:
    monkeypatch.setattr(browser, "CLOSED_WITHIN_SECONDS", 0.2)
    first = chromium.current
    chromium.close_context(Stuck(first.new_context()))  # type: ignore[arg-type]
    assert not first.is_connected()
    second = chromium.current
    assert second is not first and second.is_connected()
    context = second.new_context()
    context.new_page().set_content("<p>here</p>")
    chromium.close_context(context)
    assert second.is_connected() and chromium.current is second
