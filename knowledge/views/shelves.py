"""Categories, and searches that found nothing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.core.errors import NotFound
from crm.ui.views.generic import CreateView, DeleteView, StaffView, UpdateView
from crm.ui.views.generic.base import RecordView

from .. import actions, selectors
from ..forms import CategoryForm
from ..models import Category, SearchMiss

MANAGE = "knowledge.manage"


class CategoryList(StaffView):
    permission = MANAGE

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = (
            Category.objects.visible_to(self.actor)
            .select_related("parent")
            .annotate(held=Count("articles"))
            .order_by("order", "pk")
        )
        top = [row for row in rows if row.parent_id is None]
        tree = []
        for row in top:
            tree.append((row, 0))
            tree += [(child, 1) for child in rows if child.parent_id == row.pk]
        return render(request, "knowledge/categories.html", {"tree": tree})


class CategoryRecord(RecordView):
    model = Category

    def url_of(self, record: Any) -> str:
        return reverse("knowledge:category_list")

    @property
    def list_url(self) -> str:
        return reverse("knowledge:category_list")

    @property
    def list_label(self) -> Any:
        return _("Categories")


class CategoryCreate(CategoryRecord, CreateView):
    permission = MANAGE
    form_class = CategoryForm
    action = actions.save_category
    title = gettext_lazy("New category")


class CategoryUpdate(CategoryRecord, UpdateView):
    permission = MANAGE
    form_class = CategoryForm
    action = actions.save_category

    def initial(self) -> dict[str, Any]:
        return {name: getattr(self.object, name) for name in CategoryForm.base_fields}


class CategoryDelete(CategoryRecord, DeleteView):
    permission = MANAGE
    action = actions.delete_category


class MissList(StaffView):
    """What readers searched in vain, the most wanted first."""

    permission = "knowledge.write"

    def get(self, request: HttpRequest) -> HttpResponse:
        context = {
            "misses": selectors.open_misses(self.actor, request.GET.get("q", "")[:100]),
            "figures": selectors.figures(),
        }
        return render(request, "knowledge/misses.html", context)


class MissSettle(StaffView):
    permission = "knowledge.write"
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        miss = SearchMiss.objects.visible_to(self.actor).filter(pk=pk).first()
        if miss is None:
            raise NotFound
        actions.settle_miss(actor=self.actor, miss=miss)
        messages.success(request, _("“%(query)s” is off the list.") % {"query": miss.query})
        return redirect("knowledge:miss_list")
