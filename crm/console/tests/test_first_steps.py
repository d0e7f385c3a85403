"""The first steps: reached by real data, skipped by choice, put away when done; the mail server that is tried."""

from __future__ import annotations

import smtplib
from typing import Any

import pytest
from django.core import mail
from django.test import override_settings

from crm.accounts.access import actor_for
from crm.activity.models import Activity
from crm.console.actions.first_steps import hide_steps, skip_step
from crm.console.actions.structure import create_team
from crm.console.mail_server import send_test, transport
from crm.console.selectors.first_steps import FirstSteps, first_steps
from crm.core import installation
from crm.core.errors import NotAllowed, NotFound, NotReady
from crm.core.first_steps import setup_steps
from crm.core.models import Brand
from crm.core.sockets import activity_types
from crm.testing.smtp import SmtpSink
from crm.testing.suites import staff

from .builders import make_actor, make_team, make_user, signed_in

pytestmark = pytest.mark.django_db
FRAGMENT = {"hx-request": "true"}


def state(steps: FirstSteps, key: str) -> Any:
    return next(entry for entry in steps.steps if entry.step.key == key)


def test_a_step_is_done_when_the_data_is_there() -> None:
    actor = make_actor("administrator")
    assert not state(first_steps(actor), "console.teams").reached
    make_team(make_user("agent"))
    steps = first_steps(actor)
    assert state(steps, "console.teams").reached and state(steps, "console.staff").reached
    Brand.objects.update(sender_email="help@northwind.com")
    assert state(first_steps(actor), "console.sender").reached == "help@northwind.com"


def test_the_next_step_is_the_first_that_is_left() -> None:
    actor = make_actor("administrator")
    following = first_steps(actor).next
    assert following is not None and following.step.key == "console.departments"


def test_a_step_can_be_said_to_be_needless_and_wanted_again() -> None:
    actor = make_actor("administrator")
    before = first_steps(actor).settled
    skip_step(actor=actor, key="console.shifts", is_skipped=True)
    assert state(first_steps(actor), "console.shifts").is_skipped and first_steps(actor).settled == before + 1
    skip_step(actor=actor, key="console.shifts", is_skipped=False)
    assert first_steps(actor).settled == before


def test_what_nothing_works_without_cannot_be_skipped() -> None:
    with pytest.raises(NotReady):
        skip_step(actor=make_actor("administrator"), key="console.departments", is_skipped=True)
    with pytest.raises(NotFound):
        skip_step(actor=make_actor("administrator"), key="no.such", is_skipped=True)
    with pytest.raises(NotAllowed):
        skip_step(actor=actor_for(staff("console.view_settings")), key="console.shifts", is_skipped=True)


def test_home_shows_the_list_until_it_is_put_away() -> None:
    user = make_user("administrator")
    client = signed_in(user)
    html = client.get("/home/console.setup/", headers=FRAGMENT).content.decode()
    assert "First steps" in html and "/settings/teams/new/" in html and f"of {len(setup_steps)}" in html
    assert client.post("/settings/first-steps/hide/", {"do": "hide", "next": "/"})["Location"] == "/"
    assert "First steps" not in client.get("/home/console.setup/", headers=FRAGMENT).content.decode()
    assert "Show on home" in client.get("/settings/first-steps/").content.decode()
    hide_steps(actor=actor_for(user), is_hidden=False)
    assert "First steps" in client.get("/home/console.setup/", headers=FRAGMENT).content.decode()


def test_a_team_without_members_is_told_also_later() -> None:
    actor = make_actor("administrator")
    hide_steps(actor=actor, is_hidden=True)
    team = create_team(actor=actor, values={"name": {"en": "Empty hall"}, "department": make_team().department})
    html = signed_in(make_user("administrator")).get("/home/console.setup/", headers=FRAGMENT).content.decode()
    assert team.pk and "has no members" in html


def test_a_reader_without_the_right_sees_whose_step_it_is() -> None:
    html = signed_in(staff("console.view_settings")).get("/settings/first-steps/").content.decode()
    assert "An administrator does this" in html and "/settings/teams/new/" not in html


def test_the_servers_own_answer_is_shown() -> None:
    client = signed_in(make_user("administrator", email="ada@northwind.example"))
    sink = SmtpSink()
    sink.start()
    try:
        host, port = sink.url.removeprefix("smtp://").split("?")[0].rsplit(":", 1)
        with override_settings(
            EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend", EMAIL_HOST=host.split("@")[-1],
            EMAIL_PORT=int(port), EMAIL_USE_TLS=False, EMAIL_USE_SSL=False, EMAIL_HOST_USER="", EMAIL_HOST_PASSWORD="",
        ):  # fmt: skip
            html = client.post("/settings/mail-server/").content.decode()
            assert transport().is_server
        assert "250" in html and "took the message" in html
        assert sink.sent_to("ada@northwind.example")
    finally:
        sink.stop()
    told = Activity.objects.get(type=activity_types["console.mail_tested"].code)
    assert told.data["taken"] is True


@override_settings(EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend", EMAIL_HOST="127.0.0.1", EMAIL_PORT=9)
def test_a_server_that_does_not_answer_is_said_in_its_words() -> None:
    html = signed_in(make_user("administrator")).post("/settings/mail-server/").content.decode()
    assert "not sent" in html and "refused" in html.lower()


@override_settings(EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend", EMAIL_HOST_PASSWORD="s3cret-word")
def test_a_password_that_the_server_repeats_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_self: object) -> None:
        raise smtplib.SMTPAuthenticationError(535, b"no: s3cret-word")

    monkeypatch.setattr("django.core.mail.backends.smtp.EmailBackend.open", refuse)
    answer = send_test("ada@northwind.example")
    assert not answer.taken and "535" in answer.text and "s3cret" not in answer.text


def test_without_a_server_it_says_so_and_a_restored_copy_sends_nothing() -> None:
    client = signed_in(make_user("administrator"))
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend"):
        assert "No mail server is set" in client.post("/settings/mail-server/").content.decode()
    installation.hold("a copy")
    assert client.post("/settings/mail-server/").status_code == 409
    assert not mail.outbox
