"""Companies and people from a file: a row is a company, or a private person, with at most one person and addresses."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.core.actor import Actor
from crm.core.errors import Conflict
from crm.exchange import cells
from crm.exchange.declarations import Entry, ImportColumn, Importer, Line
from crm.exchange.memory import image, values_of
from crm.fields.forms import PREFIX

from .. import actions
from ..actions.withdrawing import Kept, withdraw_contact, withdraw_customers
from ..choices import CustomerKind, Stage
from ..models import Contact, Customer
from ..recognising.duplicates import core_of
from ..recognising.identities import normal_chat, normal_email, normal_phone
from ..recognising.registration import normal_registration_code
from .known import customer_number, owner_of, reasons, recognised, set_people
from .writing import OF_PERSON, PART, PERSON, addresses_of, chats_of, contact_image, update_person, write_many

COLUMNS = (
    ImportColumn("name", gettext_lazy("Name"), cells.text(200), required=True, example="苏州云帆设备有限公司",
                 aliases=("company", "company name", "customer", "customer name", "account", "organisation",
                          "organization", "客户", "客户名称", "公司", "公司名称", "企业名称", "单位名称", "名称")),
    ImportColumn("number", gettext_lazy("Number"), cells.through(customer_number),
                 aliases=("customer number", "customer no", "客户编号", "编号"),
                 help=gettext_lazy("Only to update customers that exist, such as from an export")),
    ImportColumn("kind", gettext_lazy("Kind"), cells.choice(CustomerKind, {"企业": "company", "公司": "company",
                 "个人": "person", "business": "company", "private": "person"}),
                 aliases=("type", "customer type", "类型", "客户类型", "性质")),
    ImportColumn("registration_code", gettext_lazy("Registration code"), cells.through(normal_registration_code),
                 aliases=("tax number", "tax id", "unified social credit code", "uscc", "vat number",
                          "统一社会信用代码", "社会信用代码", "税号", "纳税人识别号"), example="91350100M000100Y43"),
    ImportColumn("stage", gettext_lazy("Lifecycle stage"), cells.choice(Stage),
                 aliases=("stage", "status", "阶段", "客户阶段")),
    ImportColumn("industry", gettext_lazy("Industry"), cells.text(60), aliases=("行业", "所属行业"), example="制造业"),
    ImportColumn("website", gettext_lazy("Website"), lambda text, reading: _website(text),
                 aliases=("url", "web", "网址", "网站", "官网"), example="https://yunfan.example"),
    ImportColumn("address", gettext_lazy("Address"), cells.text(300),
                 aliases=("地址", "公司地址", "联系地址", "street")),
    ImportColumn("owner", gettext_lazy("Owner"), cells.text(200),
                 aliases=("account owner", "sales", "负责人", "所属销售", "客户经理", "归属人"),
                 help=gettext_lazy("Name or mail address of a colleague; empty: you")),
    ImportColumn("note", gettext_lazy("Note"), cells.long_text(10_000), aliases=("notes", "remark", "备注", "说明")),
    ImportColumn("person", gettext_lazy("Contact"), cells.text(200), example="王芳",
                 aliases=("contact name", "contact person", "person", "full name", "联系人", "联系人姓名", "姓名")),
    ImportColumn("job_title", gettext_lazy("Job title"), cells.text(80),
                 aliases=("title", "position", "职位", "职务", "岗位"),
                 example="采购经理"),
    ImportColumn("email", gettext_lazy("Email"), cells.several(normal_email), example="wang.fang@yunfan.example",
                 aliases=("e-mail", "mail", "email address", "邮箱", "电子邮箱", "邮件", "电子邮件"),
                 help=gettext_lazy("Several between semicolons")),
    ImportColumn("phone", gettext_lazy("Phone"), cells.several(normal_phone), example="138 1234 5678",
                 aliases=("mobile", "telephone", "tel", "phone number", "cell", "手机", "手机号", "手机号码", "电话",
                          "联系电话", "固定电话"), help=gettext_lazy("Several between semicolons")),
    ImportColumn("wechat", gettext_lazy("WeChat"), cells.through(normal_chat), aliases=("微信", "微信号", "weixin")),
)  # fmt: skip


def keys(line: Line) -> dict[str, str]:
    """Rows of one company bring several people; the same person, or a company with none, comes once."""
    values = line.values
    company = values.get("registration_code") or core_of(values.get("name", ""))
    if not any(values.get(name) for name in (*PERSON, *(key for key in values if key.startswith(OF_PERSON)))):
        return {"name": company}
    found = {way: values[way][0] for way in ("email", "phone") if values.get(way)}
    return found or {"person": f"{company}\0{values.get('person', '').casefold()}"}


def resolve(actor: Actor, entries: Sequence[Entry]) -> None:
    """Who is there already: by number, registration code, mail, phone, or the same name."""
    set_people(entries)
    found = recognised(actor, [entry.line for entry in entries])
    words = reasons()
    for entry in entries:
        line = entry.line
        customer, way = found.of(line)
        if customer is None:
            if "number" in line.values:
                line.wrong["number"] = _("No customer has this number. Leave it empty for a new one")
            continue
        entry.refs["contact"] = contact = found.contact_of(line)
        entry.reason = words[way]
        if customer.pk not in found.visible:
            entry.owned_by = owner_of(customer)
        else:
            entry.found = customer
            holder = {pk for pk in _holders(found, line) if pk is not None}
            if contact is not None and holder - {customer.pk}:
                line.wrong["email" if "email" in line.cells else "phone"] = _("Belongs to another customer already")


def marks(line: Line) -> set[Hashable]:
    """By what a later row finds the company, or the person, of this one."""
    values = line.values
    company: set[Hashable] = {("name", core_of(values.get("name", "")))}
    company |= {(way, values[way]) for way in ("number", "registration_code") if values.get(way)}
    addresses: set[Hashable] = {(way, value) for way in ("email", "phone") for value in values.get(way, [])}
    person = values.get("person") or values.get("name", "")
    return company | addresses | {("person", mark, person) for mark in company}


def undo(actor: Actor, memory: Mapping[str, Any]) -> None:
    """The person first, then the company. Raises `Conflict`, `InUse`."""
    if made := memory.get("made"):
        withdraw_customers(actor=actor, kept={made: Kept(memory["image"], _people(memory))})
        return
    if contact := memory.get("contact_made"):
        withdraw_contact(actor=actor, pk=contact, kept=memory["contact"])
    elif changed := memory.get("contact_changed"):
        _restore_contact(actor, changed)
    _restore_company(actor, memory["changed"])


def undo_many(actor: Actor, memories: Sequence[Mapping[str, Any]]) -> None:
    """What was changed, then all that was made together: a row changes nothing that a later row made."""
    for memory in memories:
        if "made" not in memory:
            undo(actor, memory)
    made = {memory["made"]: Kept(memory["image"], _people(memory)) for memory in memories if "made" in memory}
    if made:
        withdraw_customers(actor=actor, kept=made)


def _restore_contact(actor: Actor, changed: Mapping[str, Any]) -> None:
    contact = Contact.objects.filter(pk=changed["id"]).first()
    if contact is None or contact_image(contact) != dict(changed["after"]):
        raise Conflict(_("Somebody changed the contact since"))
    before = changed["before"]
    has, old, new = addresses_of(before), before["custom"], changed["after"]["custom"]
    answers = {key: old.get(key) for key in {*old, *new} if old.get(key) != new.get(key)}
    update_person(
        actor, contact, name=before["name"], job_title=before["job_title"], emails=has["email"], phones=has["phone"],
        chats=chats_of(has), answers=answers,
    )  # fmt: skip


def _restore_company(actor: Actor, changed: Mapping[str, Any]) -> None:
    if not changed["after"]:
        return
    customer = Customer.objects.filter(pk=changed["id"]).first()
    if customer is None or image(customer, changed["after"]) != dict(changed["after"]):
        raise Conflict(_("Somebody changed it since"))
    values = values_of(Customer, {name: value for name, value in changed["before"].items() if name != "custom"})
    if "custom" in changed["before"]:
        before, after = changed["before"]["custom"], changed["after"]["custom"]
        values |= {PREFIX + key: before.get(key) for key in {*before, *after} if before.get(key) != after.get(key)}
    actions.update_customer(actor=actor, customer=customer, values=values)


def _people(memory: Mapping[str, Any]) -> dict[int, Mapping[str, Any]]:
    return {memory["contact_made"]: memory["contact"]} if "contact_made" in memory else {}


def _holders(found: Any, line: Line) -> list[int | None]:
    return [
        found.ids.get(way, {}).get(value) for way in ("email", "phone") for value in line.values.get(way, [])
    ]  # fmt: skip


def _website(text: str) -> str:
    from django.core.exceptions import ValidationError
    from django.core.validators import URLValidator

    from crm.core.errors import Invalid

    address = text.strip() if "://" in text else f"https://{text.strip()}"
    try:
        URLValidator(schemes=["http", "https"])(address)
    except ValidationError:
        raise Invalid(_("Write a web address, such as https://example.com")) from None
    return str(cells.text(200)(address, None))  # type: ignore[arg-type]


IMPORTER = Importer(
    key="customer",
    kind="customer",
    label=gettext_lazy("Customers and contacts"),
    permission="customers.import",
    columns=COLUMNS,
    keys=keys,
    resolve=resolve,
    write_many=write_many,
    marks=marks,
    undo=undo,
    undo_many=undo_many,
    known_by=gettext_lazy("number, registration code, email, phone, or the same name"),
    may_make=True,
    parts={PART: ("contact", gettext_lazy("Contact"))},
    summary=gettext_lazy("A row is a company or a person. Rows of the same company bring several contacts."),
    icon="customer",
    order=10,
)
