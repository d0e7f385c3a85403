"""Ids stand in forms and addresses as digits, figures are grouped where they are drawn."""

from __future__ import annotations

import pytest
from django.template import Context, Template
from django.utils import translation


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_template_prints_an_id_as_digits(language: str) -> None:
    with translation.override(language):
        assert Template('<input value="{{ pk }}">').render(Context({"pk": 1_234_567})) == '<input value="1234567">'
