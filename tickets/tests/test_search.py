"""What is found, by whom, and how soon, through the results page and the palette."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from crm.core import sockets
from crm.core.actor import Actor, Scope
from crm.fields.tests.builders import make_field
from crm.jobs import runners
from crm.jobs.models import Job
from crm.search import indexing, selectors, words
from crm.search.declarations import search_documents
from crm.search.models import SearchEntry
from crm.testing.builders import make_team
from crm.testing.builders import staff as acting
from crm.testing.queries import queries_as_before
from crm.testing.suites import signed_in, staff
from crm.ui import palette
from customers.actions import delete_customer, update_customer
from customers.tests.builders import make_contact, make_customer
from tickets.actions import add_note, update_ticket
from tickets.tests import builders as desk

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()


def found(query: str, key: str = "ticket", viewer: Actor = SYSTEM, **options: Any) -> list[str]:
    """Titles of the hits of one kind."""
    result = selectors.find(viewer, query, search_documents[key], limit=options.pop("limit", 20), **options)
    return [document.title for document in result.documents]


def ticket(subject: str, text: str = "It is offline.", **values: Any) -> Any:
    made = desk.submit(subject=subject, description=text, **values)
    desk.deliver()
    return made


def customer(company: str, **person: Any) -> Any:
    made = make_customer(company)
    if person:
        make_contact(made, **person)
    desk.deliver()
    return made


@pytest.mark.parametrize(
    "query",
    ["打", "打印机", "脱机", "dayinji", "dyj", "  打印机 脱机 ", "打印机，脱机！", "蓝牙", "适配器", "Firmware",
     "firm", "3390", "王小明", "wangxiaoming", "wxm", "SO-2026-77123", "so-2026", "77123", "ming@example.test", "MING@",
     "6789"],
)  # fmt: skip
def test_a_ticket_is_found_by_whatever_is_known_of_it(query: str) -> None:
    ticket("打印机脱机", "蓝牙适配器 E3390 / 3390，firmware 2.1，订单 SO-2026-77123。", name="王小明",
           email="ming@example.test", phone="13912346789")  # fmt: skip
    ticket("Coffee is cold", "Nothing of the kind.")
    assert found(query) == ["打印机脱机"]


@pytest.mark.parametrize(
    "query",
    ["海川", "海", "haichuan", "qdhc", "青岛海川", "李娜", "lina", "5544", "139 0000 5544", "li.na@haichuan.test"],
)
def test_a_customer_is_found_by_name_people_phone_tail_and_mail(query: str) -> None:
    customer("青岛海川有限公司", name="李娜", emails=["li.na@haichuan.test"], phones=["13900005544"])
    customer("Bluebell Ltd", name="Nora Shaw", emails=["nora@bluebell.test"], phones=["13900001122"])
    assert found(query, "customer") == ["青岛海川有限公司"]


@pytest.mark.parametrize("query", ["invoice", "invioce", "invoise", "Corect invioce", "Correct INVOICE"])
def test_english_words_forgive_a_slip(query: str) -> None:
    ticket("Please correct invoice 12")
    ticket("Scanner jams")
    assert found(query) == ["Please correct invoice 12"]


def test_the_very_number_comes_first_whatever_is_newer() -> None:
    wanted = ticket("Old one")
    ticket("Newer", f"see {wanted.number} please")
    for query in (str(wanted.number), f"#{wanted.number}"):
        assert found(query)[0] == "Old one"
    company = customer("Numbered")
    for query in (f"C-{company.number}", f"c{company.number}", str(company.number)):
        assert found(query, "customer") == ["Numbered"]


def test_newest_first_in_pages_and_since_a_moment() -> None:
    for number in range(5):
        ticket(f"Broken hinge {number}")
    assert found("hinge", limit=2) == ["Broken hinge 4", "Broken hinge 3"]
    assert found("hinge", limit=2, page=3) == ["Broken hinge 0"]
    middle = SearchEntry.objects.filter(kind=150).order_by("at").values_list("at", flat=True)[2]
    assert len(found("hinge", since=middle)) == 3


def test_everything_said_is_found_soon_after_notes_included() -> None:
    team = make_team()
    agent = desk.make_agent(team)
    made = ticket("Silent", request_type=desk.make_request_type(team=team))
    desk.answered(agent, made, "Please replace the gasket.")
    add_note(actor=acting(agent), ticket=made, body="内部：客户很着急", form_key=desk.key())
    assert found("gasket") == []
    desk.deliver()
    assert found("gasket") == found("着急") == ["Silent"]


def test_an_answer_is_found_and_once_corrected_only_the_new_one() -> None:
    make_field("order_number", "order_number")
    made = ticket("Where is it?")
    for said in ("SO-2026-55501", "SO-2026-55502"):
        update_ticket(actor=SYSTEM, ticket=made, values={"custom_order_number": said})
        desk.deliver()
        assert found(said) == ["Where is it?"]
    assert found("SO-2026-55501") == []


def test_rights_decide_what_appears() -> None:
    ours, theirs = make_team(), make_team()
    ticket("Hinge of ours", request_type=desk.make_request_type(team=ours))
    ticket("Hinge of theirs", request_type=desk.make_request_type(team=theirs))
    member = acting(desk.make_agent(ours, role="agent"))
    assert member.scope("tickets") <= Scope.TEAM
    assert found("hinge", viewer=member) == ["Hinge of ours"]
    assert found("hinge", viewer=acting(staff("tickets.view"))) == ["Hinge of theirs", "Hinge of ours"]
    assert found("hinge", viewer=acting(staff("customers.view"))) == []
    assert found("hinge", viewer=Actor.guest()) == []


def test_a_renamed_customer_is_found_by_the_new_name_on_its_tickets_too(monkeypatch: pytest.MonkeyPatch) -> None:
    made = ticket("Hinge", name="Nora Shaw")
    for at_once in (20, 0):
        monkeypatch.setattr(indexing, "AT_ONCE", at_once)
        name = f"Renamed {'once' if at_once else 'later'}"
        update_customer(actor=SYSTEM, customer=made.customer, values={"name": name})
        desk.deliver()
        while indexing.refresh_stale():
            pass
        assert found(name) == ["Hinge"] and found(name, "customer") == [name]


def test_what_is_deleted_is_gone_from_the_index() -> None:
    made = customer("Vanishing Ltd")
    delete_customer(actor=SYSTEM, customer=made)
    assert found("vanishing", "customer") == []
    desk.deliver()
    assert not SearchEntry.objects.filter(object_id=made.pk, kind=sockets.kinds["customer"].code).exists()


@pytest.mark.parametrize(
    "query",
    ["'", "''; DROP TABLE x; --", "a & | ! ( ) :*", "\\", "\\' & 'x", "<->", "%", "_", "%%%___", "@", "'@'", "x@y'\\",
     "😀", "\u202e", "(" * 500, "字" * 500, "a b " * 300, "{}", "{hinge", '"hinge', "hinge:*A", "NULL",
     "９９９９", "٣٣٣٣", "①", "99999999999999999999999999", "+0000", "-" * 40],
)  # fmt: skip
def test_no_query_is_syntax(query: str, client: Client) -> None:
    ticket("Hinge's end")
    browser = signed_in(staff("tickets.view", "customers.view"))
    assert browser.get(reverse("search:results"), {"q": query}).status_code == 200
    assert browser.get(reverse("ui:palette"), {"q": query}).status_code == 200


@pytest.mark.parametrize("query", ["\ud800", "\x00", "\x00' & x"])
def test_what_no_text_may_hold_finds_nothing(query: str) -> None:
    assert found(query) == []


def test_signs_are_not_wildcards() -> None:
    ticket("Hinge")
    assert found("%") == found("_") == found("h%e") == []


def test_the_page_shows_tabs_marks_and_filters() -> None:
    ticket("Hinge <b>loose</b>", "The hinge & the door.")
    company = customer("Hinge & Sons")
    browser = signed_in(staff("tickets.view", "customers.view"))
    page = browser.get(reverse("search:results"), {"q": "hinge"}).content.decode()
    assert "<mark>Hinge</mark> &lt;b&gt;loose" in page and "The <mark>hinge</mark> &amp; the door." in page
    assert f"/customers/{company.number}/" in page
    only = browser.get(reverse("search:results"), {"q": "hinge", "kind": "customer", "since": "7", "page": "x"})
    assert "Sons" in only.content.decode() and "loose" not in only.content.decode()
    for values in ({}, {"q": "nothing of it"}, {"q": "hinge", "kind": "nope", "since": "-1", "page": "99999"}):
        assert browser.get(reverse("search:results"), values).status_code == 200
    closed = signed_in(staff()).get(reverse("search:results"), {"q": "hinge"})
    assert closed.status_code == 200 and "loose" not in closed.content.decode()


def test_a_search_that_takes_too_long_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import OperationalError

    def give_up(*_args: Any, **_options: Any) -> None:
        raise OperationalError("canceling statement due to statement timeout")

    monkeypatch.setattr(selectors, "_visible", give_up)
    browser = signed_in(staff("tickets.view"))
    assert b"took too long" in browser.get(reverse("search:results"), {"q": "hinge"}).content
    assert browser.get(reverse("ui:palette"), {"q": "hinge"}).status_code == 200


def test_the_palette_uses_the_index_and_leads_to_the_page() -> None:
    for number in range(8):
        ticket(f"打印机脱机 {number}")
    groups = {group.key: group for group in palette.find(SYSTEM, "打印机")}
    hits = groups["tickets"].hits
    assert [hit.label for hit in hits[:5]] == [f"打印机脱机 {number}" for number in (7, 6, 5, 4, 3)]
    assert hits[5].url.startswith("/search/?q=")


def test_queries() -> None:
    for number in range(6):
        ticket(f"Hinge {number}")
        customer(f"Hinge {number}", name="Nora", emails=[f"nora{number}@hinge.test"], phones=[])
    browser = signed_in(staff("tickets.view", "customers.view"))
    browser.get(reverse("search:results"), {"q": "hinge"})
    with queries_as_before("search.results", limit=25):
        browser.get(reverse("search:results"), {"q": "hinge"})


def test_common_words_are_cut_at_the_newest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selectors, "PROBE", 3)
    monkeypatch.setattr(selectors, "NEWEST", 3)
    first = ticket("Hinge 0")
    for number in range(1, 6):
        ticket(f"Hinge {number}")
    result = selectors.find(SYSTEM, "hinge", search_documents["ticket"], limit=20)
    assert result.is_cut and [document.title for document in result.documents] == ["Hinge 5", "Hinge 4", "Hinge 3"]
    assert found(f"#{first.number}")[0] == "Hinge 0"


def test_reindexing_completes_refreshes_and_forgets() -> None:
    ticket("Hinge")
    customer("Hinge Ltd")
    code = sockets.kinds["ticket"].code
    SearchEntry.objects.filter(kind=code).delete()
    SearchEntry.objects.update(tokenizer_version=0, title_key="", tokens="")
    SearchEntry.objects.create(
        kind=code, object_id=9_999_999, number="1", title_key="", bigrams=[], tokens="'hinge'", tokenizer_version=1,
        at=SearchEntry.objects.values_list("at", flat=True)[0],
    )  # fmt: skip
    call_command("reindexsearch", "--job", stdout=StringIO())
    job = Job.objects.get(kind="search.reindex")
    runners.run(job.pk)
    job.refresh_from_db()
    assert job.state == "done", job.error
    assert found("hinge") == ["Hinge"] and found("hinge", "customer") == ["Hinge Ltd"]
    assert not SearchEntry.objects.exclude(tokenizer_version=words.VERSION).exists()
    assert not SearchEntry.objects.filter(object_id=9_999_999).exists()
    before = SearchEntry.objects.count()
    call_command("reindexsearch", "--all", stdout=StringIO())
    assert SearchEntry.objects.count() == before


def test_the_sweep_brings_in_what_no_deed_did() -> None:
    ticket("Hinge")
    SearchEntry.objects.all().delete()
    assert sockets.sweeps["search.missing"].run() >= 1
    assert found("hinge") == ["Hinge"]


def test_very_long_texts_fit() -> None:
    words_of_it = " ".join(f"word{number}" for number in range(6000))
    made = ticket("Long", words_of_it[:49_000])
    assert found("word17") == ["Long"]
    assert SearchEntry.objects.filter(object_id=made.pk).exists()
