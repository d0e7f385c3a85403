"""The papers keep their promises: links lead somewhere, and what they name exists."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from urllib.parse import unquote

import pytest
import yaml
from django.core.management import get_commands

from crm.celery import QUEUES, app
from crm.core import sockets
from crm.core.discovery import SOCKET_FILES

ROOT = Path(__file__).resolve().parents[3]
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
CODE_BLOCK = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
#: Code that the papers and the launcher read the environment in.
READERS = [*sorted((ROOT / "crm" / "settings").glob("*.py")), *sorted((ROOT / "crm" / "launch").glob("*.py"))]
#: Where apps lie.
APPS = (ROOT, ROOT / "crm")


def prose(page: Path) -> str:
    """The page without its blocks of code, whose brackets are no links."""
    return CODE_BLOCK.sub("", page.read_text(encoding="utf-8"))


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings as Git forges make them: lower case, no marks, hyphens for spaces."""
    headings = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def links(page: Path) -> Iterator[str]:
    """The page's links and pictures that stay in the repository."""
    return (link for link in LINK.findall(prose(page)) if not re.match(r"[a-z]+:", link))


def permissions_table() -> ModuleType:
    """The script beside the papers, which is no package."""
    spec = importlib.util.spec_from_file_location("permissions_table", DOCS / "permissions_table.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_resolve(page: Path) -> None:
    for link in links(page):
        path, _, anchor = unquote(link).partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), f"{link} leads nowhere"
        assert not anchor or anchor in anchors(target), f"{link}: no such heading"


def test_every_page_can_be_reached() -> None:
    """From the README, link by link."""
    found, ahead = set(), [ROOT / "README.md"]
    while ahead:
        page = ahead.pop()
        if page in found or page.suffix != ".md":
            continue
        found.add(page)
        ahead += [(page.parent / unquote(link).partition("#")[0]).resolve() for link in links(page)]
    lost = [str(page.relative_to(ROOT)) for page in PAGES if page not in found]
    assert not lost, f"link to {', '.join(lost)} from docs/index.md"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for name in re.findall(r"(?<![\w./])bin/([a-z-]+)", text):
        assert (ROOT / "bin" / name).exists(), f"bin/{name}"
    for name in re.findall(r"manage\.py ([a-z]+)", text):
        assert name in get_commands(), f"manage.py {name}"
    for name in re.findall(r"python -m (crm[\w.]+)", text):
        assert importlib.util.find_spec(name) is not None, f"python -m {name}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_permissions_exist(page: Path) -> None:
    """`tickets.reply` in code marks is a permission, unless a registry, a task or a file of the app has that name."""
    known = sockets.permissions.names | {entry.key for registry in sockets.ALL_REGISTRIES for entry in registry}
    app.loader.import_default_modules()
    known |= set(app.tasks) | {f"{file}.py" for file in SOCKET_FILES}
    for module in sockets.permissions:
        for rest in re.findall(rf"`{module.key}\.([a-z_]+)`", page.read_text(encoding="utf-8")):
            is_file = any((folder / module.key / name).exists() for folder in APPS for name in (rest, f"{rest}.py"))
            assert is_file or f"{module.key}.{rest}" in known, f"{module.key}.{rest} is no permission"


def test_the_table_of_permissions_is_todays() -> None:
    page = (DOCS / "architecture" / "access.md").read_text(encoding="utf-8")
    assert page == permissions_table().replaced(page), "run .venv/bin/python docs/permissions_table.py"


def test_settings_are_documented_and_exist() -> None:
    """`docs/configuration.md` lists exactly the variables that a deployer may set."""
    page = (DOCS / "configuration.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^\| `([A-Z_]+)` \|", page, re.MULTILINE))
    code = "\n".join(path.read_text(encoding="utf-8") for path in READERS)
    read = set(re.findall(r'env\.(?:text|flag|number|words|email|sms|credit|networks)\(\s*"([A-Z_]+)"', code))
    assert read <= listed, f"not in docs/configuration.md: {sorted(read - listed)}"
    everything = "\n".join(
        path.read_text(encoding="utf-8")
        for path in [
            *READERS,
            *(ROOT / "crm" / "testing").glob("*.py"),
            ROOT / "bin" / "find-python",
            ROOT / "manage.py",
        ]
    )
    gone = sorted(name for name in listed if name not in everything)
    assert not gone, f"nothing reads {', '.join(gone)}"


def test_deployment_files_name_variables_and_commands_that_exist() -> None:
    page = (DOCS / "configuration.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^\| `([A-Z_]+)` \|", page, re.MULTILINE))
    folder = ROOT / "deploy"
    compose = yaml.safe_load((folder / "compose.yaml").read_text(encoding="utf-8"))
    example = (folder / "crm.env.example").read_text(encoding="utf-8")
    assert set(compose["x-app"]["environment"]) <= listed
    named = set(re.findall(r"^#?([A-Z_]+)=", example, re.MULTILINE))
    assert named <= listed and set(required()) <= named & set(compose["x-app"]["environment"])

    commands = [str(service.get("command", "")) for service in compose["services"].values()]
    commands += [line for path in folder.rglob("*") if path.is_file() for line in path.read_text("utf-8").splitlines()]
    asked = "\n".join(commands)
    assert (
        set(re.findall(r"manage\.py (\w+)", asked))
        == {"migrate", "collectstatic", "createadmin", "tick"}
        <= set(get_commands())
    )
    assert set(re.findall(r" -Q (\S+)", asked)) == {",".join(QUEUES)}
    assert importlib.util.find_spec("crm.wsgi") and asked.count("gunicorn crm.wsgi") == 1


def required() -> list[str]:
    """What production does not start without."""
    code = (ROOT / "crm" / "settings" / "prod.py").read_text(encoding="utf-8")
    return re.findall(r'"([A-Z_]+)"', code.split("env.require(")[1].split(")")[0])


def test_settings_named_elsewhere_are_documented() -> None:
    """A variable that another page names in code marks stands in the table, too."""
    page = (DOCS / "configuration.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^\| `([A-Z_]+)` \|", page, re.MULTILINE))
    words = {name for name in listed if "_" in name}
    prefixes = {name.split("_")[0] for name in words}
    named = {
        (name, str(other.relative_to(ROOT)))
        for other in PAGES
        for name in re.findall(r"`([A-Z]+(?:_[A-Z]+)+)`", other.read_text(encoding="utf-8"))
        if name.split("_")[0] in prefixes
    }
    unknown = sorted(f"{name} in {where}" for name, where in named if name not in listed and name not in _constants())
    assert not unknown, f"not in docs/configuration.md: {', '.join(unknown)}"


def _constants() -> set[str]:
    """Names in capitals that the code defines."""
    found: set[str] = set()
    for folder in ("crm", "customers", "tickets", "reports"):
        for path in (ROOT / folder).rglob("*.py"):
            found |= set(re.findall(r"^\s*([A-Z]+(?:_[A-Z]+)+)\b", path.read_text(encoding="utf-8"), re.MULTILINE))
    return found
