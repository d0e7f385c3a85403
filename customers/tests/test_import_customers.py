"""Customers and contacts from a file: what is made, recognised, left out, and taken back."""

from __future__ import annotations

from typing import Any

import pytest

from crm.accounts.access import actor_for
from crm.accounts.models import User
from crm.activity.models import Activity
from crm.core.actor import Scope
from crm.core.errors import Invalid, NotReady
from crm.exchange import actions
from crm.exchange.actions import running
from crm.exchange.tests.builders import (
    ALL,
    checked,
    csv_of,
    finished,
    imported,
    importer_user,
    reasons,
    received,
    undone,
)
from crm.jobs import runners
from crm.testing.suites import staff
from customers.actions import add_contact, log_interaction, update_customer
from customers.actions import customers as actions_of_customers
from customers.models import Contact, Customer, Identity

from .builders import SYSTEM, make_contact, make_customer

pytestmark = pytest.mark.django_db
HEAD = ["客户名称", "统一社会信用代码", "联系人", "邮箱", "手机", "行业"]


def test_a_chinese_file_in_gbk_becomes_companies_with_people() -> None:
    user = importer_user(language="zh-hans")
    file = csv_of(
        HEAD,
        ["苏州云帆设备有限公司", "91350100M000100Y43", "王芳", "wang@yunfan.example", "138 1234 5678", "制造业"],
        ["苏州云帆设备有限公司", "91350100M000100Y43", "李雷", "li@yunfan.example", "", ""],
        ["恒一精密", "", "", "", "0512-6543 2100", ""],
        encoding="gb18030",
    )
    record = imported(user, "customer", file)
    assert (record.made, record.changed, record.skipped, record.wrong) == (2, 1, 0, 0), reasons(record)
    company = Customer.objects.get(registration_code="91350100M000100Y43")
    assert (company.industry, company.source, company.owner) == ("制造业", "import", user)
    assert {contact.name for contact in company.contacts.all()} == {"王芳", "李雷"}
    assert Identity.objects.get(value="+8651265432100").contact.name == "恒一精密"


def test_the_dry_run_writes_nothing_and_foresees_what_comes() -> None:
    user = importer_user()
    make_contact(make_customer("Acme Ltd", owner=user), emails=["a@acme.example"], phones=[])
    file = csv_of(
        ["Company", "Email", "Phone", "Fax"],
        ["Acme", "a@acme.example", "", "1"],
        ["Beta", "not-an-address", "12", "2"],
        ["", "x@new.example", "", ""],
        ["New", "n@new.example", "", ""],
        ["New again", "N@NEW.example", "", ""],
    )
    before = Customer.objects.count()
    record = checked(user, "customer", file)
    assert Customer.objects.count() == before
    assert (record.made, record.skipped, record.wrong) == (1, 2, 2)
    found = reasons(record)
    assert "Exists already" in found[2][0] and "same email address" in found[2][0]
    assert len(found[3]) == 2
    assert found[4] == ["Empty, but needed"]
    assert found[6] == ["Row 5 of this file says the same"]
    row = record.findings.get(number=3, column="Email")
    assert row.value == "not-an-address"


def test_existing_customers_are_updated_when_told_so_and_empty_cells_change_nothing() -> None:
    user = importer_user()
    customer = make_customer("Acme Ltd", industry="Steel", address="Main street 1", owner=user)
    make_contact(customer, name="Ann", emails=["a@acme.example"], phones=[])
    file = csv_of(["Company", "Industry", "Address", "Contact", "Email", "Phone"],
                  ["Acme Ltd", "Copper", "", "Ann", "a@acme.example", "13812345678"])  # fmt: skip
    record = imported(user, "customer", file, existing="update")
    assert record.changed == 1
    customer.refresh_from_db()
    assert (customer.industry, customer.address) == ("Copper", "Main street 1")
    contact = customer.contacts.get()
    assert set(contact.identities.values_list("value", flat=True)) == {"a@acme.example", "+8613812345678"}
    again = imported(user, "customer", csv_of(["Company", "Industry"], ["Acme Ltd", "Copper"]), existing="update")
    assert (again.changed, again.skipped) == (0, 1)


def test_a_second_one_is_made_when_told_so() -> None:
    user = importer_user()
    make_customer("Acme Ltd")
    record = imported(user, "customer", csv_of(["Company"], ["Acme"]), existing="make")
    assert record.made == 1 and Customer.objects.filter(name__startswith="Acme").count() == 2


def test_a_customer_outside_the_set_is_named_by_owner_only_and_never_changed() -> None:
    owner = staff("customers.view")
    owner.name = "Chen Hao"
    owner.save()
    customer = make_customer("Secret Works", owner=owner, industry="Steel")
    user = staff(*ALL, scope=Scope.OWN)
    record = imported_or_checked(user, csv_of(["Company", "Industry"], ["Secret Works", "Tin"]))
    assert reasons(record)[2] == ["Exists already, owned by Chen Hao. You may not change it"]
    assert "Secret" not in reasons(record)[2][0]
    customer.refresh_from_db()
    assert customer.industry == "Steel"


