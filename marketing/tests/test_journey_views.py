"""The pages of journeys: building, starting and reading one by plain forms."""

from __future__ import annotations

import pytest
from django.urls import reverse

from crm.activity.sources import timeline_sources
from crm.core.sockets import panels
from crm.testing.builders import make_user, staff
from crm.testing.suites import DetailSuite, ListSuite, signed_in
from customers.actions.segments import add_to_segment
from marketing.actions.journey_versions import begin_version
from marketing.models import Enrolment, Journey, Step

from .builders import SYSTEM, make_reader, make_segment
from .journey_builders import branch, go, mail, make_journey, named, task, wait, walk

pytestmark = pytest.mark.django_db


class TestJourneyList(ListSuite):
    url_name, permission = "journeys:journey_list", "journeys.view"

    def make(self, count):
        return [make_journey() for _number in range(count)]


class TestJourneyDetail(DetailSuite):
    url_name, permission = "journeys:journey_detail", "journeys.view"

    def make_one(self):
        segment = make_segment()
        journey = make_journey(segment)
        asked = branch(journey, condition=named("Acme"))
        mail(journey, parent=asked.key, way="yes"), wait(journey)
        go(journey)
        add_to_segment(actor=SYSTEM, segment=segment, customers=[make_reader().customer])
        walk()
        return journey


def address(name: str, *args) -> str:
    return reverse(f"journeys:{name}", args=args)


def test_a_journey_is_built_started_and_read_without_script():
    marketer = make_user("marketer")
    client, segment = signed_in(marketer), make_segment()
    client.post(address("journey_create"), {"name": "Welcome 欢迎", "goal": "A second order"})
    journey = Journey.objects.get()
    page = client.get(address("journey_edit", journey.pk))
    assert page.status_code == 200 and "segment" in page.content.decode()
    sent = client.post(address("journey_start", journey.pk) + "?kind=segment", {"segment": segment.pk})
    assert sent.status_code == 302
    client.post(address("journey_rules", journey.pk), {"reentry": "after", "reentry_days": 30})
    added = client.post(address("step_create", journey.pk), {"kind": "wait", "place": "0"})
    step = Step.objects.get()
    assert added.url == address("step_update", journey.pk, step.key)
    refused = client.post(added.url, {"how": "until", "weekday": "", "time": ""})
    assert refused.status_code == 422
    client.post(added.url, {"how": "until", "weekday": "0", "time": "09:00", "office": "on"})
    step.refresh_from_db()
    assert step.settings == {"how": "until", "weekday": 0, "time": "09:00", "office": True}
    client.post(address("step_create", journey.pk), {"kind": "task", "place": "1"})
    unfinished = client.post(address("journey_check", journey.pk), follow=True)
    assert "Enter what has to be done" in unfinished.content.decode()
    second = Step.objects.get(kind="task")
    client.post(
        address("step_update", journey.pk, second.key), {"title": "Call", "what": "call", "days": 1, "notes": ""}
    )
    client.post(address("step_move", journey.pk, second.key), {"to": "up"})
    assert list(Step.objects.order_by("place").values_list("kind", flat=True)) == ["task", "wait"]
    client.post(address("journey_check", journey.pk))
    journey.refresh_from_db()
    assert journey.state == "live" and journey.live.reentry_days == 30
    assert client.get(address("journey_edit", journey.pk)).status_code == 409
    assert "0 people are inside" in client.get(address("journey_end", journey.pk)).content.decode()


def test_figures_open_their_people_and_a_person_is_taken_out_by_hand():
    segment = make_segment()
    journey = make_journey(segment)
    asked = branch(journey, condition=named("Acme"))
    first, pause = mail(journey, "Hello", parent=asked.key, way="no"), wait(journey)
    task(journey)
    go(journey)
    readers = [make_reader(), make_reader(False)]
    add_to_segment(actor=SYSTEM, segment=segment, customers=[reader.customer for reader in readers])
    walk()
    client = signed_in(make_user("marketer"))
    page = client.get(address("journey_detail", journey.pk))
    html = page.content.decode()
    lines = page.context["lines"]
    figures = {figure.label: figure for figure in lines[0].paths[1][2][0].figures}
    assert figures["Passed"].count == 1 and figures["Skipped: Unsubscribed"].count == 1
    waiting = next(figure for figure in lines[1].figures if figure.label == "Waiting here")
    assert waiting.count == 2
    for figure, names in ((waiting, readers), (figures["Passed"], readers[:1]),
                          (figures["Skipped: Unsubscribed"], readers[1:])):  # fmt: skip
        people = client.get(figure.url).content.decode()
        assert [reader.customer.name in people for reader in readers] == [reader in names for reader in readers]
        assert figure.url.replace("&", "&amp;") in html
    row = Enrolment.objects.get(contact=readers[0])
    shown = client.get(address("enrolment_detail", row.pk)).content.decode()
    assert "Hello" in shown and first.key and pause.key
    assert client.post(address("enrolment_out", row.pk), {"why": ""}).status_code == 422
    client.post(address("enrolment_out", row.pk), {"why": "They asked"})
    row.refresh_from_db()
    assert row.state == "taken_out" and row.left_why == "They asked"
    marketer, customer = staff(make_user("marketer")), readers[0].customer
    assert panels["marketing.journeys"].context(marketer, customer)["rows"] == [(row, "caution")]
    told = [shown.sentence for shown in timeline_sources["journeys.walked_customer"].find(marketer, customer, None, 9)]
    assert len(told) == 2 and "Journey" in told[0] and "came into" in told[1]


def test_the_walk_and_the_versions_say_what_would_happen_and_what_changed():
    journey = make_journey()
    mail(journey, "Hello"), task(journey)
    go(journey)
    reader, client = make_reader(), signed_in(make_user("marketer"))
    page = client.get(address("journey_try", journey.pk), {"customer": reader.customer_id})
    html = page.content.decode()
    assert "Would be sent" in html and "The customer has no owner" in html and reader.name in html
    begin_version(actor=staff(journey.owner), record=journey)
    wait(journey)
    versions = client.get(address("journey_versions", journey.pk)).content.decode()
    assert "New: Wait" in versions and "The first version" in versions
    assert client.get(address("journey_version", journey.pk, 1)).status_code == 200
    assert client.post(address("journey_discard", journey.pk)).status_code == 302
    assert journey.versions.count() == 1
