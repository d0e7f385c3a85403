"""Landing pages: what visitors see and send, what becomes of it, and what staff do."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from crm.activity.dispatch import dispatch
from crm.core.actor import Actor, Scope
from crm.core.errors import Conflict, Invalid
from crm.core.sockets import handovers
from crm.fields import catalogue
from crm.fields.tests.builders import make_field
from crm.files.models import Attachment
from crm.files.tests.builders import picture
from crm.testing.suites import DetailSuite, ListSuite, signed_in, staff
from crm.ui.public_forms import TRAP
from customers.actions import save_product
from customers.choices import ConsentChannel
from customers.models import Consent
from marketing.actions import landing as actions
from marketing.actions.bin import delete_page, erase_page
from marketing.choices.landing import PageStatus
from marketing.exceptions import WrongPageState
from marketing.models import LandingDay, LandingPage, LandingSubmission
from marketing.selectors.landing import results
from sales import actions as sales
from sales.models import Lead, LeadSettings

from .landing_builders import SYSTEM, make_page, page_content, sent, words

pytestmark = pytest.mark.django_db
ALL = ("landing.view", "landing.create", "landing.publish")
PERSON = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140"}
ROBOT = {"User-Agent": "Googlebot/2.1"}


@pytest.fixture(autouse=True)
def _at_leisure() -> None:
    """Nobody waits in a test."""
    LeadSettings.objects.update(min_form_seconds=0)


def drawn(response: Any) -> str:
    return str(response.content.decode())


class TestVisitors:
    def test_a_form_becomes_a_lead_with_consent_and_the_way_here(self, client: Any) -> None:
        make_field("text", key="volume", kind="lead")
        make_field("text", key="secret", kind="lead", is_staff_only=True)
        with pytest.raises(Invalid):
            make_page(content=page_content(custom=["secret"]))
        page = make_page(channels=["email", "sms"], content=page_content(custom=["volume"]))
        shown = drawn(client.get(f"{page.path}?utm_source=fair&utm_campaign=spring", headers=PERSON))
        assert "Cold chain" in shown and "<strong>cool</strong>" in shown and shown.count("<h1") == 1
        assert 'name="utm_source" value="fair"' in shown and "custom_volume" in shown and "custom_secret" not in shown
        assert "csp" not in shown and " style=" not in shown and "job_title" not in shown
        response = client.post(
            page.path, sent(utm_source="fair", utm_campaign="spring", channels=["email", "chat"], custom_volume="40 t")
        )
        assert response.status_code == 422, "a channel that the page does not offer"
        response = client.post(
            page.path, sent(utm_source="fair", utm_campaign="spring", channels=["email"], custom_volume="40 t"),
            headers={"Accept-Language": "zh-CN"},
        )  # fmt: skip
        assert response.status_code == 302 and "/thanks/" in response["Location"]
        assert "Somebody who knows" in drawn(client.get(response["Location"], {"lang": "en"}))
        lead, form = Lead.objects.get(), LandingSubmission.objects.get()
        assert (lead.source, lead.campaign, lead.language) == ("landing", "spring", "zh-hans")
        assert lead.utm["utm_source"] == "fair" and lead.in_pool and lead.score > 0 and lead.consented_at
        assert lead.custom == {"volume": "40 t"}
        assert (form.page, form.lead, form.source, form.is_new_lead) == (page, lead, "fair", True)
        assert form.consents == {"v": 1, "email": page.advertising["zh-hans"]} and form.consent_version == 1

    def test_the_same_person_again_is_one_lead_with_a_first_and_a_last_touch(self, client: Any) -> None:
        page = make_page()
        client.post(page.path, sent(utm_source="fair"))
        client.post(page.path, sent("landing-form-key-0002", utm_source="mail", message="And now?"))
        client.post(page.path, sent("landing-form-key-0002", utm_source="mail", message="And now?"))
        lead = Lead.objects.get()
        assert lead.utm == {"v": 1, "utm_source": "fair", "last": {"utm_source": "mail"}}
        assert list(LandingSubmission.objects.order_by("pk").values_list("source", "is_new_lead")) == [
            ("fair", True), ("mail", False),
        ]  # fmt: skip

    def test_consent_goes_over_to_the_person_once(self, client: Any) -> None:
        page = make_page(channels=["email"])
        client.post(page.path, sent(channels=["email"]))
        lead = sales.convert_lead(actor=SYSTEM, lead=Lead.objects.get())
        for _twice in range(2):
            actions.carry_consents(actor=SYSTEM, lead_id=lead.pk)
        while dispatch("default") or dispatch("urgent"):
            pass
        (row,) = Consent.objects.filter(contact=lead.converted_contact, channel=ConsentChannel.EMAIL)
        assert row.granted and row.text == page.advertising["en"] and row.text_version == 1

    def test_only_what_is_published_answers(self, client: Any) -> None:
        draft, page = make_page(publish=False), make_page()
        editor = signed_in(staff(*ALL))
        assert client.get(draft.path).status_code == client.post(draft.path, sent()).status_code == 404
        assert editor.get(draft.path).status_code == 404, "not even for staff: they have the preview"
        assert client.get(page.path).status_code == 200
        actions.save_content(actor=SYSTEM, page=page, content=page_content(title=words("Brand new heading")))
        assert "Brand new heading" not in drawn(client.get(page.path)), "edits wait for the next publication"
        actions.publish_page(actor=SYSTEM, record=page)
        assert "Brand new heading" in drawn(client.get(page.path))
        actions.archive_page(actor=SYSTEM, record=page)
        assert client.get(page.path).status_code == client.get(f"{page.path}thanks/").status_code == 404
        with pytest.raises(WrongPageState):
            actions.submit_page(actor=Actor.guest(), page=page, form_key="x" * 20, values={}, language="en")

    def test_each_language_by_address_and_what_search_engines_are_told(self, client: Any) -> None:
        page = make_page(description=words("Kept cool", "全程低温"), is_listed=False)
        response = client.get(page.path, {"lang": "zh-hans"})
        shown = drawn(response)
        assert "冷链方案" in shown and 'lang="zh-Hans"' in shown and "联系我们" in shown
        assert f'rel="canonical" href="{page.address}"' in shown and 'content="全程低温"' in shown
        assert shown.count('rel="alternate"') == 2 and response["X-Robots-Tag"] == "noindex"

    def test_machines_and_mistakes_leave_nothing_and_lose_nothing(self, client: Any) -> None:
        page = make_page(content=page_content(phone="no", message="required"))
        assert client.post(page.path, sent(**{TRAP: "x"})).status_code == 302
        wrong = client.post(page.path, sent(message="", name="Keep me", consent=""))
        assert wrong.status_code == 422 and "Keep me" in drawn(wrong) and "error-summary" in drawn(wrong)
        assert client.post(page.path, sent(email="")).status_code == 422, "without a phone number the mail is needed"
        LeadSettings.objects.update(min_form_seconds=60)
        assert client.post(page.path, sent()).status_code == 422, "too quick"
        LeadSettings.objects.update(min_form_seconds=0, limit_per_address_hour=1)
        assert client.post(page.path, sent()).status_code == 302
        often = client.post(page.path, sent("landing-form-key-0009"))
        assert often.status_code == 429 and "Retry-After" in often
        assert Lead.objects.count() == LandingSubmission.objects.count() == 1
        assert client.post(make_page(content={**page_content(), "blocks": page_content()["blocks"][:1]}).path, sent(
            "landing-form-key-0010")).status_code == 422, "a page without a form takes nothing"  # fmt: skip

    def test_visits_are_counted_by_source_without_staff_and_robots(self, client: Any) -> None:
        page = make_page()
        client.get(f"{page.path}?utm_source=WeChat", headers=PERSON)
        client.get(page.path, headers={**PERSON, "Referer": "https://www.shop.example/a?b=c"})
        client.get(page.path, headers={**PERSON, "Referer": f"http://testserver{page.path}"})
        client.get(page.path, headers=ROBOT)
        client.get(page.path, headers={**PERSON, "Sec-Purpose": "prefetch"})
        signed_in(staff(*ALL)).get(page.path, headers=PERSON)
        client.post(page.path, sent(utm_source="WeChat"))
        found = results(SYSTEM, page, days=7)
        assert {row.key: row.visits for row in found.sources} == {"wechat": 1, "shop.example": 1, "": 1}
        assert (found.total.visits, found.machines, found.total.submissions, found.total.leads) == (3, 2, 1, 1)
        assert found.total.rate == "33.3%" and len(found.days) == 7
        for number in range(actions.MOST_SOURCES + 5):
            actions.count_visit(actor=Actor.guest(), page=page, source=f"s{number}")
        assert LandingDay.objects.filter(page=page).count() <= actions.MOST_SOURCES + 1
        assert LandingDay.objects.get(page=page, source=actions.OTHER).visits > 1

    def test_a_page_costs_few_queries(self, client: Any, django_assert_max_num_queries: Any) -> None:
        page = make_page(channels=["email"])
        client.get(page.path, headers=PERSON)
        with django_assert_max_num_queries(9):
            client.get(page.path, headers=PERSON)


class TestEditing:
    def test_the_first_page_is_made_edited_and_published_by_its_author(self) -> None:
        client = signed_in(staff(*ALL, scope=Scope.OWN))
        made = client.post(
            reverse("landingpages:page_create"),
            {"name": "Cold", "slug": "Cold", "title_en": "Cold chain", "title_zh_hans": "冷链"},
        )
        page = LandingPage.objects.get(slug="cold")
        edit = reverse("landingpages:page_edit", args=[page.pk])
        assert made.status_code == 302 and made["Location"] == edit
        assert "我们能为您做什么" in drawn(client.get(edit))
        form = {"block": ["start1:heading"], "b-start1-text_en": "Typed", "b-start1-text_zh_hans": "",
                "b-start1-level": "title", "b-start1-align": "left"}  # fmt: skip
        added = client.post(edit, {**form, "block_op": "add:quote"})
        assert added.status_code == 200 and "Typed" in drawn(added) and drawn(added).count('name="block"') == 2
        shown = client.post(reverse("landingpages:page_preview", args=[page.pk]), form)
        assert "Typed</h1>" in drawn(shown)
        assert shown["X-Frame-Options"] == "SAMEORIGIN" and "frame-ancestors 'self'" in shown["Content-Security-Policy"]
        page.refresh_from_db()
        assert len(page.content["blocks"]) == 3, "neither stored anything"
        wrong = client.post(edit, {**form, "b-start1-text_en": ""})
        assert wrong.status_code == 422 and "b-start1-text" in drawn(wrong)
        assert client.post(edit, {**form, "publish": "1"}).status_code == 302
        page.refresh_from_db()
        assert page.is_published and page.live_content["blocks"][0]["values"]["text"] == {"en": "Typed"}
        taken = client.post(
            reverse("landingpages:page_create"), {"name": "Again", "slug": "cold", "title_en": "x", "title_zh_hans": ""}
        )
        assert taken.status_code == 422 and "Another landing page has this address" in drawn(taken)

    def test_a_picture_sent_with_any_button_is_kept_and_public_once_published(self, client: Any) -> None:
        page, editor = make_page(publish=False), signed_in(staff(*ALL))
        edit = reverse("landingpages:page_edit", args=[page.pk])
        file = SimpleUploadedFile("pump.png", picture(), "image/png")
        block = {"block": ["p1:picture"], "b-p1-alt_en": "A pump", "b-p1-picture": ""}
        kept = editor.post(edit, {**block, "b-p1-picture_file": file, "block_op": "add:divider"})
        uid = str(Attachment.objects.on("landing_page", page.pk).get().uid)
        assert f'value="{uid}" selected' in drawn(kept)
        assert editor.post(edit, {**block, "b-p1-picture": uid}).status_code == 302
        preview = reverse("files:attachment_preview", args=[uid])
        assert client.get(preview).status_code == 404 and editor.get(preview).status_code == 200
        page.refresh_from_db()
        actions.publish_page(actor=SYSTEM, record=page)
        assert client.get(preview).status_code == 200 and preview in drawn(client.get(page.path))
        copy = actions.duplicate_page(actor=SYSTEM, record=page)
        assert copy.status == PageStatus.DRAFT and copy.slug == f"{page.slug}-2"
        assert copy.content["blocks"][0]["values"]["picture"] not in ("", uid)
        text = SimpleUploadedFile("notes.txt", b"plain words", "text/plain")
        refused = editor.post(edit, {**block, "b-p1-picture_file": text})
        assert refused.status_code == 422 and "is no picture" in drawn(refused)

    def test_states_words_and_forms_are_guarded(self) -> None:
        page = make_page(publish=False, content={"v": 1, "blocks": []})
        with pytest.raises(Invalid):
            actions.publish_page(actor=SYSTEM, record=page)
        two = page_content()
        with pytest.raises(Invalid):
            actions.save_content(
                actor=SYSTEM, page=page, content={**two, "blocks": [*two["blocks"], {**two["blocks"][2], "id": "b9"}]}
            )
        with pytest.raises(Invalid) as refused:
            about = {"id": "a1", "type": "heading", "values": {"text": words("Dear {{contact.name|you}}")}}
            actions.save_content(actor=SYSTEM, page=page, content={"v": 1, "blocks": [about]})
        assert list(refused.value.fields) == ["a1.text"], "nothing is known of a visitor"
        for slug in ("", "Ä", "a/b", "x" * 61):
            with pytest.raises(Invalid):
                actions.update_page(actor=SYSTEM, record=page, values={"slug": slug})
        for verb in (actions.unpublish_page, actions.restore_page):
            with pytest.raises(WrongPageState):
                verb(actor=SYSTEM, record=page)
        changed = actions.update_page(actor=SYSTEM, record=page, values={"advertising": words("Other words")})
        assert changed.advertising_version == 2

    def test_what_a_page_names_may_go_and_the_page_says_so(self, client: Any) -> None:
        field = make_field("text", key="volume", kind="lead")
        product = save_product(
            actor=SYSTEM, values={"code": "LP-1", "name": words("Label printer"), "price": 9, "currency": "CNY"}
        )
        content = page_content(custom=["volume"])
        sold = {"id": "p1", "type": "product", "values": {"product": product.pk, "show": "price"}}
        page = make_page(content={**content, "blocks": [*content["blocks"], sold]})
        assert product.name["en"] in drawn(client.get(page.path))
        field.is_active = product.is_active = False
        field.save()
        product.save()
        catalogue.changed()
        catalogue.forget()
        shown = drawn(client.get(page.path))
        assert product.name["en"] not in shown and "custom_volume" not in shown and "Cold chain" in shown
        actions.unpublish_page(actor=SYSTEM, record=page)
        with pytest.raises(Invalid, match="no longer right"):
            actions.publish_page(actor=SYSTEM, record=page)

    def test_results_open_their_records(self, client: Any) -> None:
        page = make_page()
        client.get(f"{page.path}?utm_source=fair", headers=PERSON)
        client.post(page.path, sent(utm_source="fair"))
        reader = signed_in(staff("landing.view", "leads.view"))
        shown = drawn(reader.get(page.get_absolute_url()))
        assert "100.0" in shown and "1 of 1 visits" in shown and "data:image/svg+xml" in shown
        link = re.search(r'href="(/marketing/pages/forms/\?page=[^"]+source=fair)"', shown)
        assert link is not None
        rows = drawn(reader.get(link[1].replace("&amp;", "&")))
        lead = Lead.objects.get()
        assert f'href="{reverse("leads:lead_detail", args=[lead.number])}"' in rows
        hidden = drawn(signed_in(staff("landing.view")).get(link[1].replace("&amp;", "&")))
        assert lead.label in hidden and lead.name not in hidden
        assert reader.get(reverse("landingpages:page_qr", args=[page.pk, "png"])).content.startswith(b"\x89PNG")


def test_a_leavers_pages_go_to_a_colleague_and_back() -> None:
    leaver, colleague = staff(*ALL), staff(*ALL)
    page, away = make_page(owner=leaver), make_page(owner=leaver)
    actions.archive_page(actor=SYSTEM, record=away)
    entry = handovers["landing_pages"]
    assert list(entry.rows(SYSTEM, leaver)) == [page], "what is put away stays"
    memory = entry.move(SYSTEM, page, colleague)
    assert LandingPage.objects.get(pk=page.pk).owner == colleague
    entry.undo(SYSTEM, leaver, page.pk, memory)
    assert LandingPage.objects.get(pk=page.pk).owner == leaver
    with pytest.raises(Conflict):
        entry.undo(SYSTEM, leaver, page.pk, memory)


class TestPageList(ListSuite):
    url_name, permission = "landingpages:page_list", "landing.view"

    def make(self, count: int) -> list[Any]:
        return [make_page(publish=bool(number % 2)) for number in range(count)]


class TestPageDetail(DetailSuite):
    url_name, permission = "landingpages:page_detail", "landing.view"

    def make_one(self) -> Any:
        return make_page()


def test_days_are_the_companys(django_assert_num_queries: Any) -> None:
    page = make_page()
    day = actions.company_day(page.brand)
    LandingDay.objects.create(page=page, day=day - dt.timedelta(days=30), source="", visits=5)
    LandingDay.objects.create(page=page, day=day - dt.timedelta(days=29), source="", visits=7)
    with django_assert_num_queries(3):
        assert results(SYSTEM, page, days=30).total.visits == 7


def test_a_deleted_page_answers_no_more_is_found_in_the_bin_and_comes_back(client: Any) -> None:
    page = make_page(name="冷链落地页", slug="cold-chain")
    client.post(page.path, sent())
    dispatch("default")
    marketer = signed_in(staff("landing.delete", *ALL))
    hits = lambda: drawn(marketer.get("/search/", {"q": "lenglian"}))  # noqa: E731
    assert f"/marketing/pages/{page.pk}/" in hits()
    assert signed_in(staff(*ALL)).post(f"/marketing/pages/{page.pk}/delete/").status_code == 403
    assert marketer.post(f"/marketing/pages/{page.pk}/delete/").status_code == 302
    dispatch("default")
    assert (
        client.get(page.path).status_code == 404
        and client.post(page.path, sent("another-key-000001")).status_code == 404
    )
    assert f"/marketing/pages/{page.pk}/" not in hits() and marketer.get(page.get_absolute_url()).status_code == 404
    assert "冷链落地页" in drawn(marketer.get("/settings/recycle-bin/"))
    taken = make_page(slug="cold-chain")
    assert marketer.post("/settings/recycle-bin/restore/", {"only": f"landing_page:{page.pk}"}).status_code == 302
    assert not LandingPage.objects.filter(pk=page.pk).exists(), "its address has gone to another"
    actions.update_page(actor=SYSTEM, record=taken, values={"slug": "other"})
    marketer.post("/settings/recycle-bin/restore/", {"only": f"landing_page:{page.pk}"})
    assert client.get(page.path).status_code == 200 and LandingSubmission.objects.filter(page=page).count() == 1
    delete_page(actor=SYSTEM, record=page)
    erase_page(actor=SYSTEM, record=page)
    assert Lead.objects.count() == 1 and not LandingPage.all_objects.filter(pk=page.pk).exists()


HOSTILE = (
    {"name": "<script>alert(1)</script>\r\nBcc: all@example.test"}, {"message": "A" * 300_000},
    {"name": "\x00\x1b[31mEve\u202e"}, {"email": "eve@example.test\r\nBcc: x@example.test"}, {"phone": "1" * 500},
    {"utm_source": "x" * 5000, "utm_campaign": "<img src=x onerror=alert(1)>", "from": "https://evil.example/\r\nX: 1"},
    {"form_key": "../../etc", "opened_token": "forged"}, {"channels": ["email", "email", "none"]},
    {"custom_secret": "1"},
)  # fmt: skip


def test_whatever_a_stranger_sends_is_stored_as_words_or_refused(client: Any) -> None:
    page = make_page(channels=["email"])
    for number, wrong in enumerate(HOSTILE):
        answer = client.post(page.path, {**sent(f"landing-form-key-h{number:03d}"), **wrong, "email": wrong.get(
            "email", f"eve{number}@example.test")})  # fmt: skip
        assert answer.status_code in {302, 422}, wrong
        assert "<script>alert" not in drawn(answer) and "onerror=alert(1)>" not in drawn(answer), wrong
    for lead in Lead.objects.all():
        assert not re.search(r"[\x00-\x08\x1b\r\n\u202e]", f"{lead.name}{lead.email}{lead.utm}"), lead.name
        assert len(lead.message) <= 10_000 and lead.custom == {}
    staff_page = drawn(signed_in(staff("leads.view", "leads.manage")).get("/sales/leads/"))
    assert "<script>alert" not in staff_page
    made = LandingSubmission.objects.count()
    first = client.post(page.path, sent("double-submit-key-01", email="twice@example.test"))
    again = client.post(page.path, sent("double-submit-key-01", email="twice@example.test"))
    other = client.post(page.path, sent("double-submit-key-01", email="twice@example.test", message="Changed"))
    assert (first.status_code, again.status_code, other.status_code) == (302, 302, 409)
    assert (
        LandingSubmission.objects.count() == made + 1 and Lead.objects.filter(email="twice@example.test").count() == 1
    )
