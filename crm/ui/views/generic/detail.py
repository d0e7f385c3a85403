"""A record's page: facts, verbs, tabs, panels that load by themselves, and the timeline."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from crm.activity.models import Sight
from crm.activity.sightings import saw

from ...generic.narrowing import Asked, Group
from ...generic.record_page import RecordContext
from ...records import Field, Verb
from .base import RecordView


class DetailView(RecordView):
    """The class body is the declaration.

    headline: two to six facts in the strip under the title. fields: the list of properties at the side.
    verbs: buttons of the head. Panels and facts come from the sockets, declared `on` the record's Kind key.
    watched: whether opening it is noted for the audit log. reveals: the permission by which it shows addresses in full.
    timeline_groups: groups of deeds that the timeline can be narrowed to by `?show=`.
    """

    headline: ClassVar[Sequence[Field]] = ()
    fields: ClassVar[Sequence[Field]] = ()
    verbs: ClassVar[Sequence[Verb]] = ()
    timeline_groups: ClassVar[Sequence[Group]] = ()
    watched: ClassVar[bool] = False
    reveals: ClassVar[str] = ""
    template_name: ClassVar[str] = "ui/generic/detail.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.object = self.record()
        if self.watched:
            in_full = bool(self.reveals) and self.actor.can(self.reveals)
            saw(self.actor, self.object, Sight.REVEALED if in_full else Sight.OPENED)
        context = RecordContext(self, self.object, self.viewer, request.GET.get("tab", ""), Asked.of(request.GET))
        return render(
            request,
            self.template_name,
            {"record": self.object, "detail": context, "view": self, **self.extra()},
        )

    def extra(self) -> dict[str, Any]:
        """Further values for the template."""
        return {}
