from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from crm.accounts.access import actor_for
from crm.accounts.models import Role
from crm.core import clock
from crm.core.actor import Actor
from crm.core.errors import Invalid
from crm.core.models import Brand
from crm.core.sockets import NotificationKind, notification_kinds
from crm.core.translated import Translated
from crm.messaging.models import OutgoingMail
from crm.notifications.actions import mark_all_read, mark_read, mute, notify, save_choices, save_delivery
from crm.notifications.models import Delivery, Mute, Notification
from crm.notifications.selectors import unread_count
from crm.notifications.sweeps import forget_mutes, forget_read, send_digests, send_mail

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()
WEDNESDAY = dt.datetime(2026, 11, 18, 12, tzinfo=dt.UTC)
MINUTES_10 = dt.timedelta(minutes=10)


@pytest.fixture(autouse=True)
def urgent_kind(monkeypatch):
    kind = NotificationKind("test.urgent", "Overdue", "Deadlines", urgent=True, mail=True, sentence="%(number)s is due")
    monkeypatch.setitem(notification_kinds._entries, kind.key, kind)


@pytest.fixture
def me(people):
    """A reader in London who wants every test kind in the app and by mail."""
    person = people[0]
    person.language, person.timezone = "en", "Europe/London"
    person.save()
    choose(person, "test.replied", "test.plain", "test.mail")
    return person


def choose(person, *kinds, in_app=True, mail=True):
    save_choices(actor=actor_for(person), kinds=kinds, in_app=kinds if in_app else (), mail=kinds if mail else ())


def deliver(person, **values):
    defaults = {
        "digest": "off", "digest_hour": 8, "digest_weekday": 0, "quiet_from": None, "quiet_until": None,
        "quiet_weekends": False, "urgent_when_quiet": False, "push_shows_text": False,
    }  # fmt: skip
    return save_delivery(actor=actor_for(person), values=defaults | values)


def tell(person, at=WEDNESDAY, kind="test.replied", actor=SYSTEM, subject=None, number="#20418", **options):
    with clock.at(at):
        return notify(
            actor=actor, kind=kind, users=[person], subject=subject or Brand.default(),
            data={"number": number, "to": "x", **options.pop("data", {})}, url="/tickets/20418/", **options,
        )  # fmt: skip


def sweep(at):
    """The sweep a second after this moment, as the clock of `tell` went on."""
    with clock.at(at + dt.timedelta(seconds=1)):
        return send_mail()


def mails():
    return list(OutgoingMail.objects.filter(template__startswith="notifications.").order_by("pk"))


def second_brand():
    return Brand.objects.create(key="second", name=Translated({"en": "Second"}), sender_email="a@example.com")


def test_a_mail_goes_ten_minutes_later_with_a_link(me, settings):
    settings.BASE_URL = "https://desk.example"
    tell(me, data={"text": "It still smokes."})
    assert sweep(WEDNESDAY + dt.timedelta(minutes=9)) == 0
    assert sweep(WEDNESDAY + MINUTES_10) == 1
    (mail,) = mails()
    assert (mail.to_email, mail.subject) == (me.email, "The system replied to #20418")
    assert "https://desk.example/tickets/20418/" in mail.text
    assert "https://desk.example/notifications/settings/" in mail.text
    assert "It still smokes." in mail.text
    assert 'class="button" href="https://desk.example/tickets/20418/"' in mail.html
    assert sweep(WEDNESDAY + dt.timedelta(hours=1)) == 0
    assert unread_count(me.pk) == 1


def test_what_happens_to_one_record_is_one_mail(me):
    tell(me)
    tell(me, WEDNESDAY + dt.timedelta(minutes=3))
    tell(me, WEDNESDAY + dt.timedelta(minutes=9), kind="test.plain")
    tell(me, WEDNESDAY + dt.timedelta(minutes=9), subject=second_brand(), number="#7")
    assert sweep(WEDNESDAY + MINUTES_10) == 1
    (mail,) = mails()
    assert mail.subject == "Something happened"
    assert "The system replied to #20418 (×2)" in mail.text
    assert "#7" not in mail.text
    assert sweep(WEDNESDAY + dt.timedelta(minutes=19)) == 1
    tell(me, WEDNESDAY + dt.timedelta(minutes=20))
    assert sweep(WEDNESDAY + dt.timedelta(minutes=29)) == 0
    assert sweep(WEDNESDAY + dt.timedelta(minutes=30)) == 1


@pytest.mark.parametrize("read_all", [True, False])
def test_what_was_read_in_the_app_is_not_mailed(me, read_all):
    tell(me)
    if read_all:
        mark_all_read(actor=actor_for(me))
    else:
        line = Notification.objects.get()
        mark_read(actor=actor_for(me), notification_id=line.pk)
        mark_read(actor=actor_for(me), notification_id=line.pk, unread=True)
    assert sweep(WEDNESDAY + dt.timedelta(hours=1)) == 0
    assert mails() == []


