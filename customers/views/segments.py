"""Segments: list, page with why, builder with preview, computing, copies."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy

from crm.conditions.language import parse
from crm.core.actor import Actor
from crm.core.errors import Invalid
from crm.ui.generic import cells
from crm.ui.records import Field, Verb
from crm.ui.views.generic import ActionView, CreateView, DeleteView, DetailView, ListView, TriesCondition, UpdateView
from crm.ui.views.generic.trying import TRY

from ..actions import segments as actions
from ..choices import SegmentKind, SegmentState
from ..forms.segments import CopyForm, OwnedSegmentForm, RemoveForm, SegmentForm, StaticSegmentForm
from ..lists.segments import kind_tone, one_speaker, sentence_of, state_cell
from ..models import Customer, Segment, SegmentMember
from ..segmenting.preview import preview
from ..segmenting.rights import ON, Unkept, author_of
from ..segmenting.uses import uses_of
from ..segmenting.why import why_in

MANAGE = "segments.manage"
#: Members on the segment's page; all of them are one link away.
SHOWN, SHOWN_LEFT = 20, 8


class SegmentList(ListView):
    permission = "segments.view"
    page = "segment"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        with one_speaker(self.actor):
            return super().get(request, **kwargs)


class SegmentDetail(DetailView):
    """What it asks, who is in it, what uses it."""

    permission = "segments.view"
    model = Segment
    relations = ("owner", "job", "team")
    template_name = "customers/segment_detail.html"
    headline = (
        Field("kind", gettext_lazy("Kind"), cells.badge("get_kind_display", kind_tone)),
        Field("size", gettext_lazy("Customers"), cells.number("size")),
        Field("state", gettext_lazy("State"), state_cell),
        Field("computed_at", gettext_lazy("Computed"), cells.moment("computed_at")),
        Field("owner", gettext_lazy("Owner"), cells.person("owner")),
    )
    fields = (
        Field("description", gettext_lazy("Description")),
        Field("rule", gettext_lazy("Conditions"), sentence_of),
        Field("audience", gettext_lazy("For"), "get_audience_display"),
        Field("team", gettext_lazy("Team")),
        Field("created_at", gettext_lazy("Created"), cells.moment("created_at")),
    )
    verbs = (
        Verb(gettext_lazy("Edit"), "customers:segment_update", "edit", MANAGE, primary=True),
        Verb(
            gettext_lazy("Stop"), "customers:segment_stop", "stop", MANAGE, post=True,
            when=lambda row: row.state == SegmentState.COMPUTING,
        ),
        Verb(
            gettext_lazy("Compute again"), "customers:segment_compute", "refresh", MANAGE, post=True,
            when=lambda row: row.is_dynamic and row.state != SegmentState.COMPUTING,
        ),
        Verb(gettext_lazy("Copy as a static segment"), "customers:segment_copy", "copy", MANAGE),
        Verb(gettext_lazy("Delete"), "customers:segment_delete", "delete", MANAGE, danger=True),
    )  # fmt: skip

    def extra(self) -> dict[str, Any]:
        stays = SegmentMember.objects.filter(segment=self.object).select_related("customer")
        seen = stays.filter(customer__in=Customer.objects.visible_to(self.actor).values("pk"))
        return {
            "uses": uses_of(self.object.pk, self.actor),
            "is_computing": self.object.state == SegmentState.COMPUTING,
            "came": list(seen.current().order_by("-pk")[:SHOWN]),
            "went": list(seen.filter(left_at__isnull=False).order_by("-left_at", "-pk")[:SHOWN_LEFT]),
            "members_url": f"{reverse('customers:customer_list')}?segment={self.object.pk}",
            **why_context(self.actor, self.object, self.request.GET.get("why", "")),
        }


def why_context(actor: Actor, segment: Segment, asked: str) -> dict[str, Any]:
    """`?why=` is what somebody typed: a customer's number, or a name that fits one of those they see."""
    text = asked.strip()[:100].replace("\x00", "")
    if not text:
        return {}
    rows = Customer.objects.visible_to(actor).external()
    number = text.upper().removeprefix("C-")
    by_number = rows.filter(number=int(number)) if number.isdecimal() and len(number) < 18 else rows.none()
    found = by_number.first() or rows.matching(text).order_by("sort_key", "pk").first()
    return {"why_asked": text, "why": why_in(actor, segment, found) if found else None}


