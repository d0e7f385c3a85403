"""A question that hangs on another answer, in a browser, in both languages."""

from __future__ import annotations

from typing import Any

import pytest

from crm.core.actor import Actor
from crm.core.translated import Translated
from crm.fields.tests.builders import make_field
from crm.testing.axe import violations
from crm.testing.builders import make_user
from tickets.actions.questions import save_question
from tickets.models import ServiceSettings, Ticket

from .builders import make_request_type
from .test_questions import PNG, REASONS, WHEN_DAMAGED

pytestmark = pytest.mark.browser
LANGUAGES = {"en-GB": ("en", "Photo of the damage", "Wrong item"), "zh-CN": ("zh-hans", "损坏照片", "发错货")}


@pytest.fixture
def returns(stack: Any) -> None:
    make_user("administrator")  # without anybody, every address leads to the first run
    ServiceSettings.objects.update(min_form_seconds=0)
    kind = make_request_type("return", name="Return", chinese="退货")
    make_request_type("other", name="Something else", chinese="其他")
    reason = make_field("choice", "reason", options=REASONS, name=Translated({"en": "Reason", "zh-hans": "原因"}))
    photo = make_field("photo", "photo", name=Translated({"en": "Photo of the damage", "zh-hans": "损坏照片"}))
    for field, values in (
        (reason, {"required": "always"}),
        (photo, {"required": "when", "shown": "when", "condition": WHEN_DAMAGED}),
    ):
        save_question(actor=Actor.system(), request_type=kind, values={"field": field, **values})


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_photo_is_asked_for_when_something_is_damaged(
    stack: Any, returns: None, new_page: Any, language: str
) -> None:
    code, label, wrong = LANGUAGES[language]
    page = new_page(language=language, size=(390, 844))
    page.goto(f"{stack.url}/help/tickets/new/")
    page.locator("input[name=request_type][value=return]").check()
    page.locator("#id_custom_reason").wait_for()
    photo = page.locator("[data-question=photo]")
    assert photo.is_hidden()
    page.select_option("#id_custom_reason", "damaged")
    photo.wait_for(state="visible")
    assert label in photo.inner_text()
    assert violations(page) == []
    page.select_option("#id_custom_reason", label=wrong)
    photo.wait_for(state="hidden")
    page.select_option("#id_custom_reason", "damaged")
    for name, text in (("subject", "Box"), ("description", "Open."), ("name", "Li Lei"), ("email", "li@example.test")):
        page.fill(f"[name={name}]", text)
    page.check("[name=consent]")
    page.locator("form.app-form button.btn-primary").click()
    page.locator(".error-summary").wait_for()
    assert page.locator("#id_custom_reason").input_value() == "damaged"
    page.set_input_files("#id_custom_photo", {"name": "scratch.png", "mimeType": "image/png", "buffer": PNG})
    page.locator("[data-question=photo] .app-uploads li:not(.is-failed) input[name=photos_photo]").wait_for(
        state="attached"
    )
    page.locator("form.app-form button.btn-primary").click()
    page.wait_for_url("**/help/tickets/sent/**")
    assert wrong not in page.inner_text("main")
    ticket = Ticket.objects.get(language=code)
    assert ticket.custom == {"reason": "damaged", "photo": ["scratch.png"]}