def imported_or_checked(user, file):  # type: ignore[no-untyped-def]
    record = checked(user, "customer", file, existing="update")
    with pytest.raises(NotReady):
        actions.start_run(actor=actor_for(user), record=record)
    return record


def test_one_activity_tells_of_the_import_and_rows_take_the_bulk_lane_quietly() -> None:
    user = importer_user()
    record = imported(user, "customer", csv_of(["Company"], ["Eins"], ["Zwei"]))
    told = [row for row in Activity.objects.all() if row.key == "exchange.imported"]
    assert len(told) == 1 and told[0].object_id == record.pk and told[0].data["made"] == 2
    rows = [row for row in Activity.objects.all() if row.key == "customers.created"]
    assert len(rows) == 2 and all(row.data["quiet"] for row in rows)


def test_undo_moves_made_rows_to_the_recycle_bin_and_gives_changed_ones_their_values_back() -> None:
    user = importer_user()
    customer = make_customer("Acme Ltd", industry="Steel")
    file = csv_of(["Company", "Industry", "Contact", "Email"],
                  ["Acme Ltd", "Copper", "Ann", "ann@acme.example"],
                  ["Fresh", "Food", "Bob", "bob@fresh.example"],
                  ["Fresh", "Food", "Cid", "cid@fresh.example"])  # fmt: skip
    record = undone(user, imported(user, "customer", file, existing="update"))
    assert record.state == "undone" and record.undo_result == {"undone": 3, "left": 0}
    customer.refresh_from_db()
    assert customer.industry == "Steel" and not customer.contacts.exists()
    assert Customer.all_objects.get(name="Fresh").deleted_at is not None
    assert not Contact.objects.filter(name__in=["Bob", "Cid"]).exists()
    with pytest.raises(NotReady):
        actions.start_undo(actor=actor_for(user), record=record)


def test_undo_leaves_what_somebody_has_worked_with_since_and_says_why() -> None:
    user = importer_user()
    record = imported(user, "customer", csv_of(["Company"], ["Changed"], ["Talked to"], ["With people"], ["Free"]))
    update_customer(actor=SYSTEM, customer=Customer.objects.get(name="Changed"), values={"industry": "Tin"})
    log_interaction(
        actor=actor_for(user), customer=Customer.objects.get(name="Talked to"),
        kind="call", text="Hello",
    )  # fmt: skip
    add_contact(actor=SYSTEM, customer=Customer.objects.get(name="With people"), name="Ann")
    record = undone(user, record)
    assert record.undo_result == {"undone": 1, "left": 3}
    assert not Customer.objects.filter(name="Free").exists()
    left = {row.label: row.left for row in record.written.exclude(left="")}
    assert left["Changed"] == "Somebody changed it since"
    assert "Other records" in left["Talked to"] and "contacts" in left["With people"]


def test_a_dead_worker_writes_no_row_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    user = importer_user()
    record = started(user, monkeypatch, rows=30)
    real, calls = running.write_entries, []

    def dies(*args: Any) -> None:
        calls.append(1)
        real(*args)
        if len(calls) == 2:
            raise RuntimeError("power cut")

    monkeypatch.setattr(running, "write_entries", dies)
    runners.run(record.job_id)
    record.refresh_from_db()
    assert record.made == 10 and record.job.state == "waiting"
    record = finished(record)
    assert record.made == 30 and Customer.objects.filter(name__startswith="Company ").count() == 30


def test_stopping_keeps_what_is_done_and_it_can_go_on_or_be_undone(monkeypatch: pytest.MonkeyPatch) -> None:
    user = importer_user()
    record = started(user, monkeypatch, rows=30)
    real = running._bring_in

    def stops(*args: Any) -> bool:
        actions.stop_import(actor=actor_for(user), record=record)
        monkeypatch.setattr(running, "_bring_in", real)
        return real(*args)

    assert not running.run_batch(record.job)
    monkeypatch.setattr(running, "_bring_in", stops)
    runners.run(record.job_id)
    record.refresh_from_db()
    assert (record.stage, record.made) == ("stopped", 10)
    record = finished(actions.resume_run(actor=actor_for(user), record=record))
    assert (record.state, record.made) == ("done", 30)


