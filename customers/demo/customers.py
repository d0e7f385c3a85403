"""The demo's customers: companies and private persons in both languages, with people and addresses."""

from __future__ import annotations

import datetime as dt
import random
from typing import NamedTuple

from crm.accounts.demo import person_name
from crm.accounts.models import User
from crm.activity.demo import History, place
from crm.core import names
from crm.core.actor import Actor, ActorKind
from crm.core.demo import Copy, DemoContext, Ids
from crm.core.models import Brand
from crm.core.numbering import next_numbers

from ..choices import CustomerKind, IdentityKind, Source, Stage
from ..models import Contact, Customer, Identity
from ..models.customers import NUMBER_SEQUENCE
from .names import (
    CITIES_EN,
    CITIES_ZH,
    INDUSTRIES,
    NOTES_EN,
    NOTES_ZH,
    SUFFIX_EN,
    SUFFIX_ZH,
    TITLES_EN,
    TITLES_ZH,
    WORDS_EN,
    WORDS_ZH,
)

#: Numbers that no telephone network gives out: Chinese ones by custom, British ones set aside for drama.
_PHONES_ZH = ("+86138000{:05}", 100_000)
_PHONES_EN = ("+447700900{:03}", 1000)
_COMPANIES = 0.72
_CHINESE = 0.55


class Requester(NamedTuple):
    """A person who may ask for something, with what a ticket copies."""

    contact_id: int
    customer_id: int
    name: str
    email: str
    phone: str
    language: str
    timezone: str
    city: str
    company: str
    industry: str
    since: dt.datetime


class _Face(NamedTuple):
    """What a made-up customer looks like."""

    name: str
    host: str
    industry: str
    city: str
    timezone: str
    address: str


class CustomerMaker:
    """Makes customers one after the other and sends them to their tables."""

    def __init__(self, context: DemoContext):
        self.now = context.now
        self.rng = context.rng("customers")
        self.history: History = context.made["history"]
        self.sales: list[User] = context.made["staff"].in_role("sales")
        common = {"brand_id": Brand.default().pk}
        self.customers = Copy(
            Customer,
            ("id", "number", "kind", "stage", "source", "owner_id", "department_id", "industry", "website", "address",
             "language", "timezone", "note", "name", "sort_key", "search_key", "created_at", "updated_at"),
            common,
        )  # fmt: skip
        self.contacts = Copy(
            Contact,
            ("id", "customer_id", "name", "sort_key", "search_key", "job_title", "language", "timezone", "is_primary",
             "created_at", "updated_at"),
        )  # fmt: skip
        self.identities = Copy(
            Identity,
            ("id", "contact_id", "kind", "value", "is_primary", "verified_at", "created_at", "updated_at"),
        )
        self.contact_ids, self.identity_ids = Ids(Contact), Ids(Identity)
        self.taken: set[str] = set()
        self.phones = {"zh-hans": 0, "en": 0}
        self.requesters: list[Requester] = []

    def make(self, customer_id: int, number: int, created_at: dt.datetime) -> None:
        """One customer with its people."""
        rng = self.rng
        language = "zh-hans" if rng.random() < _CHINESE else "en"
        chinese = language == "zh-hans"
        is_company = rng.random() < _COMPANIES
        face = _company(rng, chinese) if is_company else _person(rng, chinese)
        owner = rng.choice(self.sales) if is_company and rng.random() < 0.85 else None
        note = rng.choice(NOTES_ZH if chinese else NOTES_EN) if is_company and rng.random() < 0.25 else ""
        self.customers.add(
            customer_id, number, str(CustomerKind.COMPANY if is_company else CustomerKind.PERSON),
            self._stage(created_at), str(rng.choice((Source.STAFF, Source.IMPORT)) if is_company else Source.WEB_FORM),
            owner.pk if owner else None, owner.department_id if owner else None, face.industry,
            f"https://www.{face.host}" if is_company else "", face.address if is_company else "", language,
            face.timezone, note, face.name, names.sort_key(face.name), names.search_key(face.name), created_at,
            created_at,
        )  # fmt: skip
        creator = _actor(owner)
        subject = place(Customer, customer_id)
        people = rng.choices((1, 2, 3, 4), (45, 30, 17, 8))[0] if is_company else 1
        for position in range(people):
            contact_id = self.contact_ids.next()
            name = person_name(rng, chinese) if is_company else (face.name, face.host)
            self._contact(customer_id, contact_id, face, name, language, created_at, position, is_company)
            anchors = [place(Contact, contact_id)]
            if position == 0:
                person = Actor.contact(contact_id, name[0])
                author = creator if is_company else person
                self.history.tell(created_at, author, "customers.created", subject, anchors, {"name": face.name})
            if is_company:
                self.history.tell(
                    created_at + dt.timedelta(minutes=2 + position), creator, "customers.contact_added", subject,
                    anchors, {"name": name[0]},
                )  # fmt: skip

    def _contact(
        self,
        customer_id: int,
        contact_id: int,
        face: _Face,
        name: tuple[str, str],
        language: str,
        created_at: dt.datetime,
        position: int,
        is_company: bool,
    ) -> None:
        shown, mailbox = name
        rng, chinese = self.rng, language == "zh-hans"
        email = self._free(mailbox, face.host if is_company else f"{'mail' if chinese else 'post'}.example")
        phone = self._phone(language)
        self.contacts.add(
            contact_id, customer_id, shown, names.sort_key(shown), names.search_key(shown),
            rng.choice(TITLES_ZH if chinese else TITLES_EN) if is_company else "", language, face.timezone,
            position == 0, created_at, created_at,
        )  # fmt: skip
        verified = created_at + dt.timedelta(hours=1) if rng.random() < 0.9 else None
        self.identities.add(
            self.identity_ids.next(), contact_id, str(IdentityKind.EMAIL), email, True, verified, created_at, created_at
        )
        if phone:
            self.identities.add(
                self.identity_ids.next(), contact_id, str(IdentityKind.PHONE), phone, not email, None, created_at,
                created_at,
            )  # fmt: skip
        company = face.name if is_company else ""
        self.requesters.append(
            Requester(contact_id, customer_id, shown, email, phone, language, face.timezone, face.city, company,
                      face.industry, created_at)
        )  # fmt: skip

    def _free(self, mailbox: str, host: str) -> str:
        """A mail address nobody has yet."""
        address, number = f"{mailbox}@{host}", 1
        while address in self.taken:
            number += 1
            address = f"{mailbox}{number}@{host}"
        self.taken.add(address)
        return address

    def _phone(self, language: str) -> str:
        """The next fictional number; most people of a large demo have none, since there are few such numbers."""
        pattern, limit = _PHONES_ZH if language == "zh-hans" else _PHONES_EN
        number = self.phones[language]
        if number >= limit or self.rng.random() < 0.2:
            return ""
        self.phones[language] += 1
        return pattern.format(number)

    def _stage(self, created_at: dt.datetime) -> str:
        if self.now - created_at < dt.timedelta(days=45):
            return str(Stage.NEW)
        return str(self.rng.choices((Stage.ACTIVE, Stage.DORMANT, Stage.CHURNED), (80, 14, 6))[0])


