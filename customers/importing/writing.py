"""Rows of customers are written together: the companies, then their people, then what an undo needs of both."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from crm.core.actor import Actor
from crm.exchange.choices import Outcome
from crm.exchange.declarations import Entry, Written
from crm.exchange.memory import images
from crm.fields.forms import PREFIX

from ..actions.customers import create_customers, update_customers
from ..actions.people import NewPerson, add_contacts, update_contact
from ..choices import IdentityKind, Source
from ..models import Contact, Customer, Identity

COMPANY = ("name", "kind", "stage", "industry", "website", "address", "owner", "note", "registration_code")
IMAGE = (*COMPANY, "custom")
PERSON = ("person", "job_title", "email", "phone", "wechat")
CONTACT_IMAGE = ("name", "job_title", "customer", "custom")
#: How the keys of columns begin that are custom fields of the person.
PART = "contact_"
OF_PERSON = PART + PREFIX


@dataclass(slots=True)
class _Row:
    """An entry on its way. customer: made or found. memory: what its undo needs, as it grows."""

    entry: Entry
    customer: Customer
    memory: dict[str, Any] = field(default_factory=dict)

    @property
    def values(self) -> dict[str, Any]:
        return self.entry.line.values

    @property
    def has_person(self) -> bool:
        return any(self.values.get(name) for name in PERSON) or bool(self.answers)

    @property
    def answers(self) -> dict[str, Any]:
        """What the row says in the custom fields of its person."""
        return {key.removeprefix(OF_PERSON): value for key, value in self.values.items() if key.startswith(OF_PERSON)}

    @property
    def person(self) -> str:
        """The name of its person; of a row without one, the company's own."""
        return self.values.get("person") or self.customer.name


def write_many(actor: Actor, entries: Sequence[Entry]) -> list[Written]:
    """Makes or changes the companies, then their people, by the same actions as the pages; all or none."""
    rows = _made(actor, [entry for entry in entries if entry.found is None])
    made = {row.entry.line.number for row in rows}
    rows += _changed(actor, [entry for entry in entries if entry.found is not None])
    _bring_people(actor, [row for row in rows if row.has_person], made)
    kept = images([row.customer for row in rows if row.entry.line.number in made], IMAGE)
    found: dict[int, Written] = {}
    for row in rows:
        memory = row.memory
        if row.entry.line.number in made:
            memory["image"] = kept[row.customer.pk]
            outcome = Outcome.MADE
        else:
            moved = memory["changed"]["after"] or "contact_made" in memory or "contact_changed" in memory
            outcome = Outcome.CHANGED if moved else Outcome.SKIPPED
        found[row.entry.line.number] = Written(outcome, row.customer, memory)
    return [found[entry.line.number] for entry in entries]


def contact_image(contact: Contact) -> dict[str, Any]:
    """A person with the addresses, main ones first."""
    return contact_images([contact])[contact.pk]


def contact_images(contacts: Sequence[Contact]) -> dict[int, dict[str, Any]]:
    """Id → image of a person, in two looks."""
    addresses: dict[int, list[list[str]]] = defaultdict(list)
    rows = Identity.objects.filter(contact__in=contacts).order_by("-is_primary", "pk")
    for pk, kind, value in rows.values_list("contact_id", "kind", "value"):
        addresses[pk].append([kind, value])
    found = images(contacts, CONTACT_IMAGE)
    return {pk: {**kept, "addresses": addresses[pk]} for pk, kept in found.items()}


def given(entry: Entry) -> dict[str, Any]:
    """The row's values that are the company's."""
    values = entry.line.values
    return {key: values[key] for key in values if key in COMPANY or key.startswith(PREFIX)}


def update_person(actor: Actor, contact: Contact, *, answers: Mapping[str, Any], **values: Any) -> None:
    """By `update_contact`, when something differs; the rest of the person stays. values: as that takes them."""
    same: dict[str, Any] = {
        "role": contact.role, "preferred_channel": contact.preferred_channel, "language": contact.language,
        "timezone": contact.timezone,
    }  # fmt: skip
    wanted = {("email", value) for value in values["emails"]} | {("phone", value) for value in values["phones"]}
    wanted |= {(str(kind), value) for kind, value in values["chats"].items()}
    present = {tuple(pair) for pair in contact_image(contact)["addresses"]}
    answered = all(contact.custom.get(key) == value for key, value in answers.items())
    if answered and wanted == present and (values["name"], values["job_title"]) == (contact.name, contact.job_title):
        return
    update_contact(actor=actor, contact=contact, answers=answers, **values, **same)


def addresses_of(image: dict[str, Any]) -> dict[str, list[str]]:
    """Kind → values of an image."""
    return {kind: [value for each, value in image["addresses"] if each == kind] for kind in IdentityKind.values}


def chats_of(has: dict[str, list[str]]) -> dict[str, str]:
    return {kind: has[kind][0] for kind in has if has[kind] and kind not in {"email", "phone"}}


