"""Leads from a file: one row each, known by number, mail address or phone number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.accounts.models import User
from crm.core.actor import Actor
from crm.core.errors import Invalid
from crm.exchange import cells
from crm.exchange.declarations import Entry, ImportColumn, Importer, Line, Written
from crm.fields.forms import PREFIX
from customers.importing.kept import former, saved_many
from customers.importing.known import owner_of, reasons, recognised, set_people
from customers.importing.products import currency
from customers.recognising.identities import normal_chat, normal_email, normal_phone

from ..actions import update_lead
from ..actions.capture import UTM
from ..actions.lead_bin import withdraw_leads
from ..actions.lead_entry import create_leads
from ..choices.leads import LeadSource, LeadStatus
from ..models import Lead, Pool
from ..selectors.leads import same_leads

#: What a row says of the lead itself, as its action takes it.
FACTS = (
    "name", "company", "job_title", "email", "phone", "wechat", "source", "campaign", "message", "region", "industry",
    "budget", "currency", "status",
)  # fmt: skip
#: What an undo compares: whoever claimed, followed up or converted it has worked with it.
IMAGE = (*FACTS, "owner", "pool", "custom", "last_touched_at", "converted_at")
_OPEN = {LeadStatus.NEW, LeadStatus.WORKING, LeadStatus.QUALIFIED}


def lead_number(cell: str) -> int:
    """L-1042 or 1042. Raises `Invalid`."""
    digits = cell.strip().upper().removeprefix("L-")
    if not digits.isdecimal() or len(digits) > 15:
        raise Invalid(_("Write a lead number, such as L-1042"))
    return int(digits)


COLUMNS = (
    ImportColumn("name", gettext_lazy("Name"), cells.text(200), required=True, example="王芳",
                 aliases=("person", "full name", "contact", "contact name", "lead", "lead name", "person's name",
                          "姓名", "联系人", "联系人姓名", "线索名称", "客户姓名")),
    ImportColumn("number", gettext_lazy("Number"), cells.through(lead_number),
                 aliases=("lead number", "线索编号", "编号"),
                 help=gettext_lazy("Only to update leads that exist, such as from an export")),
    ImportColumn("company", gettext_lazy("Company"), cells.text(120), example="苏州云帆设备有限公司",
                 aliases=("company name", "account", "organisation", "organization", "公司", "公司名称", "企业名称",
                          "单位")),
    ImportColumn("job_title", gettext_lazy("Job title"), cells.text(80), example="采购经理",
                 aliases=("title", "position", "职位", "职务", "岗位")),
    ImportColumn("email", gettext_lazy("Email"), cells.unless_masked(cells.through(normal_email)),
                 aliases=("e-mail", "mail", "email address", "邮箱", "电子邮箱", "邮件"),
                 example="wang.fang@yunfan.example"),
    ImportColumn("phone", gettext_lazy("Phone"), cells.unless_masked(cells.through(normal_phone)),
                 aliases=("mobile", "telephone", "tel", "phone number", "手机", "手机号", "手机号码", "电话",
                          "联系电话"), example="138 1234 5678"),
    ImportColumn("wechat", gettext_lazy("WeChat"), cells.unless_masked(cells.through(normal_chat)),
                 aliases=("微信", "微信号", "weixin")),
    ImportColumn("source", gettext_lazy("Source"), cells.choice(LeadSource, {"展会": "event", "活动": "event",
                 "转介绍": "referral", "电话": "phone"}), aliases=("lead source", "来源", "线索来源", "渠道")),
    ImportColumn("campaign", gettext_lazy("Campaign"), cells.text(120), aliases=("活动名称", "市场活动", "推广活动")),
    ImportColumn("status", gettext_lazy("Status"), cells.choice(LeadStatus),
                 aliases=("lead status", "状态", "线索状态"),
                 help=gettext_lazy("New, working or qualified")),
    ImportColumn("owner", gettext_lazy("Owner"), cells.text(200),
                 aliases=("sales", "assigned to", "负责人", "所属销售"),
                 help=gettext_lazy("Name or mail address of a colleague; without owner and pool the rules decide")),
    ImportColumn("pool", gettext_lazy("Pool"), cells.text(80), aliases=("lead pool", "公海", "线索池"),
                 help=gettext_lazy("Name of a pool that exists")),
    ImportColumn("industry", gettext_lazy("Industry"), cells.text(60), aliases=("行业", "所属行业"), example="制造业"),
    ImportColumn("region", gettext_lazy("Region"), cells.text(60), aliases=("province", "area", "地区", "区域", "省份"),
                 example="江苏"),
    ImportColumn("budget", gettext_lazy("Budget"), cells.number(digits=14, decimals=2), aliases=("预算", "预算金额")),
    ImportColumn("currency", gettext_lazy("Currency"), currency, aliases=("币种", "货币")),
    ImportColumn("message", gettext_lazy("Message"), cells.long_text(10_000),
                 aliases=("note", "notes", "remark", "requirement", "留言", "备注", "需求", "说明")),
    ImportColumn("consent_text", gettext_lazy("Agreed to"), cells.long_text(2000),
                 aliases=("consent", "opt-in", "同意", "同意内容", "授权"),
                 help=gettext_lazy("The words that the person agreed to; empty: nobody was asked")),
    ImportColumn("consented_at", gettext_lazy("Agreed on"), cells.moment,
                 aliases=("consent date", "opt-in date", "同意时间", "授权时间")),
    *(ImportColumn(name, name, cells.text(120)) for name in UTM),
)  # fmt: skip


def keys(line: Line) -> dict[str, str]:
    """A person comes once: by mail address and by phone number; by the number, a lead that exists."""
    values = line.values
    found = {way: values[way] for way in ("email", "phone") if values.get(way)}
    return found | ({"number": str(values["number"])} if "number" in values else {})


def resolve(actor: Actor, entries: Sequence[Entry]) -> None:
    """The lead of that number, else the open one with that mail or phone; the owner, and the pool by its name."""
    set_people(entries)
    _set_pools(entries)
    by_number, by_address = _known(entries)
    known = {lead.pk: lead for lead in (*by_number.values(), *by_address.values())}
    visible = set(Lead.objects.visible_to(actor).filter(pk__in=known).values_list("pk", flat=True))
    for entry in entries:
        values, wrong = entry.line.values, entry.line.wrong
        number = values.get("number")
        lead = by_number.get(number)
        entry.reason = _("same lead number")
        if lead is None and number is not None:
            wrong["number"] = _("No lead has this number. Leave it empty for a new one")
        for way, reason in (("email", _("same email address")), ("phone", _("same phone number"))):
            if lead is None and (lead := by_address.get((way, values.get(way, "")))) is not None:
                entry.reason = reason
        if lead is None:
            _check_new(actor, entry.line)
        elif lead.pk in visible:
            entry.found = lead
        else:
            entry.owned_by = lead.owner.name if lead.owner else str(lead.pool or _("nobody"))
    _compare_with_customers(actor, [entry for entry in entries if not entry.owned_by])


def write_many(actor: Actor, entries: Sequence[Entry]) -> list[Written]:
    """New ones together by `create_leads`, known ones by `update_lead`, which leaves owner and consent alone."""

    def save(entries: Sequence[Entry]) -> list[Lead]:
        fresh = [entry for entry in entries if entry.found is None]
        made = iter(create_leads(actor=actor, rows=[_new(actor, entry) for entry in fresh]) if fresh else ())
        return [_changed(actor, entry) if entry.found is not None else next(made) for entry in entries]

    return saved_many(entries, IMAGE, save)


def _changed(actor: Actor, entry: Entry) -> Lead:
    lead: Any = entry.found
    update_lead(actor=actor, lead=lead, values=_facts(entry.line))
    return lead  # type: ignore[no-any-return]


def undo(actor: Actor, memory: Mapping[str, Any]) -> None:
    """One row; as `undo_many`."""
    undo_many(actor, [memory])


def undo_many(actor: Actor, memories: Sequence[Mapping[str, Any]]) -> None:
    """What was made goes to the recycle bin, what was changed gets its values back. Raises `Conflict`."""
    made = {memory["made"]: memory["image"] for memory in memories if "made" in memory}
    for memory in memories:
        if "changed" in memory:
            lead, values = former(Lead, memory)
            update_lead(actor=actor, lead=lead, values=values)
    if made:
        withdraw_leads(actor=actor, kept=made)


def _known(entries: Sequence[Entry]) -> tuple[dict[Any, Lead], dict[tuple[str, str], Lead]]:
    """By number, whatever their status; by address the oldest open one. Two looks, however many the rows."""
    lines = [entry.line for entry in entries]
    numbers = {line.values["number"] for line in lines if "number" in line.values}
    rows = Lead.objects.select_related("owner", "pool")
    by_number = {row.number: row for row in rows.filter(number__in=numbers)} if numbers else {}
    addresses = {way: {line.values[way] for line in lines if way in line.values} for way in ("email", "phone")}
    same = same_leads(emails=addresses["email"], phones=addresses["phone"])
    by_address: dict[tuple[str, str], Lead] = {}
    for row in same.select_related("owner", "pool").order_by("pk"):
        for way in ("email", "phone"):
            by_address.setdefault((way, getattr(row, way)), row)
    by_address.pop(("email", ""), None)
    by_address.pop(("phone", ""), None)
    return by_number, by_address


def _set_pools(entries: Sequence[Entry]) -> None:
    lines = [entry.line for entry in entries if isinstance(entry.line.values.get("pool"), str)]
    pools = {text.casefold(): pool for pool in Pool.objects.active() for text in pool.name.values()} if lines else {}
    for line in lines:
        if (pool := pools.get(line.values["pool"].casefold())) is not None:
            line.values["pool"] = pool
        else:
            line.wrong["pool"] = _("No pool has this name. Make it first")


def _check_new(actor: Actor, line: Line) -> None:
    """What only a new lead can be wrong about."""
    values = line.values
    if not any(values.get(way) for way in ("email", "phone", "wechat")) and not line.wrong:
        line.wrong["email"] = _("Write an email address, a phone number or a WeChat id")
    if values.get("status", LeadStatus.NEW) not in _OPEN:
        line.wrong["status"] = _("A new lead is new, working or qualified. Convert or discard it here")
    owner = values.get("owner")
    if isinstance(owner, User) and owner.pk != actor.user_id and not actor.can("leads.assign"):
        line.wrong["owner"] = _("You may not give leads to colleagues")


def _compare_with_customers(actor: Actor, entries: Sequence[Entry]) -> None:
    """Says which rows are customers already: by an address of a contact, or by the company's very name."""
    asked = [_as_customer(entry.line) for entry in entries]
    found, words = recognised(actor, asked), reasons()
    for entry, line in zip(entries, asked, strict=True):
        customer, way = found.of(line)
        if customer is None:
            continue
        if customer.owner is not None and customer.owner.is_active:
            entry.refs["owner"] = customer.owner
        what = {"customer": f"{customer.label} {customer.name}", "owner": owner_of(customer), "reason": words[way]}
        entry.resembles["company" if way == "name" else way] = (
            _("Already a customer: %(customer)s (%(reason)s)") % what if customer.pk in found.visible
            else _("Already a customer, owned by %(owner)s (%(reason)s)") % what
        )  # fmt: skip


