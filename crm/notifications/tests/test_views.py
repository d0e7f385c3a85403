from __future__ import annotations

import pytest
from django.urls import reverse

from crm.core.actor import Actor
from crm.core.models import Brand
from crm.notifications.actions import notify
from crm.notifications.models import Notification
from crm.notifications.selectors import unread_count

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def me(client, people):
    client.force_login(people[0])
    notify(
        actor=Actor.contact(5, "李雷 <b>"),
        kind="test.replied",
        users=people,
        subject=Brand.default(),
        data={"number": "#20418", "text": "<script>alert(1)</script>"},
        url="/tickets/20418/",
    )
    return people[0]


def url(name, *args):
    return reverse(f"notifications:notification_{name}", args=args)


def test_the_page_shows_ones_lines(client, me):
    page = client.get(url("list"))
    html = page.content.decode()
    assert page.status_code == 200
    assert "李雷 &lt;b&gt; replied to #20418" in html
    assert 'href="/tickets/20418/"' in html
    assert "<script>alert" not in html
    assert unread_count(me.pk) == 1


def test_the_bell_is_in_the_frame_with_its_count(client, me):
    html = client.get(url("list")).content.decode()
    assert 'data-pulse="notifications"' in html
    assert url("bell") in html


def test_the_pop_up_has_the_latest(client, me):
    html = client.get(url("bell"), headers=HTMX).content.decode()
    assert "replied to #20418" in html
    assert "<html" not in html


def test_the_pulse_tells_the_count(client, me):
    assert client.get("/pulse/?watch=notifications").json()["watch"] == {"notifications": 1}


@pytest.mark.parametrize("place", ["popup", "page"])
def test_marking_redraws_the_list_it_stood_in(client, me, place):
    line = Notification.objects.get(user=me)
    answer = client.post(url("read", line.pk), {"place": place}, headers=HTMX)
    assert answer.status_code == 200
    assert answer["HX-Trigger"] == "app:ask-pulse"
    assert unread_count(me.pk) == 0
    client.post(url("unread", line.pk), {"place": place}, headers=HTMX)
    assert unread_count(me.pk) == 1


def test_without_javascript_the_page_comes_again(client, me):
    answer = client.post(url("read_all") + "?group=replies")
    assert (answer.status_code, answer["Location"]) == (302, url("list") + "?group=replies")
    assert unread_count(me.pk) == 0
    assert client.post(url("clear")).status_code == 302
    assert Notification.objects.filter(user=me).count() == 0
    assert "You have seen everything" in client.get(url("list")).content.decode()


def test_anothers_line_is_missing(client, me, people):
    line = Notification.objects.get(user=people[1])
    assert client.post(url("read", line.pk)).status_code == 404
    assert unread_count(people[1].pk) == 1


def test_reading_by_get_is_refused(client, me):
    assert client.get(url("read_all")).status_code == 405


def test_guests_are_sent_to_sign_in(client, db):
    assert client.get(url("list")).status_code == 302
    assert client.post(url("clear")).status_code == 401
    assert client.get(url("bell"), headers=HTMX).status_code == 401


def test_the_page_takes_the_same_queries_for_one_line_and_for_many(client, me, django_assert_max_num_queries):
    for _number in range(30):
        Notification.objects.create(
            user=me, kind="test.replied", subject_kind=9, object_id=Brand.default().pk, unread=False, data={}
        )
    with django_assert_max_num_queries(14):
        assert client.get(url("list")).content.count(b"app-note-item") == 31
