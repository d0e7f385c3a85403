"""Out of office: one's own, and that of a colleague."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from crm.accounts.models import Absence, User
from crm.core import clock
from crm.core.errors import DomainError, NotFound
from crm.ui import html
from crm.ui.generic.form_errors import show_error
from crm.ui.lists import Viewer
from crm.ui.views.generic import StaffView

from ..actions import absences
from ..forms.absences import AbsenceForm


class AbsenceView(StaffView):
    """GET shows when somebody is away and asks for more; POST sets it. Without an id it is one's own."""

    permission = ""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        person = self.person()
        return self.page(person, AbsenceForm(user=person))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        person = self.person()
        form = AbsenceForm(request.POST, user=person)
        if form.is_valid():
            try:
                absences.set_absence(actor=self.actor, user=person, **form.cleaned_data)
            except DomainError as error:
                show_error(form, error)
            else:
                messages.success(request, _("The absence of %(name)s is set.") % {"name": person.name})
                return redirect(address_of(self.actor, person))
        return self.page(person, form, 422)

    def person(self) -> User:
        """Whose absence it is. Raises `NotFound`, `NotAllowed`."""
        pk = self.kwargs.get("pk", self.request.user.pk)
        person: User | None = User.objects.visible_to(self.actor).active().filter(pk=pk).first()
        if person is None:
            raise NotFound
        absences.must_arrange_for(self.actor, person)
        return person

    def page(self, person: User, form: AbsenceForm, status: int = 200) -> HttpResponse:
        rows = (
            Absence.objects.visible_to(self.actor).filter(user=person).ahead(clock.now()).select_related("substitute")
        )
        context = {"person": person, "form": form, "absences": rows, "is_own": person.pk == self.request.user.pk}
        return render(self.request, "console/absences.html", context, status=status)


class AbsenceEndView(StaffView):
    """POST ends an absence: somebody is back."""

    permission = ""
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = Absence.objects.visible_to(self.actor).select_related("user").filter(pk=pk).first()
        if row is None:
            raise NotFound
        absences.end_absence(actor=self.actor, absence=row)
        messages.success(request, _("%(name)s is back.") % {"name": row.user.name})
        return redirect(address_of(self.actor, row.user))


def address_of(actor: Any, person: User) -> str:
    """The page with a person's absences."""
    if actor.user_id == person.pk:
        return reverse("console:own_absence")
    return reverse("console:user_absence", args=[person.pk])


def summary(user: User, viewer: Viewer) -> Any:
    """When a user is away now or next and who stands in, with the way to their absences for who may set them."""
    row = (
        Absence.objects.visible_to(viewer.actor)
        .filter(user=user)
        .ahead(clock.now())
        .select_related("substitute")
        .first()
    )
    text = _("No absence is planned")
    if row is not None:
        text = _("%(start)s to %(end)s, substitute: %(name)s") % {
            "start": html.absolute(row.starts_at),
            "end": html.absolute(row.ends_at),
            "name": row.substitute.name if row.substitute else html.EMPTY,
        }
    if not user.is_active or not absences.may_arrange_for(viewer.actor, user):
        return text
    return format_html('{} · <a href="{}">{}</a>', text, address_of(viewer.actor, user), _("Set"))
