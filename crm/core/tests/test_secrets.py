"""Secrets are unreadable in the database, and survive a change of the key."""

from __future__ import annotations

import pytest

from crm.core.secrets import SecretUnreadable, decrypt, encrypt


def test_a_secret_comes_back_and_does_not_show() -> None:
    token = encrypt("密码 correct horse")
    assert decrypt(token) == "密码 correct horse"
    assert "horse" not in token and token != encrypt("密码 correct horse")


def test_the_key_may_change_while_the_old_one_is_named(settings) -> None:  # type: ignore[no-untyped-def]
    token = encrypt("x")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [settings.SECRET_KEY]
    assert decrypt(token) == "x"
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(SecretUnreadable):
        decrypt(token)


@pytest.mark.parametrize("token", ["", "not a token", "密"])
def test_what_is_no_token_is_refused(token: str) -> None:
    with pytest.raises(SecretUnreadable):
        decrypt(token)
