"""What a person may not open is not told by any other way in: search, pickers, counts, feeds, exports, jobs."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import QueryDict
from django.urls import reverse

from crm.core.actor import Actor
from crm.core.sockets import kinds
from crm.files.selectors import open_attachment
from crm.files.signing import signed_url
from crm.messaging.models import OutgoingMail
from crm.notifications.models import Notification
from crm.search.indexing import index_missing
from crm.testing.builders import staff
from crm.ui import palette
from crm.ui.generic import bulk
from crm.ui.generic.engine import rows_of_query
from crm.ui.lists import bulk_actions, lists
from crm.ui.models import SavedView
from tickets.models import Ticket

from .world import World, addresses, make_settings, make_world, undone

pytestmark = pytest.mark.django_db

CANARY = "Nightingale"
#: What stands in a ticket and its talk; company, type, team and people are known to every agent.
SECRETS = [
    f"{CANARY} {part}" for part in ("subject", "words of", "public words", "internal words", "solution", "view", "work")
]


@pytest.fixture
def world(settings: Any, tmp_path: Any) -> World:
    settings.MEDIA_ROOT = tmp_path
    return make_world("Plain", CANARY)


def told(html: str, secrets: list[str] = SECRETS) -> list[str]:
    return [secret for secret in secrets if secret in html]


@pytest.mark.parametrize(
    "role",
    [
        pytest.param("agent", marks=pytest.mark.slow),
        pytest.param("employee", marks=pytest.mark.slow),
        pytest.param("guest", marks=pytest.mark.slow),
    ],
)
def test_no_page_of_ones_own_tells_of_the_other_teams_ticket(world: World, role: str) -> None:
    """Search for it, ask for all, page through: nothing of it is on any page that names no record of theirs.

    A customer's page lists their tickets in outline (number, subject, status) for whoever may see the customer.
    """
    outline = [f"{CANARY} subject"]
    wrong = []
    for name, arguments in addresses(world.own, make_settings(world.people["employee"])).items():
        for query in ({"view": world.other.view.key}, {"q": CANARY, "own": "1"}):
            for headers in ({}, {"HX-Request": "true", "Accept": "application/json"}):
                response = undone(world.client(role), "get", reverse(name, kwargs=arguments), query, headers=headers)
                if response.streaming:
                    continue
                wrong += [f"{name} {query}: {secret}" for secret in told(response.content.decode("utf-8", "replace"))]
    assert not wrong, "\n".join(wrong)
    side = addresses(world.other, _shared(world))
    for name, arguments in side.items():
        if name.startswith(("help:", "files:signed")):
            continue
        response = undone(world.client(role), "get", reverse(name, kwargs=arguments))
        if not response.streaming:
            secrets = [secret for secret in told(response.content.decode("utf-8", "replace")) if secret not in outline]
            wrong += [f"{name} of theirs: {secret}" for secret in secrets]
    assert not wrong, "\n".join(wrong)


def _shared(world: World) -> Any:
    from crm.activity.models import DeadDelivery
    from crm.calendars.models import Calendar, Holiday, Shift, ShiftException
    from tickets.models import Skill, SlaPolicy

    from .world import Settings

    return Settings(
        Calendar.default(), Holiday.objects.latest("pk"), Shift.objects.latest("pk"),
        ShiftException.objects.latest("pk"),
        Skill.objects.latest("pk"), SlaPolicy.objects.order_by("pk")[0], OutgoingMail.objects.order_by("pk")[0],
        DeadDelivery.objects.latest("pk"),
    )  # fmt: skip


def test_the_palette_finds_only_what_may_be_opened(world: World) -> None:
    number = str(world.other.ticket.number)
    index_missing()
    for query in (CANARY, f"{CANARY} subject", number, f"#{number}"):
        for role, finds in (("agent", False), ("employee", False), ("stranger", True)):
            groups = palette.find(staff(world.people[role]), query)
            urls = [hit.url for group in groups for hit in group.hits]
            assert (f"/tickets/{number}/" in urls) is finds, (query, role)


def test_lists_counts_and_exports_hold_only_the_readers_set(world: World) -> None:
    page, query = lists["ticket"], f"q={CANARY}"
    assert rows_of_query(page, staff(world.people["agent"]), query).size().exact == 0
    assert rows_of_query(page, staff(world.people["stranger"]), query).size().exact == 1
    client = world.client("executive")
    assert client.post(f"{reverse('ui:list_export', args=['ticket'])}?own=1", {"format": "csv"}).status_code == 403
    export = world.client("agent").post(f"{reverse('ui:list_export', args=['ticket'])}?own=1", {"format": "csv"})
    assert export.status_code == 403 or CANARY not in export.content.decode()


def test_a_bulk_job_leaves_out_what_its_owner_may_not_see(world: World) -> None:
    """Ids of another team's tickets, put into the form by hand."""
    actor, page = staff(world.people["agent"]), lists["ticket"]
    data = QueryDict(mutable=True)
    data.setlist("ids", [str(world.own.ticket.pk), str(world.other.ticket.pk)])
    selection = bulk.selection_of(page, data)
    assert set(selection.rows(actor)) == {world.own.ticket}
    assert CANARY not in " ".join(selection.names(actor))
    before = Ticket.objects.get(pk=world.other.ticket.pk)
    job = bulk.start_bulk(
        actor=actor, selection=selection, bulk=bulk_actions[("ticket", "close")], form_data=QueryDict()
    )
    bulk.run_batch(job)
    assert Ticket.objects.get(pk=world.other.ticket.pk).updated_at == before.updated_at
    assert CANARY not in str(job.skipped)