class _Edits:
    """The form gets the actor, whose fields and teams it offers."""

    permission = MANAGE
    model = Segment
    action = actions.update_segment

    actor: Any

    def form_kwargs(self) -> dict[str, Any]:
        return {"actor": self.actor}


class _Previews(TriesCondition):
    """The button "Preview", and htmx while rows are edited, show what the conditions find; nothing is saved."""

    trial_on = ON
    saved_size: int | None = None

    def preview_author(self) -> Actor:
        """In whose name the segment will find customers."""
        return self.actor  # type: ignore[no-any-return]

    def trial(self, tree: dict[str, Any]) -> Any:
        try:
            author = self.preview_author()
            return preview(parse(tree, ON, author, stored=True), author, self.actor, self.saved_size)
        except (Invalid, Unkept):
            return None

    def page(self, form: Any, status: int = 200, **context: Any) -> HttpResponse:
        asked = TRY in self.request.POST
        return super().page(form, 200 if asked and status == 422 else status, has_asked=asked, **context)  # type: ignore[misc,no-any-return]


class SegmentCreate(_Previews, _Edits, CreateView):
    form_class = SegmentForm
    action = actions.create_segment
    template_name = "customers/segment_form.html"


class StaticSegmentCreate(_Edits, CreateView):
    form_class = StaticSegmentForm
    action = actions.create_segment
    title = gettext_lazy("New static segment")

    def perform(self, values: dict[str, Any]) -> Any:
        return actions.create_segment(actor=self.actor, values={**values, "kind": SegmentKind.STATIC})


class SegmentUpdate(_Previews, _Edits, UpdateView):
    form_class = OwnedSegmentForm
    template_name = "customers/segment_form.html"
    relations = ("owner",)

    def preview_author(self) -> Actor:
        return author_of(self.object.owner)

    @property
    def saved_size(self) -> int:  # type: ignore[override]
        return int(self.object.size)

    def make_form(self, **kwargs: Any) -> Any:
        self.form_class = OwnedSegmentForm if self.object.is_dynamic else StaticSegmentForm
        return super().make_form(**kwargs)

    def instance_kwargs(self) -> dict[str, Any]:
        return {"instance": Segment.objects.get(pk=self.object.pk)}


class SegmentDelete(DeleteView):
    """Refused while something uses it; the page says what."""

    permission = MANAGE
    model = Segment
    action = actions.delete_segment
    template_name = "customers/segment_delete.html"

    @property
    def uses(self) -> Any:
        return uses_of(self.object.pk, self.actor)


class SegmentCompute(ActionView):
    permission = MANAGE
    model = Segment
    action = actions.recompute
    title = gettext_lazy("Compute %(name)s again?")
    done = gettext_lazy("%(name)s is being computed.")


class SegmentStop(ActionView):
    permission = MANAGE
    model = Segment
    action = actions.stop_computing
    title = gettext_lazy("Stop computing %(name)s?")
    done = gettext_lazy("Computing is stopped. The members are as they were before.")


class SegmentRemove(ActionView):
    """POST customer=: takes one customer out of a static segment."""

    permission = MANAGE
    model = Segment
    action = actions.remove_from_segment
    form_class = RemoveForm
    title = gettext_lazy("Take a customer out of %(name)s")
    button = gettext_lazy("Take out")
    done = gettext_lazy("The customer is no longer in %(name)s.")

    def form_kwargs(self) -> dict[str, Any]:
        return {"actor": self.actor, "segment": self.object}

    def perform(self, values: dict[str, Any]) -> Any:
        return actions.remove_from_segment(actor=self.actor, segment=self.object, customers=[values["customer"]])


class SegmentCopy(ActionView):
    permission = MANAGE
    model = Segment
    action = actions.copy_to_static
    form_class = CopyForm
    title = gettext_lazy("Copy %(name)s as a static segment")
    text = gettext_lazy("The copy keeps the customers that are in the segment now and that you may see.")
    button = gettext_lazy("Copy")

    def perform(self, values: dict[str, Any]) -> Any:
        self.copy = super().perform(values)
        return self.copy

    def answer(self) -> HttpResponse:
        return redirect(reverse("customers:segment_detail", args=[self.copy.pk]))
