"""Links to set a password, and changing one's own."""

from __future__ import annotations

import datetime as dt
from unittest import mock

import pytest
from django.test import Client
from django.urls import reverse

from crm.accounts.access import actor_for
from crm.accounts.models import User
from crm.core.errors import Invalid
from crm.messaging.models import OutgoingMail

from ..actions import passwords, staff
from ..links import link_hours, password_link, tokens
from ..views.passwords import LINKS_PER_ACCOUNT
from .builders import PASSWORD, SYSTEM, make_user, signed_in

pytestmark = pytest.mark.django_db
NEW = "a better passphrase 42"


def path_of(user: User) -> str:
    return "/accounts/" + password_link(user).split("/accounts/", 1)[1]


def use(client: Client, path: str, password: str = NEW):  # type: ignore[no-untyped-def]
    page = client.get(path, follow=True)
    return client.post(page.redirect_chain[-1][0] if page.redirect_chain else path, {"password": password})


def test_the_answer_is_the_same_whether_the_address_exists() -> None:
    user = make_user("agent")
    answers = set()
    for email in (user.email, "nobody@yunfan.example"):
        response = Client().post(reverse("console:password_forgotten"), {"email": email}, follow=True)
        answers.add((response.status_code, response.request["PATH_INFO"]))
    assert len(answers) == 1
    assert list(OutgoingMail.objects.values_list("to_email", flat=True)) == [user.email]


def test_the_mail_holds_the_link_in_the_persons_language() -> None:
    user = make_user("agent", language="zh-hans")
    passwords.request_password_link(actor=SYSTEM, email=user.email.upper())
    mail = OutgoingMail.objects.get()
    assert mail.language == "zh-hans" and "/accounts/password/" in mail.text and "{{" not in mail.text


def test_too_many_requests_send_no_more_mail_and_say_nothing() -> None:
    user = make_user("agent")
    for _number in range(LINKS_PER_ACCOUNT + 3):
        response = Client().post(reverse("console:password_forgotten"), {"email": user.email})
        assert response["Location"] == reverse("console:password_link_sent")
    assert OutgoingMail.objects.count() == LINKS_PER_ACCOUNT


def test_a_link_works_once_and_signs_out_everywhere() -> None:
    user = make_user("agent")
    elsewhere, path = signed_in(user), path_of(user)
    assert use(Client(), path).status_code == 302
    assert User.objects.get(pk=user.pk).check_password(NEW)
    assert elsewhere.get("/").status_code == 302
    page = Client().get(path)
    assert "no longer works" in page.content.decode()


def test_a_weak_password_is_refused_with_a_reason_and_the_link_still_works() -> None:
    user = make_user("agent")
    client, path = Client(), path_of(user)
    response = use(client, path, "12345678")
    assert response.status_code == 422 and "has-error" in response.content.decode()
    assert use(client, path).status_code == 302


def test_a_link_dies_with_age_suspension_and_a_new_address() -> None:
    assert link_hours() <= 24
    user = make_user("agent")
    later = dt.datetime.now() + dt.timedelta(hours=link_hours(), minutes=1)
    token = tokens.make_token(user)
    with mock.patch.object(tokens, "_now", lambda: later):
        assert not tokens.check_token(user, token)
    for change in (
        lambda: staff.suspend_user(actor=SYSTEM, record=user),
        lambda: staff.update_user(actor=SYSTEM, record=user, values={"email": "moved@yunfan.example"}),
    ):
        token = tokens.make_token(User.objects.get(pk=user.pk))
        change()
        assert not tokens.check_token(User.objects.get(pk=user.pk), token)


def test_nonsense_links_get_a_page() -> None:
    for uid, token in (("x", "y"), ("MQ", "set-password"), ("%E2%80%AE", "a-b")):
        page = Client().get(f"/accounts/password/{uid}/{token}/")
        assert page.status_code == 200 and "no longer works" in page.content.decode()
    assert Client().get("/accounts/password/%00/a-b/").status_code == 400


def test_suspended_people_get_no_link() -> None:
    user = make_user("agent")
    staff.suspend_user(actor=SYSTEM, record=user)
    passwords.request_password_link(actor=SYSTEM, email=user.email)
    assert not OutgoingMail.objects.exists()


def test_changing_the_own_password_keeps_this_session_and_ends_the_others() -> None:
    user = make_user("agent")
    here, there = signed_in(user), signed_in(user)
    url = reverse("console:password_change")
    assert here.post(url, {"current": "wrong", "password": NEW}).status_code == 422
    assert here.post(url, {"current": PASSWORD, "password": NEW}).status_code == 302
    assert here.get("/").status_code == 200
    assert there.get("/").status_code == 302


def test_a_wrong_current_password_changes_nothing() -> None:
    user = make_user("agent")
    with pytest.raises(Invalid):
        passwords.change_password(actor=actor_for(user), current="wrong", password=NEW)
    assert User.objects.get(pk=user.pk).check_password(PASSWORD)
