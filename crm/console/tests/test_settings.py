"""The settings pages: index and search, brand, mail texts, jobs, outgoing mail, commands."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from crm.accounts.models import User
from crm.activity.models import DeadDelivery, Outbox
from crm.console.mail import send_password_link
from crm.core.errors import NotReady
from crm.core.models import Brand
from crm.jobs.models import Job
from crm.messaging.models import MailTemplate, OutgoingMail
from crm.testing.suites import ListSuite

from ..actions import jobs, structure
from ..selectors.settings import sections
from .builders import SYSTEM, both, make_actor, make_department, make_team, make_user, signed_in

pytestmark = pytest.mark.django_db


class TestUserList(ListSuite):
    url_name, permission = "console:user_list", "console.view_settings"

    def make(self, count: int) -> list[User]:
        return [make_user() for _number in range(count)]


class TestTeamList(ListSuite):
    url_name, permission = "console:team_list", "console.view_settings"

    def make(self, count: int) -> list[object]:
        department = make_department()
        return [make_team(department=department) for _number in range(count)]


def found(query: str, *roles: str) -> list[str]:
    return [page.key for section in sections(make_actor(*roles), query) for page, _url in section.pages]


@pytest.mark.parametrize("query", ["audit log", "AUDIT", "sign-in trace"])
def test_settings_are_found_by_words(query: str) -> None:
    assert "audit" in found(query, "administrator")


def test_settings_are_shown_by_right_and_a_search_may_find_nothing() -> None:
    assert "audit" not in found("", "supervisor") and "users" in found("", "supervisor")
    assert found("zzzz", "administrator") == []
    html = signed_in(make_user("administrator")).get("/settings/", {"q": "zzzz"}).content.decode()
    assert "No setting matches" in html


def test_the_brand_is_changed_and_a_rivals_change_is_not_lost() -> None:
    client = signed_in(make_user("administrator"))
    url = reverse("console:brand_update")
    page = client.get(url)
    brand = Brand.default()
    data = {
        "_shown": page.context["shown"],
        "name_en": "Yunfan Devices",
        "name_zh_hans": "云帆设备",
        "sender_name_en": "Support",
        "sender_email": "help@yunfan.example",
        "language": "en",
        "languages": ["en"],
        "timezone": "Asia/Shanghai",
        "currency": "CNY",
    }
    Brand.objects.filter(pk=brand.pk).update(sender_email="rival@yunfan.example")
    assert client.post(url, data).status_code == 409
    assert Brand.default().sender_email == "rival@yunfan.example"
    data["_shown"] = client.get(url).context["shown"]
    assert client.post(url, data).status_code == 302
    assert Brand.default().sender_email == "help@yunfan.example" and Brand.default().languages == ["en"]
    assert client.post(url, {**data, "language": "zh-hans"}).status_code in {409, 422}, "a language that is not offered"


def test_mail_texts_are_previewed_without_saving_and_wrong_placeholders_refused() -> None:
    client = signed_in(make_user("administrator"))
    url = reverse("console:mail_text_update", args=["console.invitation"])
    wording = {"subject_en": "Welcome {{ user.name }}", "body_en": "Hello {{ password_link }}", "body_zh_hans": "您好"}
    page = client.post(url, {**wording, "preview": "1"}).content.decode()
    assert "Welcome ‹" in page and not MailTemplate.objects.get(key="console.invitation").is_edited
    wrong = client.post(url, {**wording, "subject_en": "{{ settings.secret_key }}"})
    assert wrong.status_code == 422 and "settings.secret_key" in wrong.content.decode()
    assert client.post(url, wording).status_code == 302
    assert MailTemplate.objects.get(key="console.invitation").subject["en"] == "Welcome {{ user.name }}"


def test_a_password_link_is_not_shown_to_those_who_watch_the_mail() -> None:
    send_password_link(actor=SYSTEM, user=make_user("administrator"), template_key="console.password_link")
    mail = OutgoingMail.objects.get()
    html = (
        signed_in(make_user("supervisor", "administrator"))
        .get(reverse("console:outgoing_mail_detail", args=[mail.pk]))
        .content.decode()
    )
    assert mail.to_email in html and "/accounts/password/" not in html.split("<main")[1]


def test_mail_is_held_and_sent_again_from_its_page() -> None:
    send_password_link(actor=SYSTEM, user=make_user(), template_key="console.password_link")
    mail = OutgoingMail.objects.get()
    client = signed_in(make_user("administrator"))
    assert client.post(reverse("console:outgoing_mail_hold", args=[mail.pk])).status_code == 302
    assert OutgoingMail.objects.get().state == "held"
    assert client.post(reverse("console:outgoing_mail_retry", args=[mail.pk])).status_code == 302
    assert OutgoingMail.objects.get().state == "waiting"


def test_a_failed_job_goes_on_and_a_running_one_does_not() -> None:
    actor = make_actor("administrator")
    job = Job.objects.create(
        kind="calendars.recompute_clocks", label="x", state="failed", error="boom", cursor=7, attempts=5
    )
    again = jobs.retry_job(actor=actor, record=job)
    assert (again.state, again.cursor, again.attempts, again.error) == ("waiting", 7, 0, "")
    with pytest.raises(NotReady):
        jobs.retry_job(actor=actor, record=job)
    gone = Job.objects.create(kind="no.such", label="x", state="failed")
    with pytest.raises(NotReady):
        jobs.retry_job(actor=actor, record=gone)


def test_a_dead_delivery_is_tried_again_once() -> None:
    activity = structure.create_department(actor=SYSTEM, values={"name": both("D")})
    row = Outbox.objects.order_by("-pk").first()
    assert activity and row
    dead = DeadDelivery.objects.create(activity_id=row.activity_id, lane="default", subscriber="x", error="boom")
    client = signed_in(make_user("administrator"))
    assert "boom" in client.get(reverse("console:system")).content.decode()
    before = Outbox.objects.count()
    url = reverse("console:delivery_retry", args=[dead.pk])
    assert client.post(url).status_code == 302
    assert not DeadDelivery.objects.exists() and Outbox.objects.count() > before
    assert client.post(url).status_code == 404


def test_working_hours_and_shifts_from_the_pages() -> None:
    client, user = signed_in(make_user("administrator")), make_user("agent")
    create = reverse("console:calendar_create")
    assert client.post(create, {"name_en": "Night", "timezone": "Asia/Shanghai", "mon": "9 to 5"}).status_code == 422
    data = {"name_en": "Night", "timezone": "Asia/Shanghai", "mon": "20:00-24:00"}
    assert client.post(create, data).status_code == 302
    shift = {"weekdays": ["0", "1"], "start": "09:00", "end": "18:00", "timezone": "Asia/Shanghai"}
    assert client.post(reverse("console:shift_create", args=[user.pk]), shift).status_code == 302
    assert client.post(reverse("console:shift_create", args=[user.pk]), {**shift, "weekdays": ["5"]}).status_code == 302
    rows = client.get(reverse("console:user_shifts", args=[user.pk])).context["shifts"]
    assert len(rows) == 2
    assert client.post(reverse("console:shift_delete", args=[user.pk, rows[0][0].pk])).status_code == 302
    assert client.post(reverse("console:shift_delete", args=[user.pk, rows[0][0].pk])).status_code == 404
    assert client.get(reverse("console:roster"), {"week": "rubbish", "team": "0"}).status_code == 200


def test_the_first_administrator_comes_from_the_command_line() -> None:
    out = StringIO()
    call_command("createadmin", "First@Yunfan.example", "周敏", stdout=out)
    user = User.objects.get(email="first@yunfan.example")
    assert user.roles.get().is_administrator
    path = "/accounts/" + out.getvalue().strip().splitlines()[-1].split("/accounts/", 1)[1]
    assert "Set your password" in Client().get(path, follow=True).content.decode()
    for email in ("first@yunfan.example", "no address"):
        with pytest.raises(CommandError):
            call_command("createadmin", email, "Twice")
