"""A page with nothing but the editor, for the browser test."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from crm.conditions.forms import ConditionFormField

from .builders import staff
from .catalogue import CATALOGUE

PAGE = """{% load static %}<!doctype html><html lang="en"><head><title>Rule</title>
<link rel="stylesheet" href="{% static 'vendor/tabler-core-1.4.0/tabler.min.css' %}">
<link rel="stylesheet" href="{% static 'css/theme.css' %}">
<link rel="stylesheet" href="{% static 'css/lists.css' %}">
<link rel="stylesheet" href="{% static 'css/builders.css' %}">
<link rel="stylesheet" href="{% static 'css/responsive.css' %}">
{{ form.media }}</head>
<body><main><form method="post">{% csrf_token %}{{ form.rule.errors }}{{ form.rule }}<button>Save</button></form>
<output>{{ saved|default:"" }}</output></main></body></html>"""


class RuleForm(forms.Form):
    rule = ConditionFormField(on="user", author=staff(), catalogue=CATALOGUE)


def editor(request: HttpRequest) -> HttpResponse:
    form = RuleForm(request.POST or None)
    saved: Any = form.cleaned_data["rule"] if form.is_bound and form.is_valid() else None
    return HttpResponse(engines["django"].from_string(PAGE).render({"form": form, "saved": saved}, request))


urlpatterns = [path("rule/", editor)]
