"""Leads from a file: what is made and for whom, recognised, left out, changed, and taken back."""

from __future__ import annotations

import io

import pytest

from crm.accounts.access import actor_for
from crm.accounts.models import User
from crm.core.actor import Scope
from crm.core.errors import NotFound
from crm.core.translated import Translated
from crm.exchange import actions as exchange
from crm.exchange.declarations import importers
from crm.exchange.selectors import write_errors
from crm.exchange.tests.builders import checked, csv_of, finished, imported, reasons, undone
from crm.fields.tests.builders import make_field
from crm.testing.suites import staff
from customers.tests.builders import make_contact, make_customer
from sales.actions import convert_lead, log_lead_talk
from sales.models import Lead, OwnerSpan

from .lead_builders import make_lead, make_pool, make_rule

pytestmark = pytest.mark.django_db
RIGHTS = ("exchange.use", "leads.view", "leads.create", "leads.update", "leads.import", "leads.assign")
HEAD = ["姓名", "公司", "邮箱", "手机", "负责人", "公海", "utm_source", "同意", "同意时间", "等级"]


def colleague(name: str) -> User:
    user = staff("leads.view")
    user.name = name
    user.save()
    return user


def test_a_file_in_gbk_fills_pools_owners_and_rules_in_one_go() -> None:
    make_field("text", key="grade", kind="lead", name=Translated({"en": "Grade", "zh-hans": "等级"}))
    user, chen = staff(*RIGHTS, language="zh-hans", timezone="Asia/Shanghai"), colleague("陈浩")
    pool, north = make_pool(chen, name="华东"), make_pool(chen, name="North")
    make_rule(
        condition={"v": 1, "all": [{"field": "lead.company", "op": "is", "value": "北方"}]}, route="pool", pool=north
    )
    file = csv_of(
        HEAD,
        [
            "王芳",
            "云帆",
            "wang@yunfan.example",
            "13812345678",
            "陈浩",
            "",
            "baidu",
            "可以发邮件",
            "2026-03-01",
            "A",
        ],
        ["李雷", "恒一", "li@hengyi.example", "", "", "华东", "", "", "", ""],
        ["赵六", "北方", "", "13812345679", "", "", "", "", "", ""],
        ["孙七", "南方", "", "13812345680", user.email, "", "", "", "", ""],
        ["周八", "", "", "", "", "", "", "", "", ""],
        ["吴九", "", "wu@x.example", "", "没有这个人", "没有这个公海", "", "", "", ""],
        encoding="gb18030",
    )
    record = imported(user, "lead", file)
    assert (record.made, record.wrong) == (4, 2), reasons(record)
    assert len(reasons(record)[6]) == 1 and len(reasons(record)[7]) == 2
    wang, li, zhao, sun = Lead.objects.order_by("number")
    assert (wang.owner, wang.source, wang.custom) == (chen, "import", {"grade": "A"})
    assert wang.utm["utm_source"] == "baidu"
    assert wang.consent_text == "可以发邮件" and wang.consented_at is not None and wang.scored_at is not None
    assert (li.owner, li.pool) == (None, pool) and (zhao.owner, zhao.pool) == (None, north)
    assert sun.owner == user and sun.company_key and wang.number < sun.number
    assert OwnerSpan.objects.filter(object_id__in=[wang.pk, sun.pk], ended_at=None).count() == 2


def test_known_leads_are_named_by_owner_left_updated_or_made_again() -> None:
    user, other = staff(*RIGHTS, scope=Scope.OWN), colleague("Chen Hao")
    make_lead(name="Hers", email="hers@x.example", owner=other)
    mine = make_lead(name="Mine", phone="13800000001", owner=user)
    head = ["Name", "Number", "Email", "Phone", "Job title"]
    lines = [
        ["Hers", "", "HERS@x.example", "", "CEO"],
        ["Mine", "", "", "138 0000 0001", "CEO"],
        ["Mine too", mine.label, "", "138****0001", ""],
        ["Nobody", "L-1", "", "", ""],
    ]
    record = checked(user, "lead", csv_of(head, *lines))
    found = reasons(record)
    assert "owned by Chen Hao" in found[2][0] and "same phone number" in found[3][0]
    assert "same lead number" in found[4][0] and found[5] == ["No lead has this number. Leave it empty for a new one"]
    record = imported(user, "lead", csv_of(head, lines[1]), existing="update")
    assert record.changed == 1 and Lead.objects.get(pk=mine.pk).job_title == "CEO"
    assert imported(user, "lead", csv_of(head, lines[1]), existing="update").skipped == 1
    assert undone(user, record).undo_result == {"undone": 1, "left": 0}
    assert Lead.objects.get(pk=mine.pk).job_title == ""
    assert imported(user, "lead", csv_of(head, lines[1]), existing="make").made == 1


