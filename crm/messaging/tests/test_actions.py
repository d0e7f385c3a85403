"""Queueing, dedupe, refusals, editing."""

from __future__ import annotations

import pytest

from crm.accounts.access import actor_for
from crm.accounts.models import Role
from crm.activity.models import Activity
from crm.core.errors import Invalid, NotAllowed, NotReady
from crm.messaging.actions import hold_mail, queue_mail, retry_mail, save_template
from crm.messaging.models import MailTemplate, OutgoingMail
from crm.messaging.seeds import seed_templates
from crm.messaging.selectors import last_message_id

from .builders import SYSTEM, VALUES, mail, message

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(django_user_model):
    user = django_user_model.objects.create_user("admin@example.com", name="Admin")
    user.roles.add(Role.objects.get(key="administrator"))
    return actor_for(user)


@pytest.fixture
def agent(django_user_model):
    return actor_for(django_user_model.objects.create_user("agent@example.com", name="Agent"))


def test_a_mail_is_stored_whole():
    queued = mail()
    assert queued.message_id.startswith("<")
    assert queued.message_id.endswith("@yunfan.example>")
    assert queued.from_name == "云帆客服"
    assert queued.headers["Auto-Submitted"] == "auto-generated"
    assert queued.state == "waiting"


def test_the_same_reason_gives_the_same_mail():
    first, second = mail(dedupe_key="received:1"), mail(dedupe_key="received:1", to_email="x@example.com")
    assert first.pk == second.pk
    assert mail(dedupe_key="received:2").pk != first.pk
    assert mail().pk != mail().pk


def test_nobody_to_send_to():
    assert (
        queue_mail(
            actor=SYSTEM,
            template_key="test.received",
            to_email="",
            to_name="",
            language="en",
            values=VALUES,
            brand=message().conversation.brand,
        )
        is None
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"to_email": "a@example.com\r\nBcc: spy@example.com"},
        {"to_email": "a@example.com, spy@example.com"},
        {"to_email": "nobody"},
        {"to_name": "Li Lei\r\nBcc: spy@example.com"},
        {"cc": ["spy@example.com\nX: y"]},
        {"reply_to": "a@example.com\nBcc: spy@example.com"},
        {"in_reply_to": "<a@b>\r\nBcc: spy@example.com"},
        {"references": "<a@b>\n<c@d>"},
    ],
)
def test_header_injection_is_refused(changes):
    with pytest.raises(Invalid):
        mail(**changes)
    assert OutgoingMail.objects.count() == 0


def test_a_message_follows_its_mail():
    reply = message("We are on it", "outbound")
    queued = mail(related=reply, in_reply_to="<q@example.com>")
    reply.refresh_from_db()
    assert (reply.state, reply.message_id) == ("sending", queued.message_id)
    assert queued.headers["In-Reply-To"] == queued.headers["References"] == "<q@example.com>"
    assert queued.queue == "urgent"
    assert last_message_id(reply.conversation) == queued.message_id


def test_holding_and_sending_again(administrator):
    queued = mail()
    hold_mail(actor=administrator, mail=queued)
    with pytest.raises(NotReady):
        hold_mail(actor=administrator, mail=queued)
    again = retry_mail(actor=administrator, mail=queued)
    assert (again.state, again.message_id) == ("waiting", queued.message_id)
    with pytest.raises(NotReady):
        retry_mail(actor=administrator, mail=queued)
    assert [row.key for row in Activity.objects.order_by("pk")] == ["messaging.mail_held", "messaging.mail_retried"]


def test_who_may_see_mail_and_try_again(administrator, agent):
    queued = mail()
    assert list(OutgoingMail.objects.visible_to(administrator)) == [queued]
    assert list(OutgoingMail.objects.visible_to(agent)) == []
    with pytest.raises(NotAllowed):
        retry_mail(actor=agent, mail=queued)


def test_wording_is_seeded_and_follows_the_declaration_until_edited(administrator, declared):
    seed_templates()
    row = MailTemplate.objects.get(key=declared.key)
    MailTemplate.objects.filter(pk=row.pk).update(subject={"en": "Old wording"})
    seed_templates()
    row.refresh_from_db()
    assert row.subject["en"] == declared.subject["en"]
    save_template(actor=administrator, template=row, subject={"en": "Ours {{brand.name}}"}, body={"en": "{{text}}"})
    seed_templates()
    row.refresh_from_db()
    assert row.subject == {"en": "Ours {{brand.name}}"}


def test_an_unknown_placeholder_is_refused_in_the_editor(administrator, agent):
    seed_templates()
    row = MailTemplate.objects.get(key="test.received")
    with pytest.raises(Invalid) as refused:
        save_template(
            actor=administrator, template=row, subject={"en": "{{ticket.nummer}}"}, body={"en": "a", "zh-hans": "{{x}}"}
        )
    assert "{{ticket.nummer}}" in refused.value.fields["subject"]
    assert "{{x}}" in refused.value.fields["body"]
    with pytest.raises(NotAllowed):
        save_template(actor=agent, template=row, subject={"en": "a"}, body={"en": "a"})
