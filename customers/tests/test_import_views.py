"""The wizard through its pages."""

from __future__ import annotations

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from crm.accounts.access import actor_for
from crm.accounts.models import User
from crm.exchange import actions
from crm.exchange.models import Import
from crm.exchange.tests.builders import csv_of, finished, imported, importer_user, received
from crm.jobs import runners
from crm.testing.suites import ListSuite, signed_in, staff
from customers.models import Customer

pytestmark = pytest.mark.django_db
UPLOAD = "/imports/new/customer/"


@pytest.fixture
def user() -> User:
    return importer_user(language="en")


@pytest.fixture
def client(user: User) -> Client:
    return signed_in(user)


def upload(client: Client, content: bytes, name: str = "customers.csv", **data: str):  # type: ignore[no-untyped-def]
    return client.post(UPLOAD, {"file": SimpleUploadedFile(name, content), **data})


class TestImports(ListSuite):
    url_name, permission = "exchange:import_list", "exchange.use"
    others = ("exchange.review",)

    def make(self, count: int) -> list[Import]:
        user = importer_user()
        return [
            received(user, "customer", csv_of(["Company"], [f"Row {row}"]), f"file-{row}.csv") for row in range(count)
        ]


def test_the_whole_way_without_a_script(client: Client, user: User) -> None:
    page = client.get(UPLOAD)
    assert b"at most 20 MB and 50,000 rows" in page.content
    content = csv_of(["客户名称", "邮箱", "备注2"], ["云帆", "wang@yunfan.example", "x"], ["坏", "nope", ""]).getvalue()
    answer = upload(client, content)
    record = Import.objects.get()
    assert answer["Location"] == reverse("exchange:import_columns", args=[record.pk])
    page = client.get(answer["Location"])
    assert "wang@yunfan.example" in page.content.decode()
    data = {"column_0": "name", "column_1": "email", "column_2": "", "existing": "skip", "date_order": "day"}
    answer = client.post(answer["Location"], data)
    check = reverse("exchange:import_check", args=[record.pk])
    assert answer["Location"] == check
    assert b"import-progress" in client.get(check).content
    record.refresh_from_db()
    runners.run(record.job_id)
    page = client.get(check)
    assert page.context["foreseen"] == 1 and "备注2" in page.content.decode()
    assert b"Import 1 row" in page.content
    answer = client.post(reverse("exchange:import_run", args=[record.pk]))
    detail = reverse("exchange:import_detail", args=[record.pk])
    assert answer["Location"] == detail
    record.refresh_from_db()
    record = finished(record)
    page = client.get(detail)
    customer = Customer.objects.get(name="云帆")
    assert reverse("customers:customer_detail", args=[customer.number]) in page.content.decode()
    assert client.get(reverse("exchange:import_undo", args=[record.pk])).status_code == 200
    client.post(reverse("exchange:import_undo", args=[record.pk]))
    record.refresh_from_db()
    finished(record)
    assert not Customer.objects.filter(name="云帆").exists()
    assert b"Undone: 1 rows are taken back" in client.get(detail).content


def test_the_error_file_holds_the_rows_as_they_came_and_starts_no_formula(client: Client, user: User) -> None:
    record = imported(user, "customer", csv_of(["Company", "Email", "Memo"], ["Ok", "", ""], ["=1+1", "bad", "+2"]))
    answer = client.get(reverse("exchange:import_errors", args=[record.pk]))
    lines = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert lines[0] == ["Company", "Email", "Memo", "Reason"]
    assert lines[1][:3] == ["'=1+1", "bad", "'+2"] and lines[1][3].startswith("Email: ")
    assert len(lines) == 2
    answer = client.get(reverse("exchange:import_errors", args=[record.pk]) + "?format=xlsx")
    assert b"".join(answer.streaming_content).startswith(b"PK")


