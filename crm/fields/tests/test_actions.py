"""Making and changing fields; other processes notice."""

from __future__ import annotations

import pytest

from crm.activity.models import Activity
from crm.core.actor import Actor
from crm.core.errors import Invalid, NotAllowed
from crm.core.registry import RegistryError
from crm.core.sockets import kinds
from crm.core.translated import Translated
from crm.fields import catalogue
from crm.fields.actions import MAX_INDEXED, save_custom_field
from crm.fields.catalogue import fields_of
from crm.fields.models import CustomField, FieldsVersion
from crm.fields.registry import CustomKind, CustomKindRegistry
from crm.jobs.models import Job
from crm.testing.builders import make_user, staff

from .builders import make_field

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()


def refused(values, record=None) -> set[str]:
    with pytest.raises(Invalid) as error:
        save_custom_field(actor=SYSTEM, values=values, record=record)
    return set(error.value.fields)


def given(**values):
    return {"kind": kinds["ticket"].code, "key": "room", "name": Translated({"en": "Room"}), **values}


def test_only_who_may_manage_fields_makes_one():
    agent = staff(make_user("agent"))
    with pytest.raises(NotAllowed):
        save_custom_field(actor=agent, values=given())
    assert not CustomField.objects.exists()


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"key": "Room"}, "key"), ({"key": "a__b"}, "key"), ({"key": "1a"}, "key"), ({"key": "a-b"}, "key"),
        ({"key": "房间"}, "key"), ({"key": ""}, "key"), ({"key": "x" * 41}, "key"), ({"kind": 2}, "kind"),
        ({"kind": "150"}, "kind"), ({"type": "colour"}, "type"), ({"type": "choice"}, "options"),
        ({"type": "choice", "options": [{"value": "a"}]}, "options"),
        ({"type": "choice", "options": [{"value": "a", "en": "A"}, {"value": "a", "en": "B"}]}, "options"),
        ({"type": "long_text", "is_indexed": True}, "is_indexed"), ({"order": "soon"}, "order"),
        ({"index_ready": True}, "index_ready"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(values, wrong):
    assert refused(given(**values)) == {wrong}
    assert not CustomField.objects.exists()


def test_a_key_is_unique_among_its_records_and_never_changes():
    field = make_field("room", "room")
    assert refused(given()) & {"key", "__all__"}
    assert refused({"key": "hall"}, field) == {"key"}
    assert refused({"kind": 130}, field) == {"kind"}


def test_a_change_is_recorded_with_before_and_after_and_nothing_otherwise():
    field = make_field("text", "room", order=3)
    save_custom_field(actor=SYSTEM, record=field, values={"order": 3})
    assert not Activity.objects.filter(type=521).exists()
    save_custom_field(actor=SYSTEM, record=field, values={"order": 4, "is_staff_only": True})
    assert Activity.objects.get(type=521).data["changes"] == {"order": [3, 4], "is_staff_only": [False, True]}


def test_options_get_values_of_their_own_and_keep_them():
    options = [{"en": "Out of stock"}, {"zh-hans": "缺货"}, {"en": "Out of  stock!"}]
    field = make_field("choice", options=options)
    assert [option["value"] for option in field.options] == ["out_of_stock", "缺货", "out_of_stock_2"]
    renamed = [{**field.options[0], "en": "Sold out"}, *field.options[1:]]
    save_custom_field(actor=SYSTEM, record=field, values={"options": renamed})
    assert CustomField.objects.get(pk=field.pk).option_label("out_of_stock") == "Sold out"


def test_who_is_no_staff_sees_fields_in_use_that_are_not_for_staff():
    public, hidden, off = make_field(), make_field(is_staff_only=True), make_field(is_active=False)
    assert set(CustomField.objects.visible_to(Actor.guest())) == {public}
    assert set(CustomField.objects.visible_to(SYSTEM)) == {public, hidden, off}


def test_other_processes_notice_a_change_when_they_look_again(monkeypatch, django_assert_num_queries):
    make_field("text", "first")
    assert [field.key for field in fields_of("ticket")] == ["first"]
    known = catalogue._kept.snapshot
    make_field("text", "second")  # as another process would: what this one kept is put back
    catalogue._kept.snapshot = known
    with django_assert_num_queries(0):
        assert [field.key for field in fields_of("ticket")] == ["first"]
    monkeypatch.setattr(catalogue, "RECHECK_SECONDS", -1.0)
    with django_assert_num_queries(2):
        assert [field.key for field in fields_of("ticket")] == ["first", "second"]
    with django_assert_num_queries(1):
        fields_of("ticket")


def test_a_field_that_was_never_committed_is_not_believed_in(monkeypatch):
    make_field("text", "first")
    stamp = FieldsVersion.objects.get().stamp
    make_field("text", "second")
    assert len(fields_of("ticket")) == 2
    CustomField.objects.filter(key="second").delete()
    FieldsVersion.objects.update(stamp=stamp)  # what a rollback leaves
    monkeypatch.setattr(catalogue, "RECHECK_SECONDS", -1.0)
    assert len(fields_of("ticket")) == 1


def test_at_most_ten_fields_of_a_kind_are_indexed():
    fields = [make_field("text", is_indexed=True) for _number in range(MAX_INDEXED)]
    assert Job.objects.filter(kind="fields.index").count() == MAX_INDEXED
    assert refused(given(is_indexed=True)) == {"is_indexed"}
    save_custom_field(actor=SYSTEM, record=fields[0], values={"is_active": False})
    save_custom_field(actor=SYSTEM, values=given(is_indexed=True))


def test_a_kind_without_the_column_is_found_at_start():
    registry = CustomKindRegistry("probe")
    registry.register(CustomKind("team", permission="console.view_settings"))
    with pytest.raises(RegistryError, match="custom"):
        registry.freeze()
