from __future__ import annotations

import datetime as dt

import pytest

from crm.accounts.access import actor_for
from crm.core import clock
from crm.core.actor import Actor
from crm.core.errors import Invalid, NotFound
from crm.messaging.actions import discard_draft, save_draft
from crm.messaging.language import guess_language
from crm.messaging.models import Draft
from crm.messaging.selectors import drafts_of, messages_of

from .builders import conversation, message

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(django_user_model):
    return actor_for(django_user_model.objects.create_user("agent@example.com", name="Agent"))


def test_a_message_is_cleaned_and_its_language_guessed():
    stored = message("您好\x00，\u202e打印机离线\r\n谢谢 ")
    assert stored.body == "您好，打印机离线\n谢谢"
    assert stored.language == "zh-hans"
    assert stored.state == "stored"


@pytest.mark.parametrize("body", ["", " \n\u200b ", "x" * 50_001])
def test_an_empty_or_oversized_message_is_refused(body):
    with pytest.raises(Invalid) as refused:
        message(body)
    assert "body" in refused.value.fields


def test_a_subject_is_needed():
    with pytest.raises(Invalid):
        conversation("\u200b \n")
    assert conversation("Two\nlines").subject == "Two lines"


def test_notes_are_for_staff_only(agent):
    holder = conversation()
    for direction in ("inbound", "internal", "outbound"):
        message(direction, direction, conversation=holder)
    assert [m.body for m in messages_of(agent, holder)] == ["inbound", "internal", "outbound"]
    assert [m.body for m in messages_of(agent, holder, public_only=True)] == ["inbound", "outbound"]
    for outsider in (Actor.guest(), Actor.contact(1, "Li Lei")):
        assert [m.body for m in messages_of(outsider, holder)] == ["inbound", "outbound"]


def test_pages_go_back_without_gap_or_repetition(agent):
    holder, moment = conversation(), clock.now()
    for number in range(5):
        message(str(number), conversation=holder, created_at=moment + dt.timedelta(seconds=number // 2))
    last = messages_of(agent, holder, limit=2)
    before = messages_of(agent, holder, before=last[0].pk, limit=2)
    first = messages_of(agent, holder, before=before[0].pk, limit=2)
    assert [m.body for m in first + before + last] == ["0", "1", "2", "3", "4"]


def test_one_draft_of_a_kind_is_kept_for_its_writer(agent, django_user_model):
    holder = conversation()
    save_draft(actor=agent, conversation=holder, kind="reply", body="Dear")
    save_draft(actor=agent, conversation=holder, kind="reply", body="Dear Li Lei", data={"status": 3})
    save_draft(actor=agent, conversation=holder, kind="note", body="Check the serial")
    drafts = drafts_of(agent, holder)
    assert {kind: draft.body for kind, draft in drafts.items()} == {"reply": "Dear Li Lei", "note": "Check the serial"}
    assert drafts["reply"].data == {"v": 1, "status": 3}
    colleague = actor_for(django_user_model.objects.create_user("other@example.com", name="Other"))
    assert drafts_of(colleague, holder) == {}
    discard_draft(actor=colleague, conversation=holder, kind="reply")
    discard_draft(actor=agent, conversation=holder, kind="reply")
    assert list(drafts_of(agent, holder)) == ["note"]


def test_only_staff_keep_drafts():
    with pytest.raises(NotFound):
        save_draft(actor=Actor.guest(), conversation=conversation(), kind="reply", body="x")
    assert Draft.objects.count() == 0


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("My printer is offline", "en"),
        ("打印机 PX-480 firmware 3.2 之后离线", "zh-hans"),
        ("Please call 李雷 about the order we placed last week", "en"),
        ("", "en"),
        ("12345 !!!", "en"),
        ("退款", "zh-hans"),
    ],
)
def test_guessing_the_language(text, language):
    assert guess_language(text) == language
