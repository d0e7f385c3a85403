"""Tags of one record: put on by typing, taken off by a click."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from crm.core.errors import DomainError, NotFound
from crm.core.text import row_id
from crm.fields.models import Tag
from crm.fields.tag_actions import add_tag, remove_tag
from crm.fields.tags import tag_kinds

from ...generic.cells import url_of
from ...list_actions import tags_block
from .parts import KindView


class TagsView(KindView):
    """POST /tags/<kind>/<id>/ with name puts a tag on, with remove=<id> takes it off; answers with the block."""

    def post(self, request: HttpRequest, kind: str, pk: int) -> HttpResponse:
        declared = tag_kinds.offered(kind)
        if declared is None:
            raise NotFound
        record, problem = self.record(), ""
        try:
            if "remove" in request.POST:
                tag = Tag.objects.filter(kind=declared.kind.code, pk=row_id(request.POST["remove"]) or 0).first()
                if tag is not None:
                    remove_tag(actor=self.actor, record=record, tag=tag)
            else:
                add_tag(actor=self.actor, record=record, name=request.POST.get("name", ""))
        except DomainError as error:
            if error.status == 403:
                raise
            problem = " ".join(map(str, error.fields.values())) or str(error)
        if not self.is_fragment:
            if problem:
                messages.error(request, problem)
            return redirect(url_of(record))
        context = {
            **tags_block(declared, self.actor, record),
            "problem": problem,
            "asked": request.POST.get("name", ""),
        }
        return render(request, "ui/generic/partials/_tags.html", context)
