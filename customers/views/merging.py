"""Two to five customers, or contacts of one customer, side by side; the way back; and who may be the same."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.core.errors import DomainError, Invalid
from crm.core.text import row_id
from crm.ui.generic import cells
from crm.ui.views.generic import ActionView, StaffView
from crm.ui.views.generic.base import RecordView

from .. import actions
from ..forms.merging import OtherContactsForm, OtherCustomersForm
from ..lifecycles import counts
from ..models import Contact, Customer, Merge, PossibleDuplicate
from ..recognising.merging import MOST, field_choices, same_people
from ..recognising.pairs import possible_duplicates

_RELATIONS = ("owner", "department", "parent")


class MergeView(RecordView):
    """?with=<id>, up to four times, puts records beside the one of the address; POST makes them one."""

    permission = "customers.merge"
    kind: ClassVar[Any]
    template_name: ClassVar[str] = "customers/merge.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.object = self.record()
        return self.page(self.chosen(request.GET.getlist("with")))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.object = self.record()
        others = self.chosen(request.POST.getlist("with"))
        records = [self.object, *others]
        into = next((row for row in records if str(row.pk) == request.POST.get("into")), self.object)
        try:
            with transaction.atomic():
                self.merge(into, [row for row in records if row.pk != into.pk], self.values(records))
                if not self.model._default_manager.filter(pk=into.pk).visible_to(self.actor).exists():  # type: ignore[attr-defined]
                    raise Invalid(_("With these values you would no longer see this record."))
        except DomainError as error:
            return self.page(others, problem=" ".join([str(error), *map(str, getattr(error, "fields", {}).values())]))
        messages.success(request, _("They are one now. The page of the one that stays can undo it."))
        return redirect(cells.url_of(into))

    def chosen(self, ids: list[str]) -> list[Any]:
        """The records to put beside, out of the actor's set; unknown ones are left out."""
        wanted = [pk for text in ids if (pk := row_id(text)) is not None][: MOST - 1]
        return list(self.beside().filter(pk__in=wanted).exclude(pk=self.object.pk).order_by("pk"))

    def beside(self) -> Any:
        """What may be merged with the record."""
        raise NotImplementedError

    def merge(self, into: Any, others: list[Any], values: dict[str, Any]) -> None:
        """Calls the action."""
        raise NotImplementedError

    def choose_form(self) -> Any:
        """Asks which records."""
        raise NotImplementedError

    def people(self, others: list[Any]) -> list[Any]:
        """Pairs of contacts that would become one."""
        return []

    def values(self, records: list[Any]) -> dict[str, Any]:
        """What was chosen, field by field; only the records' own values can be chosen."""
        found = {}
        for field in field_choices(self.actor, records):
            picked = row_id(self.request.POST.get(f"choose_{field.name}", ""))
            if field.differs and picked is not None and picked in {choice.record_id for choice in field.choices}:
                found[field.name] = field.value_of(picked)
        return found

    def page(self, others: list[Any], problem: str = "") -> HttpResponse:
        records = [self.object, *others]
        context = {
            "record": self.object,
            "records": [(row, counts(self.kind, row.pk)) for row in records] if others else [],
            "fields": [field for field in field_choices(self.actor, records) if field.differs] if others else [],
            "others": others,
            "people": self.people(others) if others else [],
            "form": None if others else self.choose_form(),
            "problem": problem,
            "back": cells.url_of(self.object),
            "most": MOST,
        }
        return render(self.request, self.template_name, context, status=422 if problem else 200)


class CustomerMerge(MergeView):
    model = Customer
    kind = "customer"
    lookup = "number"
    relations = _RELATIONS

    def beside(self) -> Any:
        return Customer.objects.visible_to(self.actor).external().select_related(*_RELATIONS)

    def merge(self, into: Any, others: list[Any], values: dict[str, Any]) -> None:
        join = "join_people" in self.request.POST
        actions.merge_customers(actor=self.actor, into=into, others=others, values=values, join_people=join)

    def choose_form(self) -> Any:
        return OtherCustomersForm(actor=self.actor)

    def people(self, others: list[Any]) -> list[Any]:
        return same_people(self.object, others)


class ContactMerge(MergeView):
    model = Contact
    kind = "contact"
    relations = ("customer",)

    def beside(self) -> Any:
        return Contact.objects.visible_to(self.actor).filter(customer=self.object.customer_id, user__isnull=True)

    def merge(self, into: Any, others: list[Any], values: dict[str, Any]) -> None:
        actions.merge_contacts(actor=self.actor, into=into, others=others, values=values)

    def choose_form(self) -> Any:
        return OtherContactsForm(contact=self.object, people=self.beside())


class MergeUndo(ActionView):
    """Takes apart what was made one, where nothing stands in the way."""

    permission = "customers.merge"
    model = Merge
    action = actions.undo_merge
    record_as = "merge"
    title = gettext_lazy("Take them apart again?")
    text = gettext_lazy("Everything goes back to the record it came from. What was written since stays where it is.")
    button = gettext_lazy("Undo the merge")

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            return super().post(request, **kwargs)
        except DomainError as error:
            if not hasattr(self, "object"):
                raise
            messages.error(request, str(error))
            return redirect(self.url_of(self.object))

    def answer(self) -> HttpResponse:
        messages.success(self.request, _("They are apart again."))
        return redirect(self.url_of(self.object))

    def url_of(self, record: Any) -> str:
        model: Any = Customer if record.kind == "customer" else Contact
        return cells.url_of(model.objects.get(pk=record.into_id))


class PossibleDuplicates(StaffView):
    """Pairs that the look of the last hour found, newest first, both within the viewer's scope."""

    permission = "customers.merge"

    def get(self, request: HttpRequest) -> HttpResponse:
        pairs, more = possible_duplicates(self.actor)
        return render(request, "customers/possible_duplicates.html", {"pairs": pairs, "more": more})


class DuplicateDismiss(ActionView):
    """Says that two customers are two; they are not suggested again."""

    permission = "customers.merge"
    model = PossibleDuplicate
    relations = ("first", "second")
    action = actions.dismiss_duplicate
    record_as = "pair"
    title = gettext_lazy("Are they different?")
    text = gettext_lazy("%(name)s: these two will not be suggested again.")
    button = gettext_lazy("They are different")

    def answer(self) -> HttpResponse:
        return redirect("customers:possible_duplicates")

    def url_of(self, record: Any) -> str:
        return cells.url_of(record.first)
