"""Opportunities from a file: one row each, of a customer that exists, known by number or by customer and name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.core.actor import Actor
from crm.core.errors import Invalid
from crm.exchange import cells
from crm.exchange.declarations import Entry, ImportColumn, Importer, Line, Written
from crm.fields.forms import PREFIX
from customers.importing.kept import former, saved_many
from customers.importing.known import owner_of, set_customers, set_people
from customers.importing.naming import CUSTOMER
from customers.importing.products import currency
from customers.recognising.duplicates import core_of

from ..actions.opportunities import update_opportunity
from ..actions.opportunity_entry import create_opportunities, withdraw_opportunities
from ..actions.stages import move_stage
from ..choices.opportunities import OpportunitySource, StageKind
from ..models import Opportunity, Pipeline, Stage
from ..selectors.opportunities import default_pipeline

#: What a row says of the deal itself, as its action takes it.
FACTS = ("name", "amount", "currency", "probability", "expected_close", "owner", "source", "note")
#: What an undo compares: whoever moved, won or lost it has worked with it.
IMAGE = (*FACTS, "stage", "department", "custom", "won_at", "lost_at")


def opportunity_number(cell: str) -> int:
    """O-3021 or 3021. Raises `Invalid`."""
    digits = cell.strip().upper().removeprefix("O-")
    if not digits.isdecimal() or len(digits) > 15:
        raise Invalid(_("Write an opportunity number, such as O-3021"))
    return int(digits)


COLUMNS = (
    ImportColumn("title", gettext_lazy("Name"), cells.text(200), required=True, example="产线标签打印改造",
                 aliases=("opportunity", "opportunity name", "deal", "deal name", "商机", "商机名称", "名称")),
    ImportColumn("deal_number", gettext_lazy("Number"), cells.through(opportunity_number),
                 aliases=("opportunity number", "商机编号", "编号"),
                 help=gettext_lazy("Only to update opportunities that exist, such as from an export")),
    *CUSTOMER,
    ImportColumn("pipeline", gettext_lazy("Pipeline"), cells.text(80), aliases=("sales pipeline", "销售流程", "管道"),
                 help=gettext_lazy("Name of a pipeline that exists; empty: the usual one")),
    ImportColumn("stage", gettext_lazy("Stage"), cells.text(60),
                 aliases=("deal stage", "sales stage", "阶段", "商机阶段", "销售阶段"),
                 help=gettext_lazy("Name of an open stage; empty: the first")),
    ImportColumn("amount", gettext_lazy("Amount"), cells.number(digits=16, decimals=2), example="128000",
                 aliases=("value", "deal value", "金额", "商机金额", "预计金额")),
    ImportColumn("currency", gettext_lazy("Currency"), currency, aliases=("币种", "货币"), example="CNY"),
    ImportColumn("probability", gettext_lazy("Win probability (%)"), cells.whole(0, 100),
                 aliases=("probability", "chance", "赢率", "成交概率")),
    ImportColumn("owner", gettext_lazy("Owner"), cells.text(200),
                 aliases=("deal owner", "sales", "assigned to", "负责人", "所属销售"),
                 help=gettext_lazy("Name or mail address of a colleague; empty: the customer's owner")),
    ImportColumn("expected_close", gettext_lazy("Expected close"), cells.day, example="2026-12-31",
                 aliases=("expected close date", "close date", "预计成交日期", "预计成交", "成交日期")),
    ImportColumn("source", gettext_lazy("Source"), cells.choice(OpportunitySource), aliases=("来源", "商机来源")),
    ImportColumn("note", gettext_lazy("Note"), cells.long_text(10_000), aliases=("notes", "remark", "备注", "说明")),
)  # fmt: skip


def keys(line: Line) -> dict[str, str]:
    """A deal comes once: by its number, else by the customer as the row names it and the deal's name."""
    values = line.values
    if "deal_number" in values:
        return {"deal_number": str(values["deal_number"])}
    ways = (values.get(way) for way in ("number", "registration_code", "email", "phone", "name"))
    customer = next((str(value) for value in ways if value), "")
    return {"title": f"{customer}\0{values.get('title', '')}".casefold()}