def _made(actor: Actor, entries: Sequence[Entry]) -> list[_Row]:
    if not entries:
        return []
    values = [{**given(entry), "source": Source.IMPORT} for entry in entries]
    customers = create_customers(actor=actor, rows=values)
    pairs = zip(entries, customers, strict=True)
    return [_Row(entry, customer, {"made": customer.pk}) for entry, customer in pairs]


def _changed(actor: Actor, entries: Sequence[Entry]) -> list[_Row]:
    """Rows of one customer follow each other, so that each remembers what stood there before it."""
    rows: list[_Row] = []
    while entries:
        turn = {entry.found.pk: entry for entry in reversed(entries) if entry.found is not None}
        now = [entry for entry in entries if turn[entry.found.pk] is entry]  # type: ignore[union-attr]
        entries = [entry for entry in entries if turn[entry.found.pk] is not entry]  # type: ignore[union-attr]
        before = images([entry.found for entry in now if entry.found is not None], IMAGE)
        pairs = [(entry.found, given(entry)) for entry in now]
        customers = update_customers(actor=actor, rows=pairs)  # type: ignore[arg-type]
        after = images(customers, IMAGE)
        for entry, customer in zip(now, customers, strict=True):
            sides = before[customer.pk], after[customer.pk]
            moved = [name for name in IMAGE if sides[0][name] != sides[1][name]]
            memory = {"id": customer.pk, "before": {name: sides[0][name] for name in moved},
                      "after": {name: sides[1][name] for name in moved}}  # fmt: skip
            rows.append(_Row(entry, customer, {"changed": memory}))
    return rows


def _bring_people(actor: Actor, rows: Sequence[_Row], made: set[int]) -> None:
    """Adds the rows' people, or completes those who have that address or name."""
    known = _known_people([row for row in rows if row.entry.line.number not in made])
    fresh = [row for row in rows if row.entry.line.number not in known]
    people = add_contacts(actor=actor, rows=[(row.customer, _new_person(row)) for row in fresh]) if fresh else []
    kept = contact_images(people) if people else {}
    for row, contact in zip(fresh, people, strict=True):
        row.memory |= {"contact_made": contact.pk, "contact": kept[contact.pk]}
    before = contact_images(list(known.values())) if known else {}
    for row in rows:
        contact = known.get(row.entry.line.number)
        if contact is None or not _differs(row, before[contact.pk]):
            continue
        contact.refresh_from_db()
        _complete(actor, row, contact)


def _known_people(rows: Sequence[_Row]) -> dict[int, Contact]:
    """Number of a row → the person of its customer whom it means: who has its address, else who has the name."""
    if not rows:
        return {}
    refs = {row.entry.refs.get("contact") for row in rows} - {None}
    found = Contact.objects.filter(customer__in={row.customer.pk for row in rows}).order_by("pk")
    by_id: dict[tuple[int, int], Contact] = {}
    by_name: dict[tuple[int, str], Contact] = {}
    for contact in found.filter(Q(pk__in=refs) | Q(name__in={row.person for row in rows})):
        by_id[contact.customer_id, contact.pk] = contact
        by_name.setdefault((contact.customer_id, contact.name), contact)
    known = {}
    for row in rows:
        by_address = by_id.get((row.customer.pk, row.entry.refs.get("contact") or 0))
        if (contact := by_address or by_name.get((row.customer.pk, row.person))) is not None:
            known[row.entry.line.number] = contact
    return known


def _new_person(row: _Row) -> NewPerson:
    values = row.values
    chats: dict[str, str] = {IdentityKind.WECHAT: values["wechat"]} if "wechat" in values else {}
    return NewPerson(
        row.person, values.get("email", []), values.get("phone", []), chats, values.get("job_title", ""),
        answers=row.answers,
    )  # fmt: skip


def _differs(row: _Row, image: dict[str, Any]) -> bool:
    """Whether the row says anything of its person that the image does not."""
    values, person = row.values, _new_person(row)
    present = {tuple(pair) for pair in image["addresses"]}
    said = {("email", each) for each in person.emails} | {("phone", each) for each in person.phones}
    said |= {(str(kind), each) for kind, each in person.chats.items()}
    words = ((values.get("person"), image["name"]), (values.get("job_title"), image["job_title"]))
    if any(image["custom"].get(key) != value for key, value in person.answers.items()):
        return True
    return not said <= present or any(word and word != now for word, now in words)


def _complete(actor: Actor, row: _Row, contact: Contact) -> None:
    values, person, before = row.values, _new_person(row), contact_image(contact)
    has = addresses_of(before)
    update_person(
        actor, contact, name=values.get("person") or contact.name, job_title=person.job_title or contact.job_title,
        emails=[*has[IdentityKind.EMAIL], *person.emails], phones=[*has[IdentityKind.PHONE], *person.phones],
        chats=chats_of(has) | dict(person.chats), answers=person.answers,
    )  # fmt: skip
    after = contact_image(contact)
    if before != after:
        row.memory["contact_changed"] = {"id": contact.pk, "before": before, "after": after}