def test_no_mail_of_ones_own_deed_nor_without_asking_for_mail(me, people):
    assert tell(me, actor=actor_for(me)) == 0
    assert tell(people[1]) == 1
    assert sweep(WEDNESDAY + MINUTES_10) == 0


def test_a_kind_by_mail_alone_is_in_no_list(me):
    choose(me, "test.replied", in_app=False)
    tell(me)
    assert unread_count(me.pk) == 0
    assert sweep(WEDNESDAY + MINUTES_10) == 1
    assert Notification.objects.get().unread is False
    with clock.at(WEDNESDAY + dt.timedelta(days=400)):
        assert forget_read() == 1


def test_switching_mail_off_takes_back_what_has_not_gone(me):
    choose(me, "test.plain", in_app=False)
    tell(me)
    tell(me, kind="test.plain")
    choose(me, "test.replied", "test.plain", mail=False)
    assert sweep(WEDNESDAY + MINUTES_10) == 0
    assert Notification.objects.filter(unread=True).count() == 1


def test_a_muted_record_is_silent(me):
    tell(me)
    mute(actor=actor_for(me), notification_id=Notification.objects.get().pk)
    assert tell(me, kind="test.plain") == 0
    assert sweep(WEDNESDAY + MINUTES_10) == 0
    assert tell(me, subject=second_brand()) == 1


def test_a_suspended_person_gets_nothing_also_not_later(me):
    tell(me)
    me.is_active = False
    me.save()
    assert sweep(WEDNESDAY + MINUTES_10) == 0
    me.is_active = True
    me.save()
    assert sweep(WEDNESDAY + dt.timedelta(hours=1)) == 0
    assert unread_count(me.pk) == 1


def test_a_right_lost_before_sending_leaves_no_mail(me):
    role = Role.objects.get(key="administrator")
    me.roles.add(role)
    tell(me, kind="test.mail")
    me.roles.remove(role)
    assert sweep(WEDNESDAY + MINUTES_10) == 0
    assert mails() == []


def test_a_mail_leaves_out_what_its_reader_may_no_longer_see(me):
    role = Role.objects.get(key="administrator")
    me.roles.add(role)
    tell(me, kind="test.mail", data={"to": "secret@example.com"})
    tell(me)
    me.roles.remove(role)
    assert sweep(WEDNESDAY + MINUTES_10) == 1
    assert "secret" not in mails()[0].text


def test_a_record_that_is_gone_is_not_mailed(me):
    brand = second_brand()
    tell(me, subject=brand)
    brand.delete()
    assert sweep(WEDNESDAY + MINUTES_10) == 0


def test_language_and_zone_of_the_reader(me):
    me.language, me.timezone = "zh-hans", "Asia/Shanghai"
    me.save()
    tell(me, data={"number": {"en": "Ticket", "zh-hans": "工单"}})
    assert sweep(WEDNESDAY + MINUTES_10) == 1
    (mail,) = mails()
    assert mail.language == "zh-hans"
    assert "20:00" in mail.text
    assert "工单" in mail.subject
    assert "在这里选择接收哪些邮件通知" in mail.text


def test_quiet_hours_hold_mail_across_midnight_and_lose_none(me):
    deliver(me, quiet_from=dt.time(22), quiet_until=dt.time(7))
    evening = dt.datetime(2026, 11, 18, 23, tzinfo=dt.UTC)
    tell(me, evening)
    tell(me, evening + dt.timedelta(hours=3), kind="test.plain")
    for hours in (1, 4, 7.9):
        assert sweep(evening + dt.timedelta(hours=hours)) == 0
    assert sweep(evening + dt.timedelta(hours=8)) == 1
    assert "#20418" in mails()[0].text and "Something happened" in mails()[0].text


def test_the_night_of_a_change_of_clocks(me):
    with clock.at(dt.datetime(2026, 3, 1, tzinfo=dt.UTC)):
        deliver(me, quiet_from=dt.time(22), quiet_until=dt.time(7))
    tell(me, dt.datetime(2026, 3, 28, 23, tzinfo=dt.UTC))
    assert sweep(dt.datetime(2026, 3, 29, 5, 59, tzinfo=dt.UTC)) == 0
    assert sweep(dt.datetime(2026, 3, 29, 6, tzinfo=dt.UTC)) == 1


@pytest.mark.parametrize(("allowed", "sent"), [(True, 1), (False, 0)])
def test_urgent_mail_passes_quiet_hours_where_allowed(me, allowed, sent):
    deliver(me, quiet_from=dt.time(10), quiet_until=dt.time(14), urgent_when_quiet=allowed)
    tell(me)
    tell(me, kind="test.urgent")
    assert sweep(WEDNESDAY + MINUTES_10) == sent
    assert [mail.subject for mail in mails()] == ["#20418 is due"] * sent
    assert sweep(WEDNESDAY + dt.timedelta(hours=2)) == 1
    assert "The system replied" in mails()[-1].text