def resolve(actor: Actor, entries: Sequence[Entry]) -> None:
    """The deal of that number, else the open one of that customer and name; the owner and the stage by their names."""
    set_people(entries)
    numbers = {entry.line.values["deal_number"] for entry in entries if "deal_number" in entry.line.values}
    by_number = {row.number: row for row in _rows().filter(number__in=numbers)} if numbers else {}
    fresh = [entry for entry in entries if entry.line.values.get("deal_number") not in by_number]
    set_customers(actor, fresh)
    by_name = _of_customers(fresh)
    _find(entries, by_number, by_name)
    found = [entry.found.pk for entry in entries if entry.found is not None]
    visible = set(Opportunity.objects.visible_to(actor).filter(pk__in=found).values_list("pk", flat=True))
    for entry in entries:
        deal: Any = entry.found
        if deal is not None and deal.pk not in visible:
            entry.found, entry.owned_by = None, owner_of(deal)
    _set_stages([entry for entry in entries if not entry.owned_by])


def write_many(actor: Actor, entries: Sequence[Entry]) -> list[Written]:
    """New ones together by `create_opportunities`, known ones by `update_opportunity` and `move_stage`."""

    def save(entries: Sequence[Entry]) -> list[Opportunity]:
        fresh = [entry for entry in entries if entry.found is None]
        made = iter(create_opportunities(actor=actor, rows=[_new(entry) for entry in fresh]) if fresh else ())
        return [_changed(actor, entry) if entry.found is not None else next(made) for entry in entries]

    return saved_many(entries, IMAGE, save)


def _changed(actor: Actor, entry: Entry) -> Opportunity:
    deal: Any = entry.found
    if values := _differing(entry):
        _change(actor, deal, values)
    return deal  # type: ignore[no-any-return]


def undo(actor: Actor, memory: Mapping[str, Any]) -> None:
    """One row; as `undo_many`."""
    undo_many(actor, [memory])


def undo_many(actor: Actor, memories: Sequence[Mapping[str, Any]]) -> None:
    """What was made goes to the recycle bin, what was changed gets its values and stage back. Raises `Conflict`."""
    made = {memory["made"]: memory["image"] for memory in memories if "made" in memory}
    for memory in memories:
        if "changed" in memory:
            deal, values = former(Opportunity, memory)
            _change(actor, deal, values)
    if made:
        withdraw_opportunities(actor=actor, kept=made)


def _rows() -> Any:
    return Opportunity.objects.select_related("owner", "stage", "customer")


def _of_customers(entries: Sequence[Entry]) -> dict[tuple[int, str], Opportunity]:
    """(customer's id, name) → its oldest open deal, for rows that name no number."""
    names = {entry.line.values["title"] for entry in entries}
    customers = {entry.refs["customer"].pk for entry in entries if "customer" in entry.refs}
    found: dict[tuple[int, str], Opportunity] = {}
    for row in _rows().open().filter(customer__in=customers, name__in=names).order_by("pk"):
        found.setdefault((row.customer_id, row.name), row)
    return found


def _find(
    entries: Iterable[Entry], by_number: Mapping[Any, Opportunity], by_name: Mapping[tuple[int, str], Opportunity]
) -> None:
    for entry in entries:
        line, customer = entry.line, entry.refs.get("customer")
        number = line.values.get("deal_number")
        if (deal := by_number.get(number)) is not None:
            entry.found, entry.reason = deal, _("same opportunity number")
            named = line.values.get("name", "")
            if core_of(named) != core_of(deal.customer.name) and named:
                line.wrong["name"] = _("Belongs to another customer: %(name)s") % {"name": deal.customer.name}
        elif number is not None:
            line.wrong["deal_number"] = _("No opportunity has this number. Leave it empty for a new one")
        elif customer is not None:
            entry.found = by_name.get((customer.pk, line.values["title"]))
            entry.reason = _("same customer and name")


