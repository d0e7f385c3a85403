"""Topics for staff."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from crm.ui.views.generic import CreateView, ListView, UpdateView

from .. import actions
from ..forms.topics import TopicForm
from ..models import Topic

MANAGE = "campaigns.manage"


class TopicList(ListView):
    permission = MANAGE
    page = "topic"


class TopicCreate(CreateView):
    permission = MANAGE
    model = Topic
    form_class = TopicForm
    action = actions.save_topic
    title = _("New topic")
    button = _("Add")

    def answer(self, record: Any) -> HttpResponse:
        return redirect("marketing:topic_list")


class TopicUpdate(UpdateView):
    permission = MANAGE
    model = Topic
    form_class = TopicForm
    action = actions.save_topic

    def initial(self) -> dict[str, Any]:
        return {name: getattr(self.object, name) for name in TopicForm.Meta.fields}

    def url_of(self, record: Any) -> str:
        return self.list_url
