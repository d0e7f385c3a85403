from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from crm.accounts.access import actor_for
from crm.accounts.models import Role
from crm.core import clock
from crm.core.actor import Actor
from crm.core.errors import NotFound
from crm.core.models import Brand
from crm.core.translated import Translated
from crm.notifications.actions import clear_all, mark_all_read, mark_read, notify
from crm.notifications.models import Notification
from crm.notifications.selectors import groups_of, page_of, unread_count
from crm.notifications.sweeps import forget_read

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()


def tell(users, actor=SYSTEM, kind="test.replied", **options):
    options.setdefault("subject", Brand.default())
    options.setdefault("data", {"number": "#20418"})
    return notify(actor=actor, kind=kind, users=users, url="/tickets/20418/", **options)


def lines(user, **options):
    return page_of(actor_for(user), **options).lines


def test_nobody_is_told_of_their_own_deed(people):
    assert tell(people, actor=actor_for(people[0])) == 2
    assert [unread_count(person.pk) for person in people] == [0, 1, 1]
    assert lines(people[1])[0].sentence == "Person 0 replied to #20418"


def test_only_those_who_hold_the_permission_are_told(people):
    people[0].roles.add(Role.objects.get(key="administrator"))
    assert tell(people, kind="test.mail") == 1
    assert unread_count(people[0].pk) == 1


def test_inactive_people_are_not_told(people):
    people[0].is_active = False
    people[0].save()
    assert tell(people) == 2


def test_repeats_become_one_line_with_a_count(people):
    tell(people[:1], activity_id=1)
    tell(people[:1], activity_id=2, data={"number": "#20419"})
    (line,) = lines(people[0])
    assert (line.count, line.sentence) == (2, "The system replied to #20419")


def test_one_activity_counts_once_even_after_reading(people):
    tell(people, activity_id=1)
    assert tell(people, activity_id=1) == 0
    mark_all_read(actor=actor_for(people[0]))
    assert tell(people, activity_id=1) == 0
    assert lines(people[0])[0].count == 1
    assert unread_count(people[0].pk) == 0


def test_after_reading_a_repeat_is_a_new_line(people):
    tell(people[:1], activity_id=1)
    mark_all_read(actor=actor_for(people[0]))
    tell(people[:1], activity_id=2)
    assert [line.unread for line in lines(people[0])] == [True, False]


def test_an_undeclared_kind_raises(people):
    with pytest.raises(KeyError):
        tell(people, kind="test.nothing")


def test_marking_is_for_ones_own_lines(people):
    tell(people[:2])
    mine = Notification.objects.get(user=people[0])
    with pytest.raises(NotFound):
        mark_read(actor=actor_for(people[1]), notification_id=mine.pk)
    mark_read(actor=actor_for(people[0]), notification_id=mine.pk)
    assert unread_count(people[0].pk) == 0
    assert unread_count(people[1].pk) == 1
    mark_read(actor=actor_for(people[0]), notification_id=mine.pk, unread=True)
    assert unread_count(people[0].pk) == 1


def test_marking_unread_gives_way_to_a_newer_line(people):
    tell(people[:1], activity_id=1)
    mark_all_read(actor=actor_for(people[0]))
    old = Notification.objects.get()
    tell(people[:1], activity_id=2)
    assert mark_read(actor=actor_for(people[0]), notification_id=old.pk, unread=True).unread is False


def test_clearing_removes_ones_own(people):
    tell(people)
    assert clear_all(actor=actor_for(people[0])) == 1
    assert Notification.objects.count() == 2


def test_a_record_that_is_gone_leaves_no_link_and_no_words(people):
    brand = Brand.objects.create(key="second", name=Translated({"en": "Second"}), sender_email="a@example.com")
    tell(people[:1], subject=brand, data={"number": "#1", "text": "secret"})
    brand.delete()
    (line,) = lines(people[0])
    assert (line.is_gone, line.url, line.text, line.sentence) == (True, "", "", "Reply")


def test_a_right_that_was_taken_away_leaves_no_words(people):
    role = Role.objects.get(key="administrator")
    people[0].roles.add(role)
    tell(people, kind="test.mail", data={"to": "lilei@example.com"})
    assert lines(people[0])[0].sentence == "A mail to lilei@example.com failed"
    people[0].roles.remove(role)
    assert "lilei" not in lines(people[0])[0].sentence


def test_texts_by_language_and_missing_values(people):
    tell(people[:1], data={"number": {"en": "Ticket", "zh-hans": "工单"}})
    tell(people[:1], data={}, kind="test.plain")
    tell(people[1:2], data={})
    assert [line.sentence for line in lines(people[0])] == ["Something happened", "The system replied to Ticket"]
    assert lines(people[1])[0].sentence == "The system replied to --"


def test_groups_count_unread_lines(people):
    people[0].roles.add(Role.objects.get(key="administrator"))
    for kind in ("test.replied", "test.plain", "test.mail"):
        tell(people[:1], kind=kind, data={"to": "x", "number": "y"})
    assert {(entry.key, entry.unread) for entry in groups_of(actor_for(people[0]))} == {
        ("replies", 2),
        ("mail-trouble", 1),
    }
    assert len(lines(people[0], group="mail-trouble")) == 1
    assert len(lines(people[0], group="unknown")) == 3


def test_pages_go_back_without_gap(people):
    brand = Brand.default()
    for number in range(5):
        Notification.objects.create(
            user=people[0],
            kind="test.plain",
            subject_kind=9,
            object_id=brand.pk,
            unread=number == 4,
            updated_at=clock.now() - dt.timedelta(minutes=number // 2),
        )
    viewer, seen, cursor = actor_for(people[0]), [], ""
    for _page in range(3):
        page = page_of(viewer, before=cursor, limit=2)
        seen += [line.id for line in page.lines]
        cursor = page.before
    assert len(set(seen)) == 5
    assert cursor == ""
    assert len(page_of(viewer, before="nonsense").lines) == 5
    assert len(page_of(viewer, unread_only=True).lines) == 1


def test_read_lines_are_forgotten_after_ninety_days(people):
    tell(people)
    mark_all_read(actor=actor_for(people[0]))
    with clock.shifted(dt.timedelta(days=91)):
        assert forget_read() == 1
    assert Notification.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_one_activity_delivered_by_two_workers_counts_once(people):
    def deliver(_number):
        try:
            return tell(people[:1], activity_id=7)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(deliver, range(4))) == [0, 0, 0, 1]
    assert Notification.objects.get().count == 1