def test_a_shared_view_shows_each_reader_their_own_set(world: World) -> None:
    view = SavedView.objects.create(
        list_key="ticket", name="All", owner=world.other.agent, audience="everybody", params=f"q={CANARY}"
    )
    html = world.client("agent").get(reverse("tickets:ticket_list"), {"view": view.key}).content.decode()
    assert told(html, [f"{CANARY} subject"]) == []
    html = world.client("stranger").get(reverse("tickets:ticket_list"), {"view": view.key}).content.decode()
    assert told(html, [f"{CANARY} subject"]) != []


def test_a_notification_says_nothing_of_what_its_reader_lost(world: World) -> None:
    """Sent while the ticket was theirs; now another team has it."""
    row = Notification.objects.get(pk=world.other.notification.pk)
    Notification.objects.create(
        user=world.own.agent, kind=row.kind, subject_kind=kinds["ticket"].code, object_id=world.other.ticket.pk,
        data=row.data, url=row.url,
    )  # fmt: skip
    for name in ("notifications:notification_list", "notifications:notification_bell"):
        html = world.client("agent").get(reverse(name)).content.decode()
        assert CANARY not in html and row.url not in html


@pytest.mark.parametrize(
    "field", ["password", "-password", "owner__password", "assignee__password", "customer__note", "pk"]
)
def test_no_list_sorts_or_filters_by_what_it_does_not_show(world: World, field: str) -> None:
    client = world.client("administrator")
    for name in ("tickets:ticket_list", "customers:customer_list", "console:user_list"):
        plain = client.get(reverse(name), {"own": "1"}).context
        for query in ({"sort": field}, {field: "x"}, {f"{field}__startswith": "p"}, {"order_by": field}, {"o": field}):
            response = client.get(reverse(name), {"own": "1", **query})
            assert response.status_code == 200 and plain is not None


def test_the_board_opens_no_more_than_its_reader_sees(world: World) -> None:
    for role in ("executive", "auditor"):
        response = world.client(role).get(reverse("reports:board"), {"complete": "1"})
        if response.status_code == 200:
            assert f"{CANARY} internal words" not in response.content.decode()
    assert world.client("agent").get(reverse("reports:board")).status_code in {200, 403}


