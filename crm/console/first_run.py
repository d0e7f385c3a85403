"""Whether this product still waits for its first administrator, and the code that proves who may be it.

The code is printed on the console of whoever starts the product, so that a stranger who reaches the address first
cannot take it. It is derived from the secret key and the database, needs no storage, and ends with the first user.
"""

from __future__ import annotations

import base64

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from crm.accounts.models import User
from crm.core.models import Brand

_SALT = "crm.console.first_run"
#: 80 bits, in groups that a person can type.
_BYTES, _GROUP = 10, 4


class _Memory:
    """Once there is a user there always is one: the last administrator cannot go."""

    has_users = False


def is_open() -> bool:
    """Whether nobody is there yet. Asks the database until the first user is seen, then never again."""
    if not _Memory.has_users:
        _Memory.has_users = User.objects.exists()
    return not _Memory.has_users


def assume(*, has_users: bool) -> None:
    """Sets what this process remembers; for tests, which begin with an empty database each."""
    _Memory.has_users = has_users


def setup_code() -> str:
    """The code of this database, such as "K3QX-7ZP2-…"."""
    made = Brand.default().created_at.isoformat()
    digest = salted_hmac(_SALT, made, algorithm="sha256").digest()[:_BYTES]
    text = base64.b32encode(digest).decode()
    return "-".join(text[at : at + _GROUP] for at in range(0, len(text), _GROUP))


def setup_link() -> str:
    """The address that fills the code in."""
    return f"{settings.BASE_URL}{reverse('console:welcome')}?code={setup_code()}"


def is_setup_code(text: str) -> bool:
    """Whether that is the code, in any case and with or without hyphens and spaces."""
    return constant_time_compare(_plain(text), _plain(setup_code()))


def _plain(text: str) -> str:
    return "".join(text.upper().replace("-", "").split())
