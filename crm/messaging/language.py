"""Which of the product's languages a text is written in."""

from __future__ import annotations

import re
from typing import Literal

_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
_LATIN_WORD = re.compile(r"[A-Za-zÀ-ÿ]+")


def guess_language(text: str) -> Literal["en", "zh-hans"]:
    """Chinese when there are at least half as many Chinese characters as Latin words, so that
    "打印机 PX-480 offline after firmware 3.2 怎么办" is Chinese; English otherwise."""
    han, words = len(_HAN.findall(text)), len(_LATIN_WORD.findall(text))
    return "zh-hans" if han and han * 2 >= words else "en"
