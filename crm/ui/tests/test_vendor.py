"""What stands in static/vendor is what was fetched, and nothing else is loaded from elsewhere."""

import base64
import gzip
import hashlib
import json
import re
from pathlib import Path

import pytest

from crm.ui.icons import ICONS
from crm.ui.shell import CHART_SCRIPTS, SCRIPTS, STYLES

ROOT = Path(__file__).resolve().parents[3]
STATIC = ROOT / "static"
PACKAGES = json.loads((STATIC / "vendor" / "vendor.json").read_text())["packages"]
FILES = [(package, item) for package in PACKAGES for item in package["files"]]
SHELL_LIMIT_BYTES = 200 * 1024
REMOTE = re.compile(r"""(?:src|href|url|@import|from|import)\s*[=(]?\s*["'(]?\s*(?:https?:)?//[a-z]""", re.I)


@pytest.mark.parametrize(("package", "item"), FILES, ids=[item["to"] for _package, item in FILES])
def test_file_is_as_recorded(package: dict, item: dict) -> None:
    digest = hashlib.sha384((ROOT / item["to"]).read_bytes()).digest()
    assert item["sha384"] == f"sha384-{base64.b64encode(digest).decode()}"
    assert package["integrity"].startswith("sha512-") and package["licence"]


def test_every_vendored_file_is_recorded() -> None:
    recorded = {item["to"] for _package, item in FILES} | {"static/vendor/vendor.json"}
    found = {str(path.relative_to(ROOT)) for path in (STATIC / "vendor").rglob("*") if path.is_file()}
    assert found <= recorded


def test_shell_stays_small() -> None:
    total = sum(
        len(gzip.compress((STATIC / path).read_bytes())) for path in (*STYLES, *SCRIPTS, "js/theme.js", "icons.svg")
    )
    assert total <= SHELL_LIMIT_BYTES, f"{total:,} bytes compressed"


def test_every_listed_asset_exists_and_every_own_script_is_listed() -> None:
    for path in (*STYLES, *SCRIPTS, *CHART_SCRIPTS):
        assert (STATIC / path).is_file(), path
    listed = {*STYLES, *SCRIPTS, *CHART_SCRIPTS, "js/theme.js"}
    own = {str(path.relative_to(STATIC)) for folder in ("css", "js") for path in (STATIC / folder).glob("*.*")}
    extra = {path for path in own - listed if not _is_loaded_by_a_page(path)}
    assert not extra


def _is_loaded_by_a_page(path: str) -> bool:
    """By a template, by a form's media, or by a view that hands the file out itself."""
    code = (path for name in ("forms.py", "views*.py") for path in (ROOT / "crm").rglob(name))
    sources = [*(ROOT / "templates").rglob("*.html"), *code]
    return any(path in source.read_text() for source in sources)


def test_icons_of_the_list_are_in_the_sprite() -> None:
    sprite = (STATIC / "icons.svg").read_text()
    drawn = set(re.findall(r'<symbol id="i-([a-z0-9-]+)"', sprite))
    assert set(ICONS.values()) == drawn


def test_templates_ask_for_known_icons_only() -> None:
    unknown = {
        f"{template.relative_to(ROOT)}: {name}"
        for template in (ROOT / "templates").rglob("*.html")
        for name in re.findall(r'{%\s*icon\s+"([^"]+)"', template.read_text())
        if name not in ICONS
    }
    assert not unknown


def test_registered_icons_are_known() -> None:
    from crm.core import sockets

    unknown = {
        f"{registry.name}: {entry.key} wants {entry.icon}"
        for registry in sockets.ALL_REGISTRIES
        for entry in registry
        if getattr(entry, "icon", "") and entry.icon not in ICONS
    }
    assert not unknown


def test_nothing_is_loaded_from_another_host() -> None:
    own = [*(STATIC / "css").glob("*.css"), *(STATIC / "js").glob("*.js"), *(ROOT / "templates").rglob("*.html")]
    remote = {
        f"{path.relative_to(ROOT)}: {match.group(0)}"
        for path in own
        if "/mail/" not in str(path)
        for match in REMOTE.finditer(path.read_text())
    }
    assert not remote


def test_templates_carry_no_inline_style_or_script() -> None:
    found = set()
    for path in (ROOT / "templates").rglob("*.html"):
        if "/mail/" in str(path) or "/pdf/" in str(path):
            continue
        text = path.read_text()
        if re.search(r"\sstyle\s*=\s*[\"']|\son(?:click|change|submit|load|input|key\w+)\s*=|<style", text):
            found.add(f"{path.relative_to(ROOT)}: inline style or handler")
        for script in re.findall(r"<script\b([^>]*)>", text):
            if "src=" not in script and "application/json" not in script:
                found.add(f"{path.relative_to(ROOT)}: inline script")
    assert not found


def test_colours_are_named_in_the_theme_only() -> None:
    allowed = {"theme.css"}
    exceptions = {"#fff", "#1b2534", "#56657b", "#2c3a4e", "#a5d8ff", "#2a3b52", "#0b4f8f", "#c62828"}
    found = {
        f"{path.name}: {colour}"
        for path in (STATIC / "css").glob("*.css")
        if path.name not in allowed
        for colour in re.findall(r"#[0-9a-f]{3,8}\b", path.read_text())
        if colour not in exceptions
    }
    assert not found


def test_a_script_holds_no_english() -> None:
    """Words on the page come from templates, so that both languages have them."""
    sentences = re.compile(r"""(?:textContent|innerHTML|title|placeholder)\s*=\s*["'`][A-Z][a-z]+ [a-z]+""")
    found = {
        f"{path.name}: {hit}" for path in (STATIC / "js").glob("*.js") for hit in sentences.findall(path.read_text())
    }
    assert not found
