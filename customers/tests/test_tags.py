"""Tags on records: page, list, conditions, bulk, search, settings, merging."""

from __future__ import annotations

from typing import Any

import pytest

from crm.accounts.access import actor_for
from crm.activity.models import Activity
from crm.conditions.language import parse
from crm.core.actor import Actor, Scope
from crm.core.errors import Invalid, NotAllowed, NotFound
from crm.fields.models import Tag, Tagging
from crm.fields.tag_actions import add_tag, merge_tags, remove_tag, save_tag
from crm.fields.tags import tags_on
from crm.testing.suites import signed_in, staff
from customers import actions
from customers.models import Customer
from customers.search.customers import rows as search_rows

from .builders import make_contact, make_customer

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()


def test_a_tag_is_one_whatever_its_case_and_put_on_once() -> None:
    one, two = make_customer(), make_customer()
    tag = add_tag(actor=SYSTEM, record=one, name=" VIP ")
    assert add_tag(actor=SYSTEM, record=two, name="vip") == tag
    count = Activity.objects.count()
    add_tag(actor=SYSTEM, record=one, name="ViP")
    assert Activity.objects.count() == count and Tagging.objects.count() == 2
    remove_tag(actor=SYSTEM, record=one, tag=tag)
    remove_tag(actor=SYSTEM, record=one, tag=tag)
    assert tags_on("customer", one.pk) == [] and Activity.objects.count() == count + 1


def test_who_may_tag_and_who_may_make_words() -> None:
    row = make_customer()
    add_tag(actor=SYSTEM, record=make_customer(), name="VIP")
    editor = actor_for(staff("customers.view", "customers.update"))
    add_tag(actor=editor, record=row, name="VIP")
    with pytest.raises(Invalid):
        add_tag(actor=editor, record=row, name="New word")
    add_tag(actor=actor_for(staff("customers.view", "customers.update", "fields.tag")), record=row, name="New word")
    with pytest.raises(NotAllowed):
        add_tag(actor=actor_for(staff("customers.view")), record=row, name="VIP")
    with pytest.raises(NotFound):
        add_tag(actor=actor_for(staff("customers.view", "customers.update", scope=Scope.OWN)), record=row, name="VIP")
    with pytest.raises(Invalid):
        add_tag(actor=SYSTEM, record=row, name="  ")
    assert [tag.name for tag in tags_on("customer", row.pk)] == ["New word", "VIP"]


def test_the_block_adds_and_removes_and_stays_closed_to_others() -> None:
    row = make_customer()
    client = signed_in(staff("customers.view", "customers.update", "fields.tag"))
    url = f"/tags/customer/{row.pk}/"
    text = client.post(url, {"name": "VIP"}, headers={"HX-Request": "true"}).content.decode()
    tag = Tag.objects.get()
    assert "VIP" in text and f'value="{tag.pk}"' in text
    assert "Enter a tag" in client.post(url, {"name": ""}, headers={"HX-Request": "true"}).content.decode()
    assert "VIP" in client.get(f"/panels/customer/{row.pk}/ui.tags_customer/").content.decode()
    assert client.post(url, {"remove": tag.pk}).status_code == 302
    assert not Tagging.objects.exists()
    assert signed_in(staff("customers.view")).post(url, {"name": "VIP"}).status_code == 403
    assert signed_in(staff("customers.update", scope=Scope.OWN)).post(url, {"name": "VIP"}).status_code == 404
    assert client.post("/tags/order/1/", {"name": "VIP"}).status_code == 404


def test_lists_filter_show_and_export_and_conditions_ask() -> None:
    one, two = make_customer("Tagged One"), make_customer("Plain Two")
    tag = add_tag(actor=SYSTEM, record=one, name="VIP")
    client = signed_in(staff("customers.view", "customers.export", "customers.update"))
    text = client.get("/customers/", {"own": "1", "tags": tag.pk, "cols": "name,tags"}).content.decode()
    assert "Tagged One" in text and "VIP" in text and "Plain Two" not in text
    sent = client.post("/lists/customer/export/?own=1&cols=name,tags", {"format": "csv"}).content.decode("utf-8-sig")
    assert "Tagged One,VIP" in sent
    tree = {"v": 1, "all": [{"field": "customer.tags", "op": "any_of", "value": [tag.pk]}]}
    condition = parse(tree, "customer", SYSTEM)
    assert list(condition.filter(Customer.objects.all())) == [one]
    assert condition.matches(one) and not condition.matches(two)
    [document] = search_rows([one.pk])
    assert "VIP" in document.body


def test_bulk_puts_on_and_takes_off() -> None:
    from crm.jobs.models import Job
    from crm.ui.generic.bulk import run_batch

    rows = [make_customer() for _number in range(2)]
    client = signed_in(staff("customers.view", "customers.update", "fields.tag"))
    for action, left in (("tag", 2), ("untag", 0)):
        sent: dict[str, Any] = {"ids": [row.pk for row in rows], "name": "VIP", "confirmed": "1"}
        client.post(f"/lists/customer/bulk/{action}/", sent)
        job = Job.objects.latest("pk")
        while not run_batch(job):
            pass
        assert Tagging.objects.count() == left


def test_settings_rename_and_merge() -> None:
    one, two, person = make_customer(), make_customer(), make_contact()
    vip, big = add_tag(actor=SYSTEM, record=one, name="VIP"), add_tag(actor=SYSTEM, record=two, name="Big")
    add_tag(actor=SYSTEM, record=one, name="Big")
    other = add_tag(actor=SYSTEM, record=person, name="VIP")
    with pytest.raises(Invalid):
        save_tag(actor=SYSTEM, record=big, values={"name": "vip"})
    with pytest.raises(Invalid):
        merge_tags(actor=SYSTEM, record=big, into=other)
    client = signed_in(staff("fields.manage"))
    assert "Big" in client.get("/settings/tags/", {"own": "1"}).content.decode()
    assert client.post(f"/settings/tags/{big.pk}/", {"name": "Large", "tone": "info"}).status_code == 302
    assert client.post(f"/settings/tags/{big.pk}/merge/", {"into": vip.pk}).status_code == 302
    assert set(Tagging.objects.filter(tag=vip).values_list("object_id", flat=True)) == {one.pk, two.pk}
    assert not Tag.objects.filter(pk=big.pk).exists()


def test_a_merge_of_customers_joins_their_tags_and_gives_them_back() -> None:
    one, two = make_customer(), make_customer()
    for row, name in ((one, "VIP"), (two, "VIP"), (two, "Fair")):
        add_tag(actor=SYSTEM, record=row, name=name)
    merge = actions.merge_customers(actor=SYSTEM, into=one, others=[two])
    assert [tag.name for tag in tags_on("customer", one.pk)] == ["Fair", "VIP"]
    actions.undo_merge(actor=SYSTEM, merge=merge)
    assert [tag.name for tag in tags_on("customer", one.pk)] == ["VIP"]
    assert [tag.name for tag in tags_on("customer", two.pk)] == ["Fair", "VIP"]