def _set_stages(entries: Sequence[Entry]) -> None:
    """Pipelines and stages by their names in any language, as `refs`; a stage is looked for in the pipeline."""
    pipelines = {text.casefold(): row for row in Pipeline.objects.all() for text in row.name.values()}
    stages = {
        (row.pipeline_id, text.casefold()): row for row in Stage.objects.all() for text in row.name.values()
    } if any("stage" in entry.line.values for entry in entries) else {}  # fmt: skip
    usual = default_pipeline()
    for entry in entries:
        line, deal = entry.line, entry.found
        text = line.values.get("pipeline", "")
        pipeline = pipelines.get(text.casefold()) if text else None
        if text and pipeline is None:
            line.wrong["pipeline"] = _("No pipeline has this name. Set it up first")
        home = pipeline.pk if pipeline else deal.pipeline_id if isinstance(deal, Opportunity) else usual and usual.pk
        stage = stages.get((home or 0, line.values.get("stage", "").casefold()))
        if "stage" in line.values and stage is None and "pipeline" not in line.wrong:
            line.wrong["stage"] = _("The pipeline has no stage of this name")
        elif isinstance(deal, Opportunity):
            if stage is not None and stage.pk != deal.stage_id and (stage.kind != StageKind.OPEN or not deal.is_open):
                line.wrong["stage"] = _("Files move open opportunities only. Win, lose or reopen it on its page")
        elif stage is not None and stage.kind != StageKind.OPEN:
            line.wrong["stage"] = _("A new opportunity stands in an open stage. Win or lose it on its page")
        entry.refs |= {"pipeline": pipeline, "stage": stage}


def _facts(entry: Entry) -> dict[str, Any]:
    values = entry.line.values
    facts = {key: values[key] for key in values if (key in FACTS and key != "name") or key.startswith(PREFIX)}
    return facts | {"name": values["title"]}


def _new(entry: Entry) -> dict[str, Any]:
    """Values of `create_opportunities`. A chance that is its stage's own is not kept as another."""
    given = {"source": OpportunitySource.IMPORT, **_facts(entry), "customer": entry.refs["customer"]}
    stage, pipeline = entry.refs["stage"], entry.refs["pipeline"]
    if stage is not None and given.get("probability") == stage.probability:
        del given["probability"]
    return given | ({"stage": stage} if stage else {}) | ({"pipeline": pipeline} if pipeline else {})


def _differing(entry: Entry) -> dict[str, Any]:
    """What the row says otherwise than the deal; a chance is compared with the one that counts."""
    deal: Any = entry.found
    facts = _facts(entry)
    custom = {PREFIX + key: value for key, value in deal.custom.items()}
    present = {name: custom.get(name) if name.startswith(PREFIX) else getattr(deal, name) for name in facts}
    if "probability" in present:
        present["probability"] = deal.chance
    stage = entry.refs["stage"]
    moved = {"stage": stage} if stage is not None and stage.pk != deal.stage_id else {}
    return {name: value for name, value in facts.items() if present[name] != value} | moved


def _change(actor: Actor, deal: Opportunity, values: Mapping[str, Any]) -> None:
    facts = {name: value for name, value in values.items() if name != "stage"}
    if facts:
        update_opportunity(actor=actor, opportunity=deal, values=facts)
    if "stage" in values:
        move_stage(actor=actor, opportunity=deal, stage=values["stage"])


IMPORTER = Importer(
    key="opportunity",
    kind="opportunity",
    label=gettext_lazy("Opportunities"),
    permission="opportunities.import",
    columns=COLUMNS,
    keys=keys,
    resolve=resolve,
    write_many=write_many,
    undo=undo,
    undo_many=undo_many,
    known_by=gettext_lazy("number, else customer and name of an open opportunity"),
    may_make=True,
    summary=gettext_lazy("A row is a deal that may be won, with a customer that exists."),
    icon="opportunity",
    order=35,
)
