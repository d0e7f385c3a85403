"""Opportunities from a file: whose they are, where they stand, what is changed and taken back."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from crm.accounts.access import actor_for
from crm.core.actor import Scope
from crm.core.translated import Translated
from crm.exchange.declarations import importers
from crm.exchange.tests.builders import checked, csv_of, imported, reasons, undone
from crm.testing.suites import staff
from customers.tests.builders import make_customer
from sales.models import Opportunity, Pipeline, Stage

from .deal_builders import fresh, make_deal, stage

pytestmark = pytest.mark.django_db
RIGHTS = ("exchange.use", "customers.view", "opportunities.view", "opportunities.create", "opportunities.update",
          "opportunities.import")  # fmt: skip
HEAD = ["商机名称", "客户", "销售流程", "阶段", "金额", "币种", "负责人", "预计成交日期", "赢率"]


def test_a_file_in_gbk_makes_deals_in_their_stages_and_is_taken_back() -> None:
    user, seller = staff(*RIGHTS, language="zh-hans"), staff("opportunities.view")
    make_customer("云帆有限公司", owner=seller)
    export = Pipeline.objects.create(name=Translated({"en": "Export", "zh-hans": "外贸"}), order=90)
    Stage.objects.create(pipeline=export, name=Translated({"en": "Sample", "zh-hans": "寄样"}), probability=20)
    file = csv_of(
        HEAD,
        ["打印改造", "云帆", "", str(stage(2)), "128000.50", "CNY", user.email, "2026-12-31", "80"],
        ["出口", "云帆", "外贸", "寄样", "900", "USD", "", "", "20"],
        ["不认识", "没有这家", "", "", "", "", "", "", ""],
        ["错", "云帆", "没有", "寄样", "1", "", "没有这个人", "", ""],
        ["赢了", "云帆", "", str(stage(5)), "", "", "", "", ""],
        encoding="gb18030",
    )
    record = imported(user, "opportunity", file)
    assert (record.made, record.wrong) == (2, 3), reasons(record)
    assert [len(each) for each in reasons(record).values()] == [1, 2, 1]
    first, second = Opportunity.objects.order_by("pk")
    assert (first.owner, first.stage, first.amount, first.probability) == (user, stage(2), Decimal("128000.50"), 80)
    assert (first.expected_close, first.source) == (dt.date(2026, 12, 31), "import")
    assert (second.owner, second.pipeline, second.currency, second.probability) == (seller, export, "USD", None)
    assert first.spans.get().amount == first.amount and second.collaborators.get().user == user
    Opportunity.objects.filter(pk=second.pk).update(amount=901)  # somebody worked with it
    assert undone(user, record).undo_result == {"undone": 1, "left": 1}
    assert Opportunity.objects.get() == second and Opportunity.all_objects.get(pk=first.pk).deleted_at


def test_known_deals_are_moved_changed_or_left_and_get_their_stage_back() -> None:
    user, other = staff(*RIGHTS, scope=Scope.OWN), staff("opportunities.view")
    acme = make_customer("Acme Ltd", owner=user)
    mine, won = make_deal(acme, name="Mine", owner=user), make_deal(acme, name="Won", owner=user)
    hers = make_deal(make_customer("Hers", owner=other), name="Hers", owner=other)
    Opportunity.objects.filter(pk=won.pk).update(stage=stage(5), won_at=won.created_at)
    head = ["Number", "Name", "Customer", "Stage", "Amount"]
    lines = [
        [mine.label, "Mine", "Acme", str(stage(3)), "7"],
        [hers.label, "Mine now", "Hers", "", ""],
        [won.label, "Won", "Acme", str(stage(1)), ""],
        ["O-1", "Nothing", "Acme", "", ""],
        [mine.label, "Mine", "Someone else", "", ""],
    ]
    found = reasons(checked(user, "opportunity", csv_of(head, *lines), existing="update"))
    assert 2 not in found and "owned by" in found[3][0] and "open opportunities only" in found[4][0]
    assert found[5] == ["No opportunity has this number. Leave it empty for a new one"]
    assert found[6] == ["Belongs to another customer: Acme Ltd"]
    record = imported(user, "opportunity", csv_of(head, lines[0]), existing="update")
    assert record.changed == 1 and (fresh(mine).stage, fresh(mine).amount) == (stage(3), Decimal(7))
    again = imported(user, "opportunity", csv_of(head[1:], ["Mine", "Acme", str(stage(3)), "7"]), existing="update")
    assert (again.skipped, again.made) == (1, 0)  # without its number by customer and name
    assert undone(user, record).undo_result == {"undone": 1, "left": 0}
    assert (fresh(mine).stage, fresh(mine).amount) == (stage(0), Decimal(1000))
    assert importers["opportunity"] not in importers.for_actor(actor_for(other))
