"""What every generic staff page starts with: who reads, what they may, which record."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ImproperlyConfigured
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views import View

from crm.core.actor import Actor
from crm.core.errors import NotFound

from ...generic.cells import url_of
from ...lists import ListPage, Viewer, lists
from .. import errors


class StaffView(View):
    """A page for signed-in staff.

    permission: what opens it; a right that is missing is 403 and names it. "" means that being signed in
    is enough, because the declaration or the action asks for more. Every subclass must set it.
    """

    permission: ClassVar[str | None] = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.permission is None:
            raise ImproperlyConfigured(f"{type(self).__name__} names no permission")
        if not request.user.is_authenticated:
            reading = request.method in {"GET", "HEAD"}
            if reading and not errors.is_fragment(request) and not errors.wants_json(request):
                return redirect(errors.login_address(request))
            return errors.sign_in_required(request)
        if self.permission:
            self.actor.require(self.permission)
        return super().dispatch(request, *args, **kwargs)

    @property
    def actor(self) -> Actor:
        return self.request.actor  # type: ignore[attr-defined,no-any-return]

    @property
    def viewer(self) -> Viewer:
        return Viewer(self.actor, getattr(self.request, "ui", None))

    @property
    def is_fragment(self) -> bool:
        return errors.is_fragment(self.request)


class RecordView(StaffView):
    """A page about one record of the actor's set; one outside it is 404.

    lookup: the field that the address carries, under the same name. relations: for select_related. record_as: the word
    under which the action takes the record, where it is not `record`.
    """

    model: ClassVar[type[Model]]
    lookup: ClassVar[str] = "pk"
    relations: ClassVar[tuple[str, ...]] = ()
    record_as: ClassVar[str] = "record"

    def rows(self) -> QuerySet[Any]:
        """Where the record comes from. Extend it to annotate; never widen it."""
        rows = self.model._default_manager.all().visible_to(self.actor)  # type: ignore[attr-defined]
        return rows.select_related(*self.relations) if self.relations else rows

    def record(self) -> Any:
        """The record of this address. Raises `NotFound`."""
        row = self.rows().filter(**{self.lookup: self.kwargs[self.lookup]}).first()
        if row is None:
            raise NotFound
        return row

    def url_of(self, record: Any) -> str:
        """The record's own page."""
        return url_of(record)

    @property
    def declared_list(self) -> ListPage | None:
        """The list of this model, if it has one."""
        return lists.of_model(self.model)

    @property
    def list_url(self) -> str:
        return reverse(self.declared_list.url_name) if self.declared_list else ""

    @property
    def list_label(self) -> Any:
        return self.declared_list.label if self.declared_list else ""

    @property
    def back_url(self) -> str:
        """Where Cancel leads: the record, or the list while there is none."""
        record = getattr(self, "object", None)
        return (self.url_of(record) if record is not None else "") or self.list_url

    @property
    def back_label(self) -> Any:
        return getattr(self, "object", None) or self.list_label

    def verb(self) -> Any:
        """The action function that the class names as `action`."""
        return type(self).action  # type: ignore[attr-defined]
