"""Sort and search keys for names in Chinese and Latin script. There is no ICU, so pinyin is stored."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from .text import has_han


def _folded(value: str) -> str:
    decomposed = unicodedata.normalize("NFKD", value)
    return "".join(char for char in decomposed if not unicodedata.combining(char)).casefold()


@lru_cache(maxsize=4096)
def _syllables(value: str) -> tuple[str, ...]:
    from pypinyin import lazy_pinyin

    return tuple(lazy_pinyin(value))


def sort_key(name: str) -> str:
    """What to ORDER BY: pinyin for Chinese, folded letters otherwise. 阿里, Bob, 重庆 sort in that order."""
    folded = _folded(name).strip()
    return (" ".join(_syllables(folded)) if has_han(folded) else folded)[:255]


def search_key(name: str) -> str:
    """What a picker matches on: the folded name, its pinyin joined, and its pinyin initials."""
    folded = _folded(name).strip()
    if not has_han(folded):
        return folded[:400]
    syllables = _syllables(folded)
    initials = "".join(part[0] for part in syllables if part)
    return f"{folded} {''.join(syllables)} {initials}"[:400]


def fold(value: str) -> str:
    """A query folded the way `search_key` is."""
    return _folded(value).strip()


def initials(name: str) -> str:
    """Avatar letters: two Latin initials, or the last one or two characters of a Chinese given name."""
    name = name.strip()
    if has_han(name):
        compact = "".join(name.split())
        return compact[1:][-2:] if len(compact) > 1 else compact
    parts = [part for part in name.replace("@", " ").replace(".", " ").split() if part]
    return "".join(part[0] for part in (parts[:1] + parts[-1:] if len(parts) > 1 else parts)).upper() or "?"