def test_files_follow_their_ticket(world: World) -> None:
    file = world.other.internal_file
    for role, status in (("agent", 404), ("employee", 404), ("guest", 404), ("stranger", 200)):
        for method in ("get", "head"):
            for name, arguments in (
                ("attachment_download", {"uid": file.uid, "name": file.name}),
                ("attachment_download", {"uid": file.uid, "name": "other.txt"}),
            ):
                response = undone(world.client(role), method, reverse(f"files:{name}", kwargs=arguments))
                assert response.status_code == status, (role, method)
    assert undone(world.client("guest"), "get", signed_url(file)).status_code == 404
    signed = signed_url(world.other.public_file)
    assert undone(world.client("guest"), "get", signed).status_code == 200
    token = signed.split("/")[2]
    for forged in (
        token[:-1] + ("a" if token[-1] != "a" else "b"),
        token.split(":")[0],
        file.uid.hex,
        f"{file.uid.hex}:x:y",
    ):
        assert undone(world.client("guest"), "get", f"/files/{forged}/x").status_code == 404
    with pytest.raises(Exception, match="does not exist"):
        open_attachment(Actor.contact(world.own.ticket.contact_id, "x"), world.other.public_file.uid)


def test_a_customer_never_reads_what_is_internal(world: World) -> None:
    """Their pages and mail: no note, no internal file, no other customer."""
    side = world.other
    pages = [
        reverse(f"help:{name}", args=[side.ticket.access_token]) for name in ("ticket_track", "ticket_track_reply")
    ]
    pages += [
        reverse("help:ticket_sent", args=[side.ticket.guest_token]),
        reverse("help:ticket_rate", args=[side.rating.token]),
    ]
    pages += [reverse("help:ticket_track", args=[side.ticket.guest_token]), reverse("help:home")]
    internal = [f"{CANARY} internal words", f"internal {CANARY}", f"{CANARY} customer note", f"{CANARY} about", "Plain"]
    for url in pages:
        html = world.client("guest").get(url, follow=True).content.decode()
        assert told(html, internal[:4]) == [], url
        if "/new/" not in url:
            assert "Plain subject" not in html and "Plain person" not in html, url
    for mail in OutgoingMail.objects.filter(to_email=side.ticket.reply_email):
        assert told(f"{mail.subject} {mail.text} {mail.html}", internal[:4]) == []
        assert not mail.cc and "Plain person" not in mail.text


def test_a_draft_is_its_writers_alone(world: World) -> None:
    url = reverse("tickets:ticket_draft", args=[world.other.ticket.number, "note"])
    assert world.client("stranger").post(url, {"body": "half a thought"}).status_code == 200
    page = reverse("tickets:ticket_detail", args=[world.other.ticket.number])
    assert "half a thought" in world.client("stranger").get(page).content.decode()
    assert "half a thought" not in world.client("administrator").get(page).content.decode()


def test_addresses_are_masked_for_who_may_not_see_them_in_full(world: World) -> None:
    """An executive sees customers, not how to reach them."""
    email = world.own.ticket.contact.identities.get(kind="email").value
    client, number = world.client("executive"), world.own.ticket.customer.number
    html = client.get(reverse("customers:customer_detail", args=[number])).content.decode()
    assert email not in html


def test_a_masked_address_is_not_found_letter_by_letter(world: World) -> None:
    email = world.own.ticket.contact.identities.get(kind="email").value
    index_missing()
    assert palette_customers(world, "agent", email[:6])
    for part in (email[:6], email.split("@")[0]):
        assert palette_customers(world, "executive", part) == []


def palette_customers(world: World, role: str, query: str) -> list[str]:
    groups = palette.find(staff(world.people[role]), query)
    return [
        hit.url
        for group in groups
        for hit in group.hits
        if hit.url.startswith("/customers/") and hit.url != "/customers/"
    ]
