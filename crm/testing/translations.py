"""The translation gate: `python -m crm.testing.translations`; `--update` writes the catalogue from the code first.

A fresh extraction of every string must be in `locale/zh_Hans`, translated, not fuzzy, with the same
placeholders on both sides, and the compiled file must say the same. Needs gettext's xgettext;
without it the extraction is left out with a line, and the rest is still checked.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import polib

BASE_DIR = Path(__file__).resolve().parents[2]
LANGUAGE = "zh_Hans"
FOLDERS = ("crm", "customers", "knowledge", "tickets", "sales", "marketing", "reports", "templates", "static")
CATALOGUES = ("django", "djangojs")
#: Names that modules give to gettext beside `_`, where they need the lazy and the immediate one.
ALIASES = ("_t", "_lazy")
ALIAS = re.compile(r"^from django\.utils\.translation import .*\bn?p?gettext(?:_lazy)? as (\w+)", re.MULTILINE)
#: A text inside a formatted string is not extracted either.
NESTED = re.compile(r"\{(?:_|_t|_lazy|n?p?gettext(?:_lazy)?)\(['\"]")
#: makemessages as a program, told of the aliases. Run where the copy of the code is.
MAKEMESSAGES = f"""
import sys
from django.core.management import execute_from_command_line
from django.core.management.commands.makemessages import Command
Command.xgettext_options = [*Command.xgettext_options, *{[f"--keyword={name}" for name in ALIASES]!r}]
execute_from_command_line(["makemessages", *sys.argv[1:]])
"""
PLACEHOLDER = re.compile(r"%\((\w+)\)[#0\- +]?[\d.]*[a-zA-Z]|%[sd]|(?<!\{)\{(\w*)\}(?!\})")

Key = tuple[str | None, str, str]


def key_of(entry: polib.POEntry) -> Key:
    """What makes an entry the same in two files."""
    return entry.msgctxt, entry.msgid, entry.msgid_plural or ""


def placeholders(text: str) -> set[str]:
    """The placeholders of a text, as written but without their formatting."""
    return {match.group(1) or match.group(2) or match.group(0) for match in PLACEHOLDER.finditer(text)}


def extract(domain: str) -> polib.POFile | None:
    """What `makemessages` finds in the code now; None when it finds nothing. Works on a copy of the file."""
    with tempfile.TemporaryDirectory(prefix="crm-messages-") as folder:
        target = Path(folder) / "locale" / LANGUAGE / "LC_MESSAGES"
        target.mkdir(parents=True)
        for name in FOLDERS:
            if (BASE_DIR / name).is_dir():
                shutil.copytree(
                    BASE_DIR / name,
                    Path(folder) / name,
                    ignore=shutil.ignore_patterns("__pycache__", "vendor", "tests", "migrations", "*.png", "*.woff2"),
                )
        shutil.rmtree(Path(folder) / "crm" / "testing", ignore_errors=True)
        done = subprocess.run(
            [sys.executable, "-c", MAKEMESSAGES, "makemessages", "-l", LANGUAGE, "-d", domain, "--no-location", "-v0"],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": folder, "DJANGO_SETTINGS_MODULE": ""},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"makemessages failed:\n{done.stdout}{done.stderr}")
        found = target / f"{domain}.po"
        return polib.pofile(str(found)) if found.exists() else None


def problems_of(entry: polib.POEntry) -> Iterator[str]:
    """What is wrong with one entry of the committed file."""
    texts = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
    if entry.fuzzy:
        yield "fuzzy"
    if not texts or not all(text.strip() for text in texts):
        yield "not translated"
        return
    wanted = placeholders(entry.msgid) | placeholders(entry.msgid_plural or "")
    optional = placeholders(entry.msgid) ^ placeholders(entry.msgid_plural) if entry.msgid_plural else set()
    for text in texts:
        found = placeholders(text)
        if found - wanted or (wanted - optional) - found:
            yield f"placeholders differ: {sorted(wanted)} and {sorted(found)}"


def stale(po: polib.POFile, mo_path: Path) -> bool:
    """True when the compiled file is missing or says something else."""
    if not mo_path.exists():
        return True
    compiled = {key_of(entry): _texts(entry) for entry in polib.mofile(str(mo_path))}
    return compiled != {key_of(entry): _texts(entry) for entry in po.translated_entries() if entry.msgid}


def _texts(entry: polib.POEntry) -> list[str]:
    return [text for _index, text in sorted(entry.msgstr_plural.items())] if entry.msgid_plural else [entry.msgstr]


def unheard() -> list[str]:
    """Texts that the extraction never finds: under a name of gettext it does not know, or in a formatted string."""
    found = []
    for folder in FOLDERS:
        for path in sorted((BASE_DIR / folder).rglob("*.py")):
            text, where = path.read_text(), path.relative_to(BASE_DIR)
            found += [
                f"{where}: gettext as {name} is not extracted: call it _ or one of {ALIASES}"
                for name in ALIAS.findall(text)
                if name not in ("_", *ALIASES)
            ]
            if NESTED.search(text) and "tests" not in where.parts:
                found.append(f"{where}: gettext inside a formatted string is not extracted: take it out")
    return found


def check(domain: str) -> list[str]:
    """Every problem of one catalogue, one line each."""
    po_path = BASE_DIR / "locale" / LANGUAGE / "LC_MESSAGES" / f"{domain}.po"
    fresh = extract(domain) if shutil.which("xgettext") else None
    if not po_path.exists():
        return [f"{po_path.relative_to(BASE_DIR)} is missing: run makemessages"] if fresh else []
    po = polib.pofile(str(po_path))
    entries = {key_of(entry): entry for entry in po if not entry.obsolete}
    found = []
    for entry in fresh or []:
        if key_of(entry) not in entries:
            found.append(f"{domain}.po: not in the file: {entry.msgid!r}")
    for entry in entries.values():
        found += [f"{domain}.po: {problem}: {entry.msgid!r}" for problem in problems_of(entry)]
    if stale(po, po_path.with_suffix(".mo")):
        found.append(f"{domain}.mo: not up to date: run manage.py compilemessages")
    return found


def update(domain: str) -> list[str]:
    """Writes the catalogue anew from the code, keeps what is translated, compiles it; returns what is missing."""
    fresh = extract(domain)
    if fresh is None:
        return []
    po_path = BASE_DIR / "locale" / LANGUAGE / "LC_MESSAGES" / f"{domain}.po"
    po_path.parent.mkdir(parents=True, exist_ok=True)
    known = {key_of(entry): entry for entry in polib.pofile(str(po_path))} if po_path.exists() else {}
    catalogue = polib.POFile(wrapwidth=110)
    catalogue.metadata = {
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Language": LANGUAGE,
        "MIME-Version": "1.0",
        "Plural-Forms": "nplurals=1; plural=0;",
    }
    for entry in sorted(fresh, key=key_of_text):
        entry.flags = [flag for flag in entry.flags if flag != "fuzzy"]
        if (old := known.get(key_of(entry))) is not None:
            entry.msgstr, entry.msgstr_plural = old.msgstr, old.msgstr_plural
        if entry.msgid_plural:
            entry.msgstr_plural = {0: entry.msgstr_plural.get(0, "")}
        catalogue.append(entry)
    catalogue.save(str(po_path))
    catalogue.save_as_mofile(str(po_path.with_suffix(".mo")))
    return [entry.msgid for entry in catalogue if not entry.translated()]


def key_of_text(entry: polib.POEntry) -> tuple[str, str]:
    """The order of the file: by text, so that a change shows as few lines as it has."""
    return entry.msgid, entry.msgctxt or ""


def main() -> int:
    """Print every problem, after writing the files anew with `--update`. Exit code 1 when there is one."""
    if "--update" in sys.argv:
        for domain in CATALOGUES:
            update(domain)
    if not shutil.which("xgettext"):
        print("gettext is not installed: new strings are not looked for, only the files are checked")
    found = unheard() + [line for domain in CATALOGUES for line in check(domain)]
    for line in found[:200]:
        print(line)
    print(f"{len(found)} problems" if found else "every string is translated")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
