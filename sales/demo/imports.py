"""Lists from a fair in the history of imports: leads that are new, a customer already, or unreachable, and deals."""

from __future__ import annotations

import datetime as dt

from crm.accounts.access import actor_for
from crm.accounts.models import User
from crm.core import clock
from crm.core.demo import DemoContext
from customers.choices import CustomerKind
from customers.demo.imports import bring_in
from customers.models import Customer

_FILE, _DEALS = "展会名单-2026.csv", "展会商机-2026.csv"


def make_import(context: DemoContext) -> None:
    """Through the pages' own actions, in the name of the first administrator."""
    owner = User.objects.filter(roles__is_administrator=True).order_by("pk").first()
    known = Customer.objects.filter(kind=CustomerKind.COMPANY).order_by("pk").first()
    assert owner is not None and known is not None
    lines = (
        "姓名,公司,邮箱,手机,来源,留言",
        "方晓,青禾仪器,fang.xiao@qinghe.example,,展会,想了解批量价格",
        f"陆远,{known.name},lu.yuan@fair.example,,展会,",
        "韩梅,晨光包装,,,展会,",
    )
    bring_in(actor_for(owner), "lead", _FILE, lines)
    deals = (
        "商机名称,客户,阶段,金额,币种,预计成交日期",
        f"展会现场试用,{known.name},需求确认,36000,CNY,{clock.today() + dt.timedelta(days=45)}",
        "代理合作,没有录入的公司,初步接触,80000,CNY,",
    )
    bring_in(actor_for(owner), "opportunity", _DEALS, deals)
    context.progress.start("Lead imports")
    context.progress.advance()
