"""Saved views of a list: keep the state under a name, share it, change it, delete it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.accounts.selectors import teams_of
from crm.core.errors import DomainError, NotFound

from ...generic import actions
from ...generic.form_errors import show_error
from ...models import Audience, SavedView
from .lists import ListPartView


class SavedViewForm(forms.Form):
    """Name and audience of a view. Teams are the actor's own; sharing needs `ui.share_views`."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=60)
    audience = forms.ChoiceField(label=gettext_lazy("For"), choices=Audience.choices, initial=Audience.PERSONAL)
    team = forms.ChoiceField(label=gettext_lazy("Team"), required=False)
    pinned = forms.BooleanField(label=gettext_lazy("Show as a tab"), required=False, initial=True)
    position = forms.IntegerField(
        label=gettext_lazy("Order"),
        min_value=1,
        max_value=999,
        initial=50,
        help_text=gettext_lazy("Views with a smaller number stand first."),
    )

    def __init__(self, *args: Any, actor: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["team"].choices = [("", "--"), *((team.pk, str(team)) for team in teams_of(actor))]  # type: ignore[attr-defined]
        if not actor.can("ui.share_views"):
            del self.fields["audience"], self.fields["team"]

    def values(self) -> dict[str, Any]:
        """For the action."""
        data = self.cleaned_data
        return {
            "name": data["name"],
            "audience": data.get("audience") or Audience.PERSONAL,
            "team_id": int(data["team"]) if data.get("team") else None,
            "pinned": data["pinned"],
            "position": data["position"],
        }


class ViewCreateView(ListPartView):
    """/lists/<key>/views/new/?<state>: saves the state under a name."""

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        return self._page(SavedViewForm(actor=self.actor))

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        form = SavedViewForm(request.POST, actor=self.actor)
        state = self.rows().state
        if form.is_valid():
            try:
                view = actions.save_view(
                    actor=self.actor,
                    page=self.page,
                    query=state.as_query().urlencode(),
                    columns=state.columns,
                    **form.values(),
                )
                messages.success(request, _("The view “%(name)s” is saved.") % {"name": view.name})
                return redirect(f"{reverse(self.page.url_name)}?view={view.key}")
            except DomainError as error:
                show_error(form, error)
        return self._page(form, 422)

    def _page(self, form: Any, status: int = 200) -> HttpResponse:
        context = {"form": form, "page": self.page, "title": _("Save as a view"), "back": self.back_url()}
        return render(self.request, "ui/generic/saved_view.html", context, status=status)


class SavedViewView(ListPartView):
    """A page about one saved view that the actor may change."""

    def saved(self) -> SavedView:
        """Raises `NotFound`."""
        view = SavedView.objects.editable_by(self.actor).filter(list_key=self.page.key, pk=self.kwargs["pk"]).first()
        if view is None:
            raise NotFound
        return view  # type: ignore[no-any-return]


class ViewSaveView(SavedViewView):
    """POST /lists/<key>/views/<pk>/save/?<state>: puts the present state into the view."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, key: str, pk: int) -> HttpResponse:
        state = self.rows().state
        view = actions.update_view_state(
            actor=self.actor,
            view=self.saved(),
            page=self.page,
            query=state.as_query().urlencode(),
            columns=state.columns,
        )
        messages.success(request, _("The view “%(name)s” is saved.") % {"name": view.name})
        return redirect(f"{reverse(self.page.url_name)}?view={view.key}")


class ViewEditView(SavedViewView):
    """/lists/<key>/views/<pk>/: name, audience, tab, order; and the way to delete it."""

    def get(self, request: HttpRequest, key: str, pk: int) -> HttpResponse:
        view = self.saved()
        initial = {
            "team": view.team_id or "",
            **{n: getattr(view, n) for n in ("name", "audience", "pinned", "position")},
        }
        return self._page(view, SavedViewForm(initial=initial, actor=self.actor))

    def post(self, request: HttpRequest, key: str, pk: int) -> HttpResponse:
        view, form = self.saved(), SavedViewForm(request.POST, actor=self.actor)
        if form.is_valid():
            try:
                actions.edit_view(actor=self.actor, view=view, page=self.page, values=form.values())
                messages.success(request, _("The view “%(name)s” is saved.") % {"name": form.cleaned_data["name"]})
                return redirect(f"{reverse(self.page.url_name)}?view={view.key}")
            except DomainError as error:
                show_error(form, error)
        return self._page(view, form, 422)

    def _page(self, view: SavedView, form: Any, status: int = 200) -> HttpResponse:
        back = f"{reverse(self.page.url_name)}?view={view.key}"
        context = {"form": form, "page": self.page, "saved": view, "title": _("Edit view"), "back": back}
        return render(self.request, "ui/generic/saved_view.html", context, status=status)


class ViewDeleteView(SavedViewView):
    """POST /lists/<key>/views/<pk>/delete/."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, key: str, pk: int) -> HttpResponse:
        view = self.saved()
        actions.delete_view(actor=self.actor, view=view, page=self.page)
        messages.success(request, _("The view “%(name)s” is deleted.") % {"name": view.name})
        return redirect(self.page.url_name)
