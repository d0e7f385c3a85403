"""Gallery, dashboards, reports by mail and the owner's page: rights, order, time, languages."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crm.accounts.access import actor_for
from crm.accounts.models import Team, User
from crm.core import clock
from crm.core.actor import Actor, Scope
from crm.core.errors import Invalid, NotAllowed, NotFound
from crm.core.models import Brand
from crm.files.models import Attachment
from crm.jobs.models import Job
from crm.messaging.models import OutgoingMail
from customers.models import Customer
from reports.actions import (
    add_tile,
    order_tiles,
    save_dashboard,
    save_mailed_report,
    send_report,
    start_due,
    stop_mail,
)
from reports.choices import Audience
from reports.exceptions import NoSuchReport
from reports.job_runners import send_next
from reports.models import Dashboard, MailedReport, Reader
from reports.schedule import next_moment
from sales.models import Opportunity, Pipeline, Stage, Target

from .builders import at, person

pytestmark = pytest.mark.django_db
ALL = (
    "reports.view", "reports.mail", "reports.share", "reports.export", "reports.view_owner", "opportunities.view",
    "customers.view", "orders.view", "tickets.view", "payments.view", "contracts.view",
)  # fmt: skip


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def won_deal(amount: str, currency: str = "CNY", won: dt.datetime | None = None, name: str = "=cmd()") -> Opportunity:
    brand = Brand.default()
    customer = Customer.objects.create(name="Hengyi", brand=brand)
    stage = Stage.objects.filter(pipeline=Pipeline.objects.first(), kind="won").get()
    return Opportunity.objects.create(
        name=name, brand=brand, customer=customer, pipeline=stage.pipeline, stage=stage, amount=Decimal(amount),
        currency=currency, expected_close=dt.date(2026, 11, 3), created_at=at(1, 9), won_at=won or at(3, 9),
        owner=User.objects.create_user(f"{name}@example.com", name=name),
    )  # fmt: skip


def test_the_gallery_offers_what_its_reader_may_count() -> None:
    seller = person("reports.view", "opportunities.view", name="Seller")
    page = browser(seller).get("/reports/gallery/").content.decode()
    assert "What did we win?" in page
    assert "Do customers buy again?" not in page
    assert browser(seller).get("/reports/gallery/customers-rfm/").status_code == 404
    found = browser(seller).get("/reports/gallery/?q=pipeline").content.decode()
    assert "What is in the pipeline?" in found and "Why do we lose?" not in found
    nobody = browser(person("reports.view"))
    assert "No reports for you yet" in nobody.get("/reports/gallery/").content.decode()


def test_amounts_of_two_currencies_stand_apart_on_the_page_and_in_both_files() -> None:
    won_deal("100.50")
    won_deal("7", "EUR", name="Li")
    client = browser(person(*ALL))
    with clock.at(at(4, 12)):
        page = client.get("/reports/gallery/sales-won-owner/?period=7d").content.decode()
        csv_file = client.post("/reports/gallery/sales-won-owner/export/?period=7d")
        book = client.post("/reports/gallery/sales-won-owner/export/?period=7d&format=xlsx")
        assert client.post("/reports/gallery/sales-won-owner/export/?format=exe").status_code == 404
    assert "CNY 100.50 · EUR 7.00" in page
    rows = list(csv.reader(io.StringIO(csv_file.content.decode("utf-8-sig"))))
    assert ["'=cmd()", "100.5", "1", "1.0"] in [row[:4] for row in rows]
    assert rows[-2][:3] == ["All", "CNY 100.50; EUR 7.00", "2"]
    with zipfile.ZipFile(io.BytesIO(book.content)) as parts:
        sheet, texts = (parts.read(name).decode() for name in ("xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"))
    assert "<v>100.5</v>" in sheet and "<f>" not in sheet and "'=cmd()" in texts


def test_a_dashboard_is_put_together_shared_and_opened_first() -> None:
    from crm.accounts.models import TeamMembership

    from .builders import build_desk

    desk = build_desk()
    lead = person(*ALL, teams=(desk.first,), name="Lead")
    client = browser(lead)
    made = client.post(
        "/reports/dashboards/new/", {"name": "Morning", "period": "7d", "audience": "team", "team": desk.first.pk}
    )
    row = Dashboard.objects.get()
    assert made.url == f"/reports/dashboards/{row.pk}/"
    tiles = f"/reports/dashboards/{row.pk}/tiles/"
    for key in ("sales-won", "customers-rfm", "service-flow"):
        client.post(tiles, {"do": "add", "report": key})
    client.post(tiles, {"do": "up", "place": "2"})
    client.post(tiles, {"do": "shape", "place": "0", "size": "full", "period": "90d"})
    client.post(tiles, {"do": "order", "places": "2,0,1"})
    client.post(tiles, {"do": "remove", "place": "1"})
    row.refresh_from_db()
    assert [tile.report for tile in row.all_tiles] == ["customers-rfm", "service-flow"]
    assert client.post(tiles, {"do": "order", "places": "0,0"}).status_code == 422
    assert client.post(tiles, {"do": "add", "report": "service-flow"}).status_code == 422
    client.post(f"/reports/dashboards/{row.pk}/first/", {"first": "1"})
    assert client.get("/reports/dashboards/?first=1").url == f"/reports/dashboards/{row.pk}/"
    mate, stranger = person("reports.view", "tickets.view"), person(*ALL)
    TeamMembership.objects.create(team=desk.first, user=mate)
    page = browser(mate).get(f"/reports/dashboards/{row.pk}/").content.decode()
    assert "1 report counts what you may not see" in page and "service-flow" in page
    assert browser(mate).post(tiles, {"do": "remove", "place": "0"}).status_code == 404
    assert browser(stranger).get(f"/reports/dashboards/{row.pk}/").status_code == 404


def test_sharing_needs_the_right_and_a_team_of_ones_own() -> None:
    plain, lead = (actor_for(person(*needs)) for needs in (("reports.view",), ALL))
    with pytest.raises(NotAllowed):
        save_dashboard(actor=plain, values={"name": "All", "audience": Audience.EVERYBODY})
    with pytest.raises(Invalid):
        save_dashboard(actor=lead, values={"name": "Team", "audience": Audience.TEAM, "team": Team.objects.first()})
    mine = save_dashboard(actor=plain, values={"name": "Mine"})
    with pytest.raises(NoSuchReport):
        add_tile(actor=plain, dashboard=mine, report="sales-won")
    with pytest.raises(NotFound):
        order_tiles(actor=lead, dashboard=mine, places=[])


@pytest.mark.parametrize(
    ("values", "zone", "after", "expected"),
    [
        ({"frequency": "daily"}, "Asia/Shanghai", "2026-11-02T00:00", "2026-11-03T00:00"),
        ({"frequency": "weekly", "weekday": 0}, "Asia/Shanghai", "2026-11-02T00:01", "2026-11-09T00:00"),
        ({"frequency": "monthly", "day": 31}, "UTC", "2026-02-01T00:00", "2026-02-28T08:00"),
        # Clocks in Berlin go forward on 29 March: 08:00 stays 08:00.
        ({"frequency": "daily"}, "Europe/Berlin", "2026-03-28T08:00", "2026-03-29T06:00"),
        # 02:30 does not exist that day; it is the same distance after the change.
        ({"frequency": "daily", "at": dt.time(2, 30)}, "Europe/Berlin", "2026-03-28T12:00", "2026-03-29T01:30"),
    ],
)
def test_wall_time_holds_in_each_zone(values: dict, zone: str, after: str, expected: str) -> None:
    mail = MailedReport(report="sales-won", **{"at": dt.time(8, 0), **values})
    moment = dt.datetime.fromisoformat(f"{after}+00:00")
    assert next_moment(mail, ZoneInfo(zone), moment) == dt.datetime.fromisoformat(f"{expected}+00:00")


def test_each_reader_is_mailed_once_in_their_own_rights_language_and_zone() -> None:
    won_deal("100.50")
    boss = person(*ALL, scope=Scope.ALL, name="Boss")
    seller = person("opportunities.view", "reports.view", scope=Scope.OWN, name="卖家")
    seller.language, seller.timezone = "zh-hans", "Europe/Berlin"
    seller.save()
    leaver, blind = person(*ALL, name="Gone"), person("reports.view", name="Blind")
    with clock.at(at(3, 16)):
        mail = save_mailed_report(
            actor=actor_for(boss),
            values={"report": "sales-won", "frequency": "daily", "at": dt.time(8, 0), "period": "7d", "format": "xlsx",
                    "readers": [boss, seller, leaver, blind]},
        )  # fmt: skip
    moments = dict(mail.readers.values_list("user__name", "next_at"))
    assert moments["卖家"] - moments["Boss"] == dt.timedelta(hours=7)
    User.objects.filter(pk=leaver.pk).update(is_active=False)
    with clock.at(at(4, 16)):
        assert start_due(actor=Actor.system()) == 3
        assert start_due(actor=Actor.system()) == 0
        job = Job.objects.get(kind="reports.mail")
        while not send_next(job):
            pass
        job.cursor = 0
        while not send_next(job):
            pass
    sent = {row.to_email: row for row in OutgoingMail.objects.filter(template="reports.mailed")}
    assert set(sent) == {boss.email, seller.email}
    assert "¥100.50" in sent[boss.email].text and "100.50" not in sent[seller.email].text
    assert sent[seller.email].language == "zh-hans"
    assert "/reports/mail/" in sent[boss.email].text
    assert Attachment.objects.on("outgoing_mail", sent[boss.email].pk).get().name.endswith(".xlsx")
    assert job.skipped_count and not Reader.objects.filter(user=leaver).exists()


def test_a_whole_dashboard_is_mailed_to_who_sees_it_with_what_each_may_read() -> None:
    won_deal("100.50")
    boss, other = person(*ALL, scope=Scope.ALL, name="Boss"), person("opportunities.view", "reports.view", name="销售")
    other.language = "zh-hans"
    other.save()
    client, actor = browser(boss), actor_for(boss)
    board = save_dashboard(actor=actor, values={"name": "Morning", "period": "30d"})
    for key in ("sales-won", "customers-rfm"):
        add_tile(actor=actor, dashboard=board, report=key)
    values = {"report": f"dashboard:{board.pk}", "frequency": "daily", "weekday": "0", "day": "1", "at": "08:00",
              "period": "7d", "format": "xlsx", "readers": [boss.pk, other.pk]}  # fmt: skip
    refused = client.post("/reports/mail/new/", values)
    assert refused.status_code == 422 and "The dashboard is not shared with: 销售" in refused.content.decode()
    save_dashboard(actor=actor, values={"audience": Audience.EVERYBODY}, record=board)
    assert client.post("/reports/mail/new/", values).status_code == 302
    mail = MailedReport.objects.get()
    assert f"/reports/dashboards/{board.pk}/?period=7d" in client.get("/reports/mail/").content.decode()
    form = client.get(f"/reports/mail/{mail.pk}/edit/").content.decode()
    assert f'value="dashboard:{board.pk}" selected' in form
    with clock.at(at(4, 16)):
        results = [
            send_report(actor=Actor.system(), reader=reader, on="x") for reader in mail.readers.order_by("user__name")
        ]
    assert results == [True, True]
    sent = {row.to_email: row for row in OutgoingMail.objects.filter(template="reports.dashboard_mailed")}
    assert "What did we win?" in sent[boss.email].text and "¥100.50" in sent[boss.email].text
    assert "28–29 Oct" not in sent[boss.email].text and "22–28 Oct" in sent[boss.email].text, "the days before"
    assert "How lately and how often" in sent[boss.email].text and "Nothing to count" in sent[boss.email].text
    assert "customers-rfm" not in sent[other.email].text and sent[other.email].language == "zh-hans"
    file = Attachment.objects.on("outgoing_mail", sent[boss.email].pk).get()
    with zipfile.ZipFile(default_storage.open(file.blob.storage_name)) as parts:
        book = parts.read("xl/workbook.xml").decode()
    assert book.count("<sheet ") == 2 and 'name="1 What did we win"' in book
    save_dashboard(actor=actor, values={"audience": Audience.PERSONAL}, record=board)
    reader = Reader.objects.get(user=other)
    assert not send_report(actor=Actor.system(), reader=reader, on="later"), "no longer shared with them"


def test_a_reader_stops_it_gets_it_again_and_asks_for_it_now() -> None:
    boss, other = person(*ALL), person("opportunities.view", "reports.view", "reports.mail")
    client = browser(other)
    values = {"report": "sales-won", "frequency": "daily", "weekday": "0", "day": "1", "at": "08:00", "period": "7d",
              "format": "", "readers": [boss.pk, other.pk]}  # fmt: skip
    assert browser(boss).post("/reports/mail/new/", values).status_code == 302
    assert client.post("/reports/mail/new/", values).status_code == 422
    mail = MailedReport.objects.get()
    client.post(f"/reports/mail/{mail.pk}/stop/")
    assert Reader.objects.get(user=other).next_at is None
    assert "Stopped" in client.get("/reports/mail/").content.decode()
    client.post(f"/reports/mail/{mail.pk}/stop/", {"again": "1"})
    assert Reader.objects.get(user=other).next_at is not None
    client.post(f"/reports/mail/{mail.pk}/send/")
    assert OutgoingMail.objects.filter(to_email=other.email, template="reports.mailed").exists()
    assert client.get(f"/reports/mail/{mail.pk}/edit/").status_code == 404
    with pytest.raises(NotFound):
        stop_mail(actor=actor_for(person(*ALL)), mail=mail)
    reader = Reader.objects.get(user=other)
    reader.user.is_active = False
    assert not send_report(actor=Actor.system(), reader=reader, on="x")


def test_the_owner_sees_the_term_against_the_target_and_the_days_before() -> None:
    won_deal("300", won=at(3, 9))
    won_deal("100", won=dt.datetime(2026, 10, 2, 9, tzinfo=dt.UTC), name="Before")
    won_deal("900", won=dt.datetime(2026, 10, 20, 9, tzinfo=dt.UTC), name="Later")
    Target.objects.create(measure="won", period="month", starts_on=dt.date(2026, 11, 1), amount=600, currency="CNY")
    client = browser(person(*ALL))
    with clock.at(at(4, 12)):
        client.get("/reports/owner/")
        with CaptureQueriesContext(connection) as asked:
            page = client.get("/reports/owner/").content.decode()
        quarter = client.get("/reports/owner/?period=quarter").content.decode()
    assert len(asked) <= 25
    assert "¥300.00" in page and "50.0% of the target ¥600.00" in page and "▲ +200.0%" in page
    assert "1–4 Nov" in page and "1–4 Oct" in page
    assert "¥1,300.00" in quarter
    assert "won_from=2026-10-31T16%3A00%3A00Z" in page
    empty = browser(person("reports.view_owner")).get("/reports/owner/").content.decode()
    assert "Nothing to show you here yet" in empty