def test_the_template_is_understood_when_it_comes_back(client: Client, user: User) -> None:
    for language in ("en", "zh-hans"):
        user.language = language
        user.save()
        for kind in ("customer", "product", "order", "equipment"):
            answer = client.get(reverse("exchange:import_template", args=[kind]))
            content = io.BytesIO(b"".join(answer.streaming_content))
            record = received(user, kind, content)
            assert len(record.mapping) == len(record.headings), (kind, record.headings, record.mapping)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", b"The file is empty"),
        (b"\r\n\r\n", b"The first row must hold the headings"),
        (b"Company\r\n", b"headings, but no rows"),
        (b"Company\r\nA,B\r\n", b"Row 2 has more cells"),
        (b"PK\x03\x04junk", b"no spreadsheet"),
    ],
)
def test_a_file_that_cannot_be_read_is_said_on_the_page(client: Client, content: bytes, words: bytes) -> None:
    answer = upload(client, content)
    assert answer.status_code == 422 and words in answer.content
    assert not Import.objects.exists()


def test_headings_of_three_hundred_signs_are_shown(client: Client) -> None:
    answer = upload(client, csv_of(["Company", "x" * 300], ["A", "1"]).getvalue())
    assert client.get(answer["Location"]).status_code == 200


def test_a_wrong_choice_of_columns_is_said_on_the_page(client: Client) -> None:
    upload(client, csv_of(["Company", "B"], ["A", "1"]).getvalue())
    address = reverse("exchange:import_columns", args=[Import.objects.get().pk])
    data = {"column_0": "", "column_1": "industry", "existing": "skip", "date_order": "day"}
    answer = client.post(address, data)
    assert answer.status_code == 422 and b"Choose a column of the file for: Name" in answer.content


def test_the_progress_asks_again_and_then_loads_the_page(client: Client, user: User) -> None:
    record = received(user, "customer", csv_of(["Company"], ["A"]))
    actor = actor_for(user)
    actions.choose_columns(actor=actor, record=record, mapping=record.mapping, existing="skip", date_order="day")
    record = actions.start_check(actor=actor, record=record)
    address = reverse("exchange:import_check", args=[record.pk])
    headers = {"HX-Request": "true"}
    assert b"every 2s" in client.get(address, headers=headers).content
    runners.run(record.job_id)
    assert client.get(address, headers=headers)["HX-Refresh"] == "true"


def test_a_stopped_check_can_be_made_again(client: Client, user: User) -> None:
    record = received(user, "customer", csv_of(["Company"], ["A"]))
    actor = actor_for(user)
    actions.choose_columns(actor=actor, record=record, mapping=record.mapping, existing="skip", date_order="day")
    actions.start_check(actor=actor, record=record)
    client.post(reverse("exchange:import_stop", args=[record.pk]))
    page = client.get(reverse("exchange:import_check", args=[record.pk]))
    assert b"The check was stopped" in page.content
    client.post(reverse("exchange:import_recheck", args=[record.pk]))
    record.refresh_from_db()
    assert finished(record).state == "checked"


def test_a_file_that_did_nothing_can_be_thrown_away(client: Client, user: User) -> None:
    record = received(user, "customer", csv_of(["Company"], ["A"]))
    client.post(reverse("exchange:import_discard", args=[record.pk]))
    assert not Import.objects.exists()
    done = imported(user, "customer", csv_of(["Company"], ["A"]))
    assert client.post(reverse("exchange:import_discard", args=[done.pk])).status_code == 409


def test_a_colleague_sees_ones_imports_only_with_the_right_to_review(user: User) -> None:
    record = imported(user, "customer", csv_of(["Company"], ["A"]))
    address = reverse("exchange:import_detail", args=[record.pk])
    assert signed_in(staff("exchange.use", "customers.import")).get(address).status_code == 404
    assert signed_in(staff("exchange.use", "exchange.review")).get(address).status_code == 200


def test_the_list_has_the_button_for_who_may_import(client: Client) -> None:
    assert UPLOAD in client.get(reverse("customers:customer_list")).content.decode()
    other = signed_in(staff("customers.view", "exchange.use"))
    assert UPLOAD not in other.get(reverse("customers:customer_list")).content.decode()
    assert other.get(UPLOAD).status_code == 403
    assert b"no kind of record yet" in other.get(reverse("exchange:import_choose")).content