def make_customers(context: DemoContext) -> None:
    """Customers from three years ago until now; leaves who may ask, oldest first, in `made["requesters"]`."""
    maker = CustomerMaker(context)
    rng = context.rng("customers.ages")
    ages = sorted((_age(rng) for _number in range(context.customers)), reverse=True)
    ids = Ids(Customer).take(context.customers)
    numbers = next_numbers(NUMBER_SEQUENCE, context.customers)
    context.progress.start("Customers", context.customers)
    for customer_id, number, age in zip(ids, numbers, ages, strict=True):
        maker.make(customer_id, number, context.now - age)
        context.progress.advance()
    for table in (maker.customers, maker.contacts, maker.identities):
        table.flush()
    context.made["requesters"] = maker.requesters


def _age(rng: random.Random) -> dt.timedelta:
    days = 380 + rng.random() * 700 if rng.random() < 0.6 else 1 + rng.random() * 379
    return dt.timedelta(seconds=int(days * 86_400))


def _company(rng: random.Random, chinese: bool) -> _Face:
    industry = rng.choice(INDUSTRIES)
    if chinese:
        city, pinyin, streets = rng.choice(CITIES_ZH)
        word = rng.choice(WORDS_ZH)
        name = f"{city}{word}{industry[0]}{rng.choice(SUFFIX_ZH)}"
        host = f"{names.sort_key(word).replace(' ', '')}-{pinyin}.example"
        address = f"{city}市{rng.choice(streets)}{rng.randint(2, 980)}号"
        return _Face(name, host, industry[0], city, "Asia/Shanghai", address)
    town, zone, streets = rng.choice(CITIES_EN)
    first, second = rng.sample(WORDS_EN, 2)
    pair = f"{first} & {second}" if rng.random() < 0.3 else first
    host = f"{first}-{second if '&' in pair else town}.example".lower()
    name = f"{pair} {industry[1]} {rng.choice(SUFFIX_EN)}"
    return _Face(name, host, industry[1], town, zone, f"{rng.randint(2, 240)} {rng.choice(streets)}, {town}")


def _person(rng: random.Random, chinese: bool) -> _Face:
    name, mailbox = person_name(rng, chinese)
    if chinese:
        return _Face(name, mailbox, "", rng.choice(CITIES_ZH)[0], "Asia/Shanghai", "")
    town, zone, _streets = rng.choice(CITIES_EN)
    return _Face(name, mailbox, "", town, zone, "")


def _actor(user: User | None) -> Actor:
    return Actor(ActorKind.STAFF, user.pk, user.name) if user else Actor.system()
