"""Request types with a first response and a solution of their own, before what the policy promises."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from crm.core.actor import Actor
from crm.testing.builders import make_user, staff
from tickets.actions import update_ticket
from tickets.actions.deadlines import clocks_of
from tickets.actions.desk import save_request_type

from .builders import fresh, make_request_type, submit

pytestmark = pytest.mark.django_db


class TestTimesOfItsOwn:
    def test_they_come_before_the_policy_and_the_explanation_says_so(self, client: Client) -> None:
        kind = make_request_type("lift", name="Lift repair", first_response_minutes=15)
        ticket = submit(kind)
        first, resolution = clocks_of(ticket)
        assert (first.target_seconds, first.policy_id, first.policy_version) == (900, None, 1)
        assert resolution.policy_id is not None
        client.force_login(make_user("administrator"))
        page = client.get(reverse("tickets:ticket_why", args=[ticket.number])).content.decode()
        assert "Own time of the request type Lift repair, version 1" in page

    def test_a_change_is_a_new_version_and_running_clocks_keep_theirs(self) -> None:
        kind = make_request_type("lift", first_response_minutes=15)
        ticket = submit(kind)
        kind = save_request_type(actor=Actor.system(), values={"first_response_minutes": 30}, record=kind)
        assert kind.targets_version == 2
        same = save_request_type(actor=Actor.system(), values={"first_response_minutes": 30}, record=kind)
        assert same.targets_version == 2
        assert clocks_of(ticket)[0].target_seconds == 900
        assert clocks_of(submit(kind))[0].target_seconds == 1800

    def test_another_type_counts_anew_by_its_own_times(self) -> None:
        ticket = submit(make_request_type("slow"))
        quick = make_request_type("quick", first_response_minutes=5)
        update_ticket(actor=staff(make_user("administrator")), ticket=ticket, values={"request_type": quick})
        assert clocks_of(fresh(ticket))[0].target_seconds == 300
