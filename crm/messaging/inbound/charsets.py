"""Bytes of unknown honesty as text. Declared charsets are tried first and believed only while they decode."""

from __future__ import annotations

import base64
import binascii
import codecs
import quopri
import re

#: What writers declare → what they mean. GB2312 and GBK are subsets of GB18030 (GB 18030-2022).
_MEANT = {
    "gb2312": "gb18030", "gbk": "gb18030", "gb-2312": "gb18030", "x-gbk": "gb18030", "gb2312-80": "gb18030",
    "cp936": "gb18030", "936": "gb18030", "chinese": "gb18030", "euc-cn": "gb18030", "gb18030": "gb18030",
    "big5": "cp950", "big-5": "cp950", "x-x-big5": "cp950", "big5-hkscs": "big5hkscs", "cp950": "cp950",
    "iso-8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252", "us-ascii": "utf-8", "ascii": "utf-8",
    "ansi-x3.4-1968": "utf-8", "utf8": "utf-8", "unicode-1-1-utf-7": "utf-7", "ks-c-5601-1987": "cp949",
    "euc-kr": "cp949", "shift-jis": "cp932", "x-sjis": "cp932", "iso-8859-8-i": "iso-8859-8",
}  # fmt: skip
#: Codecs that are text to Python and nonsense, or costly, as the charset of a mail.
_NEVER = frozenset({"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined", "mbcs", "oem"})
#: Tried in this order when the declared charset fails; the last one always decodes.
_GUESSES = ("utf-8", "gb18030", "cp950", "cp1252")
_ENCODED_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]{0,2000})\?=")
_BETWEEN_WORDS = re.compile(r"\?=\s+=\?")


def codec_of(declared: str) -> str:
    """The codec to use for a declared charset, "" for none or one nobody knows. RFC 2231 language tags are dropped."""
    name = declared.strip().strip("\"'").split("*")[0].lower().replace("_", "-").replace(" ", "")
    name = _MEANT.get(name, name)
    try:
        codec = codecs.lookup(name)
    except (LookupError, ValueError):
        return ""
    return "" if codec.name.replace("_", "-") in _NEVER or not codec._is_text_encoding else codec.name


def decode(data: bytes, declared: str = "") -> str:
    """Text of the bytes: by the declared charset, else by the first guess that fits. Never raises."""
    codec = codec_of(declared) if declared else ""
    for name in ((codec,) if codec else ()) + _GUESSES:
        try:
            return data.decode(name)
        except (UnicodeError, ValueError):
            continue
    if codec:
        try:
            return data.decode(codec, "replace")
        except (UnicodeError, ValueError):
            pass
    return data.decode("latin-1")


def decode_header(raw: str) -> str:
    """A header's text: RFC 2047 words, raw 8-bit bytes, folding. Never raises.

    Bytes of neighbouring words in one charset are joined first, because writers split inside a character.
    """
    line = raw_text(raw).replace("\r", "").replace("\n", "")
    line = _BETWEEN_WORDS.sub("?==?", line)
    parts: list[str] = []
    pending, charset, at = b"", "", 0
    for match in _ENCODED_WORD.finditer(line):
        if match.start() > at:
            parts += [decode(pending, charset) if pending else "", line[at : match.start()]]
            pending = b""
        word = _word(match[2], match[3])
        if pending and match[1].lower() != charset.lower():
            parts.append(decode(pending, charset))
            pending = b""
        pending, charset, at = pending + word, match[1], match.end()
    return "".join([*parts, decode(pending, charset) if pending else "", line[at:]])


def raw_text(value: str) -> str:
    """A header as the parser gave it, with the 8-bit bytes that it hides in surrogates decoded."""
    try:
        return decode(value.encode("utf-8", "surrogateescape"))
    except UnicodeError:
        return value.encode("utf-8", "replace").decode("utf-8", "replace")


def _word(encoding: str, text: str) -> bytes:
    data = text.encode("utf-8", "surrogateescape" if text.isascii() else "replace")
    if encoding in "qQ":
        return quopri.decodestring(data.replace(b"_", b" "), header=False)
    try:
        return base64.b64decode(data + b"=" * (-len(data) % 4))
    except (binascii.Error, ValueError):
        return data
