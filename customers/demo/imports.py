"""One finished import in the demo's history: a price list as Excel in China saves it, with a row of every outcome."""

from __future__ import annotations

import io
from collections.abc import Sequence

from crm.accounts.access import actor_for
from crm.accounts.models import User
from crm.core.actor import Actor
from crm.core.demo import DemoContext
from crm.exchange import actions
from crm.exchange.declarations import importers
from crm.jobs import runners

from .products import PRODUCTS

_FILE = "新品价格表-2026.csv"


def make_import(context: DemoContext) -> None:
    """Read, checked and run by the very actions of the pages; nobody waits for a worker."""
    owner = User.objects.filter(roles__is_administrator=True).order_by("pk").first()
    assert owner is not None
    actor, known = actor_for(owner), PRODUCTS[0]
    lines = (
        "编码,名称,英文名称,单位,单价,币种,税率",
        "ACC-901,墙面支架,Wall bracket,个,89.00,CNY,13",
        "ACC-902,磁吸充电线,Magnetic cable,根,59.90,CNY,13",
        "ACC-903,收纳包,Carrying case,个,一百二,CNY,13",
        f"{known[0]},{known[3]},,,99.00,CNY,13",
    )
    bring_in(actor, "product", _FILE, lines)
    context.progress.start("Imports")
    context.progress.advance()


def bring_in(actor: Actor, importer: str, name: str, lines: Sequence[str]) -> None:
    """A file of these lines through every step of the wizard."""
    file = io.BytesIO("\r\n".join(lines).encode("gb18030"))
    record = actions.receive_file(actor=actor, importer=importers[importer], file=file, name=name)
    actions.choose_columns(actor=actor, record=record, mapping=record.mapping, existing="skip", date_order="day")
    for start in (actions.start_check, actions.start_run):
        record = start(actor=actor, record=record)
        assert record.job is not None
        runners.run(record.job.pk)
        record.refresh_from_db()
