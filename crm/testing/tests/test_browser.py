"""The browser of the tests: one that does not let go costs itself, not the run."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

from crm.testing import browser


class Stuck:
    """A person's pages whose closing never ends by itself: their browser answers no more."""

    def __init__(self, context: Any, process: Path) -> None:
        self.context, self.process = context, process

    def close(self) -> None:
        os.kill(int(self.process.name), signal.SIGSTOP)
        self.context.close()


def test_pages_that_do_not_close_go_with_their_browser(chromium: browser.Chromium, monkeypatch: Any) -> None:
    monkeypatch.setattr(browser, "CLOSED_WITHIN_SECONDS", 0.5)
    first = chromium.current
    process = chromium.process()
    assert process is not None
    chromium.close_context(Stuck(first.new_context(), process))  # type: ignore[arg-type]
    second = chromium.current
    assert second is not first and second.is_connected()
    context = second.new_context()
    context.new_page().set_content("<p>here</p>")
    monkeypatch.undo()
    chromium.close_context(context)
    assert second.is_connected() and chromium.current is second