def test_who_may_not_assign_gives_nobody_a_lead() -> None:
    user, other = staff(*RIGHTS[:-1]), colleague("Chen Hao")
    file = csv_of(["Name", "Phone", "Owner"], ["Ann", "13800000001", "Chen Hao"], ["Bob", "13800000002", user.email])
    record = imported(user, "lead", file)
    assert (record.made, reasons(record)[2]) == (1, ["You may not give leads to colleagues"])
    assert not Lead.objects.filter(owner=other).exists()
    assert importers["lead"] not in importers.for_actor(actor_for(other))


def test_undo_leaves_leads_that_somebody_worked_on() -> None:
    user = staff(*RIGHTS, "customers.view", "customers.create", "customers.update", "opportunities.view",
                 "opportunities.create")  # fmt: skip
    lines = [[name, f"1380000000{number}", user.email] for number, name in enumerate(("Free", "Talked", "Won", "Gone"))]
    record = imported(user, "lead", csv_of(["Name", "Phone", "Owner"], *lines))
    leads = {lead.name: lead for lead in Lead.objects.all()}
    actor = actor_for(user)
    log_lead_talk(actor=actor, lead=leads["Talked"], kind="call", text="Hello")
    convert_lead(actor=actor, lead=leads["Won"])
    Lead.objects.filter(pk=leads["Gone"].pk).delete()
    record = undone(user, record)
    assert record.undo_result == {"undone": 1, "left": 3}
    assert sorted(Lead.objects.values_list("name", flat=True)) == ["Talked", "Won"]
    binned = Lead.all_objects.get(name="Free")
    assert binned.deleted_at and not OwnerSpan.objects.filter(object_id=binned.pk, ended_at=None).exists()


def test_queries_belong_to_the_batch(django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    user = staff(*RIGHTS)
    lines = [[f"Lead {n}", f"l{n}@x.example", "A"] for n in range(50)]
    record = checked(user, "lead", csv_of(["Name", "Email", "Company"], *lines))
    record = exchange.start_run(actor=actor_for(user), record=record)
    with django_assert_max_num_queries(70):  # 39 a row, where each came alone
        record = finished(record)
    assert record.made == 50 and Lead.objects.exclude(pool=None).count() == 50


def test_rows_that_are_customers_already_are_skipped_or_made_for_their_owner_and_told() -> None:
    user, other = staff(*RIGHTS, "customers.view", scope=Scope.OWN), colleague("Chen Hao")
    make_contact(make_customer("Harbour Toys Ltd", owner=user), emails=["ann@harbour.example"])
    make_customer("云帆有限公司", owner=other)
    head = ["Name", "Company", "Email", "Phone", "Owner"]
    lines = [
        ["Ann", "", "ann@harbour.example", "", ""],
        ["Bob", "云帆", "", "13800000002", ""],
        ["Cid", "云帆", "", "13800000003", user.email],
        ["Dan", "Dan & Sons", "", "13800000004", ""],
    ]
    record = imported(user, "lead", csv_of(head, *lines))
    assert (record.made, record.skipped) == (1, 3)
    found = reasons(record)
    assert "Harbour Toys Ltd (same email address)" in found[2][0]
    assert found[3] == ["Already a customer, owned by Chen Hao (same name)"] == found[4]
    record = imported(user, "lead", csv_of(head, *lines[:3]), existing="update")
    assert (record.made, record.skipped) == (3, 0) and set(reasons(record)) == {2, 3, 4}
    owners = dict(Lead.objects.values_list("name", "owner__name"))
    assert (owners["Ann"], owners["Bob"], owners["Cid"]) == (user.name, "Chen Hao", user.name)
    with pytest.raises(NotFound):  # nothing was left out, so there is no file of such rows
        write_errors(io.BytesIO(), record, "csv")
