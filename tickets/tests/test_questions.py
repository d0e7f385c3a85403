"""Own questions of request types: on the public form, in links, in the actions, and after the type changed."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from crm.core.actor import Actor
from crm.core.errors import Invalid
from crm.core.translated import Translated
from crm.fields.models import CustomField
from crm.fields.tests.builders import make_field
from crm.files.models import Attachment
from crm.messaging.models import OutgoingMail
from crm.testing.builders import make_user, staff
from crm.ui.public_forms import stamp
from tickets.actions import update_ticket, verify_requester
from tickets.actions.questions import move_question, remove_question, save_question
from tickets.choices import Audience, Preset, Required, Shown
from tickets.models import CannedReply, RequestType, RequestTypeQuestion, ServiceSettings, Ticket
from tickets.questions import as_letter, check_answers, missing_questions

from .builders import customer_of, fresh, key, make_request_type, submit

pytestmark = pytest.mark.django_db
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8ffff3f0005fe02fe"
    "a73581840000000049454e44ae426082"
)
REASONS = [
    {"value": "damaged", "en": "Damaged", "zh-hans": "已损坏"},
    {"value": "wrong", "en": "Wrong item", "zh-hans": "发错货"},
]
WHEN_DAMAGED = {"v": 1, "all": [{"field": "answers.reason", "op": "is", "value": "damaged"}]}


def named(text: str) -> Translated:
    return Translated({"en": text, "zh-hans": f"{text} 中文"})


def ask(kind: RequestType, field: CustomField, **values: Any) -> RequestTypeQuestion:
    return save_question(actor=Actor.system(), request_type=kind, values={"field": field, **values})


@pytest.fixture
def returns() -> RequestType:
    """Asks for an order number, a reason, and a photo when something is damaged."""
    ServiceSettings.objects.update(min_form_seconds=0)
    kind = make_request_type("return", name="Return", chinese="退货")
    ask(
        kind,
        make_field("order_number", "order_number", name=named("Order number")),
        required=Required.ALWAYS,
        preset="fill",
    )
    ask(kind, make_field("choice", "reason", options=REASONS, name=named("Reason")), required=Required.ALWAYS)
    ask(
        kind,
        make_field("photo", "photo", name=named("Photo")),
        required="when",
        shown=Shown.WHEN,
        condition=WHEN_DAMAGED,
    )
    return kind


def filled(kind: str = "return", **values: Any) -> dict[str, Any]:
    form_key = key()
    return {
        "form_key": form_key, "opened_token": stamp(form_key), "request_type": kind, "subject": "Broken",
        "description": "The box was open.", "name": "Li Lei", "email": "lilei@example.test", "consent": "on",
        "custom_order_number": "so-2026-1", "custom_reason": "wrong", **values,
    }  # fmt: skip


def sent(client: Client, data: dict[str, Any], url: str = "/help/tickets/new/") -> Any:
    return client.post(url, data)


def test_answers_are_stored_and_shown_to_whoever_gave_them(client: Client, returns: RequestType) -> None:
    answer = sent(client, filled())
    ticket = Ticket.objects.get()
    assert ticket.custom == {"order_number": "SO-2026-1", "reason": "wrong"}
    page = client.get(answer.url).content.decode()
    assert "SO-2026-1" in page and "Wrong item" in page
    tracked = client.get(reverse("help:ticket_track", args=[ticket.access_token])).content.decode()
    assert "SO-2026-1" in tracked


def test_what_is_missing_is_said_beside_the_field_and_at_the_top(client: Client, returns: RequestType) -> None:
    answer = sent(client, filled(custom_order_number="", custom_reason=""))
    page = answer.content.decode()
    assert answer.status_code == 422 and not Ticket.objects.exists()
    assert 'href="#id_custom_order_number"' in page and "Fill in “Order number”." in page
    assert "The box was open." in page


def test_a_condition_makes_a_question_required(client: Client, returns: RequestType) -> None:
    answer = sent(client, filled(custom_reason="damaged"))
    assert answer.status_code == 422 and "Add a photo for “Photo”." in answer.content.decode()
    photo = SimpleUploadedFile("scratch.png", PNG, "image/png")
    assert sent(client, filled(custom_reason="damaged", custom_photo=photo)).status_code == 302
    ticket = Ticket.objects.get()
    assert ticket.custom["photo"] == ["scratch.png"]
    assert Attachment.objects.get(object_id=ticket.conversation.messages.get().pk).name == "scratch.png"


def test_a_photo_stays_when_something_else_is_wrong(client: Client, returns: RequestType) -> None:
    photo = SimpleUploadedFile("scratch.png", PNG, "image/png")
    data = filled(custom_reason="damaged", custom_photo=photo, subject="")
    page = sent(client, data).content.decode()
    assert 'name="photos_photo"' in page and "scratch.png" in page
    token = page.split('name="photos_photo" value="')[1].split('"')[0]
    again = {**data, "photos_photo": token, "subject": "Broken"}
    del again["custom_photo"]
    assert sent(client, again).status_code == 302
    assert Ticket.objects.get().custom["photo"] == ["scratch.png"]


def test_a_name_without_a_file_is_no_photo(client: Client, returns: RequestType) -> None:
    forged = sent(client, filled(custom_reason="damaged", custom_photo="never-sent.png"))
    assert forged.status_code == 422 and not Ticket.objects.exists()
    with pytest.raises(Invalid) as refused:
        answers = {"order_number": "A1", "reason": "damaged", "photo": ["never-sent.png"]}
        submit(returns, answers=answers)
    assert set(refused.value.fields) == {"custom_photo"}


def test_something_that_is_no_picture_is_no_photo(client: Client, returns: RequestType) -> None:
    note = SimpleUploadedFile("scratch.png", b"just words", "image/png")
    answer = sent(client, filled(custom_reason="damaged", custom_photo=note))
    assert answer.status_code == 422 and "is not a picture" in answer.content.decode()


def test_an_option_that_is_not_offered_is_refused(client: Client, returns: RequestType) -> None:
    answer = sent(client, filled(custom_reason="<script>alert(1)</script>"))
    assert answer.status_code == 422 and not Ticket.objects.exists()
    assert "<script>alert(1)" not in answer.content.decode()


def test_what_nobody_asked_is_dropped(client: Client, returns: RequestType) -> None:
    make_field("text", "secret", name=named("Secret"))
    hidden = make_field("text", "verdict", name=named("Verdict"), is_staff_only=True)
    ask(returns, hidden)
    assert sent(client, filled(custom_secret="x", custom_verdict="guilty")).status_code == 302
    assert set(Ticket.objects.get().custom) == {"order_number", "reason"}
    assert "Verdict" not in client.get("/help/tickets/new/?type=return").content.decode()


def test_hostile_answers_are_cleaned_or_refused_and_shown_escaped(client: Client, returns: RequestType) -> None:
    ask(returns, make_field("text", "words", name=named("Words")))
    for order in ("\x00", "=cmd|'/c calc'!A1", "‮1234", "x" * 5000):
        answer = sent(client, filled(custom_order_number=order))
        assert answer.status_code in {302, 422}
    assert sent(client, filled(custom_words="<img src=x onerror=alert(1)>")).status_code == 302
    ticket = Ticket.objects.order_by("-pk")[0]
    page = client.get(reverse("help:ticket_track", args=[ticket.access_token])).content.decode()
    assert "<img src=x" not in page and "&lt;img src=x" in page


def test_the_same_form_with_other_answers_is_another_request(client: Client, returns: RequestType) -> None:
    data = filled()
    assert sent(client, data).status_code == 302
    assert sent(client, data).status_code == 302 and Ticket.objects.count() == 1
    other = sent(client, {**data, "custom_order_number": "SO-2"})
    assert other.status_code == 409 and Ticket.objects.count() == 1


@pytest.mark.parametrize("audiences", [["employees"], ["customers"], []])
def test_a_type_for_others_looks_like_one_that_does_not_exist(
    client: Client, returns: RequestType, audiences: list[str]
) -> None:
    make_request_type("inside", name="Inside matters", audiences=audiences)
    refused = sent(client, filled("inside"))
    unknown = sent(client, filled("no-such-type"))
    assert refused.status_code == unknown.status_code == 422 and not Ticket.objects.exists()
    for page in (refused, client.get("/help/tickets/new/"), client.get("/help/tickets/new/inside/")):
        assert "Inside matters" not in page.content.decode()
    with pytest.raises(Invalid) as error:
        submit(RequestType.objects.get(key="inside"))
    assert set(error.value.fields) == {"request_type"}


def test_recognised_customers_are_offered_more_and_not_asked_who_they_are(client: Client, returns: RequestType) -> None:
    make_request_type("extra", name="Extra bed", audiences=[Audience.CUSTOMERS])
    earlier = submit(returns, answers={"order_number": "A1", "reason": "wrong"}, email="guest@example.test")
    url = reverse("help:ticket_ask_again", args=[earlier.access_token])
    page = client.get(url)
    assert "Extra bed" in page.content.decode() and 'name="email"' not in page.content.decode()
    assert page["Cache-Control"] == "no-store, private"
    form_key = key()
    data = {"form_key": form_key, "opened_token": stamp(form_key), "request_type": "extra", "subject": "A bed",
            "description": "For one night.", "consent": "on", "email": "somebody@else.test"}  # fmt: skip
    assert sent(client, data, url).status_code == 302
    ticket = Ticket.objects.order_by("-pk")[0]
    assert (ticket.request_type.key, ticket.reply_email) == ("extra", "guest@example.test")
    assert ticket.contact_id == earlier.contact_id
    assert client.get(reverse("help:ticket_ask_again", args=[earlier.guest_token])).status_code == 404


class TestLinks:
    def test_an_own_address_asks_for_its_type_alone(self, client: Client, returns: RequestType) -> None:
        make_request_type("other", name="Something other")
        page = client.get("/help/tickets/new/return/").content.decode()
        assert "Order number" in page and "Something other" not in page
        assert sent(client, filled(), "/help/tickets/new/return/").status_code == 302

    def test_a_link_fills_and_fixes_answers_that_would_pass(self, client: Client, returns: RequestType) -> None:
        ask(returns, make_field("room", "room", name=named("Room")), preset=Preset.LOCK)
        page = client.get("/help/tickets/new/return/?order_number=so-7&room=1204&reason=wrong").content.decode()
        assert 'value="SO-7"' in page and "<b>1204</b>" in page
        assert 'name="locked" value="room"' in page
        assert 'value="wrong" selected' not in page, "a question that no link may fill stays open"

    def test_a_link_with_nonsense_leaves_the_question_open(self, client: Client, returns: RequestType) -> None:
        ask(returns, make_field("room", "room", name=named("Room")), preset=Preset.LOCK)
        page = client.get("/help/tickets/new/return/?room=%3Cscript%3E&room=" + "9" * 3000).content.decode()
        assert 'name="locked"' not in page and 'name="custom_room"' in page

    def test_a_fixed_answer_is_checked_like_a_typed_one(self, client: Client, returns: RequestType) -> None:
        ask(returns, make_field("room", "room", name=named("Room")), preset=Preset.LOCK, required=Required.ALWAYS)
        wrong = sent(client, filled(custom_room="--", locked="room"))
        page = wrong.content.decode()
        assert wrong.status_code == 422 and 'type="hidden" name="custom_room"' not in page
        assert sent(client, filled(custom_room="1204", locked="room")).status_code == 302
        assert Ticket.objects.get().custom["room"] == "1204"


def test_without_scripts_the_questions_come_by_a_button(client: Client, returns: RequestType) -> None:
    data = {**filled(), "choose": "1"}
    page = sent(client, data).content.decode()
    assert 'name="custom_order_number" value="so-2026-1"' in page and "The box was open." in page
    assert not Ticket.objects.exists()


def test_the_fragment_keeps_what_was_answered(client: Client, returns: RequestType) -> None:
    url = reverse("help:ticket_expected")
    query = {"request_type": "return", "custom_order_number": "half-typ"}
    part = client.get(url, query, headers={"HX-Request": "true"}).content.decode()
    assert 'id="questions" hx-swap-oob="true"' in part and "half-typ" in part and 'id="expected"' in part


def test_another_type_keeps_every_answer_readable(returns: RequestType) -> None:
    ticket = submit(returns, answers={"order_number": "A1", "reason": "wrong"})
    other = make_request_type("other")
    ask(other, CustomField.objects.get(key="order_number"), required=Required.ALWAYS)
    ask(other, make_field("device", "serial", name=named("Serial number")), required=Required.ALWAYS)
    user = staff(make_user("administrator"))
    update_ticket(actor=user, ticket=ticket, values={"request_type": other})
    ticket = fresh(ticket)
    assert ticket.custom == {"order_number": "A1", "reason": "wrong"}
    missing = missing_questions(ticket)
    assert [row.field.key for row in missing] == ["serial"]
    assert "- Serial number" in as_letter(missing, "en")


def test_agents_see_what_is_missing_and_ask_for_it(client: Client, returns: RequestType) -> None:
    ticket = submit(returns, answers={"order_number": "A1", "reason": "wrong"})
    Ticket.objects.filter(pk=ticket.pk).update(custom={})
    verify_requester(actor=customer_of(ticket), ticket=ticket)
    client.force_login(make_user("administrator"))
    page = client.get(reverse("tickets:ticket_detail", args=[ticket.number])).content.decode()
    assert "Order number" in page and "Reason" in page
    client.post(reverse("tickets:ticket_ask_answers", args=[ticket.number]))
    page = client.get(reverse("tickets:ticket_detail", args=[ticket.number])).content.decode()
    assert "please tell us" in page and "- Reason (Damaged / Wrong item)" in page


class TestSettingUp:
    def test_a_condition_asks_about_earlier_answers_only(self, returns: RequestType) -> None:
        first = returns.questions.get(field__key="order_number")
        with pytest.raises(Invalid):
            save_question(
                actor=Actor.system(), request_type=returns, record=first,
                values={"shown": "when", "condition": WHEN_DAMAGED},
            )  # fmt: skip
        with pytest.raises(Invalid):
            ask(returns, make_field("text", "x"), shown="when", condition={})

    def test_what_others_depend_on_stays_before_them(self, returns: RequestType) -> None:
        reason, photo = returns.questions.get(field__key="reason"), returns.questions.get(field__key="photo")
        with pytest.raises(Invalid):
            move_question(actor=Actor.system(), record=photo, up=True)
        with pytest.raises(Invalid):
            remove_question(actor=Actor.system(), record=reason)
        move_question(actor=Actor.system(), record=reason, up=True)
        assert [row.field.key for row in returns.questions.all()] == ["reason", "order_number", "photo"]

    def test_a_type_asks_once(self, returns: RequestType) -> None:
        with pytest.raises(Invalid) as error:
            ask(returns, CustomField.objects.get(key="reason"))
        assert "field" in error.value.fields

    def test_a_question_that_is_switched_off_is_not_asked(self, returns: RequestType) -> None:
        CustomField.objects.filter(key="order_number").update(is_active=False)
        assert check_answers(returns, {"reason": "wrong"}) == {"reason": "wrong"}


def test_the_receipt_repeats_answers_to_a_proved_address_alone(returns: RequestType) -> None:
    # With a sign that no token in a link has.
    answers = {"order_number": "A1/77", "reason": "wrong"}
    stranger = submit(returns, answers=answers, email="new@example.test")
    assert "A1/77" not in OutgoingMail.objects.latest("pk").text
    verify_requester(actor=customer_of(stranger), ticket=stranger)
    submit(returns, answers=answers, email="new@example.test", language="zh-hans")
    mail = OutgoingMail.objects.latest("pk")
    assert "Reason 中文: 发错货" in mail.text and "A1/77" in mail.text


class TestScreens:
    @pytest.fixture
    def admin(self, client: Client) -> Client:
        client.force_login(make_user("administrator"))
        return client

    def test_a_question_is_added_changed_moved_and_removed(self, admin: Client, returns: RequestType) -> None:
        field = make_field("text", "colour", name=named("Colour"))
        add = reverse("desk:question_create", args=[returns.pk])
        assert "Colour" in admin.get(add).content.decode()
        admin.post(add, {"field": field.pk, "required": "always", "shown": "always", "preset": "fill"})
        row = returns.questions.get(field=field)
        assert (row.order, row.required, row.preset) == (3, "always", "fill")
        page = admin.get(reverse("desk:request_type_detail", args=[returns.pk])).content.decode()
        assert "Asked when: Reason is Damaged." in page
        admin.post(reverse("desk:question_verb", args=[returns.pk, row.pk, "up"]))
        assert [each.field.key for each in returns.questions.all()][2] == "colour"
        admin.post(reverse("desk:question_verb", args=[returns.pk, row.pk, "remove"]))
        assert not returns.questions.filter(field=field).exists()

    def test_a_question_of_another_type_is_not_there(self, admin: Client, returns: RequestType) -> None:
        other, row = make_request_type("other"), returns.questions.first()
        assert row is not None
        assert admin.get(reverse("desk:question_update", args=[other.pk, row.pk])).status_code == 404
        assert admin.post(reverse("desk:question_verb", args=[other.pk, row.pk, "remove"])).status_code == 404

    def test_refusals_are_said_on_the_page(self, admin: Client, returns: RequestType) -> None:
        reason = returns.questions.get(field__key="reason")
        url = reverse("desk:question_verb", args=[returns.pk, reason.pk, "remove"])
        assert "depends on this answer" in admin.post(url, follow=True).content.decode()
        assert returns.questions.filter(pk=reason.pk).exists()

    def test_codes_for_a_list_of_rooms(self, admin: Client, returns: RequestType) -> None:
        ask(returns, make_field("room", "room", name=named("Room")), preset=Preset.LOCK)
        url = reverse("desk:request_type_links", args=[returns.pk])
        sheet = admin.post(url, {"each": "room", "lines": "1204 = Tower B\n1205\n\n1204"}).content.decode()
        assert sheet.count("<img src=") == 2 and "Tower B" in sheet and "?room=1205" in sheet
        assert "Return" in sheet and "退货" in sheet
        wrong = admin.post(url, {"each": "room", "lines": "1204\n---"})
        assert wrong.status_code == 422 and "---:" in wrong.content.decode()
        assert admin.post(url, {"each": "", "lines": "1204"}).status_code == 422

    @pytest.mark.parametrize(("kind", "start"), [("svg", b"<?xml"), ("png", b"\x89PNG")])
    def test_a_code_is_downloaded(self, admin: Client, returns: RequestType, kind: str, start: bytes) -> None:
        answer = admin.get(reverse("desk:request_type_code", args=[returns.pk, kind]))
        assert answer.content.startswith(start) and f"return.{kind}" in answer["Content-Disposition"]
        assert admin.get(reverse("desk:request_type_code", args=[returns.pk, "exe"])).status_code == 404

    def test_preview_and_switch(self, admin: Client, returns: RequestType) -> None:
        page = admin.get(reverse("desk:request_type_preview", args=[returns.pk])).content.decode()
        assert "Order number" in page and "data-shown-when" in page
        admin.post(reverse("desk:request_type_switch", args=[returns.pk]))
        assert not RequestType.objects.get(pk=returns.pk).is_active

    def test_template_answers_of_the_type_come_first_and_others_stay_away(
        self, admin: Client, returns: RequestType
    ) -> None:
        other = make_request_type("other")
        for name, kinds in (("For all", []), ("Return label", [returns]), ("Elsewhere", [other])):
            reply = CannedReply.objects.create(name=named(name), body=named(name), order=1)
            reply.request_types.set(kinds)
        ticket = submit(returns, answers={"order_number": "A1", "reason": "wrong"})
        part = admin.get(reverse("tickets:ticket_canned", args=[ticket.number])).content.decode()
        assert part.index("Return label") < part.index("For all") and "Elsewhere" not in part

    def test_staff_answer_for_the_caller(self, admin: Client, returns: RequestType) -> None:
        part = admin.get(reverse("tickets:caller_questions"), {"request_type": returns.pk}).content.decode()
        assert 'name="custom_order_number"' in part and 'type="file"' not in part
        data = {"form_key": key(), "name": "Han Mei", "phone": "13800001234", "request_type": returns.pk,
                "channel": "phone", "subject": "Return", "custom_reason": "damaged"}  # fmt: skip
        refused = admin.post(reverse("tickets:ticket_create"), data)
        assert refused.status_code == 422 and "Fill in “Order number”." in refused.content.decode()
        assert admin.post(reverse("tickets:ticket_create"), {**data, "custom_order_number": "so-9"}).status_code == 302
        assert Ticket.objects.get().custom == {"order_number": "SO-9", "reason": "damaged"}
