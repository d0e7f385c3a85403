"""The unified social credit code of a Chinese company, 统一社会信用代码, with its check sign (GB 32100-2015)."""

from __future__ import annotations

from crm.core.text import clean_line

from ..exceptions import BadRegistrationCode

#: The thirty-one signs of the standard: digits and capitals without I, O, S, V and Z.
SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
LENGTH = 18


def check_sign(first_seventeen: str) -> str:
    """The eighteenth sign: 31 less the sum of sign × 3^position, modulo 31. Raises `ValueError` for a foreign sign."""
    total = sum(SIGNS.index(sign) * pow(3, place, 31) for place, sign in enumerate(first_seventeen))
    return SIGNS[-total % 31]


def normal_registration_code(raw: str) -> str:
    """Capitals without spaces; "" stays "". Raises `BadRegistrationCode` for a code that cannot be one."""
    code = clean_line(raw).replace(" ", "").replace("-", "").upper()
    if not code:
        return ""
    if len(code) != LENGTH or not set(code) <= set(SIGNS) or check_sign(code[:-1]) != code[-1]:
        raise BadRegistrationCode
    return code


def masked_registration_code(code: str) -> str:
    """91320594****7K3X: enough to compare, too little to invoice with."""
    return f"{code[:8]}{'*' * (len(code) - 12)}{code[-4:]}" if len(code) > 12 else code
