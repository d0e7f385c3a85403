"""Whether a short answer says nothing but thanks, in English or Chinese.

Every word must be a polite one: a list of what thanks are made of is safe, a list of what trouble is made of is
not. "Thanks, but it still fails" has words that no thanks need, so it is no mere thanks. A name may stand last.
"""

from __future__ import annotations

import re

LIMIT = 200
_CORE = re.compile(
    r"\b(thanks?|thank you|thx|ty|cheers|perfect|great|awesome|excellent|solved|resolved|fixed|works|working|appreciate"
    r"|appreciated|wonderful|brilliant)\b|谢|感谢|收到|好的|好了|可以了|解决|搞定|辛苦|没问题|正常了|👍|🙏|❤",
    re.IGNORECASE,
)
_POLITE_WORD = re.compile(
    r"a|all|all's|and|appreciate|appreciated|awesome|best|brilliant|bye|cheers|day|dear|done|"
    r"everybody|everyone|everything|excellent|fast|fine|fixed|for|fully|good|got|great|guys|have|"
    r"hello|help|helpful|helping|hey|hi|i|indeed|is|issue|it|it's|its|kind|lot|lots|many|me|"
    r"much|my|nice|now|of|ok|okay|our|perfect|perfectly|problem|quick|quickly|really|received|"
    r"regards|reply|resolved|response|sincerely|so|solved|support|swift|team|thank|thanks|that|"
    r"that's|the|this|thx|to|too|ty|us|very|was|we|week|weekend|well|wonderful|working|works|yep|"
    r"yes|you|your|yours"
)
_POLITE_HAN = re.compile(
    "非常感谢|十分感谢|万分感谢|感谢|谢谢|多谢|谢|辛苦了|辛苦|收到了|收到|好的|好了|好|可以了|已经|已|解决了|解决|搞定了|搞定|没问题了|没问题"
    "|恢复正常|正常了|正常|恢复|问题|现在|您|你|们|的|帮助|帮忙|支持|回复|答复|客服|团队|老师|同事|很|太|非常|十分|了|啦|哈|哦|嗯|呀|祝好|顺祝商祺"
    "|商祺|此致|敬礼|祝|工作|生活|愉快|顺利|周末|大家|耐心|及时|快速|处理|我|这边|都|也|给力|赞|棒|专业|服务|是"
)
_TROUBLE = re.compile(
    r"[?？]|[不没未还又仍但却再]|\b(not|no|still|but|again|broken|fail\w*|error\w*|can'?t|cannot|don'?t|doesn'?t|isn'?t"
    r"|wrong|help|problem|issue|wait|however|except|nothing)\b",
    re.IGNORECASE,
)
_ONCE_MORE = re.compile(r"thanks? (you )?again", re.IGNORECASE)
_WORD = re.compile(r"[a-zà-ÿ][a-zà-ÿ'’]*", re.IGNORECASE)
_NAME = re.compile(r"(?:[A-ZÀ-Ý][\w'’.-]*\s?){1,3}|[\u4e00-\u9fff]{2,4}")


def only_thanks(text: str) -> bool:
    """True for "Thanks!", "谢谢，已经解决了", "Great, it works now. Li Lei"; False for anything with news in it."""
    if len(text) > LIMIT or re.search(r"[?？\d]", text) or not _CORE.search(text):
        return False
    lines = [line.strip(" \t-–—*~") for line in text.split("\n") if line.strip(" \t-–—*~")]
    if len(lines) > 1 and not _is_polite(lines[-1]) and _NAME.fullmatch(lines[-1]) and not _TROUBLE.search(lines[-1]):
        lines.pop()
    return all(map(_is_polite, lines))


def _is_polite(line: str) -> bool:
    line = _ONCE_MORE.sub("thanks", line)
    latin = [word.lower().replace("’", "'") for word in _WORD.findall(line)]
    if not all(map(_POLITE_WORD.fullmatch, latin)):
        return False
    rest = _POLITE_HAN.sub("", line)
    return not re.search(r"[\u3400-\u9fff]", rest)
