"""What administrators name is text: a field's name and help are no markup on the forms that everybody fills in."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from crm.fields.tests.builders import make_field
from crm.testing.builders import make_user

pytestmark = pytest.mark.django_db


def test_names_and_helps_of_custom_fields_are_no_markup() -> None:
    words = {name: dict.fromkeys(("en", "zh-hans"), f"<i class={name}>x</i>") for name in ("name", "help")}
    field = make_field("text", key="sly", kind="customer", **words)
    client = Client()
    client.force_login(make_user("administrator"))
    for url in (reverse("customers:customer_create"), reverse("console:custom_field_update", args=[field.pk])):
        html = client.get(url).content.decode()
        for name in words:
            assert f"class={name}&gt;" in html and f"<i class={name}" not in html, (url, name)
