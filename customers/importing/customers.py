"""Companies and people from a file: a row is a company, or a private person, with at most one person and addresses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.core.actor import Actor
from crm.core.errors import Conflict
from crm.exchange import cells
from crm.exchange.choices import Outcome
from crm.exchange.declarations import Entry, ImportColumn, Importer, Line, Written
from crm.exchange.memory import image, values_of
from crm.fields.forms import PREFIX

from .. import actions
from ..actions.withdrawing import withdraw_contact, withdraw_customer
from ..choices import CustomerKind, IdentityKind, Source, Stage
from ..models import Contact, Customer
from ..recognising.duplicates import core_of
from ..recognising.identities import normal_chat, normal_email, normal_phone
from ..recognising.registration import normal_registration_code
from .known import customer_number, owner_of, reasons, recognised, set_people

COMPANY = ("name", "kind", "stage", "industry", "website", "address", "owner", "note", "registration_code")
IMAGE = (*COMPANY, "custom")
PERSON = ("person", "job_title", "email", "phone", "wechat")
CONTACT_IMAGE = ("name", "job_title", "customer")

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
    if not any(values.get(name) for name in PERSON):
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


def write(actor: Actor, entry: Entry, update: bool) -> Written:
    """Makes or changes the company, then its person."""
    values = entry.line.values
    given = {key: values[key] for key in values if key in COMPANY or key.startswith(PREFIX)}
    memory: dict[str, Any] = {}
    if entry.found is None or not update:
        customer = actions.create_customer(actor=actor, values={**given, "source": Source.IMPORT})
        memory["made"] = customer.pk
    else:
        customer = entry.found  # type: ignore[assignment]
        before = image(customer, IMAGE)
        customer = actions.update_customer(actor=actor, customer=customer, values=given)
        after = image(customer, IMAGE)
        changed = [name for name in IMAGE if before[name] != after[name]]
        memory["changed"] = {"id": customer.pk, "before": {name: before[name] for name in changed},
                             "after": {name: after[name] for name in changed}}  # fmt: skip
    if any(values.get(name) for name in PERSON):
        memory |= _person(actor, entry, customer, made="made" in memory)
    if "made" in memory:
        memory["image"] = image(customer, IMAGE)
        return Written(Outcome.MADE, customer, memory)
    moved = memory["changed"]["after"] or "contact_made" in memory or "contact_changed" in memory
    return Written(Outcome.CHANGED if moved else Outcome.SKIPPED, customer, memory)


def undo(actor: Actor, memory: Mapping[str, Any]) -> None:
    """The person first, then the company. Raises `Conflict`, `InUse`."""
    if made := memory.get("made"):
        withdraw_customer(actor=actor, pk=made, kept=memory["image"], people=_people(memory))
        return
    if contact := memory.get("contact_made"):
        withdraw_contact(actor=actor, pk=contact, kept=memory["contact"])
    elif changed := memory.get("contact_changed"):
        _restore_contact(actor, changed)
    _restore_company(actor, memory["changed"])


def _person(actor: Actor, entry: Entry, customer: Customer, *, made: bool) -> dict[str, Any]:
    """Adds the row's person, or completes the one who has that address or name."""
    values, found = entry.line.values, None
    name = values.get("person") or customer.name
    if not made:
        people = Contact.objects.filter(customer=customer)
        found = people.filter(pk=entry.refs.get("contact") or 0).first() or people.filter(name=name).first()
    emails, phones = values.get("email", []), values.get("phone", [])
    chats: dict[str, str] = {IdentityKind.WECHAT: values["wechat"]} if "wechat" in values else {}
    if found is None:
        contact = actions.add_contact(
            actor=actor, customer=customer, name=name, emails=emails, phones=phones, chats=chats,
            job_title=values.get("job_title", ""),
        )  # fmt: skip
        return {"contact_made": contact.pk, "contact": contact_image(contact)}
    before = contact_image(found)
    has = {kind: [value for each, value in before["addresses"] if each == kind] for kind in IdentityKind.values}
    _update_contact(
        actor, found, name=values.get("person") or found.name, job_title=values.get("job_title") or found.job_title,
        emails=[*has[IdentityKind.EMAIL], *emails], phones=[*has[IdentityKind.PHONE], *phones],
        chats={kind: has[kind][0] for kind in has if has[kind] and kind not in {"email", "phone"}} | chats,
    )  # fmt: skip
    after = contact_image(found)
    return {"contact_changed": {"id": found.pk, "before": before, "after": after}} if before != after else {}


def contact_image(contact: Contact) -> dict[str, Any]:
    """A person with the addresses, main ones first."""
    rows = contact.identities.order_by("-is_primary", "pk").values_list("kind", "value")
    return {**image(contact, CONTACT_IMAGE), "addresses": [list(row) for row in rows]}


def _update_contact(actor: Actor, contact: Contact, **values: Any) -> None:
    same: dict[str, Any] = {
        "role": contact.role, "preferred_channel": contact.preferred_channel, "language": contact.language,
        "timezone": contact.timezone,
    }  # fmt: skip
    now = contact_image(contact)
    wanted = {tuple(pair) for pair in now["addresses"]}
    given = {("email", value) for value in values["emails"]} | {("phone", value) for value in values["phones"]}
    given |= {(str(kind), value) for kind, value in values["chats"].items()}
    if given == wanted and (values["name"], values["job_title"]) == (contact.name, contact.job_title):
        return
    actions.update_contact(actor=actor, contact=contact, **values, **same)


def _restore_contact(actor: Actor, changed: Mapping[str, Any]) -> None:
    contact = Contact.objects.filter(pk=changed["id"]).first()
    if contact is None or contact_image(contact) != dict(changed["after"]):
        raise Conflict(_("Somebody changed the contact since"))
    before = changed["before"]
    has = {kind: [value for each, value in before["addresses"] if each == kind] for kind in IdentityKind.values}
    _update_contact(
        actor, contact, name=before["name"], job_title=before["job_title"], emails=has["email"], phones=has["phone"],
        chats={kind: has[kind][0] for kind in has if has[kind] and kind not in {"email", "phone"}},
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
    write=write,
    undo=undo,
    known_by=gettext_lazy("number, registration code, email, phone, or the same name"),
    may_make=True,
    summary=gettext_lazy("A row is a company or a person. Rows of the same company bring several contacts."),
    icon="customer",
    order=10,
)
