"""The pages of staff: prepared step by step, checked, started."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from crm.activity.models import Activity
from crm.core import clock
from crm.core.gallery import reports
from crm.core.metrics import Span, address, figures, measures
from crm.core.sockets import activity_types
from crm.fields.tests.builders import make_field
from crm.messaging.models import OutgoingMail
from crm.testing.builders import make_user, staff
from crm.testing.suites import CreateSuite, DetailSuite, ListSuite, UpdateSuite, signed_in
from marketing.actions import copy_campaign, create_campaign, delete_campaign, suppress, update_campaign
from marketing.actions.bin import erase_campaign
from marketing.approvals import describe, snapshot
from marketing.exceptions import NotEditable
from marketing.models import Campaign, Recipient, Suppression

from .builders import SYSTEM, content, make_campaign, make_reader, make_segment, start, words

pytestmark = pytest.mark.django_db


class TestCampaignList(ListSuite):
    url_name, permission = "marketing:campaign_list", "campaigns.view"

    def make(self, count):
        return [create_campaign(actor=SYSTEM, values={"name": f"Campaign {n}"}) for n in range(count)]


class TestSuppressionList(ListSuite):
    url_name, permission = "marketing:suppression_list", "campaigns.suppress"

    def make(self, count):
        return [
            suppress(actor=SYSTEM, channel="email", address=f"gone{n}@example.test", reason="bounce")
            for n in range(count)
        ]  # fmt: skip


class TestCampaignDetail(DetailSuite):
    url_name, permission = "marketing:campaign_detail", "campaigns.view"

    def make_one(self):
        return start(make_campaign(make_reader()))


class TestCampaignCreate(CreateSuite):
    url_name, permission, others = "marketing:campaign_create", "campaigns.create", ("campaigns.view",)

    def rows(self):
        return Campaign.objects.all()

    def good(self):
        return {"name": "Spring", "kind": "mail", "currency": "CNY"}

    def bad(self):
        return {"name": "", "kind": "mail", "currency": "CNY"}


class TestCampaignUpdate(UpdateSuite):
    url_name, permission, others = "marketing:campaign_update", "campaigns.create", ("campaigns.view",)

    def make_one(self):
        return create_campaign(actor=SYSTEM, values={"name": "Spring", "owner": make_user("marketer")})

    def change(self):
        return {"goal": "Ten orders"}

    def bad(self):
        return {"name": ""}

    def rival(self, record):
        Campaign.objects.filter(pk=record.pk).update(goal="Twenty orders")

    def changed(self, record):
        return Campaign.objects.get(pk=record.pk).goal == "Ten orders"


def test_a_marketer_prepares_step_by_step_and_the_list_of_checks_decides() -> None:
    reader = make_reader()
    segment = make_segment(reader)
    client = signed_in(make_user("marketer"))
    client.post(reverse("marketing:campaign_create"), {"name": "Spring", "kind": "mail", "currency": "CNY"})
    campaign = Campaign.objects.get()
    steps = {name: reverse(f"marketing:campaign_{name}", args=[campaign.pk]) for name in
             ("audience", "content", "schedule", "check")}  # fmt: skip
    answer = client.post(
        steps["audience"], {"segments": [segment.pk], "holds_complaints": "on", "cap_count": 2, "cap_days": 7}
    )
    assert answer["Location"] == steps["content"]
    begun = client.post(steps["content"], {"subject_en": "", "subject_zh_hans": "", "design": "offer"})
    page = begun.content.decode()
    assert begun.status_code == 200 and "为{{customer.name|您}}准备的优惠" in page and "See the offer" in page
    assert client.post(steps["content"], {"design": "invitation"}).status_code == 404  # only for events
    assert not Campaign.objects.get().content["blocks"]  # nothing is stored before it is saved
    answer = client.post(steps["content"], {"subject_en": "News", "subject_zh_hans": "", "block_op": "add:text"})
    assert answer.status_code == 200 and "b-" in answer.content.decode()
    block = {"block": "t1:text", "b-t1-text_en": "Hello {{contact.nmae}}", "b-t1-text_zh_hans": "您好"}
    wrong = client.post(steps["content"], {"subject_en": "News", "subject_zh_hans": "", **block})
    assert wrong.status_code == 422 and "contact.nmae" in wrong.content.decode()
    block["b-t1-text_en"] = "Hello {{contact.name|friend}}"
    client.post(steps["content"], {"subject_en": "News", "subject_zh_hans": "", **block})
    client.post(steps["schedule"], {"when": "now", "timezone": "Asia/Shanghai"})
    page = client.get(steps["check"]).content.decode()
    assert "Missing: 简体中文" in page and "disabled" in page
    client.post(steps["check"])
    assert Campaign.objects.get().state == "draft"
    client.post(steps["content"], {"subject_en": "News", "subject_zh_hans": "消息", **block})
    preview = reverse("marketing:campaign_preview_mail", args=[campaign.pk])
    shown = client.get(preview, {"language": "en", "contact": reader.pk})
    assert reader.name in shown.content.decode() and "sandbox" in shown["Content-Security-Policy"]
    assert "@media (prefers-color-scheme: dark)" in shown.content.decode()
    dark = client.get(preview, {"language": "zh-hans", "look": "dark"}).content.decode()
    assert "@media all" in dark and "您好" in dark
    typed = client.post(f"{preview}?language=en", {**block, "b-t1-text_en": "Typed, not saved"})
    assert "Typed, not saved" in typed.content.decode() and "sandbox" in typed["Content-Security-Policy"]
    assert "Typed" not in client.get(preview, {"language": "en"}).content.decode()
    beside = client.get(reverse("marketing:campaign_preview", args=[campaign.pk]), {"contact": reader.pk})
    page = beside.content.decode()
    assert page.count("<iframe") == 2 and f"Hello {reader.name}" in page and "您好" in page and "消息" in page
    assert "{{contact.name|}}" in client.get(steps["content"]).content.decode()  # words to pick
    test = reverse("marketing:campaign_test", args=[campaign.pk])
    client.post(test, {"to": "me@example.test", "language": "zh-hans"})
    assert OutgoingMail.objects.get().subject == "消息" and not Recipient.objects.exists()
    client.post(steps["check"])
    assert Campaign.objects.get().state == "scheduled"


def test_what_a_company_asks_of_its_campaigns_is_answered_even_when_they_are_out_and_goes_into_a_copy() -> None:
    make_field("text", key="agency", kind="campaign"), make_field("number", key="visitors", kind="campaign")
    client, create = signed_in(make_user("marketer")), reverse("marketing:campaign_create")
    sent = {"name": "Spring", "kind": "mail", "currency": "CNY", "custom_agency": "Blue 7", "custom_visitors": "many"}
    wrong = client.post(create, sent)
    assert wrong.status_code == 422 and 'value="Blue 7"' in wrong.content.decode()
    client.post(create, {**sent, "custom_visitors": "40"})
    campaign = Campaign.objects.get()
    assert campaign.custom == {"agency": "Blue 7", "visitors": 40}
    Campaign.objects.update(state="sent")
    update_campaign(actor=SYSTEM, record=campaign, values={"custom_visitors": 55})
    told = Activity.objects.get(type=activity_types["campaigns.updated"].code).data
    assert (told["fields"]["en"], told["changes"]) == ("Visitors", {"custom_visitors": [40, 55]})
    assert "Blue 7" in client.get(reverse("marketing:campaign_detail", args=[campaign.pk])).content.decode()
    copy = copy_campaign(actor=SYSTEM, record=campaign)
    assert copy.custom == {"agency": "Blue 7", "visitors": 55}
    assert ("Agency", "Blue 7") in describe(snapshot(copy))
    update_campaign(actor=SYSTEM, record=copy, values={"custom_agency": None, "goal": "Ten orders"})
    copy.refresh_from_db()
    assert (copy.custom, copy.goal) == ({"visitors": 55}, "Ten orders")


def test_a_draft_goes_to_the_bin_and_comes_back_and_one_that_was_scheduled_stays() -> None:
    client, admin = signed_in(make_user("marketer")), staff(make_user("administrator"))
    campaign = make_campaign(make_reader())
    delete = reverse("marketing:campaign_delete", args=[campaign.pk])
    assert client.post(delete).status_code == 302 and not Campaign.objects.exists()
    assert client.get(reverse("marketing:campaign_detail", args=[campaign.pk])).status_code == 404
    assert campaign.name in client.get(reverse("console:recycle_bin")).content.decode()
    client.post(reverse("console:recycle_bin_undo", args=["campaign", campaign.pk]))
    assert Campaign.objects.get().segments.count() == campaign.segments.count()
    delete_campaign(actor=admin, record=campaign)
    erase_campaign(actor=admin, record=campaign)
    assert not Campaign.all_objects.exists()
    sent = start(make_campaign(make_reader()))
    with pytest.raises(NotEditable):
        delete_campaign(actor=admin, record=sent)


def test_figures_open_exactly_their_records() -> None:
    campaign = start(make_campaign(*(make_reader() for _number in range(4))))
    for row, state in zip(campaign.recipients.order_by("pk"), ("sent", "sent", "sent", "failed"), strict=True):
        Recipient.objects.filter(pk=row.pk).update(state=state, clicked_at=clock.now() if row.pk % 2 else None)
    viewer = staff(make_user("marketer"))
    span = Span(clock.now() - dt.timedelta(days=1), clock.now() + dt.timedelta(days=1), ZoneInfo("Asia/Shanghai"))
    wanted = [measures[key] for key in ("campaigns.sent", "campaigns.delivery_rate", "campaigns.clicked")]
    found = figures(wanted, viewer, span)
    assert found["campaigns.sent"].base == 4 and found["campaigns.delivery_rate"].value == 0.75
    client = signed_in(make_user("marketer"))
    for key in ("campaigns.sent", "campaigns.clicked"):
        listed = client.get(address(measures[key], span)).context["list"]
        assert listed.count_text == str(found[key].base)
    assert all(report.wanted for report in reports if report.key.startswith("campaigns-") and report.measures)


def test_a_suppressed_address_comes_off_the_list_with_a_reason_only() -> None:
    row = suppress(actor=SYSTEM, channel="email", address="gone@example.test", reason="complaint")
    client = signed_in(make_user("marketer"))
    lift = reverse("marketing:suppression_lift", args=[row.pk])
    assert client.post(lift, {"why": ""}).status_code == 422 and Suppression.objects.exists()
    client.post(lift, {"why": "They wrote to us"})
    assert not Suppression.objects.exists()


def test_a_text_message_campaign_needs_words_in_every_language_and_a_gateway() -> None:
    draft = make_campaign(make_reader(), kind="sms", content=content(), body=words("Hello {{contact.name}}", "您好"))
    client = signed_in(make_user("marketer"))
    assert "{{contact.name|}}" in client.get(reverse("marketing:campaign_content", args=[draft.pk])).content.decode()
    page = client.get(reverse("marketing:campaign_check", args=[draft.pk])).content.decode()
    assert "gateway" in page and "disabled" in page
    page = client.get(reverse("marketing:campaign_preview", args=[draft.pk])).content.decode()
    assert "No more messages" in page and "Goes out as" in page


def test_a_post_is_published_elsewhere_and_its_results_are_typed() -> None:
    client = signed_in(make_user("marketer"))
    client.post(reverse("marketing:campaign_create"), {"name": "Fair posts", "kind": "social", "currency": "CNY"})
    campaign = Campaign.objects.get()
    page = reverse("marketing:campaign_detail", args=[campaign.pk])
    check = reverse("marketing:campaign_check", args=[campaign.pk])
    client.post(check)
    assert Campaign.objects.get().state == "draft"  # no words yet
    text = {"body_en": "See us", "body_zh_hans": "欢迎光临", "link": "https://social.example/1"}
    answer = client.post(reverse("marketing:campaign_content", args=[campaign.pk]), text)
    assert answer["Location"] == check
    client.post(check)
    assert Campaign.objects.get().state == "sent" and not Recipient.objects.exists()
    enter = reverse("marketing:result_create", args=[campaign.pk])
    assert client.post(enter, {"network": "", "on": "2026-11-20", "reach": 10}).status_code == 422
    for reach in (900, 1200):  # the same network and day replaces
        client.post(enter, {"network": "WeChat", "on": "2026-11-20", "reach": reach, "clicks": 60})
    client.post(enter, {"network": "Weibo", "on": "2026-11-20", "reach": 300, "clicks": 0})
    shown = client.get(page).content.decode()
    assert "1,500" in shown and "4.0%" in shown and "WeChat" in shown


def test_participants_of_an_event_are_added_and_marked_by_staff() -> None:
    guest = make_reader()
    campaign = make_campaign(kind="event", place="Shenzhen")
    client = signed_in(make_user("marketer"))
    page = reverse("marketing:campaign_detail", args=[campaign.pk])
    add = reverse("marketing:participant_create", args=[campaign.pk])
    for _again in range(2):
        client.post(add, {"contact": guest.pk})
    row = campaign.participants.get()
    came = reverse("marketing:participant_came", args=[campaign.pk, row.pk])
    client.post(came, {"came": "1"})
    row.refresh_from_db()
    assert row.attended_at is not None and guest.name in client.get(page).content.decode()
    elsewhere = make_campaign(kind="event")
    assert client.post(reverse("marketing:participant_came", args=[elsewhere.pk, row.pk])).status_code == 404