def _as_customer(line: Line) -> Line:
    """A row as the columns of a customer's file have it."""
    values = line.values
    given: dict[str, Any] = {way: [values[way]] for way in ("email", "phone") if values.get(way)}
    return Line(line.number, {}, given | ({"name": values["company"]} if values.get("company") else {}))


def _facts(line: Line) -> dict[str, Any]:
    values = line.values
    return {key: values[key] for key in values if key in FACTS or key.startswith(PREFIX)}


def _new(actor: Actor, entry: Entry) -> dict[str, Any]:
    """Values of `create_leads`. A customer's own person takes the lead where the row names nobody."""
    line = entry.line
    values = line.values
    marks = {name: values[name] for name in UTM if name in values}
    given = {"source": LeadSource.IMPORT, **_facts(line)}
    given |= {name: values[name] for name in ("owner", "pool", "consent_text", "consented_at") if name in values}
    if not {"owner", "pool"} & set(given) and "owner" in entry.refs and actor.can("leads.assign"):
        given["owner"] = entry.refs["owner"]
    if "utm_campaign" in marks:
        given.setdefault("campaign", marks["utm_campaign"])
    return given | ({"utm": {"v": 1, **marks}} if marks else {})


IMPORTER = Importer(
    key="lead",
    kind="lead",
    label=gettext_lazy("Leads"),
    permission="leads.import",
    columns=COLUMNS,
    keys=keys,
    resolve=resolve,
    write_many=write_many,
    undo=undo,
    undo_many=undo_many,
    known_by=gettext_lazy("number, email or phone of an open lead"),
    may_make=True,
    compared=gettext_lazy(
        "People and companies that are customers already are skipped as well and named; with another choice the lead "
        "is made, goes to the customer's owner unless the row names somebody, and the row is pointed out."
    ),
    summary=gettext_lazy("A row is somebody who might buy, for the owner or pool named, else whom the rules choose."),
    icon="lead",
    order=15,
)
