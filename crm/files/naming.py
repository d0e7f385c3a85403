"""File names from outside, made safe to store, to show and to send back."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from crm.core.text import clean_line

from .models import NAME_LIMIT

#: Programs and scripts that a desk would run on a double click, and shortcuts to them.
REFUSED_EXTENSIONS = frozenset({
    "ade", "adp", "app", "appx", "appxbundle", "bat", "chm", "cmd", "com", "cpl", "dll", "dmg", "exe",
    "hta", "ins", "iso", "isp", "jar", "js", "jse", "lib", "lnk", "mde", "msc", "msi", "msix", "msp",
    "mst", "nsh", "pif", "ps1", "psm1", "reg", "scf", "scr", "sct", "shb", "sys", "url", "vb", "vbe",
    "vbs", "vhd", "vxd", "wsc", "wsf", "wsh", "xll",
})  # fmt: skip
_NOT_IN_NAMES = re.compile(r'[<>:"|?*/\\]')


def clean_name(name: str) -> str:
    """The last part of a path, one line, without unseen or reserved characters, at most 150 characters.

    The extension survives the cut. Chinese and every other script stay as they are.
    """
    line = clean_line(name.replace("\\", "/").rsplit("/", 1)[-1])
    line = _NOT_IN_NAMES.sub("_", line).strip(". ") or _("file")
    if len(line) <= NAME_LIMIT:
        return line
    stem, dot, extension = line.rpartition(".")
    if not dot or len(extension) > 10:
        return line[:NAME_LIMIT].rstrip(". ")
    return f"{stem[: NAME_LIMIT - len(extension) - 1].rstrip('. ')}.{extension}"


def extension_of(name: str) -> str:
    """The lower-case extension without its dot, "" when there is none."""
    return name.rpartition(".")[2].casefold() if "." in name else ""
