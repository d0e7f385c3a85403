"""Setting up pipelines, stages and lost reasons; and many opportunities at once."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from crm.core.actor import Actor, Scope
from crm.core.errors import Invalid, NotReady
from crm.core.translated import Translated
from crm.testing.builders import make_user, staff
from crm.testing.suites import signed_in
from crm.testing.suites import staff as person
from sales.actions.pipelines import close_stage, move_stage_place, reopen_stage, save_pipeline, save_stage
from sales.choices.opportunities import StageKind
from sales.list_actions.opportunities import DEAL_BULK, BulkLoseForm
from sales.models import LostReason, Pipeline, Stage

from .deal_builders import fresh, make_deal, reason, stage

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()


def named(text: str) -> Translated:
    return Translated({"en": text, "zh-hans": text})


def line(pipeline: Pipeline) -> list[str]:
    return [str(row) for row in Stage.objects.filter(pipeline=pipeline).order_by("order", "pk")]


def test_a_new_pipeline_can_be_sold_through_and_its_stages_ordered() -> None:
    row = save_pipeline(actor=SYSTEM, values={"name": named("Partners"), "order": 20})
    kinds = [each.kind for each in row.stages.all()]
    assert kinds == [StageKind.OPEN, StageKind.WON, StageKind.LOST]
    trial = save_stage(actor=SYSTEM, values={"pipeline": row, "name": named("Trial"), "probability": 40})
    offer = save_stage(actor=SYSTEM, values={"pipeline": row, "name": named("Offer"), "probability": 60})
    assert move_stage_place(actor=SYSTEM, stage=offer, way="up")
    assert not move_stage_place(actor=SYSTEM, stage=trial, way="down")
    assert line(row)[1:3] == ["Offer", "Trial"] and {each.kind for each in row.stages.all()[3:]} == {"won", "lost"}
    with pytest.raises(Invalid):
        save_stage(actor=SYSTEM, record=row.stages.get(kind="won"), values={"probability": 50})
    with pytest.raises(Invalid):
        save_stage(actor=SYSTEM, record=trial, values={"probability": 101})


def test_a_stage_goes_out_of_use_with_its_deals_and_the_last_ones_stay() -> None:
    first, second = stage(0), stage(1)
    deal, other = make_deal(stage=first), make_deal(stage=second)
    with pytest.raises(Invalid):
        close_stage(actor=SYSTEM, stage=first)
    with pytest.raises(Invalid):
        close_stage(actor=SYSTEM, stage=first, to=stage(5))
    assert close_stage(actor=SYSTEM, stage=first, to=second) == 1
    assert fresh(deal).stage == second and fresh(deal).spans.count() == 2 and fresh(other).spans.count() == 1
    assert not Stage.objects.get(pk=first.pk).is_active
    assert reopen_stage(actor=SYSTEM, stage=first).is_active
    with pytest.raises(NotReady):
        close_stage(actor=SYSTEM, stage=stage(5))
    with pytest.raises(Invalid):
        save_pipeline(actor=SYSTEM, record=first.pipeline, values={"is_active": False})


def test_the_screens_order_close_and_name() -> None:
    client = signed_in(person("opportunities.manage", "opportunities.view"))
    first, pipeline = stage(0), stage(0).pipeline
    make_deal(stage=first)
    url = reverse("salesdesk:stage_list", args=[pipeline.pk])
    assert str(first) in client.get(url).content.decode()
    before = line(pipeline)
    move = reverse("salesdesk:stage_move", args=[first.pk])
    assert client.post(f"{move}?way=down").status_code == 302
    assert line(pipeline)[:2] == before[1::-1]
    assert client.post(f"{move}?way=down&steps=2").status_code == 302
    assert line(pipeline)[:4] == [*before[1:4], before[0]]
    assert client.post(f"{move}?way=up&steps=99999").status_code == 302 and line(pipeline) == before
    assert client.post(f"{move}?way=sideways").status_code == 404
    client.post(f"{move}?way=down")
    close = reverse("salesdesk:stage_close", args=[first.pk])
    assert client.post(close, {"to": ""}).status_code == 422
    assert client.post(close, {"to": stage(0).pk}).status_code == 302
    assert "not in use" in client.get(url).content.decode()
    values = {"name_en": "Trial", "name_zh_hans": "试用", "probability": "40", "expected_days": "7"}
    assert client.post(reverse("salesdesk:stage_create", args=[pipeline.pk]), values).status_code == 302
    assert Stage.objects.get(name__en="Trial").expected_days == 7
    for name in ("pipeline_list", "lost_reason_list"):
        assert client.get(reverse(f"salesdesk:{name}")).status_code == 200
    reason_values = {"name_en": "Too late", "order": "5", "is_active": "on"}
    assert client.post(reverse("salesdesk:lost_reason_create"), reason_values).status_code == 302
    assert LostReason.objects.filter(name__en="Too late", needs_note=False).exists()


def test_many_opportunities_are_handed_over_moved_dated_and_lost() -> None:
    boss, to = staff(person("opportunities.view", "opportunities.update", scope=Scope.ALL)), make_user("sales")
    deal, runs = make_deal(), {entry.key: entry.run for entry in DEAL_BULK}
    runs["assign"](boss, deal, {"to": to})
    runs["move"](boss, deal, {"stage": stage(2)})
    runs["close_on"](boss, deal, {"expected_close": dt.date(2026, 9, 1)})
    row = fresh(deal)
    assert (row.owner, row.stage, row.expected_close) == (to, stage(2), dt.date(2026, 9, 1))
    form = BulkLoseForm({"reason": reason().pk, "note": ""})
    assert form.is_valid() and list(form.fields) == ["reason", "note"]
    runs["lose"](boss, deal, form.cleaned_data)
    assert fresh(deal).lost_reason == reason()