def test_a_row_that_is_refused_in_the_run_is_reported_alone_and_all_others_land(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One row of the batch breaks a rule that no dry run knows of."""
    user = importer_user()
    record = checked(user, "customer", csv_of(["Company"], *[[f"Company {number}"] for number in range(20)]))
    real = actions_of_customers.checked_values

    def picky(values: Any) -> Any:
        if values["name"] == "Company 7":
            raise Invalid(fields={"name": "Not this one"})
        return real(values)

    monkeypatch.setattr(actions_of_customers, "checked_values", picky)
    record = finished(actions.start_run(actor=actor_for(user), record=record))
    assert (record.made, record.wrong, reasons(record)) == (19, 1, {9: ["Not this one"]})
    assert Customer.objects.filter(name__startswith="Company ").count() == 19
    written = dict(record.written.values_list("number", "label"))
    assert written == {number + 2: f"Company {number}" for number in range(20) if number != 7}


def started(user: User, monkeypatch: pytest.MonkeyPatch, rows: int) -> Any:
    """An import of companies whose job has begun, in batches of ten."""
    monkeypatch.setattr(running, "BATCH", 10)
    record = checked(user, "customer", csv_of(["Company"], *[[f"Company {number}"] for number in range(rows)]))
    return actions.start_run(actor=actor_for(user), record=record)


def test_queries_belong_to_a_batch_and_not_to_a_row(django_assert_max_num_queries: Any) -> None:
    """Companies with people, and the same file once more as an update: at most one and a bit a row, where 39 were."""
    user = importer_user()
    head = ["Company", "Contact", "Email", "Phone", "Industry"]
    lines = [[f"Works {n}", f"Person {n}", f"p{n}@works.example", f"138{n:08}", "Steel"] for n in range(60)]
    for existing, most in (("skip", 70), ("update", 60)):
        record = checked(user, "customer", csv_of(head, *lines), existing=existing)
        record = actions.start_run(actor=actor_for(user), record=record)
        with django_assert_max_num_queries(most):
            record = finished(record)
    assert record.skipped == 60


def test_rows_of_one_file_find_each_other_however_they_are_batched() -> None:
    """The second row completes the person, the third brings another, the fourth knows the company by its code only."""
    user = importer_user()
    code = "91350100M000100Y43"
    record = imported(
        user, "customer",
        csv_of(
            ["Company", "Registration code", "Contact", "Email", "Phone"],
            ["Acme Ltd", code, "Ann", "ann@acme.example", ""],
            ["Acme", "", "Ann", "", "13812345678"],
            ["Acme Ltd", code, "Bob", "bob@acme.example", ""],
            ["Acme Holding", code, "Cid", "cid@acme.example", ""],
            ["Other", "", "Ann", "ann@other.example", ""],
        ),
    )  # fmt: skip
    assert (record.made, record.changed, record.wrong) == (2, 3, 0), reasons(record)
    acme = Customer.objects.get(registration_code=code)
    assert sorted(acme.contacts.values_list("name", flat=True)) == ["Ann", "Bob", "Cid"]
    ann = acme.contacts.get(name="Ann")
    assert set(ann.identities.values_list("value", flat=True)) == {"ann@acme.example", "+8613812345678"}
    assert acme.contacts.filter(is_primary=True).count() == 1 and ann.is_primary
    assert undone(user, record).undo_result == {"undone": 5, "left": 0}
    assert not Customer.objects.filter(name__in=["Acme Ltd", "Acme Holding", "Other"]).exists()


def test_a_row_that_appeared_since_the_dry_run_is_not_doubled() -> None:
    user = importer_user()
    record = checked(user, "customer", csv_of(["Company", "Email"], ["Acme", "a@acme.example"], ["Beta", ""]))
    make_contact(make_customer("Acme Works", owner=user), emails=["a@acme.example"], phones=[])
    record = finished(actions.start_run(actor=actor_for(user), record=record))
    assert (record.made, record.skipped) == (1, 1)


def test_chosen_columns_are_remembered_for_the_next_file() -> None:
    user = importer_user()
    file = [["Company", "Branche"], ["Acme", "Steel"]]
    first = received(user, "customer", csv_of(*file))
    assert first.mapping == {"0": "name"}
    actions.choose_columns(
        actor=actor_for(user), record=first, mapping={"0": "name", "1": "industry"}, existing="skip", date_order="day"
    )
    assert received(user, "customer", csv_of(*file)).mapping == {"0": "name", "1": "industry"}


def test_columns_are_refused_that_miss_the_name_or_are_taken_twice() -> None:
    user = importer_user()
    record = received(user, "customer", csv_of(["Company", "Name"], ["Acme", "x"]))
    for mapping, words in (({"1": "industry"}, "Name"), ({"0": "name", "1": "name"}, "two columns")):
        with pytest.raises(Invalid, match=words):
            actions.choose_columns(
                actor=actor_for(user), record=record, mapping=mapping, existing="skip", date_order="day"
            )


def test_custom_fields_are_columns() -> None:
    from crm.core.translated import Translated
    from crm.fields.actions import save_custom_field
    from crm.fields.registry import custom_kinds

    save_custom_field(
        actor=SYSTEM,
        values={
            "kind": custom_kinds["customer"].kind.code, "key": "grade", "type": "choice", "is_active": True,
            "name": Translated({"en": "Grade", "zh-hans": "等级"}), "options": [{"value": "a", "en": "A-list"}],
        },
    )  # fmt: skip
    user = importer_user()
    file = csv_of(["Company", "等级"], ["Acme", "A-list"], ["Beta", "Z"])
    record = imported(user, "customer", file)
    assert (record.made, record.wrong) == (1, 1)
    assert Customer.objects.get(name="Acme").custom == {"grade": "a"}
    assert undone(user, record).undo_result == {"undone": 1, "left": 0}
