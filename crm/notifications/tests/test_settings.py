from __future__ import annotations

import pytest
from django.urls import reverse

from crm.accounts.access import actor_for
from crm.accounts.models import Role
from crm.core.actor import Actor
from crm.core.errors import NotFound
from crm.core.models import Brand
from crm.notifications.actions import notify, remove_mute, save_choices
from crm.notifications.models import Delivery, Mute, Notification, NotificationChoice
from crm.notifications.selectors import matrix_of, page_of, unread_count

pytestmark = pytest.mark.django_db
TIMES = {"digest": "weekly", "digest_weekday": "4", "digest_hour": "9", "quiet_from": "22:00", "quiet_until": "07:00"}


def url(name, *args):
    return reverse(f"notifications:{name}", args=args)


@pytest.fixture
def me(client, people):
    client.force_login(people[0])
    return people[0]


def tell(person, kind="test.replied"):
    return notify(
        actor=Actor.system(), kind=kind, users=[person], subject=Brand.default(), data={"number": "#1"}, url="/x/"
    )


def rows(person):
    return {row.key: row for _label, entries in matrix_of(actor_for(person)) for row in entries}


def test_the_matrix_has_the_kinds_one_may_be_told_of_by_group(me):
    assert "test.mail" not in rows(me)
    me.roles.add(Role.objects.get(key="administrator"))
    groups = dict(matrix_of(actor_for(me)))
    assert [row.key for row in groups["Mail trouble"]] == ["test.mail"]
    assert {"test.replied", "test.plain"} <= {row.key for row in groups["Replies"]}
    assert (rows(me)["test.replied"].in_app, rows(me)["test.replied"].mail) == (True, False)


def test_saving_choices_changes_only_the_rows_shown(client, me):
    save_choices(actor=actor_for(me), kinds=["test.mail"], in_app=[], mail=["test.mail"])
    posted = {"kind": ["test.replied", "test.plain", "test.unknown"], "in_app": ["test.plain"], "mail": []}
    answer = client.post(url("choices_save"), posted, follow=True)
    assert "Your notification settings are saved" in answer.content.decode()
    assert list(NotificationChoice.objects.order_by("kind").values_list("kind", "in_app", "mail")) == [
        ("test.mail", False, True),
        ("test.replied", False, False),
    ]
    assert tell(me) == 0
    assert unread_count(me.pk) == 0
    assert tell(me, "test.plain") == 1


def test_reset_brings_the_defaults_back(client, me, people):
    for person in people[:2]:
        save_choices(actor=actor_for(person), kinds=["test.replied"], in_app=[], mail=[])
    assert client.post(url("choices_reset")).status_code == 302
    assert list(NotificationChoice.objects.values_list("user_id", flat=True)) == [people[1].pk]
    assert tell(me) == 1


def test_the_page_shows_and_saves_times_without_javascript(client, me):
    assert client.post(url("settings"), {**TIMES, "quiet_weekends": "on"})["Location"] == url("settings")
    row = Delivery.objects.get(user=me)
    assert (row.digest, row.digest_weekday, row.digest_hour, row.quiet_weekends) == ("weekly", 4, 9, True)
    assert row.urgent_when_quiet is False
    html = client.get(url("settings")).content.decode()
    assert 'value="22:00"' in html
    assert me.timezone in html


def test_times_that_make_no_sense_stay_in_the_form(client, me):
    answer = client.post(url("settings"), {**TIMES, "quiet_until": ""})
    assert answer.status_code == 422
    assert "Give both times, or neither" in answer.content.decode()
    assert not Delivery.objects.exists()


def test_a_line_mutes_its_record_and_the_settings_end_it(client, me):
    tell(me)
    line = Notification.objects.get(user=me)
    html = client.post(url("notification_mute", line.pk), headers={"HX-Request": "true"}).content.decode()
    assert "Tell me about this again" in html
    assert tell(me, "test.plain") == 0
    assert page_of(actor_for(me)).lines[0].is_muted
    html = client.get(url("settings")).content.decode()
    assert str(Brand.default()) in html
    assert client.post(url("mute_remove", Mute.objects.get().pk)).status_code == 302
    assert tell(me, "test.plain") == 1


def test_muting_is_undone_where_it_was_done(client, me):
    tell(me)
    line = Notification.objects.get(user=me)
    for _twice in range(2):
        assert client.post(url("notification_mute", line.pk)).status_code == 302
    assert Mute.objects.count() == 1
    assert client.post(url("notification_unmute", line.pk)).status_code == 302
    assert not Mute.objects.exists()


def test_anothers_lines_and_mutes_are_missing(client, me, people):
    tell(people[1])
    line = Notification.objects.get(user=people[1])
    assert client.post(url("notification_mute", line.pk)).status_code == 404
    theirs = Mute.objects.create(user=people[1], subject_kind=line.subject_kind, object_id=line.object_id)
    with pytest.raises(NotFound):
        remove_mute(actor=actor_for(me), mute_id=theirs.pk)
    assert tell(me, "test.plain") == 1


def test_settings_are_linked_from_bell_list_and_profile(client, me):
    for page in (url("notification_list"), url("notification_bell"), reverse("console:profile")):
        assert url("settings") in client.get(page).content.decode()


def test_the_settings_take_few_queries_however_much_is_muted(client, me, django_assert_max_num_queries):
    for number in range(30):
        Brand.objects.create(key=f"b{number}", name=Brand.default().name, sender_email="a@example.com")
    code = 9
    Mute.objects.bulk_create(Mute(user=me, subject_kind=code, object_id=brand.pk) for brand in Brand.objects.all())
    with django_assert_max_num_queries(14):
        assert client.get(url("settings")).content.decode().count("Tell me about this again") >= 31