def test_ending_the_quiet_time_frees_what_waited(me):
    deliver(me, quiet_from=dt.time(10), quiet_until=dt.time(20))
    tell(me)
    assert sweep(WEDNESDAY + MINUTES_10) == 0
    with clock.at(WEDNESDAY + dt.timedelta(minutes=20)):
        deliver(me)
    assert sweep(WEDNESDAY + dt.timedelta(minutes=21)) == 1


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"quiet_from": dt.time(22)}, "quiet_until"),
        ({"quiet_until": dt.time(7)}, "quiet_from"),
        ({"quiet_from": dt.time(7), "quiet_until": dt.time(7)}, "quiet_until"),
        ({"digest": "hourly"}, "digest"),
        ({"digest_hour": 24}, "digest_hour"),
        ({"digest_weekday": 7}, "digest_weekday"),
        ({"digest": "daily", "digest_hour": 6, "quiet_from": dt.time(22), "quiet_until": dt.time(7)}, "digest_hour"),
    ],
)
def test_times_that_make_no_sense_are_refused(me, values, field):
    with pytest.raises(Invalid) as refused:
        deliver(me, **values)
    assert field in refused.value.fields
    assert not Delivery.objects.exists()


def test_a_digest_lists_the_unread_by_reason_once_a_day(me):
    with clock.at(WEDNESDAY):
        deliver(me, digest="daily", digest_hour=17)
    choose(me, "test.replied", mail=False)
    tell(me)
    tell(me, kind="test.urgent")
    with clock.at(WEDNESDAY + dt.timedelta(hours=4)):
        assert send_digests() == 0
    with clock.at(WEDNESDAY + dt.timedelta(hours=5)):
        assert send_digests() == 1
        assert send_digests() == 0
    (mail,) = mails()
    assert mail.subject == "Unread notifications: 2"
    assert mail.text.index("Deadlines") < mail.text.index("#20418 is due")
    assert mail.text.index("Replies") < mail.text.index("The system replied to #20418")
    with clock.at(WEDNESDAY + dt.timedelta(days=3)):
        assert send_digests() == 1
    assert Delivery.objects.get().next_digest_at == WEDNESDAY + dt.timedelta(days=3, hours=5)


def test_nothing_unread_no_digest(me):
    with clock.at(WEDNESDAY):
        deliver(me, digest="daily", digest_hour=17)
    with clock.at(WEDNESDAY + dt.timedelta(hours=5)):
        assert send_digests() == 0
        assert Delivery.objects.get().next_digest_at > clock.now()
    assert mails() == []


def test_a_suspended_person_gets_no_digest(me):
    tell(me)
    with clock.at(WEDNESDAY):
        deliver(me, digest="daily", digest_hour=17)
    me.is_active = False
    me.save()
    with clock.at(WEDNESDAY + dt.timedelta(hours=5)):
        assert send_digests() == 0
    assert mails() == []


def test_a_digest_follows_its_reader_to_another_zone(me):
    tell(me)
    with clock.at(WEDNESDAY):
        deliver(me, digest="daily", digest_hour=17)
    me.timezone = "America/New_York"
    me.save()
    with clock.at(WEDNESDAY + dt.timedelta(hours=5)):
        assert send_digests() == 0
        assert Delivery.objects.get().next_digest_at == WEDNESDAY + dt.timedelta(hours=10)
    with clock.at(WEDNESDAY + dt.timedelta(hours=10)):
        assert send_digests() == 1


def test_mail_takes_the_same_queries_for_one_line_and_for_many(me, django_assert_max_num_queries):
    for number in range(20):
        tell(me, subject=Brand.default(), kind=("test.replied", "test.plain")[number % 2], activity_id=number + 1)
    with django_assert_max_num_queries(26):
        assert sweep(WEDNESDAY + dt.timedelta(hours=1)) == 1


def _in_two(work):
    def one(_number):
        try:
            with clock.at(WEDNESDAY + dt.timedelta(hours=5)):
                return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        return sorted(pool.map(one, range(2)))


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_send_one_digest_and_one_mail(me):
    tell(me)
    with clock.at(WEDNESDAY):
        deliver(me, digest="daily", digest_hour=17)
    assert _in_two(send_digests) == [0, 1]
    assert _in_two(send_mail) == [0, 1]
    assert [mail.template for mail in mails()] == ["notifications.digest", "notifications.single"]


def test_a_patient_kind_mails_only_who_is_away(me, monkeypatch):
    kind = NotificationKind("test.patient", "Reply", "Replies", mail=True, mail_if_away=True)
    monkeypatch.setitem(notification_kinds._entries, kind.key, kind)
    tell(me, kind="test.patient")
    due = WEDNESDAY + MINUTES_10
    type(me).objects.filter(pk=me.pk).update(last_seen_at=due)
    sweep(due)
    assert mails() == []
    assert sweep(due + MINUTES_10) == 1
    assert len(mails()) == 1


def test_mutes_of_purged_records_are_forgotten(me):
    brand = second_brand()
    for subject in (Brand.default(), brand):
        tell(me, subject=subject)
    for line in Notification.objects.all():
        mute(actor=actor_for(me), notification_id=line.pk)
    brand.delete()
    assert forget_mutes() == 1
    assert Mute.objects.get().object_id == Brand.default().pk
